package org.libmpass;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Serves the wire contracts with a host's store and gateway. A reply contains a verdict only after
 * the store has confirmed the swap that counts the attempt.
 *
 * <p>Many threads may call {@link #handle} at once.
 */
public final class MpassService extends NativeHandle {
  private final StoreCalls calls;
  private final Host host;
  private final Clock clock;

  /** The part of a host besides its store; for a gateway only, a lambda is enough. */
  @FunctionalInterface
  public interface Host {
    /**
     * Delivers a message.
     *
     * @param sms the message
     * @return the outcome; an exception counts as {@link Delivery#UNKNOWN}
     */
    Delivery deliver(Sms sms);

    /**
     * Assesses a number that is valid by the engine's own rules.
     *
     * @param assess the number in canonical form
     * @return the assessment; empty, the default, accepts every number that the engine accepts. An
     *     exception ends the exchange with the contract's internal error
     */
    default Optional<Assessment> assess(Step.Assess assess) {
      return Optional.empty();
    }

    /**
     * Introspects a bearer token that is not the engine's own.
     *
     * @param token what follows {@code Bearer} in the request
     * @return its description; empty, the default, means that the token is not valid. An exception
     *     ends the exchange with the contract's internal error
     */
    default Optional<Introspection> introspect(String token) {
      return Optional.empty();
    }

    /**
     * Resolves a network address to the number that uses it.
     *
     * @param address the address
     * @return the number; empty, the default, means that the address is unknown or shared by two
     *     numbers. An exception ends the exchange with the contract's internal error
     */
    default Optional<PhoneNumber> resolve(InetAddress address) {
      return Optional.empty();
    }

    /**
     * Lists the RSA key pairs that sign ID tokens with RS256: the first one signs, and the public
     * keys of all are published. The private keys may be those of a hardware module.
     *
     * @return pairs with 2048 to 4096 bits and the exponent 65537; without one, the default, RS256
     *     is not offered for ID tokens. An exception ends the exchange with the contract's internal
     *     error
     */
    default List<KeyPair> signingKeys() {
      return List.of();
    }
  }

  /** The outcome of a delivery. */
  public enum Delivery {
    /** The gateway has accepted it. */
    TAKEN,
    /** The gateway has definitely refused it: nothing was sent. */
    REFUSED,
    /** It is unknown whether it was sent. */
    UNKNOWN
  }

  /**
   * Creates a service with the system's clock and default settings.
   *
   * @param keyring the keys, which are copied; it may be closed afterwards
   * @param store the host's store
   * @param host the host's gateway and lookups
   */
  public MpassService(Keyring keyring, Store store, Host host) {
    this(keyring, store, host, EngineSettings.standard(), Clock.systemUTC());
  }

  /**
   * Creates a service.
   *
   * @param keyring the keys, which are copied; it may be closed afterwards
   * @param store the host's store
   * @param host the host's gateway and lookups
   * @param settings the settings of the engine
   * @param clock the clock
   * @throws ServiceException when the issuer is not a base URL
   */
  public MpassService(
      Keyring keyring, Store store, Host host, EngineSettings settings, Clock clock) {
    super(
        keyring.<Long>call(
            Operation.ENGINE_NEW, settings.values.pack(new Packer()), Unpacker::i64));
    this.host = Objects.requireNonNull(host, "the host is null");
    this.clock = Objects.requireNonNull(clock, "the clock is null");
    this.calls = new StoreCalls(store, clock, thrown -> {});
  }

  /**
   * Applies what the header of the store says to the exchanges that begin from now on. What was
   * issued before the store was restored is void, because its use may have been forgotten; while
   * the store is closed or was moved, every request is answered as one to a service that is
   * unavailable.
   *
   * @param header the header
   */
  public void apply(StoreHeader header) {
    Packer input = new Packer().optional(header.restoredAt().orElse(null), Packer::instant);
    boolean isClosed = header.isClosed() || header.movedTo().isPresent();
    call(Operation.ENGINE_APPLY, input.bool(isClosed), output -> null);
  }

  /**
   * Begins the exchange of a request, for hosts that drive it themselves.
   *
   * @param request the request
   * @return the exchange
   */
  public Exchange begin(Request request) {
    Packer input = request.pack(new Packer()).millis(clock.instant(), "the time").entropy(32);
    return call(Operation.EXCHANGE_BEGIN, input, output -> new Exchange(output.i64()));
  }

  /**
   * Processes a request and returns its reply.
   *
   * @param request the request
   * @return the reply
   */
  public Reply handle(Request request) {
    try (Exchange exchange = begin(request)) {
      Step step = exchange.next(Answer.Plain.BEGIN, clock.instant());
      while (!(step instanceof Step.Done)) {
        step = exchange.next(answer(step), clock.instant());
      }
      return ((Step.Done) step).reply();
    }
  }

  private Answer answer(Step step) {
    if (step instanceof Step.Load load) {
      return calls.load(load.kind(), load.key());
    }
    if (step instanceof Step.Replace replace) {
      return calls.swap(replace.swap());
    }
    if (step instanceof Step.Deliver deliver) {
      return deliver(deliver.sms());
    }
    try {
      return word(step);
    } catch (RuntimeException | GeneralSecurityException failed) {
      return Answer.Plain.FAILED;
    }
  }

  /** The host's answer to a step other than those of store and gateway. */
  private Answer word(Step step) throws GeneralSecurityException {
    if (step instanceof Step.Introspect introspect) {
      return new Answer.Introspected(host.introspect(introspect.token()));
    }
    if (step instanceof Step.Resolve resolve) {
      return new Answer.Resolved(host.resolve(resolve.address()));
    }
    if (step instanceof Step.ListSigningKeys) {
      return Rs256.list(host.signingKeys());
    }
    if (step instanceof Step.Sign sign) {
      return Rs256.sign(host.signingKeys(), sign);
    }
    if (step instanceof Step.CheckSignature check) {
      return Rs256.check(check);
    }
    Optional<Assessment> word = host.assess((Step.Assess) step);
    return word.isPresent() ? new Answer.Assessed(word.get()) : Answer.Plain.UNSUPPORTED;
  }

  private Answer deliver(Sms sms) {
    try {
      return switch (host.deliver(sms)) {
        case TAKEN -> Answer.Plain.DELIVERED;
        case REFUSED -> Answer.Plain.REFUSED;
        case UNKNOWN -> Answer.Plain.UNKNOWN;
      };
    } catch (RuntimeException unforeseen) {
      return Answer.Plain.UNKNOWN;
    }
  }
}
