/* The mPass exchange with this program as the host, through callbacks and step
 * by step, on the in-memory store; parallel attempts; and the probe. */
#include "world.h"

#include <pthread.h>

#define SEND "/mpass-web/rest/mv/msg"
#define VERIFY "/mpass-web/rest/mv/verify"
#define ACCEPT "{\"description\":\"Accept\",\"status\":\"0\"}"
#define DENIED "{\"description\":\"Access Denied\",\"status\":\"2\"}"
#define REJECT "{\"description\":\"Reject\",\"status\":\"3\"}"
#define INTERNAL "{\"description\":\"Internal Error Occurred\",\"status\":\"100\"}"

/* Parallel attempts, rounds, and tries per challenge. */
#define PARALLEL 64
#define ROUNDS 4
#define TRIES 5

/* Creates the channel and returns its key. */
static void create_channel(struct world *world, struct buffer *channel_key) {
  mpass_settings *settings;
  OK(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT("web")));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_RESEND_INTERVAL_MS, 0));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_TRIES, TRIES));
  OK(mpass_settings_set_limit(settings, MPASS_FIELD_SENDS, 10000, 3600000,
                              10000));
  OK(mpass_settings_set_limit(settings, MPASS_FIELD_GUESSES, 10000, 3600000,
                              10000));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_SENDER, TEXT("Shop")));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_COUNTRY, 966));
  OK(mpass_settings_add_text(settings, MPASS_FIELD_ADDRESSES,
                             TEXT("127.0.0.0/8")));
  create_tenant(world, settings, channel_key, NULL);
  CHECK(channel_key->len == 64);
  mpass_settings_free(settings);
}

/* One request of a channel. */
static void get(send_fn request, struct world *world, const char *path,
                const char *query, const char *body, const char *reason) {
  mpass_request *made = request_of("GET", path, query, "127.0.0.1");
  check_reply(request(world, made), 200, body, reason);
}

static void verify_query(char *query, size_t room, const char *channel_key,
                         const char *otp) {
  snprintf(query, room, "apikey=%s&dest=%%2B966500000000&otp=%s", channel_key,
           otp);
}

/* Sends a code and returns it, and a wrong one of the same length. */
static void send_code(struct world *world, const char *channel_key,
                      send_fn request, char code[7], char wrong[7]) {
  char query[256];
  snprintf(query, sizeof query, "apikey=%s&dest=%%2B966500000000", channel_key);
  world->text_len = 0;
  get(request, world, SEND, query, ACCEPT, "sent");
  CHECK(world->text_len > 6);
  memcpy(code, world->text, 6);
  code[6] = 0;
  memcpy(wrong, code, 7);
  wrong[5] = code[5] == '0' ? '1' : '0';
}

/* A code is sent, then a wrong code, the right one, and the right one again. */
static void round_trip(struct world *world, const char *channel_key,
                       send_fn request) {
  char query[256], code[7], wrong[7];
  send_code(world, channel_key, request, code, wrong);
  verify_query(query, sizeof query, channel_key, wrong);
  get(request, world, VERIFY, query, REJECT, "wrong_code");
  verify_query(query, sizeof query, channel_key, code);
  get(request, world, VERIFY, query, ACCEPT, "accepted");
  get(request, world, VERIFY, query, REJECT, "used");
  count_passed("exchange", 1);
}

/* One of the parallel attempts. */
struct attempt {
  struct world *world;
  const char *query;
  pthread_barrier_t *start;
  pthread_t thread;
  uint32_t reason;
};

static void *attempt_once(void *argument) {
  struct attempt *attempt = (struct attempt *)argument;
  mpass_request *request =
      request_of("GET", VERIFY, attempt->query, "127.0.0.1");
  mpass_reply *reply;
  int begun = pthread_barrier_wait(attempt->start);
  CHECK(begun == 0 || begun == PTHREAD_BARRIER_SERIAL_THREAD);
  reply = driven(attempt->world, request);
  OK(mpass_reply_reason(reply, &attempt->reason));
  mpass_reply_free(reply);
  return NULL;
}

/* Attempts the same code from all threads. Returns how many ended with the
 * first reason; all others must end with the second. */
static unsigned race(struct world *world, const char *query, const char *one,
                     const char *other) {
  struct attempt attempts[PARALLEL];
  pthread_barrier_t start;
  struct buffer name;
  unsigned count = 0;
  size_t i;
  CHECK(pthread_barrier_init(&start, NULL, PARALLEL) == 0);
  for (i = 0; i < PARALLEL; i++) {
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

/* One right code is accepted. Wrong codes are compared at most as often as
 * there are tries, the last of which is reported as exhausted. */
static void check_parallel(struct world *world, const char *channel_key) {
  char query[256], code[7], wrong[7];
  int round;
  for (round = 0; round < ROUNDS; round++) {
    send_code(world, channel_key, driven, code, wrong);
    verify_query(query, sizeof query, channel_key, wrong);
    CHECK(race(world, query, "wrong_code", "exhausted") == TRIES - 1);
    verify_query(query, sizeof query, channel_key, code);
    get(driven, world, VERIFY, query, REJECT, "exhausted");
    send_code(world, channel_key, driven, code, wrong);
    verify_query(query, sizeof query, channel_key, code);
    CHECK(race(world, query, "accepted", "used") == 1);
    count_passed("parallel", 2 * PARALLEL);
  }
}

/* The channel, the only document, and misuses of lists. */
static void check_documents(struct world *world) {
  mpass_documents *documents;
  struct buffer key, value, found;
  uint32_t answer;
  size_t count;
  OK(mpass_documents_new(&documents));
  OK(mpass_memory_store_list(world->store, NULL, 0, 10, documents, &answer));
  OK(mpass_documents_len(documents, &count));
  CHECK(answer == MPASS_ANSWER_LISTED && count == 1);
  OK(mpass_documents_key(documents, 0, BYTES(key)));
  OK(mpass_documents_value(documents, 0, BYTES(value)));
  CHECK(key.len == 16);
  CHECK(read_stored(world, MPASS_KIND_DOCUMENT, &key, &found));
  CHECK(found.len == value.len && memcmp(found.text, value.text, value.len) == 0);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_documents_key(documents, 1, BYTES(key)));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_documents_value(documents, 1, BYTES(value)));
  CHECK_STATUS(MPASS_STATUS_BUFFER_TOO_SMALL,
               mpass_documents_value(documents, 0, (uint8_t *)value.text, 1,
                                     &value.len));
  CHECK_STATUS(MPASS_STATUS_WRONG_LENGTH,
               mpass_documents_add(documents, (const uint8_t *)key.text, 15,
                                   (const uint8_t *)TEXT("value")));
  CHECK_STATUS(MPASS_STATUS_WRONG_LENGTH,
               mpass_memory_store_list(world->store, (const uint8_t *)key.text,
                                       15, 10, documents, &answer));
  OK(mpass_memory_store_list(world->store, (const uint8_t *)key.text, 16, 10,
                             documents, &answer));
  OK(mpass_documents_len(documents, &count));
  CHECK(answer == MPASS_ANSWER_LISTED && count == 0);
  mpass_documents_free(documents);
}

/* After a clock that was ahead is set back, what was dropped stays refused. */
static void check_expired(void) {
  static const uint8_t KEYS[2][16] = {{1}, {2}};
  static const uint8_t VALUE[4] = {0};
  const uint64_t ends_at_ms = 5;
  mpass_memory_store *store;
  mpass_value *current;
  uint32_t answer;
  OK(mpass_memory_store_new(1, &store));
  OK(mpass_value_new(&current));
  OK(mpass_memory_store_swap(store, MPASS_KIND_STATE, KEYS[0], 16, NULL, 0,
                             VALUE, 4, &ends_at_ms, 1, current, &answer));
  CHECK(answer == MPASS_ANSWER_STORED);
  OK(mpass_memory_store_swap(store, MPASS_KIND_STATE, KEYS[1], 16, NULL, 0,
                             VALUE, 4, NULL, 1, current, &answer));
  CHECK(answer == MPASS_ANSWER_FULL);
  OK(mpass_memory_store_swap(store, MPASS_KIND_STATE, KEYS[1], 16, NULL, 0,
                             VALUE, 4, NULL, 5, current, &answer));
  CHECK(answer == MPASS_ANSWER_STORED);
  OK(mpass_memory_store_swap(store, MPASS_KIND_STATE, KEYS[0], 16, NULL, 0,
                             VALUE, 4, &ends_at_ms, 1, current, &answer));
  CHECK(answer == MPASS_ANSWER_EXPIRED);
  /* What does not expire is kept. */
  OK(mpass_memory_store_swap(store, MPASS_KIND_STATE, KEYS[0], 16, NULL, 0,
                             VALUE, 4, NULL, UINT64_MAX, current, &answer));
  CHECK(answer == MPASS_ANSWER_FULL);
  mpass_value_free(current);
  mpass_memory_store_free(store);
}

static void check_probe(struct world *world, bool is_sound) {
  mpass_host host = host_of(world);
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
  char query[256];
  size_t len;
  world_begin(&world);
  OK(mpass_engine_new(world.keyring, NULL, &world.engine));
  create_channel(&world, &channel_key);
  round_trip(&world, channel_key.text, driven);
  round_trip(&world, channel_key.text, stepped);
  check_parallel(&world, channel_key.text);
  check_documents(&world);
  check_expired();
  OK(mpass_memory_store_len(world.store, &len));
  CHECK(len == 2);
  get(driven, &world, SEND, "apikey=nobody&dest=%2B966500000000", DENIED,
      "unknown_credential");
  world.is_store_broken = true;
  verify_query(query, sizeof query, channel_key.text, "123456");
  get(driven, &world, VERIFY, query, INTERNAL, "store_failed");
  world.is_store_broken = false;
  check_probe(&world, true);
  world.is_store_lying = true;
  check_probe(&world, false);
  world_end(&world);
}
