/* Clients and customers of the tests, written as an administrator would. */
#ifndef TENANTS_H
#define TENANTS_H

#include "world.h"

#define CLIENT "app"
/* Where a login sends the client's users back to. */
#define BACK "https://app.example/back"

struct tenant {
  struct buffer place, value, secret;
};

/* A client that may ask for everything but numbers. */
void create_client(struct world *world, struct tenant *tenant);
/* As it stands in the store now. */
mpass_client *open_client(struct world *world, struct tenant *tenant);
void rotate_client(struct world *world, struct tenant *tenant);
void revoke_client(struct world *world, struct tenant *tenant);

void create_customer(struct world *world, uint64_t credits,
                     struct tenant *tenant, struct buffer *id);
mpass_customer *open_customer(struct world *world, struct tenant *tenant);
/* Its balance, once what it has paid is added. */
uint64_t credits_of(struct world *world, mpass_customer *customer,
                    uint64_t paid);

#endif
