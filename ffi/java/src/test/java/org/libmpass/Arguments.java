package org.libmpass;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;

/** The arguments of a call in {@code misuse.json}, converted to Java types. */
final class Arguments implements AutoCloseable {
  /** A mistake that the compiler or the JVM already rejects; the message is the reason. */
  static final class Impossible extends RuntimeException {
    private static final long serialVersionUID = 1;

    Impossible(String why) {
      super(why);
    }
  }

  private static final String SECRET = "3132333435363738393031323334353637383930";
  private static final String SUITE = "OCRA-1:HOTP-SHA1-6:QN08";

  private final JsonObject values;
  private final List<AutoCloseable> made = new ArrayList<>();

  Arguments(JsonObject values) {
    this.values = values;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : made) {
      each.close();
    }
  }

  /** Registers a handle that is closed together with the arguments. */
  <T extends AutoCloseable> T kept(T handle) {
    made.add(handle);
    return handle;
  }

  private boolean isNull(String name) {
    return values.get(name).isJsonNull();
  }

  /** The content of a value of this type, or null if the value has another type. */
  private JsonElement typed(String name, String type) {
    return values.get(name).getAsJsonObject().get(type);
  }

  private static Impossible otherType(String type) {
    return new Impossible("the compiler takes no other type for " + type);
  }

  String text(String name) {
    if (isNull(name)) {
      return null;
    }
    JsonElement text = typed(name, "text");
    JsonElement repeated = typed(name, "repeated");
    if (text != null) {
      return text.getAsString();
    } else if (repeated != null) {
      JsonArray parts = repeated.getAsJsonArray();
      return parts.get(0).getAsString().repeat(parts.get(1).getAsInt());
    } else if (typed(name, "unpaired") != null) {
      return "\ud800";
    }
    throw otherType("String");
  }

  List<String> texts(String name) {
    if (isNull(name)) {
      return null;
    }
    JsonElement texts = typed(name, "texts");
    if (texts == null) {
      throw otherType("List<String>");
    }
    return StreamSupport.stream(texts.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .toList();
  }

  byte[] bytes(String name) {
    if (isNull(name)) {
      return null;
    }
    JsonElement bytes = typed(name, "bytes");
    JsonElement zeros = typed(name, "zeros");
    if (bytes != null) {
      return HexFormat.of().parseHex(bytes.getAsString());
    } else if (zeros != null) {
      return new byte[zeros.getAsInt()];
    }
    throw otherType("byte[]");
  }

  BigInteger whole(String name) {
    if (isNull(name)) {
      return null;
    }
    JsonElement integer = typed(name, "integer");
    if (integer == null) {
      throw otherType("an integer");
    }
    return integer.getAsBigInteger();
  }

  /** For values that may have a fraction, such as durations. */
  BigDecimal decimal(String name) {
    JsonElement fraction = isNull(name) ? null : typed(name, "fraction");
    return fraction == null ? new BigDecimal(longOf(name)) : fraction.getAsBigDecimal();
  }

  long longOf(String name) {
    try {
      return primitive(name).longValueExact();
    } catch (ArithmeticException tooLarge) {
      throw new Impossible("a long holds no such number");
    }
  }

  int intOf(String name) {
    try {
      return primitive(name).intValueExact();
    } catch (ArithmeticException tooLarge) {
      throw new Impossible("an int holds no such number");
    }
  }

  private BigInteger primitive(String name) {
    BigInteger value = whole(name);
    if (value == null) {
      throw new Impossible("a primitive is never null");
    }
    return value;
  }

  Algorithm algorithm(String name) {
    String text = text(name);
    try {
      return text == null ? null : Algorithm.valueOf(text);
    } catch (IllegalArgumentException unknown) {
      throw new Impossible("an enum has no other values");
    }
  }

  /** The object on which a method is called. */
  <T> T receiver(String name, Class<T> type) {
    if (isNull(name)) {
      throw new Impossible("the JVM calls no method on null");
    }
    return handle(name, type);
  }

  <T> T handle(String name, Class<T> type) {
    if (isNull(name)) {
      return null;
    }
    JsonElement closed = typed(name, "closed");
    JsonElement handle = closed == null ? typed(name, "handle") : closed;
    NativeHandle made = handle == null ? null : make(handle.getAsString());
    if (!type.isInstance(made)) {
      throw otherType(type.getSimpleName());
    }
    if (closed != null) {
      made.close();
    }
    return type.cast(made);
  }

  private NativeHandle make(String name) {
    return switch (name) {
      case "short-secret" -> kept(Secret.ofHex("313233"));
      case "secret" -> secret();
      case "hotp" -> kept(Hotp.of(secret()));
      case "totp" -> kept(Totp.of(secret()));
      case "late-totp" ->
          kept(
              Totp.of(
                  secret(),
                  Algorithm.SHA1,
                  8,
                  java.time.Duration.ofSeconds(30),
                  java.time.Instant.ofEpochSecond(60)));
      case "ocra" -> kept(Ocra.of(secret(), SUITE));
      case "keyring" -> kept(Keyring.generate());
      default -> throw new IllegalStateException("no handle " + name);
    };
  }

  private Secret secret() {
    return kept(Secret.ofHex(SECRET));
  }
}
