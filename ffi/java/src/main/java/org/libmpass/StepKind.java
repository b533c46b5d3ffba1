// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kind of a step. C, Java and JavaScript use the same numbers and names. */
enum StepKind {
  /** Load a value; answer {@code loaded} or {@code failed}. */
  LOAD(1, "load"),
  /**
   * Replace a value; answer {@code stored} once it is durable, {@code conflict}, {@code unknown} or
   * {@code failed}.
   */
  SWAP(2, "swap"),
  /**
   * Assess a number; answer {@code assessed}, or {@code unsupported} to accept every number that
   * the engine accepts.
   */
  ASSESS(3, "assess"),
  /**
   * Pass a message to the gateway; answer {@code delivered}, {@code refused} or {@code unknown}.
   */
  DELIVER(4, "deliver"),
  /** Send the reply; the exchange is over. */
  REPLY(5, "reply"),
  /**
   * Introspect a bearer token that the engine did not issue; answer {@code introspected}, {@code
   * unsupported}, {@code unknown} or {@code failed}.
   */
  INTROSPECT(6, "introspect"),
  /**
   * Resolve the network address of a device to its number; answer {@code resolved}, {@code
   * unsupported}, {@code unknown} or {@code failed}.
   */
  RESOLVE(7, "resolve"),
  /**
   * List the public keys of the pairs that sign with RS256, the one that signs first; answer {@code
   * signingKeys}, {@code unsupported}, {@code unknown} or {@code failed}.
   */
  SIGNING_KEYS(8, "signingKeys"),
  /**
   * Sign with RS256; answer {@code signed}, {@code unsupported}, {@code unknown} or {@code failed}.
   */
  SIGN(9, "sign"),
  /**
   * Check a signature with RS256; answer {@code genuine}, {@code forged}, {@code unsupported},
   * {@code unknown} or {@code failed}.
   */
  CHECK_SIGNATURE(10, "checkSignature");

  private static final StepKind[] ALL = values();

  private final int number;
  private final String label;

  StepKind(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** {@return the stable number} */
  public int number() {
    return number;
  }

  /** {@return the stable name, for metrics, logs and files} */
  public String label() {
    return label;
  }

  static StepKind of(int number) {
    for (StepKind entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown StepKind " + number);
  }
}
