/* The mPass exchange with this program as the host: driven by callbacks and
 * step by step, over the store in memory; attempts from many threads at once;
 * and the probe. */
#include "check.h"

#include <pthread.h>

#define SEND "/mpass-web/rest/mv/msg"
#define VERIFY "/mpass-web/rest/mv/verify"
#define ACCEPT "{\"description\":\"Accept\",\"status\":\"0\"}"
#define DENIED "{\"description\":\"Access Denied\",\"status\":\"2\"}"
#define REJECT "{\"description\":\"Reject\",\"status\":\"3\"}"
#define INTERNAL "{\"description\":\"Internal Error Occurred\",\"status\":\"100\"}"

/* Attempts at once, how often, and the tries of each challenge. */
#define PARALLEL 64
#define ROUNDS 4
#define TRIES 5

struct world {
  mpass_memory_store *store;
  uint64_t now_ms;
  char text[512];
  size_t text_len;
  bool is_store_broken;
  bool is_store_lying;
};

static uint64_t now(void *userdata) {
  return ((struct world *)userdata)->now_ms;
}

/* A host's callbacks come from every thread that serves. */
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
                     uint64_t expires_at_ms, uint64_t now_ms,
                     mpass_value *current) {
  struct world *world = (struct world *)userdata;
  uint32_t answer;
  OK(mpass_memory_store_swap(world->store, kind, key, 16, expected,
                             expected_len, value, value_len, expires_at_ms,
                             now_ms, current, &answer));
  return world->is_store_lying ? MPASS_ANSWER_STORED : answer;
}

static uint32_t deliver(void *userdata, const char *to, size_t to_len,
                        const char *text, size_t text_len, const char *sender,
                        size_t sender_len, uint32_t language) {
  struct world *world = (struct world *)userdata;
  CHECK(to_len == 13 && memcmp(to, "+966500000000", 13) == 0);
  CHECK(sender_len == 4 && memcmp(sender, "Shop", 4) == 0);
  CHECK(language == MPASS_LANGUAGE_ENGLISH);
  CHECK(text_len < sizeof world->text);
  memcpy(world->text, text, text_len);
  world->text[text_len] = 0;
  world->text_len = text_len;
  return MPASS_ANSWER_DELIVERED;
}

static uint32_t assess(void *userdata, const char *number, size_t number_len,
                       uint32_t country, mpass_value *canonical,
                       uint32_t *mobile) {
  (void)userdata;
  CHECK(country == 966);
  if (number_len >= 4 && memcmp(number, "+999", 4) == 0)
    return MPASS_ASSESSMENT_INVALID;
  OK(mpass_value_set(canonical, (const uint8_t *)"+966500000000", 13));
  *mobile = MPASS_MOBILE_YES;
  return MPASS_ASSESSMENT_VALID;
}

static mpass_host host_of(void) {
  mpass_host host;
  memset(&host, 0, sizeof host);
  host.size = sizeof host;
  host.now_ms = now;
  host.entropy = entropy;
  host.load = load;
  host.swap = swap;
  host.assess = assess;
  host.deliver = deliver;
  return host;
}

/* Creates the channel by its pending write and gives its key. */
static void create_channel(struct world *world, mpass_keyring *keyring,
                           struct buffer *channel_key) {
  mpass_channel_settings *settings;
  mpass_policy *policy;
  mpass_pending *pending;
  mpass_value *conflicting;
  struct buffer place, value;
  uint8_t bytes[32];
  uint64_t expires_at_ms;
  uint32_t kind, answer;
  bool is_expected;
  OK(mpass_channel_settings_new(TEXT("web"), &settings));
  OK(mpass_policy_new(&policy));
  OK(mpass_policy_set_resend_interval_ms(policy, 0));
  OK(mpass_policy_set_tries(policy, TRIES));
  OK(mpass_policy_set_sends(policy, 10000, 3600000, 10000));
  OK(mpass_policy_set_guesses(policy, 10000, 3600000, 10000));
  OK(mpass_channel_settings_set_policy(settings, policy));
  OK(mpass_channel_settings_set_sender(settings, TEXT("Shop")));
  OK(mpass_channel_settings_set_country(settings, 966));
  OK(mpass_channel_settings_add_address(settings, TEXT("127.0.0.0/8")));
  test_entropy(bytes, sizeof bytes);
  OK(mpass_channel_create(keyring, NULL, 0, settings, world->now_ms, bytes,
                          sizeof bytes, &pending));
  OK(mpass_pending_kind(pending, &kind));
  CHECK(kind == MPASS_KIND_TENANT);
  OK(mpass_pending_key(pending, BYTES(place)));
  OK(mpass_pending_expected(pending, &is_expected, BYTES(value)));
  CHECK(!is_expected);
  OK(mpass_pending_next(pending, BYTES(value)));
  OK(mpass_pending_expires_at_ms(pending, &expires_at_ms));
  CHECK(expires_at_ms == UINT64_MAX);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_pending_channel_key(pending, OUT(*channel_key)));
  OK(mpass_value_new(&conflicting));
  OK(mpass_memory_store_swap(world->store, kind, (const uint8_t *)place.text,
                             place.len, NULL, 0, (const uint8_t *)value.text,
                             value.len, expires_at_ms, world->now_ms,
                             conflicting, &answer));
  CHECK(answer == MPASS_ANSWER_STORED);
  OK(mpass_pending_stored(pending));
  OK(mpass_pending_channel_key(pending, OUT(*channel_key)));
  CHECK(channel_key->len == 64);
  channel_key->text[channel_key->len] = 0;
  mpass_value_free(conflicting);
  mpass_pending_free(pending);
  mpass_policy_free(policy);
  mpass_channel_settings_free(settings);
}

static mpass_request *request_of(const char *path, const char *query) {
  mpass_request *request;
  OK(mpass_request_new(TEXT("GET"), TEXT(path), TEXT(query), TEXT("127.0.0.1"),
                       &request));
  OK(mpass_request_add_header(request, TEXT("User-Agent"), TEXT("test")));
  return request;
}

static void check_reply(mpass_reply *reply, const char *body,
                        const char *reason) {
  struct buffer text;
  uint32_t number;
  uint16_t http;
  size_t count, i;
  bool is_json = false;
  OK(mpass_reply_body(reply, BYTES(text)));
  CHECK(reads(&text, body));
  OK(mpass_reply_status(reply, &http));
  CHECK(http == 200);
  OK(mpass_reply_reason(reply, &number));
  OK(mpass_reason_name(number, OUT(text)));
  CHECK(reads(&text, reason));
  OK(mpass_reply_header_count(reply, &count));
  for (i = 0; i < count; i++) {
    OK(mpass_reply_header_name(reply, i, OUT(text)));
    if (!reads(&text, "Content-Type"))
      continue;
    OK(mpass_reply_header_value(reply, i, OUT(text)));
    is_json = reads(&text, "application/json");
  }
  CHECK(is_json);
}

/* One request through the driver. */
static void driven(mpass_engine *engine, struct world *world, const char *path,
                   const char *query, const char *body, const char *reason) {
  mpass_host host = host_of();
  mpass_request *request = request_of(path, query);
  mpass_reply *reply;
  OK(mpass_drive(engine, request, &host, world, &reply));
  check_reply(reply, body, reason);
  mpass_reply_free(reply);
  mpass_request_free(request);
}

/* What a step asks for, done by hand; the answer's value goes to `value`. */
static uint32_t perform(mpass_exchange *exchange, struct world *world,
                        uint32_t step, mpass_value *value) {
  struct buffer key, expected, next;
  uint64_t expires_at_ms;
  uint32_t kind, language, alphabet, answer;
  size_t segments;
  bool is_present;
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
  OK(mpass_exchange_swap_expires_at_ms(exchange, &expires_at_ms));
  OK(mpass_memory_store_swap(
      world->store, kind, (const uint8_t *)key.text, key.len,
      is_present ? (const uint8_t *)expected.text : NULL,
      is_present ? expected.len : 0, (const uint8_t *)next.text, next.len,
      expires_at_ms, world->now_ms, value, &answer));
  return answer;
}

/* The same request step by step. */
static void stepped(mpass_engine *engine, struct world *world, const char *path,
                    const char *query, const char *body, const char *reason) {
  mpass_request *request = request_of(path, query);
  mpass_exchange *exchange;
  mpass_number *number;
  mpass_reply *reply;
  struct buffer text;
  uint8_t bytes[32];
  uint32_t step, country;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_number_parse(TEXT("+966500000000"), 0, &number));
  OK(mpass_engine_begin(engine, request, world->now_ms, bytes, sizeof bytes,
                        &exchange));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE, mpass_exchange_reply(exchange, &reply));
  CHECK(reply == NULL);
  OK(mpass_exchange_next(exchange, MPASS_ANSWER_BEGIN, NULL, 0, world->now_ms,
                         &step));
  while (step != MPASS_STEP_REPLY) {
    mpass_value *value;
    struct buffer current;
    uint32_t answer;
    bool is_present;
    if (step == MPASS_STEP_ASSESS) {
      OK(mpass_exchange_assess_number(exchange, &country, OUT(text)));
      CHECK(country == 966 && reads(&text, "+966500000000"));
      OK(mpass_exchange_next_assessed(exchange, MPASS_ASSESSMENT_VALID, number,
                                      MPASS_MOBILE_YES, world->now_ms, &step));
      continue;
    }
    OK(mpass_value_new(&value));
    answer = perform(exchange, world, step, value);
    OK(mpass_value_get(value, &is_present, BYTES(current)));
    OK(mpass_exchange_next(exchange, answer,
                           is_present ? (const uint8_t *)current.text : NULL,
                           is_present ? current.len : 0, world->now_ms, &step));
    mpass_value_free(value);
  }
  OK(mpass_exchange_reply(exchange, &reply));
  check_reply(reply, body, reason);
  mpass_reply_free(reply);
  mpass_exchange_free(exchange);
  mpass_number_free(number);
  mpass_request_free(request);
}

typedef void (*way)(mpass_engine *, struct world *, const char *, const char *,
                    const char *, const char *);

static void verify_query(char *query, size_t room, const char *channel_key,
                         const char *otp) {
  snprintf(query, room, "apikey=%s&dest=%%2B966500000000&otp=%s", channel_key,
           otp);
}

/* Sends a code and gives it, and another of the same length. */
static void send_code(mpass_engine *engine, struct world *world,
                      const char *channel_key, way request, char code[7],
                      char wrong[7]) {
  char query[256];
  snprintf(query, sizeof query, "apikey=%s&dest=%%2B966500000000", channel_key);
  world->text_len = 0;
  request(engine, world, SEND, query, ACCEPT, "sent");
  CHECK(world->text_len > 6);
  memcpy(code, world->text, 6);
  code[6] = 0;
  memcpy(wrong, code, 7);
  wrong[5] = code[5] == '0' ? '1' : '0';
}

/* Sent, wrong, right, used up: each as the contract says. */
static void one_life(mpass_engine *engine, struct world *world,
                     const char *channel_key, way request) {
  char query[256], code[7], wrong[7];
  send_code(engine, world, channel_key, request, code, wrong);
  verify_query(query, sizeof query, channel_key, wrong);
  request(engine, world, VERIFY, query, REJECT, "wrong_code");
  verify_query(query, sizeof query, channel_key, code);
  request(engine, world, VERIFY, query, ACCEPT, "accepted");
  request(engine, world, VERIFY, query, REJECT, "used");
  count_passed("exchange", 1);
}

/* One of the attempts at once. */
struct attempt {
  mpass_engine *engine;
  struct world *world;
  const char *query;
  pthread_barrier_t *start;
  pthread_t thread;
  uint32_t reason;
};

static void *attempt_once(void *argument) {
  struct attempt *attempt = (struct attempt *)argument;
  mpass_host host = host_of();
  mpass_request *request = request_of(VERIFY, attempt->query);
  mpass_reply *reply;
  int begun = pthread_barrier_wait(attempt->start);
  CHECK(begun == 0 || begun == PTHREAD_BARRIER_SERIAL_THREAD);
  OK(mpass_drive(attempt->engine, request, &host, attempt->world, &reply));
  OK(mpass_reply_reason(reply, &attempt->reason));
  mpass_reply_free(reply);
  mpass_request_free(request);
  return NULL;
}

/* The same code from every thread; how many ended for the one reason, where
 * all others ended for the other. */
static unsigned race(mpass_engine *engine, struct world *world,
                     const char *query, const char *one, const char *other) {
  struct attempt attempts[PARALLEL];
  pthread_barrier_t start;
  struct buffer name;
  unsigned count = 0;
  size_t i;
  CHECK(pthread_barrier_init(&start, NULL, PARALLEL) == 0);
  for (i = 0; i < PARALLEL; i++) {
    attempts[i].engine = engine;
    attempts[i].world = world;
    attempts[i].query = query;
    attempts[i].start = &start;
    CHECK(pthread_create(&attempts[i].thread, NULL, attempt_once,
                         &attempts[i]) == 0);
  }
  for (i = 0; i < PARALLEL; i++) {
    CHECK(pthread_join(attempts[i].thread, NULL) == 0);
    OK(mpass_reason_name(attempts[i].reason, OUT(name)));
    if (reads(&name, one))
      count++;
    else
      CHECK(reads(&name, other));
  }
  CHECK(pthread_barrier_destroy(&start) == 0);
  return count;
}

/* Of right codes one is accepted; wrong codes are compared no more than the
 * tries, the last of which is told as "none left". */
static void check_parallel(mpass_engine *engine, struct world *world,
                           const char *channel_key) {
  char query[256], code[7], wrong[7];
  int round;
  for (round = 0; round < ROUNDS; round++) {
    send_code(engine, world, channel_key, driven, code, wrong);
    verify_query(query, sizeof query, channel_key, wrong);
    CHECK(race(engine, world, query, "wrong_code", "exhausted") == TRIES - 1);
    verify_query(query, sizeof query, channel_key, code);
    driven(engine, world, VERIFY, query, REJECT, "exhausted");
    send_code(engine, world, channel_key, driven, code, wrong);
    verify_query(query, sizeof query, channel_key, code);
    CHECK(race(engine, world, query, "accepted", "used") == 1);
    count_passed("parallel", 2 * PARALLEL);
  }
}

static void check_probe(struct world *world, bool is_sound) {
  mpass_host host = host_of();
  uint8_t bytes[32];
  uint32_t failure, kind;
  size_t won;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_store_probe(&host, world, 8, 2, world->now_ms, bytes, sizeof bytes,
                       &failure, &kind, &won));
  CHECK((failure == MPASS_PROBE_PASSED) == is_sound);
}

void test_exchange(void) {
  struct world world;
  struct buffer channel_key;
  mpass_keyring *keyring;
  mpass_engine *engine;
  char query[256];
  uint8_t bytes[32];
  size_t len;
  memset(&world, 0, sizeof world);
  world.now_ms = 1800000000000u;
  test_entropy(bytes, sizeof bytes);
  OK(mpass_memory_store_new(100000, &world.store));
  OK(mpass_keyring_generate(bytes, sizeof bytes, &keyring));
  OK(mpass_engine_new(keyring, &engine));
  create_channel(&world, keyring, &channel_key);
  one_life(engine, &world, channel_key.text, driven);
  one_life(engine, &world, channel_key.text, stepped);
  check_parallel(engine, &world, channel_key.text);
  OK(mpass_memory_store_len(world.store, &len));
  CHECK(len == 2);
  driven(engine, &world, SEND, "apikey=nobody&dest=%2B966500000000", DENIED,
         "unknown_credential");
  world.is_store_broken = true;
  verify_query(query, sizeof query, channel_key.text, "123456");
  driven(engine, &world, VERIFY, query, INTERNAL, "store_failed");
  world.is_store_broken = false;
  check_probe(&world, true);
  world.is_store_lying = true;
  check_probe(&world, false);
  mpass_engine_free(engine);
  mpass_keyring_free(keyring);
  mpass_memory_store_free(world.store);
}
