package org.libmpass;

/** The write of a tenant and its credential, which is released once the write is stored. */
public final class TenantWrite extends NativeHandle {
  private final Swap swap;

  private TenantWrite(Swap swap, long pointer) {
    super(pointer);
    this.swap = swap;
  }

  static TenantWrite read(Unpacker output) {
    return new TenantWrite(Swap.read(output), output.i64());
  }

  /** {@return the swap that creates or changes the tenant} */
  public Swap swap() {
    return swap;
  }

  /**
   * Returns the credential in the form that the tenant's contract uses. A channel's {@code apikey}
   * has 64 letters, digits, {@code -} and {@code _}; a customer's password or a client's {@code
   * client_secret} has 43. Call this once, only after the swap is durably stored; it closes this.
   *
   * @return the credential
   * @throws IllegalStateException when it was returned before
   */
  public String stored() {
    try {
      return call(Operation.TENANT_STORED, new Packer(), Unpacker::text);
    } finally {
      close();
    }
  }
}
