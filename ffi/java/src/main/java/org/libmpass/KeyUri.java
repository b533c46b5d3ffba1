package org.libmpass;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An {@code otpauth://} key URI, which authenticator apps read from QR codes. It holds the secret
 * until it is closed.
 */
public final class KeyUri extends NativeHandle {
  private final boolean isTotp;
  private final BigInteger value;
  private final Optional<String> issuer;
  private final Optional<String> labelIssuer;
  private final String account;
  private final Algorithm algorithm;
  private final int digits;
  private final List<Map.Entry<String, String>> parameters;
  private final List<Caution> cautions;

  private KeyUri(Unpacker output) {
    super(output.i64());
    isTotp = output.u8() == 2;
    value = output.u64();
    issuer = output.optional(Unpacker::text);
    labelIssuer = output.optional(Unpacker::text);
    account = output.text();
    algorithm = Algorithm.of(output.u8());
    digits = output.u8();
    parameters = output.list(each -> Map.entry(each.text(), each.text()));
    cautions = output.list(each -> Caution.of(each.text()));
  }

  /**
   * Reads a key URI as tolerantly as other readers do where nothing is ambiguous. What was chosen
   * or repaired is among the {@link #cautions}; a parameter that changes the codes is never
   * ignored.
   *
   * @param uri the text, as in the QR code
   * @return the key URI
   * @throws OathException when it is not valid
   * @throws IllegalArgumentException when it has an unpaired surrogate
   */
  public static KeyUri parse(String uri) {
    return parse(uri, false);
  }

  /**
   * Reads a key URI that has one reading only.
   *
   * @param uri the text, as in the QR code
   * @return the key URI
   * @throws OathException when it is not valid, and when it has a caution of reading ({@link
   *     MpassError#URI_NOT_STRICT})
   * @throws IllegalArgumentException when it has an unpaired surrogate
   */
  public static KeyUri parseStrict(String uri) {
    return parse(uri, true);
  }

  private static KeyUri parse(String uri, boolean strict) {
    Packer input = new Packer().bool(strict).text(uri, "the key URI");
    return Wire.call(Operation.KEY_URI_PARSE, input, KeyUri::new);
  }

  /**
   * Begins a URI for TOTP with a step of 30 seconds.
   *
   * @param account the account's name
   * @param secret the secret; it must stay open until {@link Builder#build}
   * @return the builder
   */
  public static Builder totp(String account, Secret secret) {
    return new Builder(true, BigInteger.valueOf(30), account, secret);
  }

  /**
   * Begins a URI for HOTP.
   *
   * @param account the account's name
   * @param secret the secret; it must stay open until {@link Builder#build}
   * @param counter the counter of the next code, not negative
   * @return the builder
   */
  public static Builder hotp(String account, Secret secret, long counter) {
    return hotp(account, secret, BigInteger.valueOf(counter));
  }

  /**
   * Begins a URI for HOTP.
   *
   * @param account the account's name
   * @param secret the secret; it must stay open until {@link Builder#build}
   * @param counter the counter of the next code, 0 to 2^64 - 1
   * @return the builder
   */
  public static Builder hotp(String account, Secret secret, BigInteger counter) {
    Objects.requireNonNull(counter, "the counter is null");
    return new Builder(false, counter, account, secret);
  }

  /** The contents of a new key URI. */
  public static final class Builder {
    private final boolean isTotp;
    private BigInteger value;
    private final String account;
    private final Secret secret;
    private String issuer;
    private Algorithm algorithm = Algorithm.SHA1;
    private int digits = 6;

    private Builder(boolean isTotp, BigInteger value, String account, Secret secret) {
      this.isTotp = isTotp;
      this.value = value;
      this.account = Objects.requireNonNull(account, "the account is null");
      this.secret = Objects.requireNonNull(secret, "the secret is null");
    }

    /**
     * Sets the issuer of the key, which all apps expect.
     *
     * @param name the name
     * @return this
     */
    public Builder issuer(String name) {
      issuer = Objects.requireNonNull(name, "the name is null");
      return this;
    }

    /**
     * Sets a hash other than SHA-1.
     *
     * @param hash the hash
     * @return this
     */
    public Builder algorithm(Algorithm hash) {
      algorithm = Objects.requireNonNull(hash, "the hash is null");
      return this;
    }

    /**
     * Sets a length other than six.
     *
     * @param count 4 to 10
     * @return this
     */
    public Builder digits(int count) {
      digits = count;
      return this;
    }

    /**
     * Sets a step other than 30 seconds, for TOTP.
     *
     * @param step whole seconds
     * @return this
     * @throws IllegalStateException for HOTP
     */
    public Builder period(Duration step) {
      if (!isTotp) {
        throw new IllegalStateException("HOTP has no period");
      }
      if (step.getNano() != 0) {
        throw new IllegalArgumentException("the period is not in whole seconds");
      }
      value = BigInteger.valueOf(step.getSeconds());
      return this;
    }

    /**
     * Builds the URI.
     *
     * @return the URI, which holds its own copy of the secret
     * @throws OathException when a name, the digits or the period are not valid
     * @throws IllegalArgumentException when the counter or the period is negative, or a name has an
     *     unpaired surrogate
     */
    public KeyUri build() {
      Packer input =
          new Packer()
              .u8(isTotp ? 2 : 1)
              .u64(value, isTotp ? "the period" : "the counter")
              .text(account, "the account")
              .optional(issuer, (each, name) -> each.text(name, "the issuer"))
              .algorithm(algorithm)
              .i32(digits);
      return secret.call(Operation.KEY_URI_NEW, input, KeyUri::new);
    }
  }

  /** {@return the step, for TOTP; a longer one than a duration holds is not valid in a key URI} */
  public Optional<Duration> period() {
    return isTotp ? Optional.of(Duration.ofSeconds(value.longValueExact())) : Optional.empty();
  }

  /** {@return the counter of the next code, for HOTP} */
  public Optional<BigInteger> counter() {
    return isTotp ? Optional.empty() : Optional.of(value);
  }

  /** {@return the issuer of the key} */
  public Optional<String> issuer() {
    return issuer;
  }

  /** {@return the issuer in the label, where the parameter names another one} */
  public Optional<String> labelIssuer() {
    return labelIssuer;
  }

  /** {@return the account's name, empty with {@link Caution#EMPTY_ACCOUNT}} */
  public String account() {
    return account;
  }

  /** {@return the hash} */
  public Algorithm algorithm() {
    return algorithm;
  }

  /** {@return the length of a code} */
  public int digits() {
    return digits;
  }

  /**
   * {@return the parameters that the engine does not know, in the order of the URI, each name once}
   */
  public List<Map.Entry<String, String>> parameters() {
    return parameters;
  }

  /** {@return what some apps mishandle, and what was chosen or repaired in reading} */
  public List<Caution> cautions() {
    return cautions;
  }

  /** {@return the secret, a copy that the caller closes} */
  public Secret secret() {
    return call(Operation.KEY_URI_SECRET, new Packer(), output -> new Secret(output.i64()));
  }

  /** {@return the URI as text, secret included} */
  public String expose() {
    return call(Operation.KEY_URI_EXPOSE, new Packer(), Unpacker::text);
  }

  /** {@return only the class, without names and secret} */
  @Override
  public String toString() {
    return "KeyUri";
  }
}
