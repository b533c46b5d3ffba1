package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RS256 with the keys of tests/signing-keys.json: ID tokens, and assertions of a client. */
class Rs256Test {
  private static final String ISSUER = "https://verify.example";
  private static final String TOKEN = "/oauth2/token";
  /** RFC 7636 appendix B. */
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final Scene scene = new Scene(EngineSettings.standard().withIssuer(ISSUER));
  private final List<KeyPair> pairs = new ArrayList<>();
  private JsonObject file;

  @BeforeEach
  void read() throws Exception {
    file = JsonParser.parseString(Vectors.text("tests/signing-keys.json")).getAsJsonObject();
    for (JsonElement key : file.getAsJsonArray("keys")) {
      pairs.add(pair(key.getAsJsonObject()));
    }
  }

  @AfterEach
  void end() {
    scene.close();
  }

  private static BigInteger number(JsonObject jwk, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.get(name).getAsString()));
  }

  private static RSAPublicKey publicKey(JsonObject jwk) throws Exception {
    RSAPublicKeySpec spec = new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e"));
    return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
  }

  private static KeyPair pair(JsonObject key) throws Exception {
    byte[] pkcs8 = Base64.getDecoder().decode(key.get("pkcs8").getAsString());
    return new KeyPair(
        publicKey(key.getAsJsonObject("public")),
        KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
  }

  private byte[] jwk(String list, int index) {
    JsonObject key = file.getAsJsonArray(list).get(index).getAsJsonObject();
    return key.getAsJsonObject("public").toString().getBytes(StandardCharsets.UTF_8);
  }

  private JsonArray offered(String name) {
    Reply reply = scene.get("/.well-known/openid-configuration", Map.of(), Scene.LOOPBACK);
    return Scene.json(reply).getAsJsonArray(name);
  }

  @Test
  void onlyAHostWithKeysOffersIt() {
    String idTokens = "id_token_signing_alg_values_supported";
    assertEquals(1, offered(idTokens).size());
    // The Java Cryptography Architecture checks signatures without keys.
    assertEquals(2, offered("token_endpoint_auth_signing_alg_values_supported").size());
    scene.host.signing = pairs;
    assertEquals(2, offered(idTokens).size());
  }

  @Test
  void theFirstKeySignsTheIdTokensOfAClient() throws Exception {
    scene.host.signing = pairs;
    scene.host.network = asked -> Optional.of(PhoneNumber.parse(Scene.NUMBER));
    String back = "https://app.example/back";
    ClientSettings settings =
        ClientSettings.of("app")
            .withRedirectUris(List.of(back))
            .withIdTokenAlg(SignatureAlgorithm.RS256);
    String pair = "app:" + scene.created(TenantKind.CLIENT, settings);
    String query =
        "response_type=code&client_id=app&scope=openid+number-verification:verify"
            + "&code_challenge_method=S256&code_challenge="
            + CHALLENGE
            + "&redirect_uri="
            + Caller.encoded(back);
    Reply visited = scene.get("/oauth2/authorize?" + query, Map.of(), Scene.LOOPBACK);
    Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(visited.headers().toString());
    assertEquals(true, code.find());
    String body =
        "grant_type=authorization_code&code_verifier="
            + VERIFIER
            + "&redirect_uri="
            + Caller.encoded(back)
            + "&code="
            + code.group(1);
    byte[] basic = pair.getBytes(StandardCharsets.US_ASCII);
    Map<String, String> headers =
        Map.of(
            "Authorization", "Basic " + Base64.getEncoder().encodeToString(basic),
            "Content-Type", "application/x-www-form-urlencoded");
    Reply given = scene.post(TOKEN, body, headers);
    assertEquals(Reason.TOKEN_ISSUED, given.reason());
    String token = Scene.json(given).get("id_token").getAsString();
    int end = token.lastIndexOf('.');
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(pairs.get(0).getPublic());
    signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
    byte[] signed = Base64.getUrlDecoder().decode(token.substring(end + 1));
    assertEquals(true, signature.verify(signed));
  }

  private Reply ask(KeyPair pair, String id) throws Exception {
    long now = Scene.NOON.getEpochSecond();
    String claims =
        "{\"iss\":\"app\",\"sub\":\"app\",\"aud\":\"%s\",\"exp\":%d,\"jti\":\"%s\"}"
            .formatted(ISSUER, now + 60, id);
    String message = encoded("{\"alg\":\"RS256\"}") + "." + encoded(claims);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(pair.getPrivate());
    signature.update(message.getBytes(StandardCharsets.US_ASCII));
    String body =
        "grant_type=client_credentials&client_assertion_type="
            + Caller.encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            + "&client_assertion="
            + message
            + "."
            + ENCODER.encodeToString(signature.sign());
    Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
    return scene.post(TOKEN, body, form);
  }

  private static String encoded(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aClientIsAuthenticatedByItsKey() throws Exception {
    scene.created(TenantKind.CLIENT, ClientSettings.of("app").withPublicKey(jwk("keys", 0)));
    assertEquals(Reason.TOKEN_ISSUED, ask(pairs.get(0), "a").reason());
    assertEquals(Reason.UNKNOWN_CREDENTIAL, ask(pairs.get(1), "b").reason());
  }

  @Test
  void weakKeysAreRefused() {
    for (int index = 0; index < file.getAsJsonArray("refused").size(); index++) {
      byte[] jwk = jwk("refused", index);
      MpassException refused =
          assertThrows(
              MpassException.class,
              () -> scene.created(TenantKind.CLIENT, ClientSettings.of("app").withPublicKey(jwk)));
      // 1024 bits, then the exponent 3.
      MpassError error = index == 0 ? MpassError.RSA_KEY_SIZE : MpassError.RSA_EXPONENT;
      assertEquals(error, refused.error());
    }
  }
}
