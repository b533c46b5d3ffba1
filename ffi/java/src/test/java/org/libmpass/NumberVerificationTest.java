package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CAMARA Number Verification, version 2. */
class NumberVerificationTest {
  private static final String YES = "{\"devicePhoneNumberVerified\":true}";

  private final Scene scene = new Scene();

  @AfterEach
  void end() {
    scene.close();
  }

  private Reply verify(String token, String number) {
    return scene.post(
        "/number-verification/v2/verify",
        "{\"phoneNumber\":\"" + number + "\"}",
        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"));
  }

  private static Introspection word(Instant expiresAt) {
    return new Introspection(
        Optional.of("1"),
        "app",
        List.of("openid", "number-verification:verify"),
        Optional.of(PhoneNumber.parse(Scene.NUMBER)),
        true,
        expiresAt);
  }

  /** A token of the host's own, for a client that only the host knows. */
  @Test
  void theHostIsBelievedAboutItsTokens() {
    assertEquals(Reason.INVALID_TOKEN, verify("of-the-host", Scene.NUMBER).reason());
    Introspection word = word(Scene.NOON.plusSeconds(60));
    assertFalse(word.toString().contains(Scene.NUMBER));
    scene.host.introspector =
        token -> {
          assertEquals("of-the-host", token);
          return Optional.of(word);
        };
    Reply verified = verify("of-the-host", Scene.NUMBER);
    assertEquals(Reason.NUMBER_VERIFIED, verified.reason());
    assertEquals(YES, Scene.text(verified));
    assertEquals(Reason.TOKEN_USED, verify("of-the-host", Scene.NUMBER).reason());
    scene.host.introspector = token -> Optional.of(word(Scene.NOON));
    assertEquals(Reason.INVALID_TOKEN, verify("of-the-host", Scene.NUMBER).reason());
  }

  @Test
  void anIntrospectorThatBreaksTellsNothing() {
    scene.host.introspector =
        token -> {
          throw new IllegalArgumentException("no directory");
        };
    assertEquals(Reason.HOST_FAILED, verify("of-the-host", Scene.NUMBER).reason());
    scene.host.introspector = token -> null;
    assertEquals(Reason.HOST_FAILED, verify("of-the-host", Scene.NUMBER).reason());
    assertThrows(IllegalArgumentException.class, () -> word(Instant.MIN));
  }
}
