package org.libmpass;

import java.time.Instant;

/**
 * The prepaid credits of a {@link Customer}, one per send: the operations on the record at its
 * store key, {@link #key}.
 */
public final class Credits {
  private final Customer customer;

  Credits(Customer customer) {
    this.customer = customer;
  }

  private Packer packed() {
    return customer.pack(new Packer());
  }

  /** {@return the store key of the record, of {@link Kind#STATE}} */
  public StoreKey key() {
    return customer.call(Operation.CREDITS_KEY, packed(), StoreKey::read);
  }

  /**
   * The credits that are left; {@link Long#MAX_VALUE} means that many or more.
   *
   * @param current the record that was loaded, or null
   * @return the balance
   * @throws StoreException when {@code current} is not the record of these credits
   */
  public long balance(byte[] current) {
    Packer input = packed().optional(current, Packer::bytes);
    return customer.call(Operation.CREDITS_BALANCE, input, Unpacker::count);
  }

  /**
   * Adds purchased credits; the outcome is the new balance.
   *
   * @param current the record that was loaded, or null
   * @param paid the number of credits, 0 or more
   * @param now the time
   * @return the swap to store
   * @throws StoreException when {@code current} is not the record of these credits
   */
  public Pending<Long> add(byte[] current, long paid, Instant now) {
    Packer input =
        Challenge.writeContext(packed(), current, now).count(paid, "the number of credits");
    return customer.call(
        Operation.CREDITS_ADD, input, output -> Pending.read(output, Unpacker::count));
  }
}
