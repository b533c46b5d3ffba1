package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libmpass.Vectors.get;
import static org.libmpass.Vectors.string;
import static org.libmpass.Vectors.tampered;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** All vector files of the workspace, unchanged and tampered with. */
class VectorsTest {
  @Test
  void hotp() {
    JsonObject file = Vectors.file("hotp.json");
    Algorithm algorithm = Algorithm.valueOf(string(file, "algorithm"));
    try (Secret secret = Secret.ofHex(string(file, "key_hex"));
        Hotp hotp = Hotp.of(secret, algorithm, file.get("digits").getAsInt())) {
      Coverage.vectors("hotp.json", vector -> {
        long counter = vector.get("counter").getAsLong();
        String code = string(vector, "code");
        assertEquals(code, hotp.generate(counter));
        assertEquals(OptionalLong.of(counter), hotp.verify(code, counter, 0));
        assertEquals(OptionalLong.empty(), hotp.verify(tampered(code), counter, 0));
      });
    }
  }

  @Test
  void totp() {
    JsonObject file = Vectors.file("totp.json");
    Duration step = Duration.ofSeconds(file.get("step").getAsLong());
    Coverage.vectors("totp.json", vector -> {
      Algorithm algorithm = Algorithm.valueOf(string(vector, "algorithm"));
      Instant time = Instant.ofEpochSecond(vector.get("unix_time").getAsLong());
      String code = string(vector, "code");
      try (Secret secret = Secret.ofHex(string(vector, "key_hex"));
          Totp totp = Totp.of(secret, algorithm, file.get("digits").getAsInt(), step)) {
        assertEquals(code, totp.generate(time));
        assertEquals(OptionalLong.of(totp.timeStep(time)), totp.verify(code, time, 0, 0));
        assertEquals(OptionalLong.empty(), totp.verify(tampered(code), time, 0, 0));
      }
    });
  }

  @Test
  void totpOfMistakes() {
    Coverage.vectors("totp-wrong.json", vector -> {
      Algorithm algorithm = Algorithm.valueOf(string(vector, "algorithm"));
      Instant time = Instant.ofEpochSecond(vector.get("unix_time").getAsLong());
      try (Secret secret = Secret.ofHex(string(vector, "key_hex"));
          Totp totp =
              Totp.of(secret, algorithm, vector.get("digits").getAsInt(), Duration.ofSeconds(30))) {
        String wrong = string(vector, "wrong_code");
        assertNotEquals(wrong, totp.generate(time), string(vector, "mistake"));
        assertEquals(OptionalLong.empty(), totp.verify(wrong, time, 0, 0));
      }
    });
  }

  @Test
  void ocra() {
    for (String name : List.of("ocra.json", "ocra-more.json", "ocra-suites.json")) {
      Coverage.vectors(name, vector -> {
        try (Secret secret = Secret.ofHex(string(vector, "key_hex"));
            Ocra ocra = Ocra.of(secret, string(vector, "suite"))) {
          OcraInputs inputs = inputs(vector);
          String response = string(vector, "response");
          assertEquals(response, ocra.respond(inputs));
          assertTrue(ocra.verify(response, inputs, Ocra.Tolerance.NONE).isPresent());
          Optional<Ocra.Matched> wrong =
              ocra.verify(tampered(response), inputs, Ocra.Tolerance.NONE);
          assertEquals(Optional.empty(), wrong);
        }
      });
    }
  }

  @Test
  void typedCodes() {
    JsonObject file = Vectors.file("typed-code.json");
    Coverage.vectors(
        "typed-code.json",
        vector -> typed(file, vector, string(vector, "text")));
    for (JsonElement each : file.getAsJsonArray("utf16")) {
      JsonObject vector = each.getAsJsonObject();
      vector.addProperty("digits", 6);
      vector.addProperty("counter", 0);
      StringBuilder text = new StringBuilder();
      vector.getAsJsonArray("units").forEach(unit -> text.append((char) unit.getAsInt()));
      typed(file, vector, text.toString());
    }
  }

  private static void typed(JsonObject file, JsonObject vector, String text) {
    long counter = vector.get("counter").getAsLong();
    Algorithm algorithm = Algorithm.valueOf(string(file, "algorithm"));
    Instant now = Instant.ofEpochSecond(1_800_000_000);
    TokenPolicy policy = TokenPolicy.standard().withLookAhead(0);
    Map<String, String> verdicts =
        Map.of(
            text, string(vector, "verdict"),
            string(vector, "altered"), string(vector, "altered_verdict"));
    try (Keyring keyring = Keyring.generate();
        Secret secret = Secret.ofHex(string(file, "key_hex"));
        Hotp hotp = Hotp.of(secret, algorithm, vector.get("digits").getAsInt())) {
      TokenState token = new TokenState(keyring, policy, new byte[] {1}, new byte[] {2});
      byte[] record = token.enroll(counter, now).next();
      verdicts.forEach((typed, expected) -> {
        Attempt attempt = token.attempt(record, hotp, typed, now);
        boolean[] isCounted = new boolean[1];
        Verdict verdict = attempt.settle(pending -> {
          isCounted[0] = true;
          return pending.stored();
        });
        assertEquals(expected, verdict.label(), typed);
        assertEquals(verdict != Verdict.MALFORMED, isCounted[0], typed);
        boolean isFound = hotp.verify(typed, counter, 0).isPresent();
        assertEquals(verdict.isAccept(), isFound, typed);
      });
    }
  }

  private static OcraInputs inputs(JsonObject vector) {
    OcraInputs inputs = OcraInputs.of(string(vector, "question"));
    Optional<JsonElement> counter = get(vector, "counter");
    if (counter.isPresent()) {
      inputs = inputs.counter(counter.get().getAsBigInteger());
    }
    Optional<JsonElement> pin = get(vector, "pin");
    if (pin.isPresent()) {
      inputs = inputs.pin(pin.get().getAsString());
    }
    Optional<JsonElement> session = get(vector, "session_hex");
    if (session.isPresent()) {
      inputs = inputs.session(java.util.HexFormat.of().parseHex(session.get().getAsString()));
    }
    Optional<JsonElement> time = get(vector, "unix_time");
    if (time.isPresent()) {
      inputs = inputs.time(Instant.ofEpochSecond(time.get().getAsLong()));
    }
    return inputs;
  }

  @Test
  void keyrings() {
    Coverage.vectors("keyring.json", vector -> {
      String text = string(vector, "text");
      String name = string(vector, "case");
      Optional<JsonElement> error = get(vector, "error");
      if (error.isPresent()) {
        MpassException thrown =
            assertThrows(PolicyException.class, () -> Keyring.parse(text), name);
        assertEquals(error.get().getAsString(), thrown.error().label(), name);
        return;
      }
      try (Keyring keyring = Keyring.parse(text)) {
        List<Integer> ids = StreamSupport.stream(
                vector.getAsJsonArray("ids").spliterator(), false)
            .map(JsonElement::getAsInt)
            .toList();
        assertEquals(ids, keyring.ids(), name);
        assertEquals(vector.get("newest").getAsInt(), keyring.newest(), name);
        assertEquals(string(vector, "written"), keyring.expose(), name);
      }
    });
  }

  @Test
  void numberHashes() {
    Coverage.vectors("number-hash.json", vector -> {
      PhoneNumber number = PhoneNumber.parse(string(vector, "number"));
      String digest = string(vector, "sha256_hex");
      assertEquals(digest, number.sha256Hex());
      assertTrue(number.hasSha256Hex(digest.toUpperCase(java.util.Locale.ROOT)));
      assertFalse(number.hasSha256Hex(tampered(digest)));
      assertNotEquals(digest, number.sha256HexWithoutPlus());
    });
  }

  @Test
  void numbers() {
    Coverage.vectors("number-parse.json", vector -> {
      String text = string(vector, "text");
      Optional<JsonElement> country = get(vector, "country");
      Optional<JsonElement> error = get(vector, "error");
      if (error.isPresent()) {
        MpassException thrown =
            assertThrows(SubjectException.class, () -> number(text, country), text);
        assertEquals(error.get().getAsString(), thrown.error().label(), text);
      } else {
        PhoneNumber read = number(text, country);
        assertEquals(string(vector, "e164"), read.e164(), text);
        // With one more digit it is another number or none.
        try {
          assertNotEquals(read, number(text + "7", country), text);
        } catch (SubjectException tooLong) {
          assertFalse(tooLong.error().label().isEmpty());
        }
      }
    });
  }

  private static PhoneNumber number(String text, Optional<JsonElement> country) {
    return country.isPresent()
        ? PhoneNumber.parse(text, country.get().getAsInt())
        : PhoneNumber.parse(text);
  }

  @Test
  void keyUris() {
    Coverage.vectors("key-uri.json", VectorsTest::keyUri);
  }

  @Test
  void keyUrisOfPeers() {
    Coverage.vectors("key-uri-peers.json", VectorsTest::keyUri);
  }

  private static void keyUri(JsonObject vector) {
    String text = string(vector, "uri");
    Optional<JsonElement> error = get(vector, "error");
    if (error.isPresent()) {
      refused(text, error.get().getAsString());
      refused(text.replace("otpauth", "example"), "UriScheme");
      return;
    }
    refused(text.stripTrailing() + "&encoder=steam", "UriEncoder");
    try (KeyUri uri = KeyUri.parse(text)) {
      check(vector, uri);
    }
    if (vector.get("strict").getAsBoolean()) {
      try (KeyUri uri = KeyUri.parseStrict(text)) {
        check(vector, uri);
      }
    } else {
      refused(text, KeyUri::parseStrict, "UriNotStrict");
    }
  }

  private static void refused(String text, String error) {
    refused(text, KeyUri::parse, error);
    refused(text, KeyUri::parseStrict, error);
  }

  private static void refused(String text, Function<String, KeyUri> parse, String error) {
    MpassException thrown =
        assertThrows(OathException.class, () -> parse.apply(text).close(), text);
    assertEquals(error, thrown.error().label(), text);
  }

  private static void check(JsonObject vector, KeyUri uri) {
    boolean isTotp = string(vector, "kind").equals("totp");
    assertEquals(isTotp, uri.period().isPresent());
    assertEquals(
        get(vector, "period").map(JsonElement::getAsLong), uri.period().map(Duration::getSeconds));
    assertEquals(get(vector, "counter").map(JsonElement::getAsBigInteger), uri.counter());
    assertEquals(get(vector, "issuer").map(JsonElement::getAsString), uri.issuer());
    assertEquals(get(vector, "label_issuer").map(JsonElement::getAsString), uri.labelIssuer());
    assertEquals(string(vector, "account"), uri.account());
    assertEquals(Algorithm.valueOf(string(vector, "algorithm")), uri.algorithm());
    assertEquals(vector.get("digits").getAsInt(), uri.digits());
    assertEquals(string(vector, "written"), uri.expose());
    try (Secret secret = uri.secret()) {
      assertEquals(string(vector, "secret_hex"), secret.exposeHex());
    }
    List<String> cautions = uri.cautions().stream().map(Caution::label).toList();
    assertEquals(strings(vector.get("cautions")), cautions);
    List<List<String>> parameters =
        uri.parameters().stream().map(each -> List.of(each.getKey(), each.getValue())).toList();
    assertEquals(
        StreamSupport.stream(vector.getAsJsonArray("parameters").spliterator(), false)
            .map(VectorsTest::strings)
            .toList(),
        parameters);
  }

  private static List<String> strings(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .toList();
  }

  /** Names of methods differ between the languages. */
  private static String withoutNames(String text) {
    return text.replaceAll("`[^`]*`", "");
  }

  /** The enums match the engine's lists, so a new error or reason fails here. */
  @Test
  void everyErrorAndReasonIsKnown() {
    Library.load();
    List<Map.Entry<Integer, List<String>>> errors =
        Wire.call(
            Operation.ERRORS,
            new Packer(),
            output ->
                output.list(
                    each ->
                        Map.entry(
                            each.u16(), List.of(each.text(), withoutNames(each.text())))));
    assertEquals(
        errors,
        Stream.of(MpassError.values())
            .map(
                error ->
                    Map.entry(
                        error.number(), List.of(error.label(), withoutNames(error.text()))))
            .toList());
    for (MpassError error : MpassError.values()) {
      assertEquals(error, MpassException.of(error, null).error());
      assertTrue(MpassException.of(error, null).getMessage().contains(Integer.toString(error.number())));
    }
    List<Map.Entry<Integer, String>> reasons =
        Wire.call(
            Operation.REASONS,
            new Packer(),
            output -> output.list(each -> Map.entry(each.u16(), each.text())));
    assertEquals(
        reasons,
        Stream.of(Reason.values())
            .map(reason -> Map.entry(reason.number(), reason.label()))
            .toList());
  }
}
