/* Operations on a challenge and a token in one call, on a store that is slow,
 * fails, or loses its answers. */
#include "world.h"

/* What the next swap does. */
enum fault {
  NO_FAULT,
  STORED_UNKNOWN, /* it is stored, and the outcome is unknown */
  STORED_FAILED,  /* it is stored, and the store reports a failure */
  STORED_OTHER,   /* it is stored, and the answer is no number of the header */
  LOST_UNKNOWN,   /* it is not stored, and the outcome is unknown */
  FAILED
};

struct slow {
  struct world world; /* first, for the callbacks of the world */
  mpass_host host;
  enum fault fault;
  uint64_t load_takes_ms;
  uint64_t swap_takes_ms;
  bool is_entropy_broken;
};

static uint32_t slow_load(void *userdata, uint32_t kind, const uint8_t *key,
                          mpass_value *current) {
  struct slow *slow = (struct slow *)userdata;
  slow->world.now_ms += slow->load_takes_ms;
  return slow->host.load(&slow->world, kind, key, current);
}

static uint32_t slow_swap(void *userdata, uint32_t kind, const uint8_t *key,
                          const uint8_t *expected, size_t expected_len,
                          const uint8_t *value, size_t value_len,
                          const uint64_t *expires_at_ms, uint64_t now_ms,
                          mpass_value *current) {
  struct slow *slow = (struct slow *)userdata;
  enum fault fault = slow->fault;
  uint32_t answer;
  slow->fault = NO_FAULT;
  slow->world.now_ms += slow->swap_takes_ms;
  if (fault == FAILED)
    return MPASS_ANSWER_FAILED;
  if (fault == LOST_UNKNOWN)
    return MPASS_ANSWER_UNKNOWN;
  answer = slow->host.swap(&slow->world, kind, key, expected, expected_len,
                           value, value_len, expires_at_ms, now_ms, current);
  if (fault == NO_FAULT)
    return answer;
  CHECK(answer == MPASS_ANSWER_STORED);
  if (fault == STORED_UNKNOWN)
    return MPASS_ANSWER_UNKNOWN;
  return fault == STORED_FAILED ? MPASS_ANSWER_FAILED : 12345;
}

static bool slow_entropy(void *userdata, uint8_t *out, size_t len) {
  struct slow *slow = (struct slow *)userdata;
  return !slow->is_entropy_broken &&
         slow->host.entropy(&slow->world, out, len);
}

/* The callbacks of a host without those that no operation on one record uses. */
static mpass_host slow_host(void) {
  mpass_host host;
  struct world none;
  memset(&none, 0, sizeof none);
  memset(&host, 0, sizeof host);
  host.size = sizeof host;
  host.now_ms = host_of(&none).now_ms;
  host.entropy = slow_entropy;
  host.load = slow_load;
  host.swap = slow_swap;
  return host;
}

static void slow_begin(struct slow *slow) {
  memset(slow, 0, sizeof *slow);
  world_begin(&slow->world);
  slow->host = host_of(&slow->world);
}

static mpass_challenge *challenge_of(struct slow *slow) {
  mpass_challenge *challenge;
  OK(mpass_challenge_new(slow->world.keyring, NULL, TEXT("login"),
                         (const uint8_t *)TEXT("acme"), MPASS_SUBJECT_NUMBER,
                         TEXT(NUMBER), TEXT(""),
                         &challenge));
  return challenge;
}

/* Issues a challenge that is not refused. */
static mpass_pending *issue(struct slow *slow, mpass_challenge *challenge,
                            struct buffer *code) {
  mpass_host host = slow_host();
  mpass_pending *issued;
  uint64_t retry_at_ms;
  uint32_t refusal;
  bool has_retry;
  OK(mpass_challenge_issue_in(challenge, &host, slow, &issued, &refusal,
                              &has_retry, &retry_at_ms));
  CHECK(refusal == MPASS_REFUSAL_NONE && !has_retry && retry_at_ms == 0);
  OK(mpass_pending_code(issued, OUT(*code)));
  code->text[code->len] = 0;
  return issued;
}

static uint32_t attempt(struct slow *slow, mpass_challenge *challenge,
                        const char *typed) {
  mpass_host host = slow_host();
  uint32_t verdict;
  OK(mpass_challenge_attempt_in(challenge, &host, slow, TEXT(typed), &verdict));
  return verdict;
}

static void stored_and_lost(enum fault fault) {
  struct slow slow;
  struct buffer code;
  mpass_challenge *challenge;
  mpass_pending *issued;
  slow_begin(&slow);
  challenge = challenge_of(&slow);
  slow.fault = fault;
  issued = issue(&slow, challenge, &code);
  CHECK(slow.fault == NO_FAULT);
  slow.fault = fault;
  CHECK(attempt(&slow, challenge, code.text) == MPASS_VERDICT_ACCEPT);
  CHECK(attempt(&slow, challenge, code.text) == MPASS_VERDICT_USED);
  mpass_pending_free(issued);
  mpass_challenge_free(challenge);
  world_end(&slow.world);
}

static void not_stored(void) {
  struct slow slow;
  struct buffer code;
  mpass_host host = slow_host();
  mpass_challenge *challenge;
  mpass_pending *issued;
  uint32_t verdict = 77;
  slow_begin(&slow);
  challenge = challenge_of(&slow);
  issued = issue(&slow, challenge, &code);
  slow.fault = FAILED;
  CHECK_STATUS(MPASS_STATUS_STORE_FAILED,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  slow.is_entropy_broken = true;
  CHECK_STATUS(MPASS_STATUS_ENTROPY_FAILED,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  slow.is_entropy_broken = false;
  slow.load_takes_ms = 10001;
  CHECK_STATUS(MPASS_STATUS_OPERATION_TOO_OLD,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  slow.load_takes_ms = 0;
  host.swap = NULL;
  CHECK_STATUS(MPASS_STATUS_NOT_IMPLEMENTED,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  host.size = 0;
  CHECK_STATUS(MPASS_STATUS_STRUCT_SIZE,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  CHECK(verdict == 77);
  CHECK(attempt(&slow, challenge, "1") == MPASS_VERDICT_WRONG);
  mpass_pending_free(issued);
  mpass_challenge_free(challenge);
  world_end(&slow.world);
}

static void slow_stores(void) {
  struct slow slow;
  struct buffer code;
  mpass_challenge *challenge;
  mpass_pending *issued;
  uint64_t ends_at_ms, began_at_ms;
  slow_begin(&slow);
  challenge = challenge_of(&slow);
  began_at_ms = slow.world.now_ms;
  slow.load_takes_ms = 4000;
  slow.swap_takes_ms = 60000;
  issued = issue(&slow, challenge, &code);
  OK(mpass_pending_ends_at_ms(issued, &ends_at_ms));
  CHECK(ends_at_ms == began_at_ms + 4000 + 300000);
  /* It ends while the record is being loaded. */
  slow.world.now_ms = ends_at_ms - 1;
  slow.load_takes_ms = 1;
  CHECK(attempt(&slow, challenge, code.text) == MPASS_VERDICT_EXPIRED);
  mpass_pending_free(issued);
  mpass_challenge_free(challenge);
  world_end(&slow.world);
}

static void refunds_and_locks(void) {
  struct slow slow;
  struct buffer code;
  mpass_host host = slow_host();
  mpass_challenge *challenge;
  mpass_pending *issued, *refused;
  uint64_t retry_at_ms;
  uint32_t refusal;
  bool done, has_retry;
  slow_begin(&slow);
  challenge = challenge_of(&slow);
  OK(mpass_challenge_unlock_in(challenge, &host, &slow, &done));
  CHECK(!done);
  issued = issue(&slow, challenge, &code);
  OK(mpass_challenge_issue_in(challenge, &host, &slow, &refused, &refusal,
                              &has_retry, &retry_at_ms));
  CHECK(refused == NULL && refusal == MPASS_REFUSAL_RESEND_INTERVAL);
  CHECK(has_retry && retry_at_ms == slow.world.now_ms + 30000);
  OK(mpass_challenge_refund_in(challenge, &host, &slow, issued, &done));
  CHECK(done);
  OK(mpass_challenge_refund_in(challenge, &host, &slow, issued, &done));
  CHECK(!done);
  OK(mpass_challenge_unlock_in(challenge, &host, &slow, &done));
  CHECK(done);
  CHECK(attempt(&slow, challenge, code.text) == MPASS_VERDICT_NO_CHALLENGE);
  mpass_pending_free(issued);
  mpass_challenge_free(challenge);
  world_end(&slow.world);
}

static void tokens(void) {
  static const char SECRET[] = "12345678901234567890";
  struct slow slow;
  mpass_host host = slow_host();
  mpass_key *key;
  mpass_hotp *hotp;
  mpass_totp *totp;
  mpass_ocra *ocra;
  mpass_ocra_inputs *inputs;
  mpass_settings *settings;
  mpass_token *token;
  uint32_t verdict;
  bool done;
  slow_begin(&slow);
  OK(mpass_settings_new(MPASS_GROUP_TOKEN, &settings));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_DELAY_MS, 0));
  OK(mpass_token_new(slow.world.keyring, settings,
                     (const uint8_t *)TEXT("acme"), (const uint8_t *)TEXT("7"),
                     &token));
  OK(mpass_key_new(MPASS_ALGORITHM_SHA1, (const uint8_t *)TEXT(SECRET), &key));
  OK(mpass_hotp_new(key, 6, &hotp));
  OK(mpass_totp_new(key, 6, 30, 0, &totp));
  OK(mpass_ocra_new(key, TEXT("OCRA-1:HOTP-SHA1-6:QN08"), &ocra));
  OK(mpass_ocra_inputs_new(TEXT("00000000"), &inputs));
  OK(mpass_token_unlock_in(token, &host, &slow, &done));
  CHECK(!done);
  OK(mpass_token_enroll_in(token, &host, &slow, 1, &done));
  CHECK(done);
  OK(mpass_token_enroll_in(token, &host, &slow, 0, &done));
  CHECK(!done);
  OK(mpass_token_attempt_hotp_in(token, &host, &slow, hotp, TEXT("755224"),
                                 &verdict));
  CHECK(verdict == MPASS_VERDICT_WRONG);
  slow.fault = STORED_UNKNOWN;
  OK(mpass_token_attempt_hotp_in(token, &host, &slow, hotp, TEXT("287082"),
                                 &verdict));
  CHECK(verdict == MPASS_VERDICT_ACCEPT);
  OK(mpass_token_resynchronize_hotp_in(token, &host, &slow, hotp,
                                       TEXT("399871"), TEXT("520489"), NULL, 0,
                                       &verdict));
  CHECK(verdict == MPASS_VERDICT_ACCEPT);
  OK(mpass_token_attempt_totp_in(token, &host, &slow, totp, TEXT("000000"),
                                 &verdict));
  CHECK(verdict == MPASS_VERDICT_WRONG);
  OK(mpass_token_resynchronize_totp_in(token, &host, &slow, totp,
                                       TEXT("000000"), TEXT("000000"), NULL, 0,
                                       &verdict));
  CHECK(verdict == MPASS_VERDICT_WRONG);
  OK(mpass_token_ask_in(token, &host, &slow, TEXT("00000000"), 60000));
  OK(mpass_token_attempt_ocra_in(token, &host, &slow, ocra, inputs,
                                 TEXT("237653"), &verdict));
  CHECK(verdict == MPASS_VERDICT_ACCEPT);
  OK(mpass_token_attempt_ocra_in(token, &host, &slow, ocra, inputs,
                                 TEXT("237653"), &verdict));
  CHECK(verdict == MPASS_VERDICT_USED);
  OK(mpass_token_unlock_in(token, &host, &slow, &done));
  CHECK(done);
  mpass_ocra_inputs_free(inputs);
  mpass_ocra_free(ocra);
  mpass_totp_free(totp);
  mpass_hotp_free(hotp);
  mpass_key_free(key);
  mpass_token_free(token);
  mpass_settings_free(settings);
  world_end(&slow.world);
}

void test_in_store(void) {
  stored_and_lost(STORED_UNKNOWN);
  stored_and_lost(STORED_FAILED);
  stored_and_lost(STORED_OTHER);
  stored_and_lost(LOST_UNKNOWN);
  not_stored();
  slow_stores();
  refunds_and_locks();
  tokens();
}
