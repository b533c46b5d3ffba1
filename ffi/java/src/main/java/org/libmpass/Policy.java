// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** The rules of a challenge, checked by the engine. Immutable. */
public final class Policy extends Settings {
  /** The fields of a policy, which a tenant's settings have among theirs. */
  static final Set<Field> FIELDS =
      Set.of(
          Field.DIGITS,
          Field.LIFETIME_MS,
          Field.TRIES,
          Field.RESEND_INTERVAL_MS,
          Field.SENDS,
          Field.GUESSES,
          Field.FAILURES_TO_LOCK,
          Field.LOCK_MS,
          Field.SPEND,
          Field.CALLING_CODES,
          Field.ALLOW_WEAK);

  private final double perChallenge;
  private final double perDay;

  Policy(Values values) {
    super(values);
    double[] probabilities =
        values.check(
            Group.POLICY,
            output -> output.bool() ? new double[] {output.f64(), output.f64()} : new double[2]);
    perChallenge = probabilities[0];
    perDay = probabilities[1];
  }

  /** {@return every default; they keep NIST SP 800-63B} */
  public static Policy standard() {
    return builder().build();
  }

  /** {@return a builder that begins with every default} */
  public static Builder builder() {
    return new Builder(Values.defaults(Group.POLICY));
  }

  /** {@return a builder that begins with this policy} */
  public Builder toBuilder() {
    return new Builder(values);
  }

  /** {@return the probability that guessing all tries of one challenge finds its code} */
  public double guessProbabilityPerChallenge() {
    return perChallenge;
  }

  /** {@return the probability that all guesses of a number within a day find a code} */
  public double guessProbabilityPerDay() {
    return perDay;
  }

  /**
   * {@return the number of digits in a code; for a customer also the smallest number that a request
   * may choose}
   */
  public int digits() {
    return values.integer(Field.DIGITS);
  }

  /** {@return the lifetime of a code} */
  public Duration lifetime() {
    return values.duration(Field.LIFETIME_MS);
  }

  /** {@return the number of wrong codes that ends a challenge} */
  public int tries() {
    return values.integer(Field.TRIES);
  }

  /** {@return the minimum time between two sends to a number} */
  public Duration resendInterval() {
    return values.duration(Field.RESEND_INTERVAL_MS);
  }

  /** {@return the maximum number of sends to one number} */
  public Limit sends() {
    return values.limit(Field.SENDS);
  }

  /** {@return the maximum number of wrong codes for one number} */
  public Limit guesses() {
    return values.limit(Field.GUESSES);
  }

  /**
   * {@return the number of consecutive failures that locks a number (across its challenges) or a
   * token}
   */
  public int failuresToLock() {
    return values.integer(Field.FAILURES_TO_LOCK);
  }

  /** {@return how long a locked number or token stays locked} */
  public Duration lock() {
    return values.duration(Field.LOCK_MS);
  }

  /** {@return the maximum number of sends of the whole tenant; empty if not set} */
  public Optional<Limit> spend() {
    return values.optional(Field.SPEND, Values::limit);
  }

  /** {@return the country codes of the numbers that codes may be sent to} */
  public SortedSet<Integer> callingCodes() {
    return values.numbers(Field.CALLING_CODES);
  }

  /** {@return whether it allows fewer than 6 digits or a lifetime of more than 10 minutes} */
  public boolean allowWeak() {
    return values.flag(Field.ALLOW_WEAK);
  }

  /** Sets the fields of a policy. */
  public static final class Builder {
    private Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * The policy.
     *
     * @return the policy
     * @throws MpassException for a field out of its range, which its message names
     */
    public Policy build() {
      return new Policy(values);
    }

    /**
     * Number of digits in a code; for a customer also the smallest number that a request may
     * choose.
     *
     * <p>4 to 10; fewer than 6 only with {@code allowWeak}; at most 8 for a customer. Default: 6.
     *
     * @param digits the value
     * @return this
     */
    public Builder digits(int digits) {
      values = values.with(Field.DIGITS, digits);
      return this;
    }

    /**
     * Lifetime of a code.
     *
     * <p>20000 to 86400000 ms; more than 10 minutes only with {@code allowWeak}; at most 5 minutes
     * for a customer. Default: 5 min.
     *
     * @param lifetime the value
     * @return this
     */
    public Builder lifetime(Duration lifetime) {
      values = values.with(Field.LIFETIME_MS, lifetime);
      return this;
    }

    /**
     * Number of wrong codes that ends a challenge.
     *
     * <p>1 to 100. Default: 5.
     *
     * @param tries the value
     * @return this
     */
    public Builder tries(int tries) {
      values = values.with(Field.TRIES, tries);
      return this;
    }

    /**
     * Minimum time between two sends to a number.
     *
     * <p>0 to 86400000 ms. Default: 30 s.
     *
     * @param resendInterval the value
     * @return this
     */
    public Builder resendInterval(Duration resendInterval) {
      values = values.with(Field.RESEND_INTERVAL_MS, resendInterval);
      return this;
    }

    /**
     * Maximum number of sends to one number.
     *
     * <p>1 to 100000 events in a window of 1 ms to 31 days, at most all at once. Default: 10 in 1
     * h, 5 at once.
     *
     * @param sends the value
     * @return this
     */
    public Builder sends(Limit sends) {
      values = values.with(Field.SENDS, sends);
      return this;
    }

    /**
     * Maximum number of wrong codes for one number.
     *
     * <p>1 to 100000 events in a window of 1 ms to 31 days, at most all at once. Default: 50 in 1
     * d, 25 at once.
     *
     * @param guesses the value
     * @return this
     */
    public Builder guesses(Limit guesses) {
      values = values.with(Field.GUESSES, guesses);
      return this;
    }

    /**
     * Number of consecutive failures that locks a number (across its challenges) or a token.
     *
     * <p>1 to 100. Default: 100.
     *
     * @param failuresToLock the value
     * @return this
     */
    public Builder failuresToLock(int failuresToLock) {
      values = values.with(Field.FAILURES_TO_LOCK, failuresToLock);
      return this;
    }

    /**
     * How long a locked number or token stays locked.
     *
     * <p>At most 31 days for a number; 0 locks a token until it is unlocked. Default: 1 d.
     *
     * @param lock the value
     * @return this
     */
    public Builder lock(Duration lock) {
      values = values.with(Field.LOCK_MS, lock);
      return this;
    }

    /**
     * Maximum number of sends of the whole tenant.
     *
     * <p>1 to 100000 events in a window of 1 ms to 31 days, at most all at once; no limit if unset.
     *
     * @param spend the value
     * @return this
     */
    public Builder spend(Limit spend) {
      values = values.with(Field.SPEND, spend);
      return this;
    }

    /**
     * Country codes of the numbers that codes may be sent to.
     *
     * <p>Country codes assigned by the ITU; empty allows all. Default: empty.
     *
     * @param callingCodes the value
     * @return this
     */
    public Builder callingCodes(int... callingCodes) {
      values = values.with(Field.CALLING_CODES, callingCodes);
      return this;
    }

    /**
     * Allows fewer than 6 digits or a lifetime of more than 10 minutes.
     *
     * <p>Default: false.
     *
     * @param allowWeak the value
     * @return this
     */
    public Builder allowWeak(boolean allowWeak) {
      values = values.with(Field.ALLOW_WEAK, allowWeak);
      return this;
    }
  }
}
