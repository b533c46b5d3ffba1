package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/**
 * What the engine of an {@link MpassService} is told once, beside its keys.
 *
 * @param issuer the base URL that clients reach the host under, such as {@code
 *     https://verify.example}, without a slash at its end: the issuer of tokens. Without one there
 *     is no login. {@code http} only for a loopback host
 * @param tokenUse how often an access token of Number Verification serves
 */
public record EngineSettings(Optional<String> issuer, TokenUse tokenUse) {
  /**
   * Checks that nothing is null.
   *
   * @param issuer the base URL that clients reach the host under, such as {@code
   *     https://verify.example}, without a slash at its end: the issuer of tokens. Without one
   *     there is no login. {@code http} only for a loopback host
   * @param tokenUse how often an access token of Number Verification serves
   */
  public EngineSettings {
    Objects.requireNonNull(issuer, "the issuer is null");
    Objects.requireNonNull(tokenUse, "the token use is null");
  }

  /** {@return no issuer, and tokens that serve once} */
  public static EngineSettings standard() {
    return new EngineSettings(Optional.empty(), TokenUse.ONCE);
  }

  /**
   * The same with an issuer of tokens, for the login.
   *
   * @param url a base URL, such as {@code https://verify.example}
   * @return the settings
   */
  public EngineSettings withIssuer(String url) {
    return new EngineSettings(Optional.of(url), tokenUse);
  }

  /**
   * The same with another use of tokens.
   *
   * @param use how often a token serves
   * @return the settings
   */
  public EngineSettings withTokenUse(TokenUse use) {
    return new EngineSettings(issuer, use);
  }

  Packer pack(Packer input) {
    return input.optional(issuer.orElse(null), Packer::text).u8(tokenUse.number());
  }
}
