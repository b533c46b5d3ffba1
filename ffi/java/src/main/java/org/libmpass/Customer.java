package org.libmpass;

import java.time.Instant;

/** A customer of the VerifyNow contract, as it was stored. */
public final class Customer extends Tenant<CustomerSettings> {
  private final Credits credits = new Credits(this);

  private Customer(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(Group.CUSTOMER, keyring, storeKey, value, CustomerSettings::new);
  }

  /**
   * The store key of the customer of a {@code customerId}, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name its {@code customerId}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(Group.CUSTOMER, keyring, name);
  }

  /**
   * A new customer.
   *
   * @param keyring the keys
   * @param current the value that was loaded from there, or null
   * @param settings its settings
   * @param now the time
   * @return what to write
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, CustomerSettings settings, Instant now) {
    return create(Group.CUSTOMER, keyring, current, settings, now);
  }

  /**
   * Reads the stored value of a customer.
   *
   * @param keyring the keys, which have to be open as long as the customer is used
   * @param storeKey the key
   * @param value what was loaded from there
   * @return the customer
   * @throws StoreException when it is not a customer of the engine's
   */
  public static Customer open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return new Customer(keyring, storeKey, value);
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
