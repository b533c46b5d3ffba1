package org.libmpass;

import java.util.List;
import java.util.Map;

/**
 * The reply to a request.
 *
 * @param status the HTTP status
 * @param headers header names and values
 * @param body the body; empty for a {@code HEAD} request
 * @param reason the reason, for metrics and audit; never sent
 */
public record Reply(
    int status, List<Map.Entry<String, String>> headers, byte[] body, Reason reason) {
  static Reply read(Unpacker output) {
    return new Reply(
        output.u16(),
        output.list(each -> Map.entry(each.text(), each.text())),
        output.bytes(),
        Reason.of(output.u16()));
  }
}
