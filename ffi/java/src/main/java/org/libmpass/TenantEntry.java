package org.libmpass;

import java.time.Instant;
import java.util.Optional;

/**
 * A tenant as stored.
 *
 * @param <S> the settings of this kind of tenant
 */
public final class TenantEntry<S extends Settings> {
  private final S settings;
  private final String name;
  private final byte[] id;
  private final int keyVersion;
  private final Instant createdAt;
  private final boolean isRevoked;
  private final Optional<Instant> predecessorUntil;
  private final String stamp;

  private TenantEntry(TenantKind<S> kind, Unpacker output) {
    Values values = Values.read(output);
    settings = kind.settings(values);
    name = values.text(Field.NAME);
    id = output.raw(StoreKey.LENGTH);
    keyVersion = output.i32();
    createdAt = output.instant();
    isRevoked = output.bool();
    predecessorUntil = output.optional(Unpacker::instant);
    stamp = output.text();
  }

  static <S extends Settings> TenantEntry<S> read(TenantKind<S> kind, Unpacker output) {
    return new TenantEntry<>(kind, output);
  }

  /** {@return its name; a customer's {@code customerId}, a client's {@code client_id}} */
  public String name() {
    return name;
  }

  /** {@return its settings} */
  public S settings() {
    return settings;
  }

  /** {@return the stable id that its numbers' records are bound to} */
  public byte[] id() {
    return id.clone();
  }

  /** {@return the number of credentials issued so far under its name} */
  public int keyVersion() {
    return keyVersion;
  }

  /** {@return when it was created} */
  public Instant createdAt() {
    return createdAt;
  }

  /** {@return whether it was revoked} */
  public boolean isRevoked() {
    return isRevoked;
  }

  /**
   * {@return when the credential that was replaced last stops working, which may be in the past;
   * empty if there is none}
   */
  public Optional<Instant> predecessorUntil() {
    return predecessorUntil;
  }

  /** {@return the stamp of this state, 16 hexadecimal digits: every write has another one} */
  public String stamp() {
    return stamp;
  }

  /** {@return the name and the stamp} */
  @Override
  public String toString() {
    return "TenantEntry[" + name + ", " + stamp + "]";
  }
}
