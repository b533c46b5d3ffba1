// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * The kind of a step of an operation on a store. C, Java and JavaScript use the same numbers and
 * names; {@code load} and {@code swap} are those of an exchange.
 */
enum StoreStepKind {
  /** Load a value. */
  LOAD(1, "load"),
  /** Swap a value. */
  SWAP(2, "swap"),
  /** List documents. */
  LIST(8, "list");

  private static final StoreStepKind[] ALL = values();

  private final int number;
  private final String label;

  StoreStepKind(int number, String label) {
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

  static StoreStepKind of(int number) {
    for (StoreStepKind entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown StoreStepKind " + number);
  }
}
