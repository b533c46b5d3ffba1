package org.libmpass;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What {@link JdbcStore} and {@link RedisStore} share with the stores of other languages. */
final class StoreLayout {
  /** How long a store keeps an expired value, so that clocks may differ. */
  static final Duration MARGIN = Duration.ofHours(24);

  /** An expiry that is later (in the year 9999) is treated as none. */
  private static final Instant LATEST = Instant.ofEpochMilli(253_402_300_799_999L);

  private StoreLayout() {}

  /** The text of a file of {@code stores/layout}. */
  static String text(String name) {
    try (InputStream file = StoreLayout.class.getResourceAsStream("stores/" + name)) {
      if (file == null) {
        throw new IllegalStateException("libmpass: the resource " + name + " is missing");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The expiry of a swap as a store has it. */
  static Optional<Instant> expiry(Swap swap) {
    return swap.expiresAt().filter(at -> !at.isAfter(LATEST));
  }
}
