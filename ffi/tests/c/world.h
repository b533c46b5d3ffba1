/* A host whose store is in memory, and requests to it: what the tests of the
 * contracts share. */
#ifndef WORLD_H
#define WORLD_H

#include "check.h"

#define NUMBER "+966500000000"
/* An address of the mobile network, with NUMBER behind it. */
#define DEVICE "10.20.0.7"
/* A token that this host gave out for NUMBER. */
#define HOST_TOKEN "opaque"

struct world {
  mpass_memory_store *store;
  mpass_keyring *keyring;
  mpass_engine *engine;
  uint64_t now_ms;
  char text[512]; /* the newest message */
  size_t text_len;
  uint32_t assessment; /* of every number; NUMBER is VALID where it is 0 */
  bool is_silent; /* says nothing of numbers, tokens and addresses */
  bool is_store_broken;
  bool is_store_lying;
};

/* An empty store and new keys; the engine is the test's to make. */
void world_begin(struct world *world);
void world_end(struct world *world);

mpass_host host_of(const struct world *world);

/* What stands at a place of 16 bytes, if anything does. */
bool stands(struct world *world, uint32_t kind, const struct buffer *store_key,
            struct buffer *value);

/* Performs a pending write. */
void store_pending(struct world *world, mpass_pending *pending);

mpass_request *request_of(const char *method, const char *path,
                          const char *query, const char *peer);

/* The reply to a request, which is freed: through the driver or step by step. */
typedef mpass_reply *(*way)(struct world *, mpass_request *);
mpass_reply *driven(struct world *world, mpass_request *request);
mpass_reply *stepped(struct world *world, mpass_request *request);

/* Checks a reply and frees it; its body if it is not NULL. */
void check_reply(mpass_reply *reply, uint16_t http, const char *body,
                 const char *reason);

/* The value of the reply's header; false where it has none. */
bool header_of(mpass_reply *reply, const char *name, struct buffer *value);

#endif
