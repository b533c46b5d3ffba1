package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CAMARA Number Verification, version 2. */
class NumberVerificationTest {
  private static final String YES = "{\"devicePhoneNumberVerified\":true}";
  private static final String NO = "{\"devicePhoneNumberVerified\":false}";
  private static final Optional<PhoneNumber> DEVICE =
      Optional.of(PhoneNumber.parse(Scene.NUMBER));

  private Scene scene = new Scene();

  @AfterEach
  void end() {
    scene.close();
  }

  private void is(String body, Reason reason, Reply reply) {
    assertEquals(reason, reply.reason());
    assertEquals(body, Scene.text(reply));
  }

  /** Issues a token for a device that the host has authenticated. */
  private String token(Client client) {
    Grant grant = new Grant(List.of(Scope.values()), DEVICE, true, Duration.ofSeconds(300));
    return grant.token(client, Scene.NOON);
  }

  private Client app() {
    scene.created(TenantKind.CLIENT, ClientSettings.of("app"));
    return scene.client("app");
  }

  @Test
  void aTokenServesOnce() {
    Client app = app();
    String token = token(app);
    is(YES, Reason.NUMBER_VERIFIED, scene.verify(token, Scene.NUMBER));
    assertEquals(Reason.TOKEN_USED, scene.verify(token, Scene.NUMBER).reason());
    is(NO, Reason.NUMBER_NOT_VERIFIED, scene.verify(token(app), "+966500000001"));
    // A client has the scope device-phone-number:read only if its settings list it.
    Reply shared =
        scene.get(
            "/number-verification/v2/device-phone-number",
            Map.of("Authorization", "Bearer " + token(app)),
            Scene.LOOPBACK);
    assertEquals(Reason.MISSING_SCOPE, shared.reason());
    // Rotating the credential invalidates the tokens of the old one.
    String late = token(app);
    scene.tenants.rotate(TenantKind.CLIENT, "app", Duration.ZERO);
    assertEquals(Reason.INVALID_TOKEN, scene.verify(late, Scene.NUMBER).reason());
  }

  @Test
  void aHostMayLetTokensServeWithinTheirLife() {
    scene.close();
    scene = new Scene(EngineSettings.standard().withTokenUse(TokenUse.WITHIN_LIFE));
    String token = token(app());
    is(YES, Reason.NUMBER_VERIFIED, scene.verify(token, Scene.NUMBER));
    is(YES, Reason.NUMBER_VERIFIED, scene.verify(token, Scene.NUMBER));
  }

  @Test
  void whatATokenIsGivenFor() {
    Client app = app();
    Duration minute = Duration.ofMinutes(1);
    List<Scope> verify = List.of(Scope.VERIFY);
    for (Map.Entry<Grant, Reason> each :
        Map.of(
                new Grant(List.of(), DEVICE, true, minute), Reason.MISSING_SCOPE,
                new Grant(verify, DEVICE, false, minute), Reason.NOT_BY_NETWORK,
                new Grant(verify, Optional.empty(), true, minute), Reason.TOKEN_WITHOUT_NUMBER)
            .entrySet()) {
      String token = each.getKey().token(app, Scene.NOON);
      assertEquals(each.getValue(), scene.verify(token, Scene.NUMBER).reason());
    }
    for (Duration life : List.of(Duration.ZERO, Duration.ofSeconds(301))) {
      Grant grant = new Grant(verify, DEVICE, true, life);
      PolicyException thrown =
          assertThrows(PolicyException.class, () -> grant.token(app, Scene.NOON));
      assertEquals(MpassError.INVALID_LIFETIME, thrown.error());
    }
  }

  private static Introspection word(Optional<Instant> expiresAt) {
    return new Introspection(
        Optional.of("1"),
        "app",
        List.of("openid", Scope.VERIFY.label()),
        DEVICE,
        true,
        Optional.of(Scene.NOON),
        expiresAt);
  }

  /** A token issued by the host, for a client that only the host knows. */
  @Test
  void theHostIsBelievedAboutItsTokens() {
    assertEquals(Reason.INVALID_TOKEN, scene.verify("of-the-host", Scene.NUMBER).reason());
    Introspection word = word(Optional.of(Scene.NOON.plusSeconds(60)));
    assertFalse(word.toString().contains(Scene.NUMBER));
    scene.host.introspector =
        token -> {
          assertEquals("of-the-host", token);
          return Optional.of(word);
        };
    is(YES, Reason.NUMBER_VERIFIED, scene.verify("of-the-host", Scene.NUMBER));
    assertEquals(Reason.TOKEN_USED, scene.verify("of-the-host", Scene.NUMBER).reason());
    scene.host.introspector = token -> Optional.of(word(Optional.of(Scene.NOON)));
    assertEquals(Reason.INVALID_TOKEN, scene.verify("of-the-host", Scene.NUMBER).reason());
  }

  @Test
  void anIntrospectorThatBreaksTellsNothing() {
    scene.host.introspector =
        token -> {
          throw new IllegalArgumentException("no directory");
        };
    assertEquals(Reason.HOST_FAILED, scene.verify("of-the-host", Scene.NUMBER).reason());
    scene.host.introspector = token -> null;
    assertEquals(Reason.HOST_FAILED, scene.verify("of-the-host", Scene.NUMBER).reason());
    assertThrows(IllegalArgumentException.class, () -> word(Optional.of(Instant.MIN)));
  }
}
