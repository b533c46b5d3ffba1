package org.libmpass;

import java.net.InetAddress;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/**
 * The wire contracts over a host's store and gateway: requests in, replies out. No verdict is in a
 * reply before the swap that pays for it was called stored.
 *
 * <p>Many threads may call {@link #handle} at once.
 */
public final class MpassService extends NativeHandle {
  private final Store store;
  private final Host host;
  private final Clock clock;

  /** What a host brings besides its store; the gateway alone is a lambda. */
  @FunctionalInterface
  public interface Host {
    /**
     * Hands a message on.
     *
     * @param sms the message
     * @return what became of it; a gateway that throws counts as {@link Delivery#UNKNOWN}
     */
    Delivery deliver(Sms sms);

    /**
     * What the host knows of a number, beyond the engine's own rules.
     *
     * @param assess the number as it was written
     * @return what it knows; empty, the default, leaves the number to the engine. One
     *     that throws ends the exchange in the contract's internal error
     */
    default Optional<Assessment> assess(Step.Assess assess) {
      return Optional.empty();
    }

    /**
     * Introspects a bearer token that is not the engine's own.
     *
     * @param token what follows {@code Bearer} in the request
     * @return its description; empty, the default: the token is not valid. One
     *     that throws ends the exchange in the contract's internal error
     */
    default Optional<Introspection> introspect(String token) {
      return Optional.empty();
    }

    /**
     * Which number is behind a network address.
     *
     * @param address the address
     * @return the number; empty, as every address is by default: the network does not know it, or
     *     two numbers share it. One that throws ends the exchange in the contract's internal error
     */
    default Optional<PhoneNumber> resolve(InetAddress address) {
      return Optional.empty();
    }
  }

  /** What became of a message. */
  public enum Delivery {
    /** The gateway has taken it. */
    TAKEN,
    /** The gateway has definitely refused it: nothing was sent. */
    REFUSED,
    /** It is unknown whether it was sent. */
    UNKNOWN
  }

  /**
   * A service on the system's clock, with every default.
   *
   * @param keyring the keys, which are copied; it may be closed afterwards
   * @param store where the records are
   * @param host where the messages go, and what else it knows
   */
  public MpassService(Keyring keyring, Store store, Host host) {
    this(keyring, store, host, EngineSettings.standard(), Clock.systemUTC());
  }

  /**
   * A service.
   *
   * @param keyring the keys, which are copied; it may be closed afterwards
   * @param store where the records are
   * @param host where the messages go, and what else it knows
   * @param settings the settings of the engine
   * @param clock the time
   * @throws ServiceException when the issuer is not a base URL
   */
  public MpassService(
      Keyring keyring, Store store, Host host, EngineSettings settings, Clock clock) {
    super(
        keyring.<Long>call(
            Operation.ENGINE_NEW, settings.values.pack(new Packer()), Unpacker::i64));
    this.store = Objects.requireNonNull(store, "the store is null");
    this.host = Objects.requireNonNull(host, "the host is null");
    this.clock = Objects.requireNonNull(clock, "the clock is null");
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
   * Carries a request to its reply.
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
      return load(load);
    }
    if (step instanceof Step.Replace replace) {
      return swap(replace.swap());
    }
    if (step instanceof Step.Deliver deliver) {
      return deliver(deliver.sms());
    }
    try {
      return word(step);
    } catch (RuntimeException failed) {
      return Answer.Plain.FAILED;
    }
  }

  /** The host's answer to a step that asks what it knows. */
  private Answer word(Step step) {
    if (step instanceof Step.Introspect introspect) {
      return new Answer.Introspected(host.introspect(introspect.token()));
    }
    if (step instanceof Step.Resolve resolve) {
      return new Answer.Resolved(host.resolve(resolve.address()));
    }
    Optional<Assessment> word = host.assess((Step.Assess) step);
    return word.isPresent() ? new Answer.Assessed(word.get()) : Answer.Plain.UNSUPPORTED;
  }

  private Answer load(Step.Load load) {
    try {
      return new Answer.Loaded(store.load(load.kind(), load.key()));
    } catch (RuntimeException failed) {
      return Answer.Plain.FAILED;
    }
  }

  private Answer swap(Swap swap) {
    try {
      Swapped swapped = Objects.requireNonNull(store.swap(swap, clock.instant()));
      return swapped instanceof Swapped.Conflict conflict
          ? new Answer.Conflict(conflict.current())
          : Answer.Plain.STORED;
    } catch (StoreException failed) {
      return failed.error() == MpassError.STORE_UNKNOWN
          ? Answer.Plain.UNKNOWN
          : Answer.Plain.FAILED;
    } catch (RuntimeException unforeseen) {
      return Answer.Plain.UNKNOWN;
    }
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
