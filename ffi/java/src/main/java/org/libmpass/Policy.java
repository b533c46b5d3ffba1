package org.libmpass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.Collections;

/** The rules of a challenge, checked by the engine. Immutable. */
public final class Policy {
  private final Builder settings;
  private final double perChallenge;
  private final double perDay;

  private Policy(Builder settings) {
    this.settings = settings;
    double[] probabilities =
        Wire.call(
            Operation.POLICY_CHECK,
            settings.pack(new Packer()),
            output ->
                new double[] {
                  Double.longBitsToDouble(output.i64()), Double.longBitsToDouble(output.i64())
                });
    perChallenge = probabilities[0];
    perDay = probabilities[1];
  }

  /** {@return the engine's default, which keeps NIST SP 800-63B} */
  public static Policy standard() {
    return builder().build();
  }

  /** {@return a builder that begins with the engine's default} */
  public static Builder builder() {
    return Wire.call(Operation.POLICY_DEFAULT, new Packer(), Builder::new);
  }

  /** {@return a builder that begins with this policy} */
  public Builder toBuilder() {
    return new Builder(settings);
  }

  static Policy read(Unpacker output) {
    return new Policy(new Builder(output));
  }

  Packer pack(Packer input) {
    return settings.pack(input);
  }

  /** What a policy is made of. */
  public static final class Builder {
    private int digits;
    private Duration lifetime;
    private int tries;
    private Duration resendInterval;
    private Limit sends;
    private Limit guesses;
    private int failuresToLock;
    private Duration lock;
    private Optional<Limit> spend;
    private boolean allowWeak;
    private List<Integer> callingCodes;

    private Builder(Unpacker output) {
      digits = output.i32();
      lifetime = output.millis();
      tries = output.i32();
      resendInterval = output.millis();
      sends = Limit.read(output);
      guesses = Limit.read(output);
      failuresToLock = output.i32();
      lock = output.millis();
      spend = output.optional(Limit::read);
      allowWeak = output.bool();
      callingCodes = output.list(Unpacker::i32);
    }

    private Builder(Builder other) {
      digits = other.digits;
      lifetime = other.lifetime;
      tries = other.tries;
      resendInterval = other.resendInterval;
      sends = other.sends;
      guesses = other.guesses;
      failuresToLock = other.failuresToLock;
      lock = other.lock;
      spend = other.spend;
      allowWeak = other.allowWeak;
      callingCodes = other.callingCodes;
    }

    private Packer pack(Packer input) {
      input
          .i32(digits)
          .millis(lifetime, "the lifetime")
          .i32(tries)
          .millis(resendInterval, "the resend interval");
      Limit.pack(input, sends);
      Limit.pack(input, guesses);
      return input
          .i32(failuresToLock)
          .millis(lock, "the lock time")
          .optional(spend.orElse(null), Limit::pack)
          .bool(allowWeak)
          .list(callingCodes, Packer::i32);
    }

    /**
     * The length of a code; fewer than 6 only with {@link #allowWeak}. Default 6.
     *
     * @param count 4 to 10
     * @return this
     */
    public Builder digits(int count) {
      digits = count;
      return this;
    }

    /**
     * How long a code lives; more than ten minutes only with {@link #allowWeak}. Default 5 minutes.
     *
     * @param time 20 seconds to 24 hours
     * @return this
     */
    public Builder lifetime(Duration time) {
      lifetime = Objects.requireNonNull(time, "the time is null");
      return this;
    }

    /**
     * Wrong codes before a challenge is over. Default 5.
     *
     * @param count 1 to 100
     * @return this
     */
    public Builder tries(int count) {
      tries = count;
      return this;
    }

    /**
     * The least time between two sends to a number. Default 30 seconds.
     *
     * @param time at most a day
     * @return this
     */
    public Builder resendInterval(Duration time) {
      resendInterval = Objects.requireNonNull(time, "the time is null");
      return this;
    }

    /**
     * Sends to one number. Default 10 an hour, 5 of them at once.
     *
     * @param limit the limit
     * @return this
     */
    public Builder sends(Limit limit) {
      sends = Objects.requireNonNull(limit, "the limit is null");
      return this;
    }

    /**
     * Wrong codes for one number. Default 50 a day, 25 of them at once.
     *
     * @param limit the limit
     * @return this
     */
    public Builder guesses(Limit limit) {
      guesses = Objects.requireNonNull(limit, "the limit is null");
      return this;
    }

    /**
     * Wrong codes in a row, over all challenges of a number, that lock it. Default 100.
     *
     * @param count 1 to 100
     * @return this
     */
    public Builder failuresToLock(int count) {
      failuresToLock = count;
      return this;
    }

    /**
     * How long a number stays locked. Default 24 hours.
     *
     * @param time at most 31 days
     * @return this
     */
    public Builder lock(Duration time) {
      lock = Objects.requireNonNull(time, "the time is null");
      return this;
    }

    /**
     * Sends of the whole tenant. Default: no limit.
     *
     * @param limit the limit
     * @return this
     */
    public Builder spend(Limit limit) {
      spend = Optional.of(limit);
      return this;
    }

    /**
     * Country codes that may be sent to. Default: all.
     *
     * @param codes country codes such as 966; none stands for all
     * @return this
     */
    public Builder callingCodes(int... codes) {
      List<Integer> listed = new ArrayList<>();
      for (int code : codes) {
        listed.add(code);
      }
      callingCodes = List.copyOf(listed);
      return this;
    }

    /**
     * Accepts a policy below six digits or beyond ten minutes.
     *
     * @return this
     */
    public Builder allowWeak() {
      allowWeak = true;
      return this;
    }

    /**
     * The policy.
     *
     * @return the policy
     * @throws MpassException for a value out of its range, by its kind
     */
    public Policy build() {
      return new Policy(new Builder(this));
    }
  }

  /** {@return the length of a code} */
  public int digits() {
    return settings.digits;
  }

  /** {@return how long a code lives} */
  public Duration lifetime() {
    return settings.lifetime;
  }

  /** {@return wrong codes before a challenge is over} */
  public int tries() {
    return settings.tries;
  }

  /** {@return the least time between two sends to a number} */
  public Duration resendInterval() {
    return settings.resendInterval;
  }

  /** {@return sends to one number} */
  public Limit sends() {
    return settings.sends;
  }

  /** {@return wrong codes for one number} */
  public Limit guesses() {
    return settings.guesses;
  }

  /** {@return wrong codes in a row that lock a number} */
  public int failuresToLock() {
    return settings.failuresToLock;
  }

  /** {@return how long a number stays locked} */
  public Duration lock() {
    return settings.lock;
  }

  /** {@return sends of the whole tenant; empty: no limit} */
  public Optional<Limit> spend() {
    return settings.spend;
  }

  /** {@return country codes that may be sent to; empty: all} */
  public SortedSet<Integer> callingCodes() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(settings.callingCodes));
  }

  /** {@return the chance that guessing all tries of one challenge meets its code} */
  public double guessProbabilityPerChallenge() {
    return perChallenge;
  }

  /** {@return the chance that using up every guess of a number within a day meets a code} */
  public double guessProbabilityPerDay() {
    return perDay;
  }
}
