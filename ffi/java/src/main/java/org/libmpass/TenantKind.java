package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The kinds of tenants, in the order of the natives' numbers. */
enum TenantKind {
  CHANNEL("the name"),
  CUSTOMER("the id"),
  CLIENT("the name");

  /** What its name is called. */
  private final String called;

  TenantKind(String called) {
    this.called = called;
  }

  /** A tenant that was opened: by which keys, where, and from what. */
  record Standing(TenantKind kind, Keyring keyring, StoreKey storeKey, byte[] value) {
    /** Packs place and value, behind the kind for the natives of every kind. */
    Packer pack(Packer input) {
      storeKey.pack(input);
      return input.bytes(value);
    }

    Packer packed() {
      return pack(kind.input());
    }
  }

  private Packer input() {
    return new Packer().u8(ordinal());
  }

  private static Keyring given(Keyring keyring) {
    return Objects.requireNonNull(keyring, "the keyring is null");
  }

  /** The settings of a name with every default. */
  <S> S defaults(String name, Function<Unpacker, S> read) {
    return Wire.call(Operation.TENANT_DEFAULTS, input().text(name, called), read);
  }

  StoreKey storeKey(Keyring keyring, String name) {
    Packer input = input().text(name, called);
    return given(keyring).call(Operation.TENANT_STORE_KEY, input, StoreKey::read);
  }

  TenantWrite create(Keyring keyring, byte[] current, UnaryOperator<Packer> settings, Instant now) {
    Packer input = settings.apply(Challenge.writeContext(input(), current, now));
    return given(keyring).call(Operation.TENANT_CREATE, input, TenantWrite::read);
  }

  <T> T open(
      Keyring keyring, StoreKey storeKey, byte[] value, BiFunction<Standing, Unpacker, T> read) {
    Objects.requireNonNull(storeKey, "the store key is null");
    Standing standing = new Standing(this, given(keyring), storeKey, value.clone());
    return keyring.call(
        Operation.TENANT_OPEN, standing.packed(), output -> read.apply(standing, output));
  }
}
