// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The algorithm that signs ID tokens or client assertions (RFC 7518 section 3.1). */
public enum SignatureAlgorithm {
  /** ECDSA with P-256 and SHA-256, which the engine computes. */
  ES256(1, "ES256"),
  /** RSASSA-PKCS1-v1_5 with SHA-256, which the host computes. */
  RS256(2, "RS256");

  private static final SignatureAlgorithm[] ALL = values();

  private final int number;
  private final String label;

  SignatureAlgorithm(int number, String label) {
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

  static SignatureAlgorithm of(int number) {
    for (SignatureAlgorithm entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown SignatureAlgorithm " + number);
  }

  static SignatureAlgorithm of(String label) {
    for (SignatureAlgorithm entry : ALL) {
      if (entry.label.equals(label)) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown SignatureAlgorithm " + label);
  }
}
