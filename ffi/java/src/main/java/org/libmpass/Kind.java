package org.libmpass;

/** What a stored value is; a store keeps the two kinds apart. */
public enum Kind {
  /** Records of at most 96 bytes that expire: challenges, tokens, limits. */
  STATE,
  /** Tenants, at most 4,096 bytes, which do not expire. */
  TENANT;

  /** {@return the stable number: 1 or 2} */
  public int number() {
    return ordinal() + 1;
  }

  static Kind of(int number) {
    return values()[number - 1];
  }
}
