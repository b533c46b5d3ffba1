package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.libmpass.Vectors.get;
import static org.libmpass.Vectors.string;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The texts of messages, and the hashes of Android apps. */
class MessageTest {
  /** What a channel keeps of a text: its tag, if it has one, and the text. */
  private static Map.Entry<String, String> kept(String field, String tag, String text) {
    ChannelSettings named = ChannelSettings.of("web");
    ChannelSettings settings =
        switch (field) {
          case "texts" -> named.withTexts(Map.of(tag, text));
          case "sender" -> named.withSender(text);
          case "apps" -> named.withApps(List.of(text));
          case "android_app_hashes" -> named.withAndroidAppHashes(List.of(text));
          default -> throw new AssertionError(field);
        };
    try (Keyring keyring = Keyring.generate()) {
      Tenants tenants = new Tenants(keyring, new MemoryStore(9));
      tenants.create(TenantKind.CHANNEL, settings);
      ChannelSettings kept = tenants.read(TenantKind.CHANNEL, "web").settings();
      return switch (field) {
        case "texts" -> kept.texts().entrySet().iterator().next();
        case "sender" -> Map.entry("", kept.sender().orElseThrow());
        case "apps" -> Map.entry("", kept.apps().get(0));
        default -> Map.entry("", kept.androidAppHashes().get(0));
      };
    }
  }

  private static String or(JsonObject vector, String name, String other) {
    return get(vector, name).map(JsonElement::getAsString).orElse(other);
  }

  @Test
  void textsOfChannel() {
    Coverage.vectors(
        "message.json",
        vector -> {
          String field = string(vector, "field");
          String tag = or(vector, "tag", "");
          String text = string(vector, "text");
          Optional<JsonElement> error = get(vector, "error");
          if (error.isPresent()) {
            MpassException thrown =
                assertThrows(ServiceException.class, () -> kept(field, tag, text), text);
            assertEquals(error.get().getAsString(), thrown.error().label(), text);
            return;
          }
          Map.Entry<String, String> expected =
              Map.entry(or(vector, "kept_tag", tag), or(vector, "kept", text));
          assertEquals(expected, kept(field, tag, text));
          String tampered = text + "\u202e";
          assertThrows(ServiceException.class, () -> kept(field, tag, tampered), text);
        });
  }

  @Test
  void hashesOfAndroidApps() {
    Coverage.vectors(
        "android-app.json",
        vector -> {
          String name = string(vector, "package");
          byte[] certificate =
              java.util.HexFormat.of().parseHex(string(vector, "certificate_hex"));
          Optional<JsonElement> error = get(vector, "error");
          if (error.isPresent()) {
            MpassException thrown =
                assertThrows(
                    ServiceException.class, () -> AndroidApp.hash(name, certificate), name);
            assertEquals(error.get().getAsString(), thrown.error().label(), name);
            return;
          }
          String hash = string(vector, "hash");
          assertEquals(hash, AndroidApp.hash(name, certificate));
          assertNotEquals(hash, AndroidApp.hash(name + "x", certificate));
        });
  }
}
