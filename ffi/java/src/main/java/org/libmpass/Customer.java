package org.libmpass;

/** A customer of the VerifyNow contract, read from its stored value. */
public final class Customer extends Tenant<CustomerSettings> {
  private Customer(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(TenantKind.CUSTOMER, keyring, storeKey, value);
  }

  /**
   * The store key, of {@link Kind#DOCUMENT}, of the customer with this {@code customerId}.
   *
   * @param keyring the keys
   * @param name its {@code customerId}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(TenantKind.CUSTOMER, keyring, name);
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
}
