package org.libmpass;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/**
 * The mPass contract over a host's store and gateway: requests in, replies out. No verdict is in a
 * reply before the swap that pays for it was called stored.
 *
 * <p>Many threads may call {@link #handle} at once.
 */
public final class MpassService extends NativeHandle {
  private final Store store;
  private final Gateway gateway;
  private final Assessor assessor;
  private final Clock clock;

  /** Hands messages on. */
  @FunctionalInterface
  public interface Gateway {
    /**
     * Hands a message on.
     *
     * @param sms the message
     * @return what became of it; a gateway that throws counts as {@link Delivery#UNKNOWN}
     */
    Delivery deliver(Sms sms);
  }

  /** What became of a message. */
  public enum Delivery {
    /** The gateway has taken it. */
    TAKEN,
    /** The gateway has definitely refused it: nothing was sent. */
    REFUSED,
    /** Nobody knows. */
    UNKNOWN
  }

  /** Says what a host knows of numbers, beyond the engine's own rules. */
  @FunctionalInterface
  public interface Assessor {
    /**
     * Says what the host knows of a number.
     *
     * @param assess the number as it was written
     * @return the host's word; empty leaves it to the engine. An assessor that throws ends the
     *     exchange in the contract's internal error
     */
    Optional<Assessment> assess(Step.Assess assess);
  }

  /**
   * A service on the system's clock that leaves numbers to the engine.
   *
   * @param keyring the keys, which are copied; it may be closed afterwards
   * @param store where the records are
   * @param gateway where the messages go
   */
  public MpassService(Keyring keyring, Store store, Gateway gateway) {
    this(keyring, store, gateway, assess -> Optional.empty(), Clock.systemUTC());
  }

  /**
   * A service.
   *
   * @param keyring the keys, which are copied; it may be closed afterwards
   * @param store where the records are
   * @param gateway where the messages go
   * @param assessor what the host knows of numbers
   * @param clock the time
   */
  public MpassService(
      Keyring keyring, Store store, Gateway gateway, Assessor assessor, Clock clock) {
    super(
        keyring.<Long>call(ServiceNatives::engineNew, new Packer(), Unpacker::i64),
        ServiceNatives::engineFree);
    this.store = Objects.requireNonNull(store, "the store is null");
    this.gateway = Objects.requireNonNull(gateway, "the gateway is null");
    this.assessor = Objects.requireNonNull(assessor, "the assessor is null");
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
    return call(ServiceNatives::begin, input, output -> new Exchange(output.i64()));
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
    if (step instanceof Step.Assess assess) {
      return assess(assess);
    }
    return deliver(((Step.Deliver) step).sms());
  }

  private Answer assess(Step.Assess assess) {
    try {
      Optional<Assessment> word = assessor.assess(assess);
      return word.isPresent() ? new Answer.Assessed(word.get()) : Answer.Plain.UNSUPPORTED;
    } catch (RuntimeException failed) {
      return Answer.Plain.FAILED;
    }
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
          ? new Answer.Conflict(conflict.standing())
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
      return switch (gateway.deliver(sms)) {
        case TAKEN -> Answer.Plain.DELIVERED;
        case REFUSED -> Answer.Plain.REFUSED;
        case UNKNOWN -> Answer.Plain.UNKNOWN;
      };
    } catch (RuntimeException unforeseen) {
      return Answer.Plain.UNKNOWN;
    }
  }
}
