package org.libmpass;

import java.time.Instant;

/** A customer of the VerifyNow contract, read from its stored value. */
public final class Customer extends Tenant<CustomerSettings> {
  private final Credits credits = new Credits(this);

  private Customer(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(Group.CUSTOMER, keyring, storeKey, value, CustomerSettings::new);
  }

  /**
   * The store key, of {@link Kind#DOCUMENT}, of the customer with this {@code customerId}.
   *
   * @param keyring the keys
   * @param name its {@code customerId}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(Group.CUSTOMER, keyring, name);
  }

  /**
   * Creates a customer.
   *
   * @param keyring the keys
   * @param current the value loaded from its store key, or null
   * @param settings its settings
   * @param now the time
   * @return the write to store
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, CustomerSettings settings, Instant now) {
    return create(Group.CUSTOMER, keyring, current, settings, now);
  }

  /**
   * Reads the stored value of a customer.
   *
   * @param keyring the keyring, which must stay open as long as the customer is used
   * @param storeKey the store key
   * @param value the value loaded from it
   * @return the customer
   * @throws StoreException when the value is not a customer record of the engine
   */
  public static Customer open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return new Customer(keyring, storeKey, value);
  }

  /**
   * Generates a {@code customerId} with 60 random bits for a new customer. When {@link #create}
   * reports that it is taken, generate another.
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
