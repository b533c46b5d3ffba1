package org.libmpass;

import java.time.Instant;

/** A customer of the VerifyNow contract, as it stands in the store. */
public final class Customer extends Tenant<CustomerSettings> {
  private final Credits credits = new Credits(standing());

  private Customer(TenantKind.Standing standing, Unpacker output) {
    super(standing, CustomerSettings::read, output);
  }

  /**
   * Where the customer of a {@code customerId} stands, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name its {@code customerId}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return TenantKind.CUSTOMER.storeKey(keyring, name);
  }

  /**
   * A new customer.
   *
   * @param keyring the keys
   * @param current what stands at its place, or null
   * @param settings what is said of it
   * @param now the time
   * @return the writing
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, CustomerSettings settings, Instant now) {
    return TenantKind.CUSTOMER.create(keyring, current, settings::pack, now);
  }

  /**
   * Reads the customer that stands at a place.
   *
   * @param keyring the keys, which have to be open as long as the customer is used
   * @param storeKey the key
   * @param value what stands there
   * @return the customer
   * @throws StoreException when it is not a customer of the engine's
   */
  public static Customer open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return TenantKind.CUSTOMER.open(keyring, storeKey, value, Customer::new);
  }

  /**
   * A {@code customerId} for a new customer. It has 60 random bits: when {@link #create} finds it
   * taken, draw again.
   *
   * @param now the time
   * @return the id
   */
  public static String freshId(Instant now) {
    Packer input = new Packer().millis(now, "the time").entropy(32);
    return Wire.call(Operation.CUSTOMER_FRESH_ID, input, Unpacker::text);
  }

  /** {@return its prepaid credits} */
  public Credits credits() {
    return credits;
  }
}
