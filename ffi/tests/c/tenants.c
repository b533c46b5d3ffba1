#include "tenants.h"

/* A point of P-256: the generator (SEC 2 section 2.4.2). */
static const uint8_t POINT[65] = {
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc,
    0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d,
    0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb,
    0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
    0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};

static void find(struct world *world, const struct buffer *store_key,
                 struct tenant *tenant) {
  tenant->store_key = *store_key;
  CHECK(stands(world, MPASS_KIND_TENANT, store_key, &tenant->value));
}

/* Stores what makes, changes or ends a tenant, and gives its secret. */
static void write_down(struct world *world, mpass_pending *pending,
                       struct buffer *secret) {
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_pending_secret(pending, OUT(*secret)));
  store_pending(world, pending);
  OK(mpass_pending_secret(pending, OUT(*secret)));
  CHECK(secret->len == 43);
  secret->text[secret->len] = 0;
  mpass_pending_free(pending);
}

void create_client(struct world *world, struct tenant *tenant) {
  mpass_client_settings *settings;
  mpass_policy *policy;
  mpass_pending *pending;
  struct buffer store_key;
  uint8_t bytes[32], point[65];
  memcpy(point, POINT, sizeof point);
  point[64] ^= 1;
  OK(mpass_client_settings_new(TEXT(CLIENT), &settings));
  OK(mpass_policy_new(&policy));
  OK(mpass_policy_set_resend_interval_ms(policy, 0));
  OK(mpass_client_settings_set_policy(settings, policy));
  OK(mpass_client_settings_set_sender(settings, TEXT("Shop")));
  OK(mpass_client_settings_set_host(settings, TEXT("app.example")));
  OK(mpass_client_settings_add_redirect_uri(settings, TEXT(BACK)));
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_SCOPE,
               mpass_client_settings_set_scopes(settings, 8));
  OK(mpass_client_settings_set_scopes(settings, EVERY_SCOPE));
  CHECK_STATUS(MPASS_STATUS_WRONG_LENGTH,
               mpass_client_settings_set_public_key(settings, point, 64));
  OK(mpass_client_settings_set_public_key(settings, point, sizeof point));
  test_entropy(bytes, sizeof bytes);
  CHECK_STATUS(MPASS_STATUS_INVALID_PUBLIC_KEY,
               mpass_client_create(world->keyring, NULL, 0, settings,
                                   world->now_ms, bytes, sizeof bytes,
                                   &pending));
  CHECK(pending == NULL);
  point[64] ^= 1;
  OK(mpass_client_settings_set_public_key(settings, point, sizeof point));
  OK(mpass_client_create(world->keyring, NULL, 0, settings, world->now_ms,
                         bytes, sizeof bytes, &pending));
  write_down(world, pending, &tenant->secret);
  OK(mpass_client_store_key(world->keyring, TEXT(CLIENT), BYTES(store_key)));
  find(world, &store_key, tenant);
  mpass_policy_free(policy);
  mpass_client_settings_free(settings);
}

mpass_client *open_client(struct world *world, struct tenant *tenant) {
  mpass_client *client;
  struct buffer name;
  find(world, &tenant->store_key, tenant);
  OK(mpass_client_open(world->keyring, (const uint8_t *)tenant->store_key.text,
                       tenant->store_key.len, (const uint8_t *)tenant->value.text,
                       tenant->value.len, &client));
  OK(mpass_client_name(client, OUT(name)));
  CHECK(reads(&name, CLIENT));
  return client;
}

void rotate_client(struct world *world, struct tenant *tenant) {
  mpass_client *client = open_client(world, tenant);
  struct buffer old = tenant->secret;
  mpass_pending *pending;
  uint32_t version;
  uint64_t created_at_ms;
  uint8_t bytes[32];
  bool is;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_client_rotate(client, world->keyring,
                         (const uint8_t *)tenant->value.text,
                         tenant->value.len, world->now_ms, bytes, sizeof bytes,
                         &pending));
  write_down(world, pending, &tenant->secret);
  mpass_client_free(client);
  client = open_client(world, tenant);
  OK(mpass_client_has_secret(client, world->keyring, TEXT(old.text), &is));
  CHECK(!is);
  OK(mpass_client_has_secret(client, world->keyring, TEXT(tenant->secret.text),
                             &is));
  CHECK(is);
  OK(mpass_client_state(client, &is, &version, &created_at_ms));
  CHECK(!is && version == 2 && created_at_ms == world->now_ms);
  mpass_client_free(client);
}

void revoke_client(struct world *world, struct tenant *tenant) {
  mpass_client *client = open_client(world, tenant);
  mpass_pending *pending;
  struct buffer none;
  uint8_t bytes[32];
  test_entropy(bytes, sizeof bytes);
  OK(mpass_client_revoke(client, world->keyring,
                         (const uint8_t *)tenant->value.text,
                         tenant->value.len, world->now_ms, bytes, sizeof bytes,
                         &pending));
  store_pending(world, pending);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_pending_secret(pending, OUT(none)));
  mpass_pending_free(pending);
  mpass_client_free(client);
}

void create_customer(struct world *world, uint64_t credits,
                     struct tenant *tenant, struct buffer *id) {
  mpass_customer_settings *settings;
  mpass_policy *policy;
  mpass_pending *pending;
  struct buffer store_key;
  uint8_t bytes[32];
  test_entropy(bytes, sizeof bytes);
  OK(mpass_customer_fresh_id(world->now_ms, bytes, sizeof bytes, OUT(*id)));
  CHECK(id->len == 17);
  id->text[id->len] = 0;
  OK(mpass_customer_settings_new(TEXT(id->text), &settings));
  OK(mpass_customer_default_policy(&policy));
  OK(mpass_policy_set_lifetime_ms(policy, 90000));
  OK(mpass_customer_settings_set_policy(settings, policy));
  OK(mpass_customer_settings_set_sender(settings, TEXT("Shop")));
  OK(mpass_customer_settings_set_english(settings, TEXT("{{app}}: {{code}}")));
  OK(mpass_customer_settings_add_address(settings, TEXT("127.0.0.0/8")));
  OK(mpass_customer_settings_set_test_credits(settings, credits));
  OK(mpass_customer_create(world->keyring, NULL, 0, settings, world->now_ms,
                           bytes, sizeof bytes, &pending));
  write_down(world, pending, &tenant->secret);
  OK(mpass_customer_store_key(world->keyring, TEXT(id->text), BYTES(store_key)));
  find(world, &store_key, tenant);
  mpass_policy_free(policy);
  mpass_customer_settings_free(settings);
}

mpass_customer *open_customer(struct world *world, struct tenant *tenant) {
  mpass_customer *customer;
  bool is_allowed;
  OK(mpass_customer_open(world->keyring, (const uint8_t *)tenant->store_key.text,
                         tenant->store_key.len, (const uint8_t *)tenant->value.text,
                         tenant->value.len, &customer));
  OK(mpass_customer_allows_address(customer, TEXT("192.0.2.1"), &is_allowed));
  CHECK(!is_allowed);
  return customer;
}

uint64_t credits_of(struct world *world, mpass_customer *customer,
                    uint64_t paid) {
  struct buffer key, record;
  mpass_pending *pending;
  uint64_t balance, sum;
  uint8_t bytes[32];
  const uint8_t *current;
  OK(mpass_customer_credits_key(customer, world->keyring, BYTES(key)));
  current = stands(world, MPASS_KIND_STATE, &key, &record)
                ? (const uint8_t *)record.text
                : NULL;
  OK(mpass_customer_balance(customer, world->keyring, current, record.len,
                            &balance));
  if (paid == 0)
    return balance;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_customer_add_credits(customer, world->keyring, current, record.len,
                                paid, world->now_ms, bytes, sizeof bytes,
                                &pending));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE, mpass_pending_balance(pending, &sum));
  store_pending(world, pending);
  OK(mpass_pending_balance(pending, &sum));
  CHECK(sum == balance + paid);
  mpass_pending_free(pending);
  return sum;
}
