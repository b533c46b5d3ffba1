package org.libmpass.bench;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.libmpass.Hotp;
import org.libmpass.Secret;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** HOTP with one key: libmpass, a reused Mac of the JDK, and java-otp. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Codes {
  private static final byte[] KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  /** RFC 4226 appendix D. */
  private static final int[] CODES = {
    755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489
  };
  private static final int AHEAD = 100;
  private static final int BATCH = 1024;
  /** A wrong code in almost all windows. */
  private static final String WRONG = "000000";

  private Hotp mpass;
  private Mac mac;
  private Key key;
  private HmacOneTimePasswordGenerator javaOtp;
  private final ByteBuffer block = ByteBuffer.allocate(8);
  private final byte[] digest = new byte[20];
  private final int[] values = new int[BATCH];
  private long counter;

  @Setup
  public void prepare() throws GeneralSecurityException {
    try (Secret secret = Secret.ofBytes(KEY)) {
      mpass = Hotp.of(secret);
    }
    key = new SecretKeySpec(KEY, "HmacSHA1");
    mac = Mac.getInstance("HmacSHA1");
    mac.init(key);
    javaOtp = new HmacOneTimePasswordGenerator();
    for (int i = 0; i < CODES.length; i++) {
      boolean isRight =
          mpass.generateValue(i) == CODES[i]
              && mpass.generate(i).equals("%06d".formatted(CODES[i]))
              && byMac(i) == CODES[i]
              && javaOtp.generateOneTimePassword(key, i) == CODES[i]
              && mpass.verify("%06d".formatted(CODES[i]), 0, AHEAD).equals(OptionalLong.of(i));
      if (!isRight) {
        throw new IllegalStateException("not as RFC 4226 at " + i);
      }
    }
  }

  @TearDown
  public void close() {
    mpass.close();
  }

  private int byMac(long at) throws GeneralSecurityException {
    mac.update(block.putLong(0, at).array());
    mac.doFinal(digest, 0);
    int offset = digest[digest.length - 1] & 15;
    int value =
        (digest[offset] & 0x7f) << 24
            | (digest[offset + 1] & 0xff) << 16
            | (digest[offset + 2] & 0xff) << 8
            | digest[offset + 3] & 0xff;
    return value % 1_000_000;
  }

  @Benchmark
  public String generateMpass() {
    return mpass.generate(counter++);
  }

  @Benchmark
  public int generateMpassValue() {
    return mpass.generateValue(counter++);
  }

  @Benchmark
  public int generateMac() throws GeneralSecurityException {
    return byMac(counter++);
  }

  @Benchmark
  public int generateJavaOtp() throws GeneralSecurityException {
    return javaOtp.generateOneTimePassword(key, counter++);
  }

  @Benchmark
  public OptionalLong aheadMpass() {
    return mpass.verify(WRONG, counter++, AHEAD);
  }

  /** Checks every counter of the window, even after a match. */
  @Benchmark
  public long aheadMac() throws GeneralSecurityException {
    long first = counter++;
    int wrong = Integer.parseInt(WRONG);
    long found = -1;
    for (long at = first + AHEAD; at >= first; at--) {
      found = byMac(at) == wrong ? at : found;
    }
    return found;
  }

  @Benchmark
  public long aheadJavaOtp() throws GeneralSecurityException {
    long first = counter++;
    int wrong = Integer.parseInt(WRONG);
    long found = -1;
    for (long at = first + AHEAD; at >= first; at--) {
      found = javaOtp.generateOneTimePassword(key, at) == wrong ? at : found;
    }
    return found;
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int batchMpass() {
    return mpass.generateRange(counter++, values);
  }
}
