package org.libmpass;

/** The hash under HMAC. */
public enum Algorithm {
  /** HMAC-SHA-1, of RFC 4226 and nearly every token. */
  SHA1,
  /** HMAC-SHA-256 (RFC 6238 section 1.2). */
  SHA256,
  /** HMAC-SHA-512 (RFC 6238 section 1.2). */
  SHA512;

  int number() {
    return ordinal() + 1;
  }

  static Algorithm of(int number) {
    return values()[number - 1];
  }
}
