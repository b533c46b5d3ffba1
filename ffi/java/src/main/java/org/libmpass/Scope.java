package org.libmpass;

import java.util.Arrays;

/** What a client may ask for. */
public enum Scope {
  /** To have a number compared with the device's. */
  VERIFY("number-verification:verify"),
  /** To be told the device's number. */
  READ_NUMBER("number-verification:device-phone-number:read"),
  /** To send codes and validate them. */
  SEND_VALIDATE("one-time-password-sms:send-validate");

  private final String label;

  Scope(String label) {
    this.label = label;
  }

  /** {@return the scope as it stands in requests and tokens} */
  public String label() {
    return label;
  }

  static void pack(Packer input, Scope scope) {
    input.text(scope.label);
  }

  static Scope of(String label) {
    return Arrays.stream(values())
        .filter(scope -> scope.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("libmpass: unknown scope " + label));
  }
}
