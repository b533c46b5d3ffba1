/* Clients and customers of the tests, written as an administrator would. */
#ifndef TENANTS_H
#define TENANTS_H

#include "world.h"

/* The longest name. */
#define CLIENT \
  "a.client_whose-name-has-as-many-letters-as-one-may-havexxxxxxxxx"
/* Where a login sends the client's users back to. */
#define BACK "https://app.example/back"

#define EVERY_SCOPE                                                            \
  (MPASS_SCOPE_VERIFY | MPASS_SCOPE_READ_NUMBER | MPASS_SCOPE_SEND_VALIDATE)

struct tenant {
  struct buffer store_key, value, secret;
};

/* A client that may ask for everything. */
void create_client(struct world *world, struct tenant *tenant);
/* As it stands in the store now. */
mpass_tenant *open_client(struct world *world, struct tenant *tenant);
void rotate_client(struct world *world, struct tenant *tenant);
void revoke_client(struct world *world, struct tenant *tenant);

void create_customer(struct world *world, uint64_t credits,
                     struct tenant *tenant, struct buffer *id);
mpass_tenant *open_customer(struct world *world, struct tenant *tenant);
/* Its balance, once what it has paid is added. */
uint64_t credits_of(struct world *world, mpass_tenant *customer, uint64_t paid);

#endif
