package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.libmpass.Vectors.get;
import static org.libmpass.Vectors.string;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Subjects: one record for all spellings, none for what is no subject. */
class SubjectTest {
  private static final JsonObject FILE = Vectors.file("subject.json");
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static Subject subject(String kind, String text) {
    return switch (kind) {
      case "number" -> Subject.number(PhoneNumber.parse(text));
      case "email" -> Subject.email(text);
      case "account" -> Subject.account(text);
      default -> throw new AssertionError(kind);
    };
  }

  private static Challenge challenge(Keyring keyring, Subject subject) {
    byte[] tenant = string(FILE, "tenant").getBytes(StandardCharsets.US_ASCII);
    Challenge.Binding binding =
        new Challenge.Binding(string(FILE, "service"), tenant, subject, "");
    return new Challenge(keyring, Policy.standard(), binding);
  }

  private static void check(Keyring keyring, JsonObject vector) {
    String kind = string(vector, "kind");
    String text = string(vector, "text");
    Optional<JsonElement> error = get(vector, "error");
    if (error.isPresent()) {
      SubjectException thrown =
          assertThrows(SubjectException.class, () -> subject(kind, text), text);
      assertEquals(error.get().getAsString(), thrown.error().label(), text);
      return;
    }
    Subject subject = subject(kind, text);
    String canonical = string(vector, "canonical");
    assertEquals(canonical, subject.text());
    assertEquals(kind, subject.kind().label());
    assertEquals(subject(kind, canonical), subject);
    assertEquals(subject(kind, canonical).hashCode(), subject.hashCode());
    assertFalse(subject.toString().contains(canonical), text);
    StoreKey key = challenge(keyring, subject).key();
    assertEquals(string(vector, "store_key_hex"), hex(key));
    try {
      Subject tampered = subject(kind, text + "0");
      assertNotEquals(key, challenge(keyring, tampered).key(), text);
      assertNotEquals(subject, tampered);
    } catch (SubjectException none) {
      assertEquals(MpassError.INVALID_SUBJECT, none.error());
    }
    Stream.of("number", "email", "account")
        .filter(other -> !other.equals(kind))
        .forEach(
            other -> assertThrows(SubjectException.class, () -> subject(other, text), text));
  }

  private static String hex(StoreKey key) {
    return java.util.HexFormat.of().formatHex(key.bytes());
  }

  @Test
  void subjectsOfEveryKind() {
    try (Keyring keyring = Keyring.parse(string(FILE, "keyring"))) {
      Coverage.vectors("subject.json", vector -> check(keyring, vector));
    }
  }

  @Test
  void theSpellingsOfOneNumberShareItsTries() {
    List<JsonElement> spellings = FILE.getAsJsonArray("spellings").asList();
    assertEquals(5, spellings.size());
    int compared = 0;
    try (Keyring keyring = Keyring.parse(string(FILE, "keyring"))) {
      byte[] record = null;
      for (JsonElement spelling : spellings) {
        Subject subject = Subject.number(PhoneNumber.parse(spelling.getAsString()));
        Challenge challenge = challenge(keyring, subject);
        if (record == null) {
          record = ((Issue.Ready) challenge.issue(null, NOW)).issued().swap().value();
        }
        for (int attempt = 0; attempt < 5; attempt++) {
          if (challenge.attempt(record, "0000", NOW) instanceof Attempt.Counted counted) {
            record = counted.verdict().swap().value();
            compared++;
          } else {
            Attempt.Told told = (Attempt.Told) challenge.attempt(record, "0000", NOW);
            assertEquals(Verdict.EXHAUSTED, told.verdict());
          }
        }
      }
    }
    assertEquals(5, compared);
  }
}
