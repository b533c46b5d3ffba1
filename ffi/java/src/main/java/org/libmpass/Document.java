package org.libmpass;

import java.util.Objects;

/**
 * A value of {@link Kind#DOCUMENT} with its key, as a store lists it. Do not modify its array.
 *
 * @param key its store key
 * @param value the value
 */
public record Document(StoreKey key, byte[] value) {
  /**
   * Checks that nothing is null.
   *
   * @param key its store key
   * @param value the value
   */
  public Document {
    Objects.requireNonNull(key, "the key is null");
    Objects.requireNonNull(value, "the value is null");
  }

  static Document read(Unpacker output) {
    return new Document(StoreKey.read(output), output.bytes());
  }

  static void pack(Packer input, Document document) {
    document.key.pack(input);
    input.bytes(document.value);
  }

  /** {@return only the store key} */
  @Override
  public String toString() {
    return "Document[" + key + "]";
  }
}
