package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The VerifyNow contract, version 3. */
class VerifyNowTest {
  private final Scene scene = new Scene();
  private String id;
  private String token;

  @BeforeEach
  void begin() {
    CustomerSettings settings = CustomerSettings.unnamed().withTestCredits(2);
    NewCredential created = scene.tenants.create(TenantKind.CUSTOMER, settings);
    id = created.name();
    String secret = created.credential();
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    String key = base64.encodeToString(secret.getBytes(StandardCharsets.US_ASCII));
    Reply reply =
        scene.get(
            "/auth/v1/authentication/token?customerId=" + id + "&scope=NEW&key=" + key,
            Map.of(),
            Scene.LOOPBACK);
    assertEquals(Reason.TOKEN_ISSUED, reply.reason());
    token = Scene.json(reply).get("token").getAsString();
  }

  @AfterEach
  void end() {
    scene.close();
  }

  private Reply send() {
    return scene.post(
        "/verification/v3/send?countryCode=966&mobileNumber=500000000&flowType=SMS",
        "",
        Map.of("authToken", token));
  }

  private Reply validate(String verificationId, String code) {
    return scene.get(
        "/verification/v3/validateOtp?verificationId=" + verificationId + "&code=" + code,
        Map.of("authToken", token),
        Scene.LOOPBACK);
  }

  private static void is(int code, String message, Reason reason, Reply reply) {
    JsonObject body = Scene.json(reply);
    assertEquals(message, body.get("message").getAsString());
    assertEquals(code, body.get("responseCode").getAsInt());
    assertEquals(reason, reply.reason());
  }

  @Test
  void sentValidatedAndVerifiedOnce() {
    Reply sent = send();
    is(200, "SUCCESS", Reason.SENT, sent);
    assertEquals(Scene.NUMBER, scene.host.outbox.get(0).to().e164());
    String code = scene.host.code();
    assertEquals(4, code.length());
    JsonObject data = Scene.json(sent).getAsJsonObject("data");
    String verificationId = data.get("verificationId").getAsString();
    is(506, "REQUEST_ALREADY_EXISTS", Reason.STILL_LIVE, send());
    Reply wrong = validate(verificationId, Vectors.tampered(code));
    is(702, "WRONG_OTP_PROVIDED", Reason.WRONG_CODE, wrong);
    Reply verified = validate(verificationId, code);
    is(200, "SUCCESS", Reason.ACCEPTED, verified);
    assertEquals(
        "VERIFICATION_COMPLETED",
        Scene.json(verified).getAsJsonObject("data").get("verificationStatus").getAsString());
    is(703, "ALREADY_VERIFIED", Reason.USED, validate(verificationId, code));
  }

  @Test
  void aSendCostsACredit() {
    Tenants tenants = scene.tenants;
    assertEquals(2, tenants.credits(id));
    for (long left : new long[] {1, 0}) {
      Reply sent = send();
      is(200, "SUCCESS", Reason.SENT, sent);
      assertEquals(left, tenants.credits(id));
      String verificationId =
          Scene.json(sent).getAsJsonObject("data").get("verificationId").getAsString();
      validate(verificationId, scene.host.code());
    }
    is(805, "INSUFFICIENT_CREDITS", Reason.NO_CREDITS, send());
    assertEquals(10, tenants.addCredits(id, 10));
    is(200, "SUCCESS", Reason.SENT, send());
    assertEquals(9, tenants.credits(id));
    assertEquals(Long.MAX_VALUE, tenants.addCredits(id, Long.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, tenants.credits(id));
    assertThrows(IllegalArgumentException.class, () -> tenants.addCredits(id, -1));
  }
}
