package org.libmpass;

import java.util.List;

/**
 * The keys of a deployment: one locator key, which never changes, and record keys with ids. Records
 * are written with the newest. Keep the text that {@link #expose} returns in a file that only
 * the deployment can read.
 */
public final class Keyring extends NativeHandle {
  private Keyring(Unpacker output) {
    super(output.i64());
  }

  /** {@return a new keyring with record key 1} */
  public static Keyring generate() {
    return Wire.call(Operation.KEYRING_GENERATE, new Packer().entropy(32), Keyring::new);
  }

  /**
   * Reads a keyring's text.
   *
   * @param text the text that {@link #expose} returned
   * @return the keyring
   * @throws PolicyException when it is not a keyring
   */
  public static Keyring parse(String text) {
    return Wire.call(Operation.KEYRING_PARSE, new Packer().text(text, "the keyring"), Keyring::new);
  }

  /** {@return the keyring as text, secrets included} */
  public String expose() {
    return call(Operation.KEYRING_EXPOSE, new Packer(), Unpacker::text);
  }

  /**
   * Adds a record key. It is used for writing only after {@link #activate}.
   *
   * @return its id
   * @throws PolicyException when the keyring already has eight record keys
   */
  public int add() {
    return call(Operation.KEYRING_ADD, new Packer().entropy(32), Unpacker::u16);
  }

  /**
   * Makes a record key the newest one, with which records are written.
   *
   * @param id its id
   * @throws PolicyException for an id that the keyring does not hold
   */
  public void activate(int id) {
    call(Operation.KEYRING_ACTIVATE, new Packer().u16(id, "the id"), output -> null);
  }

  /**
   * Drops a record key that is not the newest. Records under it can no longer be read.
   *
   * @param id its id
   * @throws PolicyException for the newest id, or one that the keyring does not hold
   */
  public void remove(int id) {
    call(Operation.KEYRING_REMOVE, new Packer().u16(id, "the id"), output -> null);
  }

  /** {@return the id of the record key used for writing} */
  public int newest() {
    return call(Operation.KEYRING_IDS, new Packer(), Unpacker::u16);
  }

  /** {@return the ids of all record keys} */
  public List<Integer> ids() {
    return call(
        Operation.KEYRING_IDS,
        new Packer(),
        output -> {
          output.u16();
          return output.list(Unpacker::u16);
        });
  }

  /** {@return only the class, without the keys} */
  @Override
  public String toString() {
    return "Keyring";
  }
}
