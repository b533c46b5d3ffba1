/* The header of a store, and what a restore from a backup makes void. */
#include "vectors.h"
#include "world.h"

static const uint8_t KEY[16] = {0};

static void put_document(struct world *world, const uint8_t *key,
                         const uint8_t *value, size_t len) {
  mpass_value *current;
  uint32_t answer;
  OK(mpass_value_new(&current));
  OK(mpass_memory_store_swap(world->store, MPASS_KIND_DOCUMENT, key, 16, NULL,
                             0, value, len, NULL, world->now_ms, current,
                             &answer));
  CHECK(answer == MPASS_ANSWER_STORED);
  mpass_value_free(current);
}

static uint64_t optional_ms(struct json_object *vector, const char *name) {
  return has(vector, name)
             ? (uint64_t)json_object_get_int64(field(vector, name))
             : 0;
}

static void check_facts(const mpass_store_header *header,
                        struct json_object *vector) {
  uint16_t layout, format, table, id;
  uint64_t ms = 0;
  struct buffer name;
  bool is_there;
  OK(mpass_store_header_versions(header, &layout, &format, &table));
  CHECK(layout == 1 && format == 1 && table == 1);
  OK(mpass_store_header_active_key(header, &id));
  CHECK(id == json_object_get_int(field(vector, "active_key")));
  OK(mpass_store_header_key(header, 1, &id));
  CHECK(id == 2);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_store_header_key(header, 2, &id));
  OK(mpass_store_header_restored_at(header, &is_there, &ms));
  CHECK(is_there == has(vector, "restored_at_ms"));
  CHECK(!is_there || ms == optional_ms(vector, "restored_at_ms"));
  OK(mpass_store_header_confirmed_at(header, &is_there, &ms));
  CHECK(is_there == has(vector, "confirmed_at_ms"));
  CHECK(!is_there || ms == optional_ms(vector, "confirmed_at_ms"));
  OK(mpass_store_header_is_closed(header, &is_there));
  CHECK(!is_there);
  OK(mpass_store_header_moved_to(header, &is_there, OUT(name)));
  CHECK(!is_there);
}

/* A vector that every language runs. */
void store_header(struct json_object *file, struct json_object *vector) {
  struct world world;
  struct buffer value;
  mpass_host host;
  mpass_keyring *keyring;
  mpass_store_header *header;
  mpass_status status;
  (void)file;
  world_begin(&world);
  host = host_of(&world);
  OK(mpass_keyring_parse(FIELD(vector, "keyring"), &keyring));
  if (has(vector, "header_hex")) {
    OK(mpass_secret_from_hex(FIELD(vector, "header_hex"), BYTES(value)));
    put_document(&world, KEY, (const uint8_t *)value.text, value.len);
  }
  status = mpass_store_header_open_in(keyring, &host, &world, &header);
  if (has(vector, "error")) {
    CHECK(strcmp(status_name(status), text_of(vector, "error")) == 0);
    CHECK(header == NULL);
  } else {
    OK(status);
    check_facts(header, vector);
    mpass_store_header_free(header);
  }
  mpass_keyring_free(keyring);
  world_end(&world);
}

static void initializes_only_empty_stores(void) {
  static const uint8_t other[16] = {1};
  struct world world;
  mpass_host host;
  mpass_store_header *header;
  world_begin(&world);
  host = host_of(&world);
  CHECK_STATUS(
      MPASS_STATUS_STORE_NOT_INITIALIZED,
      mpass_store_header_open_in(world.keyring, &host, &world, &header));
  put_document(&world, other, other, sizeof other);
  CHECK_STATUS(
      MPASS_STATUS_STORE_NOT_INITIALIZED,
      mpass_store_header_initialize_in(world.keyring, &host, &world, &header));
  CHECK(header == NULL);
  world_end(&world);
}

static void keys_and_formats(struct world *world, mpass_host *host) {
  uint8_t entropy[32];
  uint16_t id, active;
  mpass_store_header *header;
  test_entropy(entropy, sizeof entropy);
  OK(mpass_keyring_add(world->keyring, entropy, sizeof entropy, &id));
  OK(mpass_store_header_activate_in(world->keyring, host, world, id, &header));
  OK(mpass_store_header_active_key(header, &active));
  CHECK(active == id);
  mpass_store_header_free(header);
  CHECK_STATUS(MPASS_STATUS_ACTIVE_RECORD_KEY,
               mpass_store_header_remove_key_in(world->keyring, host, world,
                                                id, &header));
  OK(mpass_store_header_remove_key_in(world->keyring, host, world, 1,
                                      &header));
  mpass_store_header_free(header);
  OK(mpass_store_header_upgrade_in(world->keyring, host, world, &header));
  mpass_store_header_free(header);
}

static uint32_t attempted(struct world *world, mpass_host *host,
                          mpass_token *token, mpass_hotp *hotp,
                          uint64_t counter) {
  struct buffer code;
  uint32_t verdict;
  OK(mpass_hotp_generate(hotp, counter, OUT(code)));
  OK(mpass_token_attempt_hotp_in(token, host, world, hotp, code.text, code.len,
                                 &verdict));
  return verdict;
}

static void tokens_resynchronise(struct world *world, mpass_host *host,
                                 uint64_t restored_at_ms) {
  static const char text[] = "12345678901234567890";
  mpass_key *key;
  mpass_hotp *hotp;
  mpass_token *token, *absent;
  struct buffer first, second;
  uint32_t verdict;
  OK(mpass_key_new(MPASS_ALGORITHM_SHA1, (const uint8_t *)text, 20, &key));
  OK(mpass_hotp_new(key, 6, &hotp));
  mpass_key_free(key);
  OK(mpass_token_new(world->keyring, NULL, KEY, 16, KEY, 1, &token));
  CHECK(attempted(world, host, token, hotp, 0) == MPASS_VERDICT_ACCEPT);
  world->now_ms += 10;
  restored_at_ms += 5;
  OK(mpass_token_set_restored_at(token, &restored_at_ms));
  CHECK(attempted(world, host, token, hotp, 1) == MPASS_VERDICT_RESYNCHRONIZE);
  OK(mpass_hotp_generate(hotp, 1, OUT(first)));
  OK(mpass_hotp_generate(hotp, 2, OUT(second)));
  OK(mpass_token_resynchronize_hotp_in(token, host, world, hotp, first.text,
                                       first.len, second.text, second.len,
                                       NULL, 0, &verdict));
  CHECK(verdict == MPASS_VERDICT_ACCEPT);
  CHECK(attempted(world, host, token, hotp, 3) == MPASS_VERDICT_ACCEPT);
  OK(mpass_token_new(world->keyring, NULL, KEY, 16, KEY, 2, &absent));
  OK(mpass_token_set_enrolled(absent, true));
  CHECK_STATUS(MPASS_STATUS_RECORD_MISSING,
               mpass_token_attempt_hotp_in(absent, host, world, hotp,
                                           first.text, first.len, &verdict));
  mpass_token_free(absent);
  mpass_token_free(token);
  mpass_hotp_free(hotp);
}

static void a_restore_voids_challenges(struct world *world, mpass_host *host) {
  mpass_challenge *challenge;
  mpass_pending *issued;
  mpass_store_header *header;
  struct buffer code;
  bool is_there;
  uint32_t refusal, verdict;
  uint64_t ms;
  OK(mpass_challenge_new(world->keyring, NULL, TEXT("test"), KEY, 16,
                         MPASS_SUBJECT_NUMBER, TEXT(NUMBER), NULL, 0,
                         &challenge));
  OK(mpass_challenge_issue_in(challenge, host, world, &issued, &refusal,
                              &is_there, &ms));
  OK(mpass_pending_code(issued, OUT(code)));
  mpass_pending_free(issued);
  world->now_ms += 10;
  OK(mpass_store_header_restored_in(world->keyring, host, world, &header));
  OK(mpass_store_header_restored_at(header, &is_there, &ms));
  CHECK(is_there && ms == world->now_ms);
  mpass_store_header_free(header);
  CHECK_STATUS(
      MPASS_STATUS_STORE_CLOSED,
      mpass_store_header_open_in(world->keyring, host, world, &header));
  OK(mpass_store_header_read_in(world->keyring, host, world, &header));
  OK(mpass_store_header_is_closed(header, &is_there));
  CHECK(is_there);
  mpass_store_header_free(header);
  OK(mpass_store_header_confirm_in(world->keyring, host, world, &header));
  OK(mpass_engine_new(world->keyring, NULL, &world->engine));
  OK(mpass_engine_apply(world->engine, header));
  mpass_store_header_free(header);
  OK(mpass_challenge_set_restored_at(challenge, &ms));
  OK(mpass_challenge_attempt_in(challenge, host, world, code.text, code.len,
                                &verdict));
  CHECK(verdict == MPASS_VERDICT_NO_CHALLENGE);
  OK(mpass_challenge_set_restored_at(challenge, NULL));
  OK(mpass_challenge_attempt_in(challenge, host, world, code.text, code.len,
                                &verdict));
  CHECK(verdict == MPASS_VERDICT_ACCEPT);
  mpass_challenge_free(challenge);
  tokens_resynchronise(world, host, ms);
}

void test_header(void) {
  struct world world;
  mpass_host host;
  mpass_store_header *header;
  initializes_only_empty_stores();
  world_begin(&world);
  host = host_of(&world);
  OK(mpass_store_header_initialize_in(world.keyring, &host, &world, &header));
  mpass_store_header_free(header);
  a_restore_voids_challenges(&world, &host);
  keys_and_formats(&world, &host);
  world_end(&world);
}
