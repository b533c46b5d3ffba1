package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CAMARA OTP Validation, version 1. */
class OtpValidationTest {
  private final Scene scene = new Scene();
  private String token;

  @BeforeEach
  void begin() {
    ClientSettings settings = ClientSettings.of("app");
    scene.created(TenantKind.CLIENT, settings);
    token = token(List.of(Scope.SEND_VALIDATE));
  }

  @AfterEach
  void end() {
    scene.close();
  }

  /** A token for the client's server, issued without a device. */
  private String token(List<Scope> scopes) {
    Grant grant = new Grant(scopes, Optional.empty(), false, Duration.ofHours(1));
    return grant.token(scene.client("app"), Scene.NOON);
  }

  private Reply send(String with) {
    Map<String, String> body =
        Map.of("phoneNumber", Scene.NUMBER, "message", "{{code}} is your code for Shop");
    return scene.camara("/one-time-password-sms/v1/send-code", with, body);
  }

  private Reply validate(String id, String code) {
    Map<String, String> body = Map.of("authenticationId", id, "code", code);
    return scene.camara("/one-time-password-sms/v1/validate-code", token, body);
  }

  private static void refused(String code, Reason reason, Reply reply) {
    assertEquals(code, Scene.json(reply).get("code").getAsString());
    assertEquals(reason, reply.reason());
  }

  @Test
  void sentAndValidatedOnce() {
    Reply sent = send(token);
    assertEquals(Reason.SENT, sent.reason());
    Sms sms = scene.host.outbox.get(0);
    assertEquals(Scene.NUMBER, sms.to().e164());
    String code = scene.host.code();
    assertTrue(sms.text().startsWith(code + " is your code for Shop"), sms.text());
    String id = Scene.json(sent).get("authenticationId").getAsString();
    refused(
        "ONE_TIME_PASSWORD_SMS.INVALID_OTP",
        Reason.WRONG_CODE,
        validate(id, Vectors.tampered(code)));
    Reply validated = validate(id, code);
    assertEquals(204, validated.status());
    assertEquals(0, validated.body().length);
    assertEquals(Reason.ACCEPTED, validated.reason());
    refused(
        "ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED", Reason.USED, validate(id, code));
    refused("NOT_FOUND", Reason.UNKNOWN_ID, validate("nobody", code));
  }

  @Test
  void whatTheHostSaysOfTheNumber() {
    scene.host.assessor = () -> Optional.of(new Assessment.Blocked());
    refused(
        "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED", Reason.NUMBER_BLOCKED, send(token));
    scene.host.assessor = () -> Optional.of(new Assessment.Foreign());
    refused("NOT_FOUND", Reason.FOREIGN_NUMBER, send(token));
    assertEquals(List.of(), scene.host.outbox);
  }

  @Test
  void aTokenOfAnotherScope() {
    refused(
        "PERMISSION_DENIED", Reason.MISSING_SCOPE, send(token(List.of(Scope.VERIFY))));
  }
}
