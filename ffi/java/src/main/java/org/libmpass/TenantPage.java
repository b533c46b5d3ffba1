package org.libmpass;

import java.util.List;
import java.util.Optional;

/**
 * The tenants of a kind among some documents of a store.
 *
 * @param <S> the settings of this kind of tenant
 * @param tenants the tenants, in the order of their store keys; they may be fewer than the limit,
 *     or none, although others follow, because the tenants of all kinds share the documents
 * @param unreadable the number of documents of this page that the keyring does not open
 * @param next the key after which the next page begins; empty after the last page
 */
public record TenantPage<S extends Settings>(
    List<TenantEntry<S>> tenants, long unreadable, Optional<StoreKey> next) {
  static <S extends Settings> TenantPage<S> read(TenantKind<S> kind, Unpacker output) {
    return new TenantPage<>(
        output.list(each -> TenantEntry.read(kind, each)),
        output.count(),
        output.optional(StoreKey::read));
  }
}
