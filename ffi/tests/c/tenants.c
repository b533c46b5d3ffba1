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
  CHECK(read_stored(world, MPASS_KIND_DOCUMENT, store_key, &tenant->value));
}

/* Whether a text field has this value; NULL if it has none. */
static bool text_is(const mpass_settings *settings, uint32_t field,
                    size_t index, const char *text) {
  struct buffer seen;
  size_t count;
  OK(mpass_settings_count(settings, field, &count));
  if (count <= index) {
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_settings_get_text(settings, field, index, OUT(seen)));
    return text == NULL;
  }
  OK(mpass_settings_get_text(settings, field, index, OUT(seen)));
  return text != NULL && reads(&seen, text);
}

static void check_refusal(const mpass_settings *settings, const char *text) {
  struct buffer refusal;
  OK(mpass_settings_refusal(settings, OUT(refusal)));
  if (!reads(&refusal, text)) {
    fprintf(stderr, "%s, expected %s\n", refusal.text, text);
    exit(1);
  }
}

/* Unknown fields, fields of other groups, values of other types and out of
 * range. */
static void refusals(mpass_settings *settings) {
  struct buffer text;
  uint64_t number;
  bool flag;
  check_refusal(settings, "");
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_SETTING,
               mpass_settings_set_flag(settings, 99, true));
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_SETTING,
               mpass_settings_set_number(settings, MPASS_FIELD_TEST_CREDITS, 1));
  check_refusal(settings, "test_credits: the settings have no such field");
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_set_flag(settings, MPASS_FIELD_TRIES, true));
  CHECK_STATUS(MPASS_STATUS_INVALID_TRIES,
               mpass_settings_set_number(settings, MPASS_FIELD_TRIES, 101));
  check_refusal(settings, "tries: 101 is out of range: 1 to 100");
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_add_text(settings, MPASS_FIELD_HOST, TEXT("a")));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_set_empty(settings, MPASS_FIELD_HOST));
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_SETTING,
               mpass_settings_clear(settings, MPASS_FIELD_ISSUER));
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_SCOPE,
               mpass_settings_add_text(settings, MPASS_FIELD_SCOPES,
                                       TEXT("any")));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_get_flag(settings, MPASS_FIELD_TRIES, &flag));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_get_text(settings, MPASS_FIELD_TRIES, 0,
                                       OUT(text)));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_settings_get_number(settings, MPASS_FIELD_CALLING_CODES, 0,
                                         &number));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_settings_get_bytes(settings, MPASS_FIELD_PUBLIC_KEY,
                                        BYTES(text)));
  CHECK_STATUS(MPASS_STATUS_INVALID_NAME, mpass_settings_check(settings));
  check_refusal(settings, "name: the name is not valid (1 to 64 ASCII letters, "
                       "digits, -, _ and .; a customer's is C- and 15 "
                       "upper-case hexadecimal digits)");
}

/* Whether a text by language has this tag and text. */
static bool text_in_is(const mpass_settings *settings, size_t index,
                       const char *language, const char *text) {
  struct buffer seen;
  OK(mpass_settings_get_language(settings, MPASS_FIELD_TEXTS, index,
                                 OUT(seen)));
  return reads(&seen, language) &&
         text_is(settings, MPASS_FIELD_TEXTS, index, text);
}

/* Texts by language: each language once, in the order of their tags. */
static void texts_by_language(mpass_settings *settings) {
  struct buffer tag;
  size_t count;
  OK(mpass_settings_add_text_in(settings, MPASS_FIELD_TEXTS, TEXT("en"),
                                TEXT("{{app}}: {{code}}")));
  OK(mpass_settings_add_text_in(settings, MPASS_FIELD_TEXTS, TEXT("ar-SA"),
                                TEXT("{{code}}")));
  CHECK_STATUS(MPASS_STATUS_INVALID_LANGUAGE_TAG,
               mpass_settings_add_text_in(settings, MPASS_FIELD_TEXTS,
                                          TEXT("en"), TEXT("{{code}}")));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_add_text_in(settings, MPASS_FIELD_ADDRESSES,
                                          TEXT("en"), TEXT("{{code}}")));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_add_text(settings, MPASS_FIELD_TEXTS,
                                       TEXT("{{code}}")));
  OK(mpass_settings_count(settings, MPASS_FIELD_TEXTS, &count));
  CHECK(count == 2);
  CHECK(text_in_is(settings, 0, "ar-SA", "{{code}}"));
  CHECK(text_in_is(settings, 1, "en", "{{app}}: {{code}}"));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_settings_get_language(settings, MPASS_FIELD_TEXTS, 2,
                                           OUT(tag)));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_get_language(settings, MPASS_FIELD_SENDER, 0,
                                           OUT(tag)));
}

static const char *const SCOPES[] = {
    "number-verification:verify",
    "number-verification:device-phone-number:read",
    "one-time-password-sms:send-validate"};

void create_client(struct world *world, struct tenant *tenant) {
  mpass_settings *settings;
  struct buffer store_key;
  uint8_t point[65];
  size_t i;
  CHECK_STATUS(MPASS_STATUS_INVALID_ARGUMENT, mpass_settings_new(7, &settings));
  CHECK(settings == NULL);
  OK(mpass_settings_new(MPASS_GROUP_CLIENT, &settings));
  refusals(settings);
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT(CLIENT)));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_RESEND_INTERVAL_MS, 0));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_SENDER, TEXT("Shop")));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_HOST, TEXT("app.example")));
  OK(mpass_settings_add_text(settings, MPASS_FIELD_REDIRECT_URIS,
                             TEXT(REDIRECT_URI)));
  CHECK(text_is(settings, MPASS_FIELD_SCOPES, 0, SCOPES[0]));
  CHECK(text_is(settings, MPASS_FIELD_SCOPES, 1, SCOPES[2]));
  for (i = 0; i < 3; i++)
    OK(mpass_settings_add_text(settings, MPASS_FIELD_SCOPES, TEXT(SCOPES[i])));
  memcpy(point, POINT, sizeof point);
  CHECK_STATUS(MPASS_STATUS_INVALID_PUBLIC_KEY,
               mpass_settings_set_bytes(settings, MPASS_FIELD_PUBLIC_KEY, point,
                                        64));
  point[64] ^= 1;
  CHECK_STATUS(MPASS_STATUS_INVALID_PUBLIC_KEY,
               mpass_settings_set_bytes(settings, MPASS_FIELD_PUBLIC_KEY, point,
                                        sizeof point));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_ID_TOKEN_ALG,
                             TEXT("RS256")));
  OK(mpass_settings_set_bytes(settings, MPASS_FIELD_PUBLIC_KEY, POINT,
                              sizeof POINT));
  OK(mpass_settings_check(settings));
  create_tenant(world, settings, &tenant->secret, NULL);
  CHECK(tenant->secret.len == 43);
  OK(mpass_tenant_store_key(world->keyring, MPASS_GROUP_CLIENT, TEXT(CLIENT),
                            BYTES(store_key)));
  find(world, &store_key, tenant);
  mpass_settings_free(settings);
}

/* Checks the fields that were set, and the defaults of the others. */
static void check_client(const mpass_tenant *client) {
  mpass_settings *settings;
  struct buffer bytes;
  uint64_t number, window_ms;
  uint32_t events, burst;
  size_t i;
  bool is;
  OK(mpass_tenant_settings(client, &settings));
  CHECK(text_is(settings, MPASS_FIELD_NAME, 0, CLIENT));
  CHECK(text_is(settings, MPASS_FIELD_SENDER, 0, "Shop"));
  CHECK(text_is(settings, MPASS_FIELD_REDIRECT_URIS, 0, REDIRECT_URI));
  CHECK(text_is(settings, MPASS_FIELD_REDIRECT_URIS, 1, NULL));
  for (i = 0; i < 3; i++) {
    CHECK(text_is(settings, MPASS_FIELD_SCOPES, i, SCOPES[i]));
    OK(mpass_tenant_allows(client, TEXT(SCOPES[i]), &is));
    CHECK(is);
  }
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_SCOPE,
               mpass_tenant_allows(client, TEXT("any"), &is));
  OK(mpass_settings_get_bytes(settings, MPASS_FIELD_PUBLIC_KEY, BYTES(bytes)));
  CHECK(bytes.len == sizeof POINT &&
        memcmp(bytes.text, POINT, sizeof POINT) == 0);
  OK(mpass_settings_get_number(settings, MPASS_FIELD_RESEND_INTERVAL_MS, 0,
                               &number));
  CHECK(number == 0);
  OK(mpass_settings_get_limit(settings, MPASS_FIELD_SENDS, &events, &window_ms,
                              &burst));
  CHECK(events > 0 && window_ms > 0 && burst > 0);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_settings_get_limit(settings, MPASS_FIELD_SPEND, &events,
                                        &window_ms, &burst));
  OK(mpass_settings_get_flag(settings, MPASS_FIELD_ALLOW_WEAK, &is));
  CHECK(!is);
  OK(mpass_settings_set_empty(settings, MPASS_FIELD_SCOPES));
  CHECK(text_is(settings, MPASS_FIELD_SCOPES, 0, NULL));
  OK(mpass_settings_clear(settings, MPASS_FIELD_SCOPES));
  CHECK(text_is(settings, MPASS_FIELD_SCOPES, 1, SCOPES[2]));
  mpass_settings_free(settings);
}

static mpass_tenant *open_tenant(struct world *world, uint32_t group,
                                 struct tenant *tenant) {
  const uint8_t *store_key = (const uint8_t *)tenant->store_key.text;
  const uint8_t *value;
  mpass_tenant *opened;
  find(world, &tenant->store_key, tenant);
  value = (const uint8_t *)tenant->value.text;
  CHECK_STATUS(MPASS_STATUS_INVALID_ARGUMENT,
               mpass_tenant_open(world->keyring, MPASS_GROUP_ENGINE, store_key,
                                 tenant->store_key.len, value,
                                 tenant->value.len, &opened));
  CHECK_STATUS(MPASS_STATUS_RECORD_FORMAT,
               mpass_tenant_open(world->keyring, MPASS_GROUP_CHANNEL, store_key,
                                 tenant->store_key.len, value,
                                 tenant->value.len, &opened));
  CHECK(opened == NULL);
  OK(mpass_tenant_open(world->keyring, group, store_key, tenant->store_key.len,
                       value, tenant->value.len, &opened));
  return opened;
}

mpass_tenant *open_client(struct world *world, struct tenant *tenant) {
  mpass_tenant *client = open_tenant(world, MPASS_GROUP_CLIENT, tenant);
  check_client(client);
  return client;
}

void rotate_client(struct world *world, struct tenant *tenant) {
  mpass_host host = host_of(world);
  struct buffer old = tenant->secret;
  mpass_credential *rotated;
  mpass_tenant *client;
  uint32_t version;
  uint64_t created_at_ms;
  bool is;
  OK(mpass_tenant_rotate_in(world->keyring, MPASS_GROUP_CLIENT, TEXT(CLIENT), 0,
                            &host, world, &rotated));
  OK(mpass_credential_text(rotated, OUT(tenant->secret)));
  tenant->secret.text[tenant->secret.len] = 0;
  mpass_credential_free(rotated);
  client = open_client(world, tenant);
  OK(mpass_tenant_has_credential(client, world->keyring, TEXT(old.text),
                                 world->now_ms, &is));
  CHECK(!is);
  OK(mpass_tenant_has_credential(client, world->keyring, TEXT(tenant->secret.text),
                                 world->now_ms, &is));
  CHECK(is);
  OK(mpass_tenant_state(client, &is, &version, &created_at_ms));
  CHECK(!is && version == 2 && created_at_ms == world->now_ms);
  mpass_tenant_free(client);
}

void revoke_client(struct world *world) {
  mpass_host host = host_of(world);
  mpass_tenant *client;
  uint64_t created_at_ms;
  uint32_t version;
  bool is_revoked;
  OK(mpass_tenant_revoke_in(world->keyring, MPASS_GROUP_CLIENT, TEXT(CLIENT),
                            &host, world, &client));
  OK(mpass_tenant_state(client, &is_revoked, &version, &created_at_ms));
  CHECK(is_revoked);
  mpass_tenant_free(client);
}

void create_customer(struct world *world, uint64_t credits,
                     struct buffer *secret, struct buffer *id) {
  mpass_settings *settings;
  mpass_tenant *customer;
  mpass_host host = host_of(world);
  bool is_allowed;
  OK(mpass_settings_new(MPASS_GROUP_CUSTOMER, &settings));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_LIFETIME_MS, 90000));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_SENDER, TEXT("Shop")));
  texts_by_language(settings);
  OK(mpass_settings_add_text(settings, MPASS_FIELD_ADDRESSES,
                             TEXT("127.0.0.0/8")));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_TEST_CREDITS, credits));
  create_tenant(world, settings, secret, id);
  CHECK(secret->len == 43 && id->len == 17);
  mpass_settings_free(settings);
  OK(mpass_tenant_read_in(world->keyring, MPASS_GROUP_CUSTOMER, TEXT(id->text),
                          &host, world, &customer));
  OK(mpass_tenant_allows_address(customer, TEXT("192.0.2.1"), &is_allowed));
  CHECK(!is_allowed);
  CHECK_STATUS(MPASS_STATUS_WRONG_HANDLE,
               mpass_tenant_allows(customer, TEXT("Shop"), &is_allowed));
  mpass_tenant_free(customer);
}

uint64_t credits_of(struct world *world, const struct buffer *id,
                    uint64_t paid) {
  mpass_host host = host_of(world);
  uint64_t balance;
  OK(mpass_tenant_credits_in(world->keyring, TEXT(id->text), paid, &host, world,
                             &balance));
  return balance;
}
