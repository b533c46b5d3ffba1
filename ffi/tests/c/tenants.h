/* Clients and customers of the tests, created as an administrator does. */
#ifndef TENANTS_H
#define TENANTS_H

#include "world.h"

/* A name of the greatest length. */
#define CLIENT \
  "a.client_whose-name-has-as-many-letters-as-one-may-havexxxxxxxxx"
#define REDIRECT_URI "https://app.example/back"

#define EVERY_SCOPE                                                            \
  (MPASS_SCOPE_VERIFY | MPASS_SCOPE_READ_NUMBER | MPASS_SCOPE_SEND_VALIDATE)

struct tenant {
  struct buffer store_key, value, secret;
};

/* Creates a client with all scopes. */
void create_client(struct world *world, struct tenant *tenant);
/* Opens the client from the store. */
mpass_tenant *open_client(struct world *world, struct tenant *tenant);
void rotate_client(struct world *world, struct tenant *tenant);
void revoke_client(struct world *world);

/* Creates a customer with a fresh id. */
void create_customer(struct world *world, uint64_t credits,
                     struct buffer *secret, struct buffer *id);
/* Adds credits and returns the new balance. */
uint64_t credits_of(struct world *world, const struct buffer *id,
                    uint64_t paid);

#endif
