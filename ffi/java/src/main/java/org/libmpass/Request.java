package org.libmpass;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A request as the host received it; everything but the peer's address is untrusted.
 *
 * @param method the HTTP method
 * @param path the path as it was received, without the query
 * @param query the query as it was received, without the question mark; may be empty
 * @param headers header names and values
 * @param body the body; do not change it afterwards
 * @param peer the caller's address as the host attests it
 */
public record Request(
    String method,
    String path,
    String query,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    InetAddress peer) {
  /**
   * Checks that nothing is null.
   *
   * @param method the HTTP method
   * @param path the path as it was received, without the query
   * @param query the query as it was received, without the question mark; may be empty
   * @param headers header names and values
   * @param body the body; do not change it afterwards
   * @param peer the caller's address as the host attests it
   */
  public Request {
    Objects.requireNonNull(method, "the method is null");
    Objects.requireNonNull(path, "the path is null");
    Objects.requireNonNull(query, "the query is null");
    headers = List.copyOf(headers);
    Objects.requireNonNull(body, "the body is null");
    Objects.requireNonNull(peer, "the peer is null");
  }

  /**
   * Creates a {@code GET} request from a path and query.
   *
   * @param pathAndQuery both as they were received
   * @param peer the caller's address
   * @return the request
   */
  public static Request get(String pathAndQuery, InetAddress peer) {
    int mark = pathAndQuery.indexOf('?');
    String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    String query = mark < 0 ? "" : pathAndQuery.substring(mark + 1);
    return new Request("GET", path, query, List.of(), new byte[0], peer);
  }

  Packer pack(Packer input) {
    return input
        .typed(method, "the method")
        .typed(path, "the path")
        .typed(query, "the query")
        .list(
            headers,
            (each, header) ->
                each.typed(header.getKey(), "a header's name")
                    .typed(header.getValue(), "a header's value"))
        .bytes(body)
        .bytes(peer.getAddress());
  }

  /** {@return only method and path} */
  @Override
  public String toString() {
    return "Request[" + method + " " + path + "]";
  }
}
