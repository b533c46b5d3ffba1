package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The login of Number Verification, with a device in the network and a client's server. */
class LoginTest {
  private static final String BACK = "https://app.example/back";
  /** RFC 7636 appendix B. */
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  private final Scene scene =
      new Scene(EngineSettings.standard().withIssuer("https://verify.example"));
  private String basic;

  @BeforeEach
  void begin() {
    ClientSettings settings = ClientSettings.of("app").withRedirectUris(List.of(BACK));
    String secret = scene.created(TenantKind.CLIENT, settings);
    byte[] pair = ("app:" + secret).getBytes(StandardCharsets.US_ASCII);
    basic = "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @AfterEach
  void end() {
    scene.close();
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + Caller.encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** The reply to an authorization request from a user agent at an address. */
  private Reply authorize(InetAddress from) {
    String query =
        form(
            Map.of(
                "response_type", "code",
                "client_id", "app",
                "redirect_uri", BACK,
                "scope", "openid " + Scope.VERIFY.label(),
                "state", "xyz",
                "code_challenge", CHALLENGE,
                "code_challenge_method", "S256"));
    return scene.get("/oauth2/authorize?" + query, Map.of(), from);
  }

  private static String location(Reply reply) {
    return reply.headers().stream()
        .filter(header -> header.getKey().equals("Location"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private Reply redeem(String code) {
    String body =
        form(
            Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", BACK,
                "code_verifier", VERIFIER));
    Map<String, String> headers =
        Map.of("Authorization", basic, "Content-Type", "application/x-www-form-urlencoded");
    return scene.post("/oauth2/token", body, headers);
  }

  @Test
  void fromADeviceToTheAnswerAboutItsNumber() throws Exception {
    for (String address : List.of("10.20.0.7", "2001:db8::7")) {
      InetAddress device = InetAddress.getByName(address);
      scene.host.network =
          asked ->
              asked.equals(device)
                  ? Optional.of(PhoneNumber.parse(Scene.NUMBER))
                  : Optional.empty();
      Reply visited = authorize(device);
      assertEquals(Reason.LOGGED_IN, visited.reason());
      Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(location(visited));
      assertTrue(code.find());
      Reply given = redeem(code.group(1));
      assertEquals(Reason.TOKEN_ISSUED, given.reason());
      String token = Scene.json(given).get("access_token").getAsString();
      Reply verified = scene.verify(token, Scene.NUMBER);
      assertEquals("{\"devicePhoneNumberVerified\":true}", Scene.text(verified));
      assertEquals(Reason.TOKEN_USED, scene.verify(token, Scene.NUMBER).reason());
      assertEquals(Reason.GRANT_USED, redeem(code.group(1)).reason());
      assertEquals(Reason.UNKNOWN_DEVICE, authorize(Scene.LOOPBACK).reason());
    }
  }

  @Test
  void aNetworkThatBreaksLetsNobodyIn() {
    assertEquals(Reason.UNKNOWN_DEVICE, authorize(Scene.LOOPBACK).reason());
    scene.host.network =
        address -> {
          throw new IllegalArgumentException("no network");
        };
    Reply reply = authorize(Scene.LOOPBACK);
    assertEquals(Reason.HOST_FAILED, reply.reason());
    assertTrue(location(reply).contains("error=temporarily_unavailable"));
  }

  @Test
  void thereIsNoLoginWithoutAnIssuer() {
    try (Scene without = new Scene()) {
      Reply reply = without.get("/oauth2/jwks", Map.of(), Scene.LOOPBACK);
      assertEquals(Reason.NOT_FOUND, reply.reason());
    }
    Reply reply = scene.get("/oauth2/jwks", Map.of(), Scene.LOOPBACK);
    assertEquals(Reason.DOCUMENT_TOLD, reply.reason());
  }
}
