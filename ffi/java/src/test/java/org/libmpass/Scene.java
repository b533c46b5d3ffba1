package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** A service with a memory store and a clock fixed at noon. */
final class Scene implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  static final String NUMBER = "+966500000000";
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  final Keyring keyring = Keyring.generate();
  final MemoryStore store = new MemoryStore(1000);
  final PlannedHost host = new PlannedHost();
  final Tenants tenants = new Tenants(keyring, store).withClock(() -> NOON);
  final MpassService service;

  Scene() {
    this(EngineSettings.standard());
  }

  Scene(EngineSettings settings) {
    service =
        new MpassService(keyring, store, host, settings, Clock.fixed(NOON, ZoneOffset.UTC));
  }

  void store(Swap swap) {
    assertInstanceOf(Swapped.Stored.class, store.swap(swap, NOON));
  }

  /** Creates a tenant and returns its credential. */
  <S extends Settings> String created(TenantKind<S> kind, S settings) {
    return tenants.create(kind, settings).credential();
  }

  byte[] tenant(StoreKey storeKey) {
    return store.load(Kind.DOCUMENT, storeKey).orElseThrow();
  }

  Client client(String name) {
    StoreKey storeKey = Client.storeKey(keyring, name);
    return Client.open(keyring, storeKey, tenant(storeKey));
  }

  Customer customer(String id) {
    StoreKey storeKey = Customer.storeKey(keyring, id);
    return Customer.open(keyring, storeKey, tenant(storeKey));
  }

  Reply get(String pathAndQuery, Map<String, String> headers, InetAddress peer) {
    Request request = Request.get(pathAndQuery, peer);
    return call(request, "GET", "", headers);
  }

  Reply post(String pathAndQuery, String body, Map<String, String> headers) {
    return call(Request.get(pathAndQuery, LOOPBACK), "POST", body, headers);
  }

  private Reply call(Request to, String method, String body, Map<String, String> headers) {
    return service.handle(
        new Request(
            method,
            to.path(),
            to.query(),
            List.copyOf(headers.entrySet()),
            body.getBytes(StandardCharsets.UTF_8),
            to.peer()));
  }

  /** Calls a CAMARA contract. */
  Reply camara(String path, String token, Map<String, String> body) {
    Map<String, String> headers =
        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
    return post(path, new Gson().toJson(body), headers);
  }

  /** Calls Number Verification with a token and a number. */
  Reply verify(String token, String number) {
    return camara("/number-verification/v2/verify", token, Map.of("phoneNumber", number));
  }

  static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  static JsonObject json(Reply reply) {
    return JsonParser.parseString(text(reply)).getAsJsonObject();
  }

  @Override
  public void close() {
    service.close();
    store.close();
    keyring.close();
  }
}
