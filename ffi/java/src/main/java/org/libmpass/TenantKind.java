package org.libmpass;

import java.util.function.Function;

/**
 * A kind of tenant: a caller of one of the contracts.
 *
 * @param <S> the settings of this kind
 */
public final class TenantKind<S extends Settings> {
  /** Channels, the callers of the mPass contract. */
  public static final TenantKind<ChannelSettings> CHANNEL =
      new TenantKind<>(Group.CHANNEL, ChannelSettings::new);

  /** Customers, the callers of the VerifyNow contract. */
  public static final TenantKind<CustomerSettings> CUSTOMER =
      new TenantKind<>(Group.CUSTOMER, CustomerSettings::new);

  /** Clients, the callers of the CAMARA contracts and the login. */
  public static final TenantKind<ClientSettings> CLIENT =
      new TenantKind<>(Group.CLIENT, ClientSettings::new);

  private final Group group;
  private final Function<Values, S> settings;

  private TenantKind(Group group, Function<Values, S> settings) {
    this.group = group;
    this.settings = settings;
  }

  Packer packed() {
    return new Packer().u8(group.number());
  }

  S settings(Values values) {
    return settings.apply(values);
  }

  /** {@return its name, for example {@code channel}} */
  @Override
  public String toString() {
    return group.label();
  }
}
