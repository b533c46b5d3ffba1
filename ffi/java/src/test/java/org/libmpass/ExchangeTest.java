package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.libmpass.JavaStore.Fault;

/** The mPass contract without a socket, with a controlled clock and store. */
@ExtendWith(Coverage.Scenarios.class)
class ExchangeTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String NUMBER = "+966500000000";

  private final JavaStore store = new JavaStore();
  private final PlannedHost host = new PlannedHost();
  private Keyring keyring;
  private MpassService service;
  private String key;

  @BeforeEach
  void begin() {
    keyring = Keyring.generate();
    key = Host.channel(keyring, store);
    Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
    service = new MpassService(keyring, store, host, EngineSettings.standard(), clock);
  }

  @AfterEach
  void end() {
    service.close();
    keyring.close();
  }

  private Reply get(String pathAndQuery) {
    return service.handle(Request.get(pathAndQuery, InetAddress.getLoopbackAddress()));
  }

  private Reply send() {
    return get("/mpass-web/rest/mv/msg?apikey=" + key + "&dest=" + Caller.encoded(NUMBER));
  }

  private Reply verify(String code) {
    return get(
        "/mpass-web/rest/mv/verify?apikey=" + key + "&dest=" + Caller.encoded(NUMBER) + "&otp=" + code);
  }

  private String code() {
    return host.code();
  }

  private static void is(String status, Reason reason, Reply reply) {
    String body = new String(reply.body(), StandardCharsets.UTF_8);
    assertTrue(body.contains("\"status\":\"" + status + "\""), body);
    assertEquals(reason, reply.reason());
  }

  @Test
  void theWholeExchange() {
    is("0", Reason.SENT, send());
    Sms sms = host.outbox.get(0);
    assertEquals(NUMBER, sms.to().e164());
    assertEquals(Language.ENGLISH, sms.language());
    assertEquals(1, sms.segments());
    assertFalse(sms.toString().contains(code()));
    is("3", Reason.WRONG_CODE, verify(Vectors.tampered(code())));
    is("0", Reason.ACCEPTED, verify(code()));
    is("3", Reason.USED, verify(code()));
    is("2", Reason.UNKNOWN_CREDENTIAL, get("/mpass-web/rest/mv/msg?apikey=nobody&dest=1"));
    assertEquals(404, get("/elsewhere").status());
  }

  @Test
  void aPrefetchSendsNothing() {
    Request ordinary =
        Request.get(
            "/mpass-web/rest/mv/msg?apikey=" + key + "&dest=" + Caller.encoded(NUMBER),
            InetAddress.getLoopbackAddress());
    Request prefetch =
        new Request(
            "GET",
            ordinary.path(),
            ordinary.query(),
            List.of(Map.entry("Sec-Purpose", "prefetch")),
            new byte[0],
            ordinary.peer());
    assertEquals(Reason.PREFETCH, service.handle(prefetch).reason());
    assertTrue(host.outbox.isEmpty());
  }

  @Test
  void aRequestOfAnyLengthIsAnswered() {
    Request large =
        new Request(
            "POST",
            "/mpass-web/rest/mv/msg",
            "apikey=\ud800",
            List.of(Map.entry("Content-Type", "application/x-www-form-urlencoded")),
            new byte[3_000_000],
            InetAddress.getLoopbackAddress());
    assertEquals(Reason.TOO_LARGE, service.handle(large).reason());
  }

  @Test
  void aStoreThatFailsTellsNoVerdict() {
    send();
    for (Fault fault : List.of(Fault.FAIL, Fault.LOST_UNKNOWN)) {
      store.plan(Fault.NONE, Fault.NONE, fault, Fault.FAIL);
      assertEquals(Reason.STORE_FAILED, verify(code()).reason(), fault.toString());
    }
    store.plan(Fault.FAIL);
    assertEquals(Reason.STORE_FAILED, verify(code()).reason());
    store.plan();
    is("0", Reason.ACCEPTED, verify(code()));
  }

  /** After a lost answer or a wrong one from the store, the engine reads the value back. */
  @Test
  void whatWasStoredAfterAllIsTold() {
    for (Fault fault : List.of(Fault.STORED_UNKNOWN, Fault.STORED_THROWS, Fault.CONFLICT)) {
      store.plan();
      send();
      store.plan(Fault.NONE, Fault.NONE, fault);
      is("0", Reason.ACCEPTED, verify(code()));
      is("3", Reason.USED, verify(code()));
    }
  }

  @Test
  void theGatewayIsBelieved() {
    host.delivery = MpassService.Delivery.REFUSED;
    assertEquals(Reason.GATEWAY_REFUSED, send().reason());
    assertEquals(Reason.NO_CHALLENGE, verify(code()).reason());
    host.delivery = MpassService.Delivery.UNKNOWN;
    assertEquals(Reason.GATEWAY_UNKNOWN, send().reason());
  }

  @Test
  void anAssessorThatBreaksSendsNothing() {
    for (Supplier<Optional<Assessment>> broken :
        List.<Supplier<Optional<Assessment>>>of(
            () -> {
              throw new IllegalArgumentException("no directory");
            },
            () -> null)) {
      host.assessor = broken;
      assertEquals(Reason.WRONG_ANSWER, send().reason());
    }
    assertEquals(List.of(), host.outbox);
  }

  @Test
  void theAssessorIsBelieved() {
    Map<Assessment, Reason> expected =
        Map.of(
            new Assessment.Invalid(), Reason.INVALID_NUMBER,
            new Assessment.NotAllowed(), Reason.NUMBER_NOT_ALLOWED,
            new Assessment.Blocked(), Reason.NUMBER_BLOCKED,
            new Assessment.Foreign(), Reason.FOREIGN_NUMBER,
            new Assessment.Valid(Optional.of(false)), Reason.NOT_MOBILE,
            new Assessment.Valid(Optional.empty()), Reason.SENT);
    expected.forEach(
        (assessment, reason) -> {
          host.assessor = () -> Optional.of(assessment);
          assertEquals(reason, send().reason());
        });
  }

  /** Drives the exchange step by step, as an asynchronous host does. */
  @Test
  void stepByStep() {
    Request request =
        Request.get(
            "/mpass-web/rest/mv/msg?apikey=" + key + "&dest=" + Caller.encoded(NUMBER),
            InetAddress.getLoopbackAddress());
    try (Exchange exchange = service.begin(request)) {
      List<String> seen = new ArrayList<>();
      Step step = exchange.next(Answer.Plain.BEGIN, NOON);
      while (!(step instanceof Step.Done)) {
        seen.add(step.getClass().getSimpleName());
        Answer answer = Answer.Plain.UNSUPPORTED;
        if (step instanceof Step.Load load) {
          answer = new Answer.Loaded(store.load(load.kind(), load.key()));
        } else if (step instanceof Step.Replace replace) {
          assertInstanceOf(Swapped.Stored.class, store.swap(replace.swap(), NOON));
          answer = Answer.Plain.STORED;
        } else if (step instanceof Step.Deliver) {
          answer = Answer.Plain.DELIVERED;
        }
        step = exchange.next(answer, NOON);
      }
      assertEquals(List.of("Load", "Assess", "Load", "Replace", "Deliver"), seen);
      assertEquals(Reason.SENT, ((Step.Done) step).reply().reason());
    }
    try (Exchange exchange = service.begin(request)) {
      exchange.next(Answer.Plain.BEGIN, NOON);
      Step step = exchange.next(Answer.Plain.DELIVERED, NOON);
      assertEquals(Reason.WRONG_ANSWER, ((Step.Done) step).reply().reason());
    }
  }

  @Test
  void channelsAreReadRotatedAndRevoked() {
    StoreKey storeKey = Channel.storeKey(keyring, "test");
    Channel channel = Channel.open(keyring, storeKey, store.load(Kind.DOCUMENT, storeKey).orElseThrow());
    assertEquals("test", channel.settings().name());
    assertEquals(Duration.ZERO, channel.settings().policy().resendInterval());
    assertEquals(1, channel.entry().keyVersion());
    assertTrue(channel.hasKey(key, NOON));
    assertTrue(channel.allowsAddress("192.0.2.1"));
    assertTrue(channel.allowsApp("Shop"));
    Tenants tenants = new Tenants(keyring, store).withClock(() -> NOON);
    String old = key;
    key = tenants.rotate(TenantKind.CHANNEL, "test", Duration.ZERO).credential();
    assertEquals(Reason.SENT, send().reason());
    channel = Channel.open(keyring, storeKey, store.load(Kind.DOCUMENT, storeKey).orElseThrow());
    assertFalse(channel.hasKey(old, NOON));
    assertEquals(2, channel.entry().keyVersion());
    assertTrue(tenants.revoke(TenantKind.CHANNEL, "test").isRevoked());
    assertEquals(Reason.REVOKED, send().reason());
  }
}
