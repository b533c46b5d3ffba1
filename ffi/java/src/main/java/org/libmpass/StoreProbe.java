package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The engine's check of a host's own store. It does not test durability: whether stored values
 * survive a crash is for the host to test.
 */
public final class StoreProbe {
  private StoreProbe() {}

  /**
   * Runs every rule against a store. It leaves values of both kinds behind, so use a separate
   * store.
   *
   * @param store the store
   * @param threads how many threads swap at once; clamped to 2 to 1,024; 64 find most races
   * @param rounds how many rounds of swaps
   * @param now the time
   * @return the violated rule, in English; empty when all rules hold
   */
  public static Optional<String> run(Store store, int threads, int rounds, Instant now) {
    byte[] input =
        new Packer()
            .u16(threads, "the number of threads")
            .u16(rounds, "the number of rounds")
            .millis(now, "the time")
            .entropy(32)
            .take();
    Objects.requireNonNull(store, "the store is null");
    byte[] output = Natives.probe(new StoreUpcall(store), input);
    return Wire.read(output, reply -> reply.optional(Unpacker::text));
  }
}
