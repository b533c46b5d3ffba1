package org.libmpass;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The header of a store: the keyring that the store belongs to, its formats, and when it was
 * restored from a backup. {@link #open} compares it with the keyring; call it once at the start,
 * before anything else uses the store, then at least every second, and pass the header to {@link
 * MpassService#apply}.
 *
 * @param layout the layout of the store
 * @param writeFormat the newest format of values that machines may write
 * @param numberTable the table of numbering plans that numbers are canonical by, as {@link
 *     PhoneNumber#tableVersion}
 * @param activeKey the id of the record key with which all machines write
 * @param keys the ids of the record keys that the header has fingerprints of
 * @param restoredAt when a backup was last put back
 * @param confirmedAt when an administrator confirmed the restored store
 * @param isClosed whether the store was restored and not confirmed since
 * @param movedTo the name of the store that the contents were moved to
 */
public record StoreHeader(
    int layout,
    int writeFormat,
    int numberTable,
    int activeKey,
    List<Integer> keys,
    Optional<Instant> restoredAt,
    Optional<Instant> confirmedAt,
    boolean isClosed,
    Optional<String> movedTo) {
  private static StoreHeader read(Unpacker output) {
    return new StoreHeader(
        output.u16(),
        output.u16(),
        output.u16(),
        output.u16(),
        output.list(Unpacker::u16),
        output.optional(Unpacker::instant),
        output.optional(Unpacker::instant),
        output.bool(),
        output.optional(Unpacker::text));
  }

  private static StoreHeader run(
      int operation,
      Keyring keyring,
      Store store,
      InstantSource clock,
      UnaryOperator<Packer> input) {
    Objects.requireNonNull(keyring, "the keyring is null");
    Objects.requireNonNull(clock, "the clock is null");
    return Driven.run(
        read -> keyring.call(operation, input.apply(new Packer().entropy(32)), read),
        store,
        clock,
        StoreHeader::read);
  }

  private static StoreHeader run(int operation, Keyring keyring, Store store) {
    return run(operation, keyring, store, InstantSource.system(), UnaryOperator.identity());
  }

  /**
   * Loads the header and compares it with a keyring.
   *
   * @param keyring the keys
   * @param store the store
   * @return the header
   * @throws StoreException {@link MpassError#STORE_NOT_INITIALIZED} when there is no header: the
   *     store is empty, or not the one that was meant; {@link MpassError#OTHER_KEYRING}; {@link
   *     MpassError#OTHER_RECORD_KEY}; {@link MpassError#STORE_TOO_NEW}; {@link
   *     MpassError#STORE_MOVED}; {@link MpassError#STORE_CLOSED} when it was restored and not
   *     confirmed since; when the value is no authentic header; and when the store fails
   */
  public static StoreHeader open(Keyring keyring, Store store) {
    return run(Operation.HEADER_OPEN, keyring, store);
  }

  /**
   * Loads the header as {@link #open} does, also of a store that is closed or was moved, so that its
   * state can be shown.
   *
   * @param keyring the keys
   * @param store the store
   * @return the header
   * @throws StoreException as {@link #open}
   */
  public static StoreHeader read(Keyring keyring, Store store) {
    return run(Operation.HEADER_READ, keyring, store);
  }

  /**
   * Opens a store as {@link #open} does, and writes the header of an empty one, which has neither a
   * header nor any other document. Use it where an empty store is expected, such as for a {@link
   * MemoryStore}, and {@link #open} everywhere else: a store that is unexpectedly empty may be the
   * wrong one.
   *
   * @param keyring the keys
   * @param store the store
   * @return the header
   * @throws StoreException as {@link #open}; {@link MpassError#STORE_NOT_INITIALIZED} when there are
   *     documents and no header
   */
  public static StoreHeader initialize(Keyring keyring, Store store) {
    return run(Operation.HEADER_INITIALIZE, keyring, store);
  }

  /**
   * Records that a backup was put back: what was issued before is void, and the store is closed
   * until {@link #confirm}. Call it before anything else uses the store.
   *
   * @param keyring the keys
   * @param store the store
   * @param clock the clock
   * @return the header
   * @throws StoreException as {@link #open}
   */
  public static StoreHeader restored(Keyring keyring, Store store, InstantSource clock) {
    return run(Operation.HEADER_RESTORE, keyring, store, clock, UnaryOperator.identity());
  }

  /**
   * Opens a restored store again, after an administrator has checked its tenants: one that was
   * revoked, or whose credential was replaced, after the backup is as it was before. A store that is
   * not closed stays as it is.
   *
   * @param keyring the keys
   * @param store the store
   * @param clock the clock
   * @return the header
   * @throws StoreException as {@link #open}
   */
  public static StoreHeader confirm(Keyring keyring, Store store, InstantSource clock) {
    return run(Operation.HEADER_CONFIRM, keyring, store, clock, UnaryOperator.identity());
  }

  /**
   * Makes a record key of the keyring the active one, with which all machines write. Distribute the
   * keyring to all machines before that.
   *
   * @param keyring the keys
   * @param store the store
   * @param id the id of the key
   * @return the header
   * @throws StoreException as {@link #open}
   * @throws PolicyException for an id that the keyring does not have
   */
  public static StoreHeader activate(Keyring keyring, Store store, int id) {
    return run(
        Operation.HEADER_ACTIVATE,
        keyring,
        store,
        InstantSource.system(),
        input -> input.u16(id, "the id"));
  }

  /**
   * Removes the fingerprint of a record key that was removed from the keyring.
   *
   * @param keyring the keys
   * @param store the store
   * @param id the id of the key
   * @return the header
   * @throws StoreException as {@link #open}
   * @throws PolicyException for the active key
   */
  public static StoreHeader removeKey(Keyring keyring, Store store, int id) {
    return run(
        Operation.HEADER_REMOVE_KEY,
        keyring,
        store,
        InstantSource.system(),
        input -> input.u16(id, "the id"));
  }

  /**
   * Raises the formats that machines may write to the newest of this version, once every machine
   * reads them.
   *
   * @param keyring the keys
   * @param store the store
   * @return the header
   * @throws StoreException as {@link #open}
   */
  public static StoreHeader upgrade(Keyring keyring, Store store) {
    return run(Operation.HEADER_UPGRADE, keyring, store);
  }
}
