package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libmpass.Vectors.string;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Operations of {@link Tenants}, on a store with planned faults. */
class AdministrationTest {
  private static final JsonObject SCENARIO =
      JsonParser.parseString(Vectors.text("tests/tenants.json")).getAsJsonObject();
  private static final String CHANNEL = string(SCENARIO, "channel");
  private static final String CUSTOMER = string(SCENARIO, "customer");

  private final Keyring keyring = Keyring.generate();
  private final JavaStore store = new JavaStore();
  private Instant now = Scene.NOON;
  private final Tenants tenants = new Tenants(keyring, store).withClock(() -> now);
  private final Map<String, String> credentials = new HashMap<>();
  private final Map<String, String> stamps = new HashMap<>();

  @AfterEach
  void end() {
    keyring.close();
  }

  private Channel channel(String name) {
    StoreKey key = Channel.storeKey(keyring, name);
    return Channel.open(keyring, key, store.load(Kind.DOCUMENT, key).orElseThrow());
  }

  private boolean works(String name, String credential) {
    Channel channel = channel(name);
    return channel.hasKey(credential, now) && !channel.isRevoked();
  }

  private static Optional<JsonElement> given(JsonObject step, String name) {
    return Optional.ofNullable(step.get(name)).filter(value -> !value.isJsonNull());
  }

  private void keep(JsonObject step, NewCredential created) {
    given(step, "credential")
        .ifPresent(name -> credentials.put(name.getAsString(), created.credential()));
    keepStamp(step, created.stamp());
  }

  private void keepStamp(JsonObject step, String stamp) {
    given(step, "stamped").ifPresent(name -> stamps.put(name.getAsString(), stamp));
  }

  /** Performs a step of the shared scenario. */
  private void perform(JsonObject step) {
    switch (string(step, "call")) {
      case "create" ->
          keep(step, tenants.create(TenantKind.CHANNEL, ChannelSettings.of(CHANNEL)));
      case "read" -> read(step);
      case "update" -> update(step);
      case "rotate" -> rotate(step);
      case "works" ->
          assertEquals(
              step.get("expected").getAsBoolean(),
              works(CHANNEL, credentials.get(string(step, "credential"))));
      case "unlock" -> tenants.unlock(TenantKind.CHANNEL, CHANNEL, string(step, "number"));
      case "revoke" -> assertTrue(tenants.revoke(TenantKind.CHANNEL, CHANNEL).isRevoked());
      case "create-customer" -> {
        long credits = step.get("credits").getAsLong();
        CustomerSettings settings = CustomerSettings.of(CUSTOMER).withTestCredits(credits);
        tenants.create(TenantKind.CUSTOMER, settings);
      }
      case "credits" -> {
        long balance = tenants.addCredits(CUSTOMER, step.get("paid").getAsLong());
        assertEquals(step.get("balance").getAsLong(), balance);
      }
      default -> throw new IllegalStateException("no call " + step);
    }
  }

  private void read(JsonObject step) {
    TenantEntry<ChannelSettings> entry = tenants.read(TenantKind.CHANNEL, CHANNEL);
    assertEquals(CHANNEL, entry.name());
    assertEquals(step.get("digits").getAsInt(), entry.settings().policy().digits());
    given(step, "stamp")
        .ifPresent(name -> assertEquals(stamps.get(name.getAsString()), entry.stamp()));
  }

  private void update(JsonObject step) {
    int digits = given(step, "digits").map(JsonElement::getAsInt).orElse(6);
    Optional<String> stamp = given(step, "stamp").map(name -> stamps.get(name.getAsString()));
    TenantEntry<ChannelSettings> entry =
        tenants.update(
            TenantKind.CHANNEL,
            CHANNEL,
            stamp,
            Tenants.DEFAULT_OVERLAP,
            settings -> {
              Values values = settings.values.with(Field.DIGITS, digits);
              return new ChannelSettings(values);
            });
    keepStamp(step, entry.stamp());
  }

  private void rotate(JsonObject step) {
    NewCredential rotated =
        given(step, "overlap_ms")
            .map(ms -> Duration.ofMillis(ms.getAsLong()))
            .map(overlap -> tenants.rotate(TenantKind.CHANNEL, CHANNEL, overlap))
            .orElseGet(() -> tenants.rotate(TenantKind.CHANNEL, CHANNEL));
    keep(step, rotated);
    Optional<Instant> until =
        given(step, "until_ms").map(ms -> Scene.NOON.plusMillis(ms.getAsLong()));
    assertEquals(until, rotated.predecessorUntil());
  }

  private static void refused(String label, String what, Executable mistake) {
    MpassException thrown = assertThrows(MpassException.class, mistake, what);
    assertEquals(label, thrown.error().label(), what);
  }

  @Test
  void theSharedScenario() {
    int at = 0;
    for (JsonElement element : SCENARIO.getAsJsonArray("steps")) {
      JsonObject step = element.getAsJsonObject();
      String what = "step " + at++ + ": " + step;
      now = Scene.NOON.plusMillis(given(step, "at_ms").map(JsonElement::getAsLong).orElse(0L));
      Optional<JsonElement> error = given(step, "error");
      if (error.isPresent()) {
        refused(error.get().getAsString(), what, () -> perform(step));
      } else {
        try {
          perform(step);
        } catch (AssertionError | RuntimeException failed) {
          throw new AssertionError(what, failed);
        }
      }
    }
  }

  @Test
  void aStoreThatStoresAndThenThrowsLosesNoCredential() {
    for (JavaStore.Fault fault :
        List.of(
            JavaStore.Fault.STORED_THROWS,
            JavaStore.Fault.STORED_UNKNOWN,
            JavaStore.Fault.LOST_UNKNOWN,
            JavaStore.Fault.CONFLICT)) {
      String name = fault.name();
      store.plan(JavaStore.Fault.NONE, fault);
      NewCredential created = tenants.create(TenantKind.CHANNEL, ChannelSettings.of(name));
      store.plan();
      assertTrue(works(name, created.credential()), name);
      store.plan(JavaStore.Fault.NONE, fault);
      NewCredential rotated = tenants.rotate(TenantKind.CHANNEL, name, Duration.ZERO);
      store.plan();
      assertTrue(works(name, rotated.credential()), name);
      assertFalse(works(name, created.credential()), name);
      assertFalse(rotated.toString().contains(rotated.credential()));
    }
  }

  @Test
  void aCustomersCreditsSurviveAStoreThatStoresAndThenThrows() {
    // The credits are loaded and written before the customer.
    store.plan(
        JavaStore.Fault.NONE,
        JavaStore.Fault.NONE,
        JavaStore.Fault.STORED_THROWS,
        JavaStore.Fault.NONE,
        JavaStore.Fault.NONE,
        JavaStore.Fault.STORED_THROWS);
    NewCredential created = tenants.create(TenantKind.CUSTOMER, CustomerSettings.unnamed());
    assertEquals(100, tenants.credits(created.name()));
    store.plan(JavaStore.Fault.NONE, JavaStore.Fault.NONE, JavaStore.Fault.STORED_THROWS);
    assertEquals(105, tenants.addCredits(created.name(), 5));
    assertEquals(105, tenants.credits(created.name()));
  }

  @Test
  void whatIsNotStoredIsNotReleased() {
    ChannelSettings shop = ChannelSettings.of("shop");
    store.plan(JavaStore.Fault.NONE, JavaStore.Fault.FAIL);
    refused("StoreFailed", "create", () -> tenants.create(TenantKind.CHANNEL, shop));
    refused("TenantMissing", "read", () -> tenants.read(TenantKind.CHANNEL, "shop"));
    store.plan(JavaStore.Fault.FAIL);
    refused(
        "StoreFailed", "list", () -> tenants.list(TenantKind.CHANNEL, Optional.empty(), 10));
  }

  @Test
  void tenantsAreListedPageByPage() {
    List<String> names = Stream.of("a", "b", "c", "d", "e").toList();
    names.forEach(name -> tenants.create(TenantKind.CHANNEL, ChannelSettings.of(name)));
    tenants.create(TenantKind.CLIENT, ClientSettings.of("app"));
    List<String> listed = new ArrayList<>();
    Optional<StoreKey> after = Optional.empty();
    do {
      TenantPage<ChannelSettings> page = tenants.list(TenantKind.CHANNEL, after, 2);
      page.tenants().forEach(entry -> listed.add(entry.name()));
      assertEquals(0, page.unreadable());
      after = page.next();
    } while (after.isPresent());
    assertEquals(names, listed.stream().sorted().toList());
    try (Keyring other = Keyring.generate()) {
      TenantPage<ClientSettings> page =
          new Tenants(other, store).list(TenantKind.CLIENT, Optional.empty(), 1024);
      assertEquals(6, page.unreadable());
      assertEquals(List.of(), page.tenants());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> tenants.list(TenantKind.CHANNEL, Optional.empty(), -1));
  }

  @Test
  void anUpdateWritesOnlyWhatItChanges() {
    tenants.create(TenantKind.CHANNEL, ChannelSettings.of("shop").withSender("Shop"));
    TenantEntry<ChannelSettings> entry =
        tenants.update(
            TenantKind.CHANNEL,
            "shop",
            settings -> {
              // Another administrator changes another field meanwhile.
              tenants.update(TenantKind.CHANNEL, "shop", other -> other.withCountry(966));
              return settings.withHost("shop.example").withoutSender();
            });
    assertEquals(Optional.of(966), entry.settings().country());
    assertEquals(Optional.of("shop.example"), entry.settings().host());
    assertEquals(Optional.empty(), entry.settings().sender());
    String stamp = entry.stamp();
    TenantEntry<ChannelSettings> same =
        tenants.update(TenantKind.CHANNEL, "shop", stamp, settings -> settings);
    assertEquals(stamp, same.stamp());
  }

  @Test
  void tenantsAreProvisionedAndSealedWithANewerKey() {
    CustomerSettings settings = CustomerSettings.of(CUSTOMER);
    String secret = "A".repeat(43);
    Provisioned first = tenants.provision(TenantKind.CUSTOMER, settings, secret);
    assertTrue(first.isChanged());
    assertEquals(
        new Provisioned(false, first.stamp()),
        tenants.provision(TenantKind.CUSTOMER, settings, secret));
    assertTrue(
        tenants.provision(TenantKind.CUSTOMER, settings.withSender("Shop"), secret).isChanged());
    keyring.activate(keyring.add());
    assertEquals(new Resealed(1, 0), tenants.reseal());
    assertEquals(new Resealed(0, 0), tenants.reseal());
  }

  @Test
  void aLockedNumberIsUnlocked() {
    try (Scene scene = new Scene()) {
      Policy policy = Policy.builder().failuresToLock(1).resendInterval(Duration.ZERO).build();
      ChannelSettings settings = ChannelSettings.of("shop").withPolicy(policy);
      String key = scene.created(TenantKind.CHANNEL, settings);
      String dest = "?apikey=" + key + "&dest=%2B966500000000";
      String send = "/mpass-web/rest/mv/msg" + dest;
      assertEquals(Reason.SENT, scene.get(send, Map.of(), Scene.LOOPBACK).reason());
      String wrong = Vectors.tampered(scene.host.code());
      scene.get("/mpass-web/rest/mv/verify" + dest + "&otp=" + wrong, Map.of(), Scene.LOOPBACK);
      assertEquals(Reason.NUMBER_LOCKED, scene.get(send, Map.of(), Scene.LOOPBACK).reason());
      scene.tenants.unlock(TenantKind.CHANNEL, "shop", Scene.NUMBER);
      assertEquals(Reason.SENT, scene.get(send, Map.of(), Scene.LOOPBACK).reason());
    }
  }
}
