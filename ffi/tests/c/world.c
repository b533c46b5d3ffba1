#include "world.h"

#include <pthread.h>

static uint64_t now(void *userdata) {
  return ((struct world *)userdata)->now_ms;
}

/* Several threads call this at once. */
static bool entropy(void *userdata, uint8_t *out, size_t len) {
  static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
  (void)userdata;
  CHECK(pthread_mutex_lock(&one_at_a_time) == 0);
  test_entropy(out, len);
  CHECK(pthread_mutex_unlock(&one_at_a_time) == 0);
  return true;
}

static uint32_t load(void *userdata, uint32_t kind, const uint8_t *key,
                     mpass_value *current) {
  struct world *world = (struct world *)userdata;
  uint32_t answer;
  if (world->is_store_broken)
    return MPASS_ANSWER_FAILED;
  OK(mpass_memory_store_load(world->store, kind, key, 16, current, &answer));
  return answer;
}

static uint32_t swap(void *userdata, uint32_t kind, const uint8_t *key,
                     const uint8_t *expected, size_t expected_len,
                     const uint8_t *value, size_t value_len,
                     const uint64_t *expires_at_ms, uint64_t now_ms,
                     mpass_value *current) {
  struct world *world = (struct world *)userdata;
  uint32_t answer;
  OK(mpass_memory_store_swap(world->store, kind, key, 16, expected,
                             expected_len, value, value_len, expires_at_ms,
                             now_ms, current, &answer));
  return world->is_store_lying ? MPASS_ANSWER_STORED : answer;
}

static uint32_t list(void *userdata, const uint8_t *after, uint32_t limit,
                     mpass_documents *documents) {
  struct world *world = (struct world *)userdata;
  uint32_t answer;
  if (world->is_store_broken)
    return MPASS_ANSWER_FAILED;
  OK(mpass_memory_store_list(world->store, after, after != NULL ? 16 : 0, limit,
                             documents, &answer));
  return answer;
}

static uint32_t deliver(void *userdata, const char *to, size_t to_len,
                        const char *text, size_t text_len, const char *sender,
                        size_t sender_len, uint32_t language) {
  struct world *world = (struct world *)userdata;
  CHECK(to_len == 13 && memcmp(to, NUMBER, 13) == 0);
  CHECK(sender_len == 4 && memcmp(sender, "Shop", 4) == 0);
  CHECK(language == MPASS_LANGUAGE_ENGLISH);
  CHECK(text_len < sizeof world->text);
  memcpy(world->text, text, text_len);
  world->text[text_len] = 0;
  world->text_len = text_len;
  return MPASS_ANSWER_DELIVERED;
}

static uint32_t assess(void *userdata, const char *number, size_t number_len,
                       uint32_t country, uint32_t *mobile) {
  struct world *world = (struct world *)userdata;
  CHECK(country == 966 || country == 0);
  CHECK(number_len == 13 && memcmp(number, NUMBER, 13) == 0);
  CHECK(*mobile == MPASS_MOBILE_UNKNOWN);
  if (world->assessment != 0)
    return world->assessment;
  *mobile = MPASS_MOBILE_YES;
  return MPASS_ASSESSMENT_VALID;
}

/* Also checks that the other setters fail before `set_active`. */
static uint32_t introspect(void *userdata, const char *token, size_t token_len,
                           mpass_introspection *introspection) {
  struct world *world = (struct world *)userdata;
  mpass_number *number;
  uint64_t expires_at_ms = world->now_ms + 60000;
  if (token_len != strlen(HOST_TOKEN) ||
      memcmp(token, HOST_TOKEN, token_len) != 0)
    return MPASS_ANSWER_INTROSPECTED;
  OK(mpass_number_parse(TEXT(NUMBER), 0, &number));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_introspection_set_id(introspection, TEXT("1")));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_introspection_add_scope(introspection, TEXT("any")));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_introspection_set_device(introspection, number, true));
  OK(mpass_introspection_set_active(introspection, TEXT("elsewhere"),
                                    &expires_at_ms));
  OK(mpass_introspection_set_id(introspection, TEXT("1")));
  OK(mpass_introspection_add_scope(introspection,
                                   TEXT("number-verification:verify")));
  OK(mpass_introspection_set_device(introspection, number, true));
  mpass_number_free(number);
  return MPASS_ANSWER_INTROSPECTED;
}

static uint32_t resolve(void *userdata, const char *address, size_t address_len,
                        mpass_value *number) {
  (void)userdata;
  if (address_len == strlen(DEVICE) && memcmp(address, DEVICE, address_len) == 0)
    OK(mpass_value_set(number, (const uint8_t *)NUMBER, 13));
  return MPASS_ANSWER_RESOLVED;
}

/* What a host signs in this test, which has no RSA: a modulus of 2048 bits. */
static const uint8_t EXPONENT[] = {0, 1, 0, 1};

static const uint8_t *modulus(void) {
  static uint8_t bytes[256];
  memset(bytes, 0xc7, sizeof bytes);
  return bytes;
}

static uint32_t signing_keys(void *userdata, mpass_signing_keys *keys) {
  static const uint8_t three[] = {3};
  (void)userdata;
  CHECK_STATUS(MPASS_STATUS_RSA_KEY_SIZE,
               mpass_signing_keys_add(keys, modulus(), 255, EXPONENT,
                                      sizeof EXPONENT));
  CHECK_STATUS(
      MPASS_STATUS_RSA_EXPONENT,
      mpass_signing_keys_add(keys, modulus(), 256, three, sizeof three));
  OK(mpass_signing_keys_add(keys, modulus(), 256, EXPONENT, sizeof EXPONENT));
  return MPASS_ANSWER_SIGNING_KEYS;
}

static uint32_t sign(void *userdata, const uint8_t *key, size_t key_len,
                     const uint8_t *message, size_t message_len,
                     mpass_value *signature) {
  (void)userdata;
  CHECK(key_len == 256 && memcmp(key, modulus(), key_len) == 0);
  CHECK(message_len > 0 && memcmp(message, "eyJhbGciOiJSUzI1NiI", 19) == 0);
  OK(mpass_value_set(signature, (const uint8_t *)SIGNATURE,
                     sizeof SIGNATURE - 1));
  return MPASS_ANSWER_SIGNED;
}

/* Only the signature that the engine knows to be genuine comes here. */
static uint32_t check_signature(void *userdata, const uint8_t *key,
                                size_t key_len, const uint8_t *message,
                                size_t message_len, const uint8_t *signature,
                                size_t signature_len) {
  (void)userdata;
  CHECK(key_len == 256 && message_len > 0 && signature_len == 256);
  CHECK(memcmp(message, "eyJhbGciOiJSUzI1NiJ9.", 21) == 0);
  return key[0] == 0xa1 && signature[0] == 0x70 ? MPASS_ANSWER_GENUINE
                                                : MPASS_ANSWER_FORGED;
}

void world_begin(struct world *world) {
  uint8_t bytes[32];
  memset(world, 0, sizeof *world);
  world->now_ms = 1800000000000u;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_memory_store_new(100000, &world->store));
  OK(mpass_keyring_generate(bytes, sizeof bytes, &world->keyring));
}

void world_end(struct world *world) {
  mpass_engine_free(world->engine);
  mpass_keyring_free(world->keyring);
  mpass_memory_store_free(world->store);
}

mpass_host host_of(const struct world *world) {
  mpass_host host;
  memset(&host, 0, sizeof host);
  host.size = sizeof host;
  host.now_ms = now;
  host.entropy = entropy;
  host.load = load;
  host.swap = swap;
  host.list = list;
  host.deliver = deliver;
  if (world->has_no_support)
    return host;
  host.assess = assess;
  host.introspect = introspect;
  host.resolve = resolve;
  host.signing_keys = signing_keys;
  host.sign = sign;
  host.check_signature = check_signature;
  return host;
}

bool read_stored(struct world *world, uint32_t kind,
                 const struct buffer *store_key, struct buffer *value) {
  mpass_value *found;
  bool is_present;
  OK(mpass_value_new(&found));
  CHECK(load(world, kind, (const uint8_t *)store_key->text, found) ==
        MPASS_ANSWER_LOADED);
  OK(mpass_value_get(found, &is_present, BYTES(*value)));
  mpass_value_free(found);
  return is_present;
}

void create_tenant(struct world *world, const mpass_settings *settings,
                   struct buffer *credential, struct buffer *name) {
  mpass_host host = host_of(world);
  mpass_credential *created;
  struct buffer stamp;
  uint64_t until_ms;
  bool is_present;
  OK(mpass_tenant_create_in(world->keyring, settings, &host, world, &created));
  OK(mpass_credential_text(created, OUT(*credential)));
  credential->text[credential->len] = 0;
  if (name != NULL) {
    OK(mpass_credential_name(created, OUT(*name)));
    name->text[name->len] = 0;
  }
  OK(mpass_credential_stamp(created, OUT(stamp)));
  CHECK(stamp.len == 16);
  OK(mpass_credential_predecessor_until_ms(created, &is_present, &until_ms));
  CHECK(!is_present && until_ms == 0);
  mpass_credential_free(created);
}

void store_pending(struct world *world, mpass_pending *pending) {
  struct buffer store_key, expected, next;
  mpass_value *conflicting;
  uint64_t expires_at_ms;
  uint32_t kind, answer;
  bool is_expected, expires;
  OK(mpass_pending_store_kind(pending, &kind));
  OK(mpass_pending_store_key(pending, BYTES(store_key)));
  OK(mpass_pending_expected(pending, &is_expected, BYTES(expected)));
  OK(mpass_pending_next(pending, BYTES(next)));
  OK(mpass_pending_expires_at_ms(pending, &expires, &expires_at_ms));
  OK(mpass_value_new(&conflicting));
  OK(mpass_memory_store_swap(
      world->store, kind, (const uint8_t *)store_key.text, store_key.len,
      is_expected ? (const uint8_t *)expected.text : NULL,
      is_expected ? expected.len : 0, (const uint8_t *)next.text, next.len,
      expires ? &expires_at_ms : NULL, world->now_ms, conflicting, &answer));
  CHECK(answer == MPASS_ANSWER_STORED);
  OK(mpass_pending_stored(pending));
  mpass_value_free(conflicting);
}

mpass_request *request_of(const char *method, const char *path,
                          const char *query, const char *peer) {
  mpass_request *request;
  OK(mpass_request_new(TEXT(method), TEXT(path), TEXT(query), TEXT(peer),
                       &request));
  OK(mpass_request_add_header(request, TEXT("User-Agent"), TEXT("test")));
  return request;
}

bool header_of(mpass_reply *reply, const char *name, struct buffer *value) {
  size_t count, i;
  OK(mpass_reply_header_count(reply, &count));
  for (i = 0; i < count; i++) {
    OK(mpass_reply_header_name(reply, i, OUT(*value)));
    if (!reads(value, name))
      continue;
    OK(mpass_reply_header_value(reply, i, OUT(*value)));
    value->text[value->len] = 0;
    return true;
  }
  return false;
}

void check_reply(mpass_reply *reply, uint16_t http, const char *body,
                 const char *reason) {
  struct buffer text;
  uint32_t number;
  uint16_t seen;
  OK(mpass_reply_reason(reply, &number));
  OK(mpass_reason_name(number, OUT(text)));
  OK(mpass_reply_status(reply, &seen));
  if (!reads(&text, reason) || seen != http) {
    fprintf(stderr, "%u %s, expected %u %s\n", (unsigned)seen, text.text,
            (unsigned)http, reason);
    exit(1);
  }
  OK(mpass_reply_body(reply, BYTES(text)));
  CHECK(body == NULL || reads(&text, body));
  CHECK(text.len == 0 || (header_of(reply, "Content-Type", &text) &&
                          reads(&text, "application/json")));
  mpass_reply_free(reply);
}

mpass_reply *driven(struct world *world, mpass_request *request) {
  mpass_host host = host_of(world);
  mpass_reply *reply;
  OK(mpass_drive(world->engine, request, &host, world, &reply));
  mpass_request_free(request);
  return reply;
}

/* Performs a step; `value` receives the value of the answer. */
static uint32_t perform(mpass_exchange *exchange, struct world *world,
                        uint32_t step, mpass_value *value) {
  struct buffer key, expected, next;
  uint64_t expires_at_ms;
  uint32_t kind, language, alphabet, answer;
  size_t segments;
  bool is_present, expires;
  if (step == MPASS_STEP_DELIVER) {
    OK(mpass_exchange_sms_to(exchange, OUT(key)));
    OK(mpass_exchange_sms_text(exchange, OUT(next)));
    OK(mpass_exchange_sms_sender(exchange, &is_present, OUT(expected)));
    OK(mpass_exchange_sms_form(exchange, &language, &alphabet, &segments));
    CHECK(is_present && alphabet == MPASS_ALPHABET_GSM7 && segments == 1);
    return deliver(world, key.text, key.len, next.text, next.len, expected.text,
                   expected.len, language);
  }
  OK(mpass_exchange_store_kind(exchange, &kind));
  OK(mpass_exchange_store_key(exchange, BYTES(key)));
  if (step == MPASS_STEP_LOAD)
    return load(world, kind, (const uint8_t *)key.text, value);
  CHECK(step == MPASS_STEP_SWAP);
  OK(mpass_exchange_swap_expected(exchange, &is_present, BYTES(expected)));
  OK(mpass_exchange_swap_value(exchange, BYTES(next)));
  OK(mpass_exchange_swap_expires_at_ms(exchange, &expires, &expires_at_ms));
  OK(mpass_memory_store_swap(
      world->store, kind, (const uint8_t *)key.text, key.len,
      is_present ? (const uint8_t *)expected.text : NULL,
      is_present ? expected.len : 0, (const uint8_t *)next.text, next.len,
      expires ? &expires_at_ms : NULL, world->now_ms, value, &answer));
  return answer;
}

/* Answers a step of RS256; false for other steps. */
static bool rs256(mpass_exchange *exchange, struct world *world,
                  uint32_t *step) {
  mpass_signing_keys *keys;
  mpass_value *value;
  struct buffer key, message, signature;
  bool is_present;
  uint32_t answer;
  if (*step == MPASS_STEP_SIGNING_KEYS) {
    OK(mpass_signing_keys_new(&keys));
    answer = signing_keys(world, keys);
    CHECK_STATUS(MPASS_STATUS_INVALID_ARGUMENT,
                 mpass_exchange_next(exchange, answer, NULL, 0, world->now_ms,
                                     step));
    OK(mpass_exchange_next_signing_keys(exchange, keys, world->now_ms, step));
    mpass_signing_keys_free(keys);
    return true;
  }
  if (*step != MPASS_STEP_SIGN && *step != MPASS_STEP_CHECK_SIGNATURE) {
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_exchange_signature_modulus(exchange, BYTES(key)));
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_exchange_signature_message(exchange, BYTES(message)));
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_exchange_signature_value(exchange, BYTES(signature)));
    return false;
  }
  OK(mpass_exchange_signature_modulus(exchange, BYTES(key)));
  OK(mpass_exchange_signature_message(exchange, BYTES(message)));
  if (*step == MPASS_STEP_SIGN) {
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_exchange_signature_value(exchange, BYTES(signature)));
    OK(mpass_value_new(&value));
    answer = sign(world, (const uint8_t *)key.text, key.len,
                  (const uint8_t *)message.text, message.len, value);
    OK(mpass_value_get(value, &is_present, BYTES(signature)));
    CHECK(is_present);
    OK(mpass_exchange_next(exchange, answer, (const uint8_t *)signature.text,
                           signature.len, world->now_ms, step));
    mpass_value_free(value);
    return true;
  }
  OK(mpass_exchange_signature_value(exchange, BYTES(signature)));
  answer = check_signature(
      world, (const uint8_t *)key.text, key.len, (const uint8_t *)message.text,
      message.len, (const uint8_t *)signature.text, signature.len);
  OK(mpass_exchange_next(exchange, answer, NULL, 0, world->now_ms, step));
  return true;
}

/* Answers a step that is not the store's, the gateway's or the reply; false for
 * those. */
static bool look_up(mpass_exchange *exchange, struct world *world,
                    uint32_t *step) {
  mpass_introspection *introspection;
  mpass_number *number = NULL;
  mpass_value *value;
  struct buffer text;
  uint32_t country;
  bool is_present;
  if (world->has_no_support &&
      (*step == MPASS_STEP_ASSESS || *step == MPASS_STEP_INTROSPECT ||
       *step == MPASS_STEP_RESOLVE || *step == MPASS_STEP_SIGNING_KEYS ||
       *step == MPASS_STEP_SIGN || *step == MPASS_STEP_CHECK_SIGNATURE)) {
    OK(mpass_exchange_next(exchange, MPASS_ANSWER_UNSUPPORTED, NULL, 0,
                           world->now_ms, step));
    return true;
  }
  if (*step == MPASS_STEP_ASSESS) {
    OK(mpass_exchange_assess_number(exchange, &country, OUT(text)));
    CHECK(reads(&text, NUMBER));
    OK(mpass_exchange_next_assessed(
        exchange,
        world->assessment != 0 ? world->assessment : MPASS_ASSESSMENT_VALID,
        MPASS_MOBILE_YES, world->now_ms, step));
    return true;
  }
  if (*step == MPASS_STEP_INTROSPECT) {
    OK(mpass_exchange_introspect_token(exchange, OUT(text)));
    OK(mpass_introspection_new(&introspection));
    introspect(world, text.text, text.len, introspection);
    OK(mpass_exchange_next_introspected(exchange, introspection, world->now_ms,
                                        step));
    mpass_introspection_free(introspection);
    return true;
  }
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_exchange_introspect_token(exchange, OUT(text)));
  if (*step == MPASS_STEP_RESOLVE) {
    OK(mpass_exchange_resolve_address(exchange, OUT(text)));
    OK(mpass_value_new(&value));
    resolve(world, text.text, text.len, value);
    OK(mpass_value_get(value, &is_present, BYTES(text)));
    if (is_present)
      OK(mpass_number_parse(text.text, text.len, 0, &number));
    OK(mpass_exchange_next_resolved(exchange, number, world->now_ms, step));
    mpass_number_free(number);
    mpass_value_free(value);
    return true;
  }
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_exchange_resolve_address(exchange, OUT(text)));
  return rs256(exchange, world, step);
}

mpass_reply *stepped(struct world *world, mpass_request *request) {
  mpass_exchange *exchange;
  mpass_reply *reply;
  uint8_t bytes[32];
  uint32_t step;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_engine_begin(world->engine, request, world->now_ms, bytes,
                        sizeof bytes, &exchange));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE, mpass_exchange_reply(exchange, &reply));
  CHECK(reply == NULL);
  OK(mpass_exchange_next(exchange, MPASS_ANSWER_BEGIN, NULL, 0, world->now_ms,
                         &step));
  while (step != MPASS_STEP_REPLY) {
    mpass_value *value;
    struct buffer current;
    uint32_t answer;
    bool is_present;
    if (look_up(exchange, world, &step))
      continue;
    OK(mpass_value_new(&value));
    answer = perform(exchange, world, step, value);
    OK(mpass_value_get(value, &is_present, BYTES(current)));
    OK(mpass_exchange_next(exchange, answer,
                           is_present ? (const uint8_t *)current.text : NULL,
                           is_present ? current.len : 0, world->now_ms, &step));
    mpass_value_free(value);
  }
  OK(mpass_exchange_reply(exchange, &reply));
  mpass_exchange_free(exchange);
  mpass_request_free(request);
  return reply;
}
