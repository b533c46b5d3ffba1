package org.libmpass;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves the mPass contract on loopback with the JDK's HttpServer. */
final class Host implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newFixedThreadPool(64);
  private final Map<String, Sms> outbox = new ConcurrentHashMap<>();
  private final Map<Reason, AtomicInteger> reasons = new ConcurrentHashMap<>();
  private final MpassService service;
  private final String key;

  Host(Store store) throws IOException {
    try (Keyring keyring = Keyring.generate()) {
      key = channel(keyring, store);
      service =
          new MpassService(
              keyring,
              store,
              sms -> {
                outbox.put(sms.to().e164(), sms);
                return MpassService.Delivery.TAKEN;
              },
              EngineSettings.standard(),
              Clock.systemUTC());
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(workers);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Creates a channel with limits high enough for the tests and returns its key. */
  static String channel(Keyring keyring, Store store) {
    Limit generous = new Limit(10_000, Duration.ofHours(1), 10_000);
    Policy policy =
        Policy.builder()
            .resendInterval(Duration.ZERO)
            .sends(generous)
            .guesses(generous)
            .build();
    ChannelSettings settings = ChannelSettings.of("test").withPolicy(policy);
    return new Tenants(keyring, store).create(TenantKind.CHANNEL, settings).credential();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      Request request =
          new Request(
              exchange.getRequestMethod(),
              uri.getRawPath(),
              Optional.ofNullable(uri.getRawQuery()).orElse(""),
              exchange.getRequestHeaders().entrySet().stream()
                  .flatMap(
                      header ->
                          header.getValue().stream().map(value -> Map.entry(header.getKey(), value)))
                  .toList(),
              exchange.getRequestBody().readNBytes(70_000),
              exchange.getRemoteAddress().getAddress());
      Reply reply = service.handle(request);
      reasons.computeIfAbsent(reply.reason(), reason -> new AtomicInteger()).incrementAndGet();
      for (Map.Entry<String, String> header : reply.headers()) {
        exchange.getResponseHeaders().add(header.getKey(), header.getValue());
      }
      exchange.sendResponseHeaders(reply.status(), reply.body().length);
      exchange.getResponseBody().write(reply.body());
    }
  }

  /** The number of requests that ended with this reason. */
  int count(Reason reason) {
    return Optional.ofNullable(reasons.get(reason)).map(AtomicInteger::get).orElse(0);
  }

  /** The code in the newest message to a number: its longest run of digits. */
  String code(String number) {
    return Caller.longestDigits(outbox.get(number).text());
  }

  /** A client of this host. */
  Caller caller() {
    return new Caller("http://127.0.0.1:" + server.getAddress().getPort(), key);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdown();
    service.close();
  }
}
