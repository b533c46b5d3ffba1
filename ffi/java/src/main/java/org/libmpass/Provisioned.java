package org.libmpass;

/**
 * The outcome of {@link Tenants#provision}.
 *
 * @param isChanged whether anything was written
 * @param stamp the stamp of the tenant's state
 */
public record Provisioned(boolean isChanged, String stamp) {
  static Provisioned read(Unpacker output) {
    return new Provisioned(output.bool(), output.text());
  }
}
