package org.libmpass;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** A service over the memory store, at noon. */
final class Scene implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  static final String NUMBER = "+966500000000";

  final Keyring keyring = Keyring.generate();
  final MemoryStore store = new MemoryStore(1000);
  final PlannedHost host = new PlannedHost();
  final MpassService service =
      new MpassService(keyring, store, host, Clock.fixed(NOON, ZoneOffset.UTC));

  Reply get(String pathAndQuery) {
    return service.handle(Request.get(pathAndQuery, InetAddress.getLoopbackAddress()));
  }

  Reply post(String path, String body, Map<String, String> headers) {
    return service.handle(
        new Request(
            "POST",
            path,
            "",
            List.copyOf(headers.entrySet()),
            body.getBytes(StandardCharsets.UTF_8),
            InetAddress.getLoopbackAddress()));
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
