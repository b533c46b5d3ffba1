package org.libmpass;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** An HTTP client of the mPass contract; methods return the statuses of the contract. */
final class Caller {
  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final String key;
  private final AtomicInteger made = new AtomicInteger();

  /** Calls the contract at a base URL with a channel key. */
  Caller(String base, String key) {
    this.base = base;
    this.key = key;
  }

  /** The number of requests answered so far. */
  int made() {
    return made.get();
  }

  String send(String number) {
    return get("/mpass-web/rest/mv/msg?apikey=" + key + "&dest=" + encoded(number));
  }

  String verify(String number, String code) {
    return get(
        "/mpass-web/rest/mv/verify?apikey=" + key + "&dest=" + encoded(number) + "&otp=" + code);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The code in a message: its longest run of digits. */
  static String longestDigits(String text) {
    List<String> runs = List.of(Pattern.compile("[^0-9]+").split(text));
    return runs.stream().reduce("", (a, b) -> b.length() > a.length() ? b : a);
  }

  private String get(String pathAndQuery) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + pathAndQuery))
              .timeout(Duration.ofSeconds(60))
              .build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      made.incrementAndGet();
      if (response.statusCode() != 200) {
        throw new IllegalStateException("HTTP " + response.statusCode());
      }
      return JsonParser.parseString(response.body()).getAsJsonObject().get("status").getAsString();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
