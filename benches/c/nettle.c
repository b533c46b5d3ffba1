/* nettle's HMAC with a prepared key, as functions on an opaque pointer. */
#include <nettle/hmac.h>
#include <stdlib.h>

struct hmac_sha1_ctx *bench_nettle_new(const uint8_t *key, size_t len) {
  struct hmac_sha1_ctx *ctx = malloc(sizeof *ctx);
  if (ctx != NULL)
    hmac_sha1_set_key(ctx, len, key);
  return ctx;
}

/* hmac_sha1_digest resets the context but keeps the key. */
void bench_nettle_mac(struct hmac_sha1_ctx *ctx, const uint8_t message[8],
                      uint8_t mac[20]) {
  hmac_sha1_update(ctx, 8, message);
  hmac_sha1_digest(ctx, 20, mac);
}

void bench_nettle_free(struct hmac_sha1_ctx *ctx) { free(ctx); }
