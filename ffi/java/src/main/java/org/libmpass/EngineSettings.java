// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

import java.util.Optional;

/**
 * The settings of the engine of an {@code MpassService}, checked where one is created. Immutable.
 */
public final class EngineSettings extends Settings {
  EngineSettings(Values values) {
    super(values);
  }

  /** {@return every default} */
  public static EngineSettings standard() {
    return new EngineSettings(Values.defaults(Group.ENGINE));
  }

  /**
   * {@return the base URL under which clients reach the host, and issuer of its tokens; if unset,
   * the login is disabled; empty if not set}
   */
  public Optional<String> issuer() {
    return values.optional(Field.ISSUER, Values::text);
  }

  /**
   * Base URL under which clients reach the host, and issuer of its tokens; if unset, the login is
   * disabled.
   *
   * <p>A base URL without a path; http only for a loopback host.
   *
   * @param issuer the value
   * @return the settings with it
   */
  public EngineSettings withIssuer(String issuer) {
    return new EngineSettings(values.with(Field.ISSUER, issuer));
  }

  /** {@return the settings without it: {@link #issuer} is empty} */
  public EngineSettings withoutIssuer() {
    return new EngineSettings(values.without(Field.ISSUER));
  }

  /** {@return how often an access token of Number Verification can be used} */
  public TokenUse tokenUse() {
    return TokenUse.of(values.text(Field.TOKEN_USE));
  }

  /**
   * How often an access token of Number Verification can be used.
   *
   * <p>Default: {@code once}.
   *
   * @param tokenUse the value
   * @return the settings with it
   */
  public EngineSettings withTokenUse(TokenUse tokenUse) {
    return new EngineSettings(values.with(Field.TOKEN_USE, tokenUse.label()));
  }
}
