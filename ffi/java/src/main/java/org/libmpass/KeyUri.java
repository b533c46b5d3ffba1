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
    account = output.text();
    algorithm = Algorithm.of(output.u8());
    digits = output.u8();
    parameters = output.list(each -> Map.entry(each.text(), each.text()));
    cautions = output.list(each -> Caution.of(each.text()));
  }

  /**
   * Reads a key URI.
   *
   * @param uri the text, as in the QR code
   * @return the key URI
   * @throws OathException when it is not valid
   */
  public static KeyUri parse(String uri) {
    return Wire.call(Operation.KEY_URI_PARSE, new Packer().text(uri, "the key URI"), KeyUri::new);
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
    return new Builder(false, BigInteger.valueOf(counter), account, secret);
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
     * @param name a name without a colon
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
     */
    public KeyUri build() {
      Packer input =
          new Packer()
              .u8(isTotp ? 2 : 1)
              .u64(value, isTotp ? "the period" : "the counter")
              .text(account)
              .optional(issuer, Packer::text)
              .algorithm(algorithm)
              .i32(digits);
      return secret.call(Operation.KEY_URI_NEW, input, KeyUri::new);
    }
  }

  /** {@return the step, for TOTP, capped at the largest duration} */
  public Optional<Duration> period() {
    long seconds = value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    return isTotp ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
  }

  /** {@return the counter of the next code, for HOTP} */
  public Optional<BigInteger> counter() {
    return isTotp ? Optional.empty() : Optional.of(value);
  }

  /** {@return the issuer of the key} */
  public Optional<String> issuer() {
    return issuer;
  }

  /** {@return the account's name} */
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

  /** {@return the parameters that the engine does not know, in the order of the URI} */
  public List<Map.Entry<String, String>> parameters() {
    return parameters;
  }

  /** {@return the reasons why some apps may read the URI differently} */
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
