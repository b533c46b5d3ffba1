package org.libmpass;

/**
 * The outcome of {@link Tenants#reseal}.
 *
 * @param resealed the number of documents that were sealed with the newest record key
 * @param unreadable the number of documents that the keyring does not open
 */
public record Resealed(long resealed, long unreadable) {
  static Resealed read(Unpacker output) {
    return new Resealed(output.count(), output.count());
  }
}
