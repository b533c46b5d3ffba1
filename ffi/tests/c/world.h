/* A host with an in-memory store, and requests to it, shared by the tests of
 * the contracts. */
#ifndef WORLD_H
#define WORLD_H

#include "check.h"

#define NUMBER "+966500000000"
/* The address of the device with NUMBER in the mobile network. */
#define DEVICE "10.20.0.7"
/* A token that this host issued for NUMBER. */
#define HOST_TOKEN "opaque"
/* What this host, which has no RSA, signs every message with. */
#define SIGNATURE "signature"

struct world {
  mpass_memory_store *store;
  mpass_keyring *keyring;
  mpass_engine *engine;
  uint64_t now_ms;
  char text[512]; /* the newest message */
  size_t text_len;
  uint32_t assessment; /* of every number; 0 means VALID */
  bool has_no_support; /* of the steps that a host may lack */
  bool is_store_broken;
  bool is_store_lying;
};

/* Creates an empty store and new keys; the test creates the engine. */
void world_begin(struct world *world);
void world_end(struct world *world);

mpass_host host_of(const struct world *world);

/* Reads the value with a store key; false if there is none. */
bool read_stored(struct world *world, uint32_t kind,
                 const struct buffer *store_key, struct buffer *value);

/* Creates a tenant and returns its credential; its name, unless it is NULL. */
void create_tenant(struct world *world, const mpass_settings *settings,
                   struct buffer *credential, struct buffer *name);

/* Stores a pending write. */
void store_pending(struct world *world, mpass_pending *pending);

mpass_request *request_of(const char *method, const char *path,
                          const char *query, const char *peer);

/* Returns the reply to a request, through callbacks or step by step, and frees
 * the request. */
typedef mpass_reply *(*send_fn)(struct world *, mpass_request *);
mpass_reply *driven(struct world *world, mpass_request *request);
mpass_reply *stepped(struct world *world, mpass_request *request);

/* Checks a reply and frees it; a `body` of NULL is not checked. */
void check_reply(mpass_reply *reply, uint16_t http, const char *body,
                 const char *reason);

/* The value of a header of the reply; false if it has none. */
bool header_of(mpass_reply *reply, const char *name, struct buffer *value);

#endif
