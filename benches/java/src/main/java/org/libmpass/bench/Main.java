package org.libmpass.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks and writes the median of each as a line of JSON, to the file in
 * MPASS_BENCH_RESULTS or to standard output.
 */
public final class Main {
  private static final String GENERATE = "hotp sha1, key prepared, in Java";
  private static final String AHEAD = "hotp look-ahead 100, wrong code, in Java";

  /** The group and the name of each benchmark. */
  private static final Map<String, String[]> NAMES =
      Map.of(
          "generateMpass", new String[] {GENERATE, "mpass"},
          "generateMpassValue", new String[] {GENERATE, "mpass, as a number"},
          "generateMac", new String[] {GENERATE, "javax.crypto.Mac, kept"},
          "generateJavaOtp", new String[] {GENERATE, "java-otp"},
          "aheadMpass", new String[] {AHEAD, "mpass"},
          "aheadMac", new String[] {AHEAD, "javax.crypto.Mac, kept"},
          "aheadJavaOtp", new String[] {AHEAD, "java-otp"},
          "batchMpass", new String[] {"batch of 1024, sha1, one key, in Java", "mpass"});

  private Main() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws RunnerException, IOException {
    Options options =
        new OptionsBuilder()
            .include(Codes.class.getName())
            .forks(1)
            .warmupIterations(4)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(9)
            .measurementTime(TimeValue.milliseconds(300))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    StringBuilder lines = new StringBuilder();
    for (RunResult result : new Runner(options).run()) {
      String label = result.getPrimaryResult().getLabel();
      String[] names = NAMES.get(label);
      double median = result.getPrimaryResult().getStatistics().getPercentile(50);
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"group\":\"%s\",\"name\":\"%s\",\"value\":%.2f,\"unit\":\"ns\"}%n",
              names[0],
              names[1],
              median));
    }
    String file = System.getenv("MPASS_BENCH_RESULTS");
    if (file == null) {
      System.out.print(lines);
    } else {
      Files.writeString(
          Path.of(file), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
