// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kinds of steps, as C, Java and JavaScript number and name them. */
enum StepKind {
  /** Read a value; answer {@code loaded} or {@code failed}. */
  LOAD(1, "load"),
  /**
   * Replace a value; answer {@code stored} once it is durable, {@code conflict}, {@code unknown} or
   * {@code failed}.
   */
  SWAP(2, "swap"),
  /**
   * Assess a number; answer {@code assessed}, or {@code unsupported} to leave it to the engine.
   */
  ASSESS(3, "assess"),
  /**
   * Hand a message to the gateway; answer {@code delivered}, {@code refused} or {@code unknown}.
   */
  DELIVER(4, "deliver"),
  /** Answer the request; the exchange is over. */
  REPLY(5, "reply"),
  /**
   * Look up a bearer token that is not the engine's own; answer {@code introspected}, {@code
   * unsupported}, {@code unknown} or {@code failed}.
   */
  INTROSPECT(6, "introspect"),
  /**
   * Look up the number behind a network address; answer {@code resolved}, {@code unsupported},
   * {@code unknown} or {@code failed}.
   */
  RESOLVE(7, "resolve");

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
