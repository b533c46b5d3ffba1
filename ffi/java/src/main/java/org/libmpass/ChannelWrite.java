package org.libmpass;

/** A channel that is to be written, with the key that may be told once it is. */
public final class ChannelWrite extends NativeHandle {
  private final Swap swap;

  private ChannelWrite(Swap swap, long pointer) {
    super(pointer, ServiceNatives::channelFree);
    this.swap = swap;
  }

  static ChannelWrite read(Unpacker output) {
    return new ChannelWrite(Swap.read(output), output.i64());
  }

  /** {@return the swap that creates or changes the channel} */
  public Swap swap() {
    return swap;
  }

  /**
   * The channel's key, which its caller sends as {@code apikey}. Call this once, only after the swap
   * is durably stored; it closes this.
   *
   * @return the key: 64 letters, digits, {@code -} and {@code _}
   * @throws IllegalStateException when it was told before
   */
  public String stored() {
    try {
      return call(ServiceNatives::channelStored, new Packer(), Unpacker::text);
    } finally {
      close();
    }
  }
}
