package org.libmpass;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The administration of the tenants in a store.
 *
 * <p>Every operation is one call: it loads the value, decides, swaps, decides again after a
 * conflict, and reads the value back when it is unknown whether it was stored. A credential is
 * returned only once it is stored, and is not lost when a store stores it and then throws. The
 * operations block as the store does, and hold no lock meanwhile.
 *
 * <p>All of them throw a {@link StoreException}: {@link MpassError#STORE_FAILED}, {@link
 * MpassError#STORE_FULL} or {@link MpassError#STORE_UNKNOWN} when the store failed, {@link
 * MpassError#TOO_MANY_CONFLICTS}, {@link MpassError#OPERATION_TOO_OLD} when it took more than 10
 * seconds, and {@link MpassError#RECORD_FORMAT}, {@link MpassError#RECORD_FORGED} or {@link
 * MpassError#UNKNOWN_RECORD_KEY} when the keyring does not open a value. Operations on one tenant
 * throw a {@link ServiceException} with {@link MpassError#TENANT_MISSING} when there is none, and
 * with {@link MpassError#TENANT_REVOKED} when it is revoked, unless they only read it.
 *
 * <p>The keyring must stay open as long as this is used.
 */
public final class Tenants {
  /** How long a replaced credential or public key stays valid by default: 24 hours. */
  public static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);

  private final Keyring keyring;
  private final Store store;
  private final InstantSource clock;

  /**
   * The administration of the tenants in a store, by the system's clock.
   *
   * @param keyring the keys
   * @param store the store
   */
  public Tenants(Keyring keyring, Store store) {
    this(keyring, store, InstantSource.system());
  }

  private Tenants(Keyring keyring, Store store, InstantSource clock) {
    this.keyring = Objects.requireNonNull(keyring, "the keyring is null");
    this.store = Objects.requireNonNull(store, "the store is null");
    this.clock = Objects.requireNonNull(clock, "the clock is null");
  }

  /**
   * Returns the same administration with another clock.
   *
   * @param clock the clock
   * @return the administration
   */
  public Tenants withClock(InstantSource clock) {
    return new Tenants(keyring, store, clock);
  }

  private <T> T run(int operation, Packer input, Function<Unpacker, T> outcome) {
    return Driven.run(read -> keyring.call(operation, input, read), store, clock, outcome);
  }

  private static Packer named(TenantKind<?> kind, String name) {
    return given(kind).packed().text(name, "the name");
  }

  private static <S extends Settings> TenantKind<S> given(TenantKind<S> kind) {
    return Objects.requireNonNull(kind, "the kind is null");
  }

  /**
   * Creates a tenant with a new credential. A customer without a name, {@link
   * CustomerSettings#unnamed}, gets a fresh one. A tenant of this name that was revoked is
   * replaced.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param settings its settings
   * @return the credential
   * @throws ServiceException {@link MpassError#NAME_TAKEN} when the name is in use, or an error of
   *     the settings
   */
  public <S extends Settings> NewCredential create(TenantKind<S> kind, S settings) {
    Packer input = given(kind).packed().entropy(32);
    return run(
        Operation.TENANT_ADMIN_CREATE, given(settings).values.pack(input), NewCredential::read);
  }

  private static Settings given(Settings settings) {
    return Objects.requireNonNull(settings, "the settings are null");
  }

  /**
   * Reads a tenant, revoked or not.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param name its name
   * @return the tenant
   */
  public <S extends Settings> TenantEntry<S> read(TenantKind<S> kind, String name) {
    return run(
        Operation.TENANT_ADMIN_READ,
        named(kind, name),
        output -> TenantEntry.read(kind, output));
  }

  /**
   * Lists the tenants of a kind among the next documents of the store.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param after {@link TenantPage#next} of the page before; empty for the first page
   * @param limit the greatest number of documents, 1 to 1,024; other limits count as the nearest
   *     of these
   * @return the page
   */
  public <S extends Settings> TenantPage<S> list(
      TenantKind<S> kind, Optional<StoreKey> after, int limit) {
    Packer input = given(kind).packed().optional(after.orElse(null), (to, key) -> key.pack(to));
    return run(
        Operation.TENANT_ADMIN_LIST,
        input.count(limit, "the limit"),
        output -> TenantPage.read(kind, output));
  }

  /**
   * Changes the settings of a tenant, whichever state is stored; its id, credential, locks and
   * counts stay. Only the fields that {@code change} changes are written, so that other fields may
   * be changed by others at the same time.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param name its name
   * @param change returns the changed settings
   * @return the changed tenant
   * @throws ServiceException {@link MpassError#NAME_FIXED} for another name, or an error of the
   *     settings
   */
  public <S extends Settings> TenantEntry<S> update(
      TenantKind<S> kind, String name, UnaryOperator<S> change) {
    return update(kind, name, Optional.empty(), DEFAULT_OVERLAP, change);
  }

  /**
   * Changes the settings of a tenant if it still is in the state with this stamp.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param name its name
   * @param stamp {@link TenantEntry#stamp} of that state
   * @param change returns the changed settings
   * @return the changed tenant
   * @throws ServiceException {@link MpassError#CHANGED} when it has another stamp, {@link
   *     MpassError#NAME_FIXED} for another name, or an error of the settings
   */
  public <S extends Settings> TenantEntry<S> update(
      TenantKind<S> kind, String name, String stamp, UnaryOperator<S> change) {
    return update(kind, name, Optional.of(stamp), DEFAULT_OVERLAP, change);
  }

  /**
   * Changes the settings of a tenant.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param name its name
   * @param stamp the stamp of the state that is changed; empty for whichever is stored
   * @param overlap how long a client's public key that is replaced stays valid, 0 to 31 days
   * @param change returns the changed settings
   * @return the changed tenant
   * @throws ServiceException {@link MpassError#CHANGED} when it has another stamp, {@link
   *     MpassError#NAME_FIXED} for another name, {@link MpassError#INVALID_OVERLAP}, or an error of
   *     the settings
   */
  public <S extends Settings> TenantEntry<S> update(
      TenantKind<S> kind,
      String name,
      Optional<String> stamp,
      Duration overlap,
      UnaryOperator<S> change) {
    S before = read(kind, name).settings();
    Packer input = named(kind, name).entropy(32);
    given(change.apply(before)).values.packChanges(before.values, input);
    input.optional(stamp.orElse(null), Packer::text);
    input.bool(true).millis(overlap, "the overlap");
    return run(
        Operation.TENANT_ADMIN_UPDATE, input, output -> TenantEntry.read(kind, output));
  }

  /**
   * Gives a tenant a new credential. The old one stays valid for {@link #DEFAULT_OVERLAP}.
   *
   * @param kind the kind
   * @param name its name
   * @return the credential
   */
  public NewCredential rotate(TenantKind<?> kind, String name) {
    return rotate(kind, name, DEFAULT_OVERLAP);
  }

  /**
   * Gives a tenant a new credential. A predecessor of the old one ends at once.
   *
   * @param kind the kind
   * @param name its name
   * @param overlap how long the old one stays valid, 0 to 31 days; 0 for one that has leaked
   * @return the credential
   * @throws ServiceException {@link MpassError#INVALID_OVERLAP}
   */
  public NewCredential rotate(TenantKind<?> kind, String name, Duration overlap) {
    Packer input = named(kind, name).entropy(32).bool(true).millis(overlap, "the overlap");
    return run(Operation.TENANT_ADMIN_ROTATE, input, NewCredential::read);
  }

  /**
   * Revokes a tenant: neither its credential, nor a predecessor, nor a token works any more. Its
   * value stays in the store, and its name is free.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param name its name
   * @return the revoked tenant
   */
  public <S extends Settings> TenantEntry<S> revoke(TenantKind<S> kind, String name) {
    Packer input = named(kind, name).entropy(32);
    return run(
        Operation.TENANT_ADMIN_REVOKE, input, output -> TenantEntry.read(kind, output));
  }

  /**
   * Unlocks a number of a tenant and clears its failures, at most three times within 24 hours.
   *
   * @param kind the kind
   * @param name the tenant's name
   * @param number the number, in international form or in the national one of the tenant's country
   * @throws ServiceException {@link MpassError#NUMBER_MISSING} for a number without a record
   */
  public void unlock(TenantKind<?> kind, String name, String number) {
    Packer input = named(kind, name).entropy(32).text(number, "the number");
    run(Operation.TENANT_ADMIN_UNLOCK, input, output -> null);
  }

  /**
   * Reads the credits that a customer has left; {@link Long#MAX_VALUE} means that many or more.
   *
   * @param name its name
   * @return the balance
   */
  public long credits(String name) {
    return addCredits(name, 0);
  }

  /**
   * Adds credits that a customer paid for. After {@link MpassError#STORE_UNKNOWN}, read the balance
   * before adding them again.
   *
   * @param name its name
   * @param paid the number of credits, 0 or more
   * @return the new balance
   */
  public long addCredits(String name, long paid) {
    Packer input = new Packer().text(name, "the name").entropy(32);
    return run(
        Operation.TENANT_ADMIN_CREDITS,
        input.count(paid, "the number of credits"),
        Unpacker::count);
  }

  /**
   * Creates or changes a tenant so that it has exactly these settings and this credential: for
   * tenants of a configuration file.
   *
   * @param <S> the settings of the kind
   * @param kind the kind
   * @param settings its settings
   * @param credential its credential
   * @return whether it was changed
   * @throws ServiceException {@link MpassError#INVALID_CREDENTIAL} when it is no credential, or
   *     that of another tenant; or an error of the settings
   */
  public <S extends Settings> Provisioned provision(
      TenantKind<S> kind, S settings, String credential) {
    Packer input = given(settings).values.pack(given(kind).packed().entropy(32));
    return run(
        Operation.TENANT_ADMIN_PROVISION,
        input.text(credential, "the credential"),
        Provisioned::read);
  }

  /**
   * Seals every document with the newest record key, so that older keys can be removed from the
   * keyring. It may be interrupted and repeated.
   *
   * @return how many documents were sealed
   */
  public Resealed reseal() {
    return run(Operation.TENANT_ADMIN_RESEAL, new Packer().entropy(32), Resealed::read);
  }
}
