package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libmpass.Vectors.string;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Misuse shared by all languages, each with its exception in Java. */
class SharedMisuseTest {
  /** The kinds of misuse that are detected outside the engine. */
  private static final Map<String, Class<? extends Exception>> KINDS =
      Map.of(
          "null", NullPointerException.class,
          "closed", IllegalStateException.class,
          "range", IllegalArgumentException.class,
          "length", IllegalArgumentException.class,
          "unicode", IllegalArgumentException.class);

  @FunctionalInterface
  private interface Call {
    void on(Arguments given) throws Exception;
  }

  private static final Map<String, Call> CALLS =
      Map.ofEntries(
          Map.entry("secret.from_bytes", given -> given.kept(Secret.ofBytes(given.bytes("secret")))),
          Map.entry("secret.from_base32", given -> given.kept(Secret.ofBase32(given.text("secret")))),
          Map.entry("secret.from_hex", given -> given.kept(Secret.ofHex(given.text("secret")))),
          Map.entry(
              "hotp.new",
              given ->
                  given.kept(
                      Hotp.of(
                          given.handle("secret", Secret.class),
                          given.algorithm("algorithm"),
                          given.intOf("digits")))),
          Map.entry("hotp.generate", SharedMisuseTest::generate),
          Map.entry("hotp.verify", SharedMisuseTest::verify),
          Map.entry(
              "hotp.resynchronize",
              given ->
                  given
                      .receiver("hotp", Hotp.class)
                      .resynchronize(
                          given.texts("codes"), given.longOf("counter"), given.intOf("window"))),
          Map.entry("totp.new", SharedMisuseTest::totp),
          Map.entry(
              "totp.generate",
              given ->
                  given
                      .receiver("totp", Totp.class)
                      .generate(Instant.ofEpochSecond(given.longOf("time")))),
          Map.entry(
              "ocra.new",
              given ->
                  given.kept(Ocra.of(given.handle("secret", Secret.class), given.text("suite")))),
          Map.entry(
              "ocra.respond",
              given ->
                  given
                      .receiver("ocra", Ocra.class)
                      .respond(OcraInputs.of(given.text("question")))),
          Map.entry("key_uri.parse", given -> given.kept(KeyUri.parse(given.text("uri")))),
          Map.entry(
              "number.parse",
              given -> PhoneNumber.parse(given.text("number"), given.intOf("country"))),
          Map.entry(
              "number.keyed_hash",
              given -> PhoneNumber.parse(given.text("number")).keyedHash(given.bytes("key"))),
          Map.entry(
              "android_app.hash",
              given -> AndroidApp.hash(given.text("package"), given.bytes("certificate"))),
          Map.entry("keyring.parse", given -> given.kept(Keyring.parse(given.text("keyring")))),
          Map.entry("policy.new", SharedMisuseTest::policy),
          Map.entry(
              "subject.number",
              given -> Subject.number(PhoneNumber.parse(given.text("number")))),
          Map.entry("subject.email", given -> Subject.email(given.text("address"))),
          Map.entry("subject.account", given -> Subject.account(given.text("account"))),
          Map.entry("challenge.attempt", SharedMisuseTest::attempt),
          Map.entry(
              "channel.create",
              given ->
                  tenants(given, given.handle("keyring", Keyring.class))
                      .create(
                          TenantKind.CHANNEL,
                          ChannelSettings.of(given.text("name"))
                              .withTexts(Map.of(given.text("language"), given.text("text"))))),
          Map.entry(
              "customer.create",
              given ->
                  tenants(given, given.handle("keyring", Keyring.class))
                      .create(TenantKind.CUSTOMER, CustomerSettings.of(given.text("id")))),
          Map.entry(
              "client.create",
              given ->
                  tenants(given, given.handle("keyring", Keyring.class))
                      .create(
                          TenantKind.CLIENT,
                          ClientSettings.of(given.text("name"))
                              .withRedirectUris(List.of(given.text("redirect-uri")))
                              .withPublicKey(given.bytes("public-key")))),
          Map.entry(
              "tenants.read",
              given ->
                  shop(given, given.handle("keyring", Keyring.class))
                      .read(kind(given), given.text("name"))),
          Map.entry("tenants.update", SharedMisuseTest::update),
          Map.entry(
              "tenants.rotate",
              given ->
                  shop(given, given.kept(Keyring.generate()))
                      .rotate(
                          TenantKind.CHANNEL,
                          given.text("name"),
                          Duration.ofMillis(given.longOf("overlap")))),
          Map.entry(
              "tenants.provision",
              given ->
                  tenants(given, given.kept(Keyring.generate()))
                      .provision(
                          TenantKind.CUSTOMER,
                          CustomerSettings.of(given.text("name")),
                          given.text("credential"))),
          Map.entry("engine.new", SharedMisuseTest::engine));

  private static Tenants tenants(Arguments given, Keyring keyring) {
    return new Tenants(keyring, given.kept(new MemoryStore(9)));
  }

  /** The tenants of a store with the channel {@code shop}. */
  private static Tenants shop(Arguments given, Keyring keyring) {
    Tenants tenants = tenants(given, keyring);
    tenants.create(TenantKind.CHANNEL, ChannelSettings.of("shop"));
    return tenants;
  }

  private static TenantKind<?> kind(Arguments given) {
    return switch (given.text("kind")) {
      case "channel" -> TenantKind.CHANNEL;
      case "client" -> TenantKind.CLIENT;
      default -> throw new Arguments.Impossible("there are no other kinds");
    };
  }

  private static void update(Arguments given) {
    UnaryOperator<ChannelSettings> change =
        settings -> {
          ChannelSettings set =
              switch (given.text("field")) {
                case "host" -> settings.withHost("shop.example");
                case "name" -> settings.withName("shop.example");
                default -> throw new Arguments.Impossible("a field is a method");
              };
          if (!given.text("clear").equals("sender")) {
            throw new Arguments.Impossible("there is no method that clears it");
          }
          return set.withoutSender();
        };
    shop(given, given.kept(Keyring.generate()))
        .update(
            TenantKind.CHANNEL,
            given.text("name"),
            Optional.ofNullable(given.text("stamp")),
            Tenants.DEFAULT_OVERLAP,
            change);
  }

  private static void engine(Arguments given) {
    try (MemoryStore store = new MemoryStore(1000)) {
      Keyring keyring = given.handle("keyring", Keyring.class);
      EngineSettings settings = EngineSettings.standard().withIssuer(given.text("issuer"));
      Clock clock = Clock.systemUTC();
      given.kept(new MpassService(keyring, store, new PlannedHost(), settings, clock));
    }
  }

  /** Passes the counter as a long if it fits, as a caller would. */
  private static void generate(Arguments given) {
    Hotp hotp = given.receiver("hotp", Hotp.class);
    BigInteger counter = given.whole("counter");
    if (counter != null && counter.bitLength() < Long.SIZE) {
      hotp.generate(counter.longValueExact());
    } else {
      hotp.generate(counter);
    }
  }

  private static void verify(Arguments given) {
    Hotp hotp = given.receiver("hotp", Hotp.class);
    hotp.verify(given.text("code"), given.whole("counter"), given.intOf("look-ahead"));
  }

  private static void totp(Arguments given) {
    BigDecimal millis = given.decimal("step").movePointRight(3);
    Duration step = Duration.ofMillis(millis.longValueExact());
    Instant t0 = Instant.ofEpochSecond(given.longOf("t0"));
    Secret secret = given.handle("secret", Secret.class);
    given.kept(Totp.of(secret, Algorithm.SHA1, given.intOf("digits"), step, t0));
  }

  private static void policy(Arguments given) {
    Policy.builder()
        .digits(given.intOf("digits"))
        .tries(given.intOf("tries"))
        .lifetime(Duration.ofMillis(given.longOf("lifetime")))
        .build();
  }

  private static void attempt(Arguments given) {
    Subject subject = Subject.account("ann");
    Challenge.Binding binding = new Challenge.Binding("test", new byte[] {1}, subject, "");
    Keyring keyring = given.handle("keyring", Keyring.class);
    new Challenge(keyring, Policy.standard(), binding)
        .attempt(given.bytes("record"), given.text("code"), Instant.EPOCH);
  }

  /** Makes the call and returns the exception thrown, or null. */
  private static Exception thrown(String name, JsonObject values) throws Exception {
    try (Arguments given = new Arguments(values)) {
      CALLS.get(name).on(given);
      return null;
    } catch (RuntimeException thrown) {
      return thrown;
    }
  }

  @Test
  void everyMistakeHasItsException() throws Exception {
    JsonObject file = JsonParser.parseString(Vectors.text("tests/misuse.json")).getAsJsonObject();
    JsonObject calls = file.getAsJsonObject("calls");
    for (Map.Entry<String, JsonElement> call : calls.entrySet()) {
      Exception thrown = thrown(call.getKey(), call.getValue().getAsJsonObject());
      assertEquals(null, thrown, call.getKey());
    }
    int made = 0;
    int all = 0;
    for (JsonElement element : file.getAsJsonArray("misuses")) {
      JsonObject misuse = element.getAsJsonObject();
      String call = string(misuse, "call");
      JsonObject values = calls.getAsJsonObject(call).deepCopy();
      JsonElement right = values.get(string(misuse, "argument"));
      assertTrue(right != null, () -> string(misuse, "name") + ": no such argument");
      values.add(string(misuse, "argument"), misuse.get("value"));
      Exception thrown = thrown(call, values);
      all++;
      if (!(thrown instanceof Arguments.Impossible)) {
        check(misuse, thrown);
        made++;
      }
    }
    // The compiler rejects fewer than half of the mistakes.
    assertTrue(2 * made > all, made + " mistakes of " + all + " made");
  }

  private static void check(JsonObject misuse, Exception thrown) {
    String name = string(misuse, "name") + ": " + thrown;
    String expected = string(misuse, misuse.has("java") ? "java" : "error");
    if (thrown instanceof MpassException refused) {
      assertEquals(expected, refused.error().label(), name);
      assertEquals(MpassException.of(refused.error(), null).getClass(), refused.getClass(), name);
      return;
    }
    assertTrue(KINDS.containsKey(expected), name);
    assertEquals(KINDS.get(expected), thrown == null ? null : thrown.getClass(), name);
    // The message for a wrong argument names it.
    String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
    assertTrue(message.contains(string(misuse, "argument")), name);
  }

  /** The shared list and this class have the same calls. */
  @Test
  void everyCallIsKnown() {
    JsonObject file = JsonParser.parseString(Vectors.text("tests/misuse.json")).getAsJsonObject();
    assertEquals(Set.copyOf(CALLS.keySet()), file.getAsJsonObject("calls").keySet());
  }
}
