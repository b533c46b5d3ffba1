import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The module from Java: vectors, a challenge on a store and a token.
 *
 * <p>Usage: {@code ModuleHost MODULE VECTORS}
 */
public final class ModuleHost {
  // Numbers of operations, steps and answers; docs/LISTS.md and
  // bindings/src/operation.rs.
  private static final int SECRET_FROM_BYTES = 100;
  private static final int HOTP_NEW = 200;
  private static final int HOTP_VERIFY = 201;
  private static final int HOTP_GENERATE = 203;
  private static final int TOTP_NEW = 300;
  private static final int TOTP_VERIFY = 303;
  private static final int TOTP_GENERATE = 307;
  private static final int KEYRING_GENERATE = 800;
  private static final int CHALLENGE_ISSUE = 950;
  private static final int CHALLENGE_ATTEMPT = 951;
  private static final int TOKEN_ENROLL = 1150;
  private static final int TOKEN_ATTEMPT_TOTP = 1152;
  private static final int CHANGE_NEXT = 1600;
  private static final int DONE = 0;
  private static final int LOAD = 1;
  private static final int SWAP = 2;
  private static final int BEGIN = 0;
  private static final int LOADED = 1;
  private static final int STORED = 2;
  private static final int CONFLICT = 3;
  private static final int ACCEPT = 0;
  private static final int WRONG = 1;
  private static final int USED = 4;
  private static final int REPLAYED = 8;
  private static final int PHONE = 1;
  private static final int UNKNOWN_OPERATION = 4;
  private static final long NOW_MS = 1_700_000_000_000L;
  /** The kind of a value and its key. */
  private static final int LENGTH_OF_PLACE = 17;

  private static final List<String> ALGORITHMS = List.of("SHA1", "SHA256", "SHA512");

  private final Memory memory;
  private final ExportFunction alloc;
  private final ExportFunction free;
  private final ExportFunction call;

  private ModuleHost(File file) {
    WasmModule module = Parser.parse(file);
    check(module.importSection().importCount() == 0, "the module has imports");
    Instance instance = Instance.builder(module).build();
    memory = instance.memory();
    alloc = instance.export("mpass_alloc");
    free = instance.export("mpass_free");
    call = instance.export("mpass_call");
  }

  /** An input, written field by field. */
  private static final class Input {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Input number(long value, int length) {
      for (int at = length - 1; at >= 0; at--) {
        bytes.write((int) (value >>> (8 * at)));
      }
      return this;
    }

    Input u8(int value) {
      return number(value, 1);
    }

    Input u32(int value) {
      return number(value, 4);
    }

    Input u64(long value) {
      return number(value, 8);
    }

    Input raw(byte[] value) {
      bytes.writeBytes(value);
      return this;
    }

    Input bytes(byte[] value) {
      return u32(value.length).raw(value);
    }

    Input text(String value) {
      return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    Input entropy() {
      byte[] entropy = new byte[32];
      new SecureRandom().nextBytes(entropy);
      return raw(entropy);
    }

    byte[] packed() {
      return bytes.toByteArray();
    }
  }

  private static Input input() {
    return new Input();
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new AssertionError(what);
    }
  }

  private static byte[] bytes(ByteBuffer reply) {
    return take(reply, reply.getInt());
  }

  private static byte[] take(ByteBuffer reply, int length) {
    byte[] front = new byte[length];
    reply.get(front);
    return front;
  }

  private static String text(ByteBuffer reply) {
    return new String(bytes(reply), StandardCharsets.UTF_8);
  }

  /** The reply of an operation, which begins with its error or 0. */
  private ByteBuffer reply(int operation, long handle, Input with) {
    byte[] bytes = input().u64(handle).raw(with.packed()).packed();
    int address = (int) alloc.apply(bytes.length)[0];
    memory.write(address, bytes);
    int at = (int) call.apply(operation, address, bytes.length)[0];
    free.apply(address, bytes.length);
    int length = ByteBuffer.wrap(memory.readBytes(at, 4)).getInt();
    ByteBuffer reply = ByteBuffer.wrap(memory.readBytes(at + 4, length));
    free.apply(at, 4 + length);
    return reply;
  }

  private ByteBuffer perform(int operation, long handle, Input with) {
    ByteBuffer reply = reply(operation, handle, with);
    short error = reply.getShort();
    check(error == 0, "operation " + operation + ": error " + error);
    return reply;
  }

  private long object(int operation, long handle, Input with) {
    return perform(operation, handle, with).getLong();
  }

  private long codes(int operation, String key, String algorithm, int digits, Input more) {
    Input bytes = input().bytes(HexFormat.of().parseHex(key));
    long secret = object(SECRET_FROM_BYTES, 0, bytes);
    Input settings = input().u8(ALGORITHMS.indexOf(algorithm) + 1).u32(digits).u8(0);
    return object(operation, secret, settings.raw(more.packed()));
  }

  /** Carries an operation on a store to its outcome. */
  private ByteBuffer drive(int operation, long handle, Input with, Map<String, byte[]> store) {
    long change = object(operation, handle, with);
    Input answer = input().u8(BEGIN);
    while (true) {
      ByteBuffer step = perform(CHANGE_NEXT, change, answer.u64(NOW_MS));
      int kind = step.get();
      if (kind == DONE) {
        return step;
      }
      String place = HexFormat.of().formatHex(take(step, LENGTH_OF_PLACE));
      byte[] current = store.get(place);
      answer = input().u8(LOADED);
      if (kind == SWAP) {
        byte[] expected = step.get() == 1 ? bytes(step) : null;
        if (Arrays.equals(expected, current)) {
          store.put(place, bytes(step));
          answer = input().u8(STORED);
          continue;
        }
        answer = input().u8(CONFLICT);
      } else {
        check(kind == LOAD, "a step of a store");
      }
      answer = current == null ? answer.u8(0) : answer.u8(1).bytes(current);
    }
  }

  /** The code with its last digit changed. */
  private static String tampered(String code) {
    int last = code.length() - 1;
    return code.substring(0, last) + (code.charAt(last) - '0' + 1) % 10;
  }

  /** A code at a position, right and tampered. */
  private void vector(int generate, int verify, long handle, String code, long at, Input window) {
    check(text(perform(generate, handle, input().u64(at))).equals(code), "the code");
    for (String typed : List.of(code, tampered(code))) {
      Input attempt = input().text(typed).u64(at).raw(window.packed());
      boolean found = perform(verify, handle, attempt).get() == 1;
      check(found == typed.equals(code), "the verdict");
    }
  }

  /** A field of a flat JSON object. */
  private static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}\\s]*)").matcher(json);
    check(found.find(), name);
    return found.group(1);
  }

  private static List<String> vectorsOf(String json) {
    String list = json.substring(json.indexOf('[', json.indexOf("\"vectors\"")));
    Matcher objects = Pattern.compile("\\{[^{}]*}").matcher(list);
    return objects.results().map(found -> found.group()).toList();
  }

  private int vectors(Path directory) throws Exception {
    String hotp = Files.readString(directory.resolve("hotp.json"));
    String totp = Files.readString(directory.resolve("totp.json"));
    int digits = Integer.parseInt(field(hotp, "digits"));
    long handle =
        codes(HOTP_NEW, field(hotp, "key_hex"), field(hotp, "algorithm"), digits, input());
    for (String one : vectorsOf(hotp)) {
      long counter = Long.parseLong(field(one, "counter"));
      vector(HOTP_GENERATE, HOTP_VERIFY, handle, field(one, "code"), counter, input().u32(0));
    }
    Input steps = input().u64(Long.parseLong(field(totp, "step")));
    steps.u64(Long.parseLong(field(totp, "t0")));
    for (String one : vectorsOf(totp)) {
      int length = Integer.parseInt(field(totp, "digits"));
      long of =
          codes(TOTP_NEW, field(one, "key_hex"), field(one, "algorithm"), length, steps);
      long time = Long.parseLong(field(one, "unix_time"));
      vector(TOTP_GENERATE, TOTP_VERIFY, of, field(one, "code"), time, input().u64(0));
    }
    return vectorsOf(hotp).size() + vectorsOf(totp).size();
  }

  private void challenge(long keyring) {
    Map<String, byte[]> store = new HashMap<>();
    // Service, tenant, subject, context, no settings, never restored.
    Input bound = input().text("signup").text("tenant").u8(PHONE).text("+966500000000");
    byte[] packed = bound.text("").u32(0).u8(0).packed();
    ByteBuffer issued =
        drive(CHALLENGE_ISSUE, keyring, input().raw(packed).entropy(), store);
    check(issued.get() == 0, "issued");
    String code = text(issued);
    String[] typed = {tampered(code), code, code};
    int[] verdicts = {WRONG, ACCEPT, USED};
    for (int at = 0; at < typed.length; at++) {
      Input attempt = input().raw(packed).entropy().text(typed[at]);
      int verdict = drive(CHALLENGE_ATTEMPT, keyring, attempt, store).get();
      check(verdict == verdicts[at], "the verdict of a challenge");
    }
  }

  private void token(long keyring) {
    Map<String, byte[]> store = new HashMap<>();
    String key = HexFormat.of().formatHex("12345678901234567890".getBytes());
    long totp = codes(TOTP_NEW, key, "SHA1", 6, input().u64(30).u64(0));
    String code = text(perform(TOTP_GENERATE, totp, input().u64(NOW_MS / 1000)));
    // Tenant, token, no settings, never restored, may be new.
    byte[] packed = input().text("tenant").text("token").u32(0).u8(0).u8(0).packed();
    Input enroll = input().raw(packed).entropy().u64(0);
    check(drive(TOKEN_ENROLL, keyring, enroll, store).get() == 1, "enrolled");
    for (int verdict : new int[] {ACCEPT, REPLAYED}) {
      Input attempt = input().raw(packed).entropy().u64(totp).text(code);
      int found = drive(TOKEN_ATTEMPT_TOTP, keyring, attempt, store).get();
      check(found == verdict, "the verdict of a token");
    }
  }

  public static void main(String[] arguments) throws Exception {
    ModuleHost host = new ModuleHost(new File(arguments[0]));
    int count = host.vectors(Path.of(arguments[1]));
    long keyring = host.object(KEYRING_GENERATE, 0, input().entropy());
    host.challenge(keyring);
    host.token(keyring);
    check(host.reply(9999, 0, input()).getShort() == UNKNOWN_OPERATION, "an unknown operation");
    System.out.println(
        "Chicory: " + count + " vectors, a challenge and a token passed, 0 failed");
  }
}
