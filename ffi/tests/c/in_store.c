/* Operations on a challenge and a token in one call, on a store that is slow,
 * fails, or loses its answers. */
#include "vectors.h"
#include "world.h"

struct slow {
  struct world world; /* first, for the callbacks of the world */
  mpass_host host;
  /* The answers of the next load and swaps; NULL or at the end: "ok". */
  struct json_object *loads, *swaps;
  size_t load_at, swap_at;
  uint64_t load_takes_ms;
  uint64_t swap_takes_ms;
  bool is_entropy_broken;
};

static const char *next_of(struct json_object *answers, size_t *at) {
  if (answers == NULL || *at >= json_object_array_length(answers))
    return "ok";
  return json_object_get_string(json_object_array_get_idx(answers, (*at)++));
}

static bool is(const char *text, const char *other) {
  return strcmp(text, other) == 0;
}

/* Changes one bit of a loaded value. */
static void flip(mpass_value *value) {
  struct buffer bytes;
  bool is_present;
  OK(mpass_value_get(value, &is_present, BYTES(bytes)));
  CHECK(is_present && bytes.len > 50);
  bytes.text[50] ^= 1;
  OK(mpass_value_set(value, (const uint8_t *)bytes.text, bytes.len));
}

static uint32_t slow_load(void *userdata, uint32_t kind, const uint8_t *key,
                          mpass_value *current) {
  struct slow *slow = (struct slow *)userdata;
  const char *planned = next_of(slow->loads, &slow->load_at);
  uint32_t answer;
  slow->world.now_ms += slow->load_takes_ms;
  if (is(planned, "failed"))
    return MPASS_ANSWER_FAILED;
  answer = slow->host.load(&slow->world, kind, key, current);
  if (is(planned, "flipped"))
    flip(current);
  return answer;
}

static uint32_t slow_swap(void *userdata, uint32_t kind, const uint8_t *key,
                          const uint8_t *expected, size_t expected_len,
                          const uint8_t *value, size_t value_len,
                          const uint64_t *expires_at_ms, uint64_t now_ms,
                          mpass_value *current) {
  struct slow *slow = (struct slow *)userdata;
  static unsigned unknowns;
  const char *planned = next_of(slow->swaps, &slow->swap_at);
  uint32_t answer;
  slow->world.now_ms += slow->swap_takes_ms;
  if (is(planned, "failed"))
    return MPASS_ANSWER_FAILED;
  if (is(planned, "full"))
    return MPASS_ANSWER_FULL;
  if (is(planned, "expired"))
    return MPASS_ANSWER_EXPIRED;
  if (is(planned, "lost-unknown"))
    return MPASS_ANSWER_UNKNOWN;
  if (is(planned, "conflict")) {
    CHECK(slow->host.load(&slow->world, kind, key, current) ==
          MPASS_ANSWER_LOADED);
    return MPASS_ANSWER_CONFLICT;
  }
  answer = slow->host.swap(&slow->world, kind, key, expected, expected_len,
                           value, value_len, expires_at_ms, now_ms, current);
  if (is(planned, "ok"))
    return answer;
  CHECK(answer == MPASS_ANSWER_STORED);
  if (is(planned, "stored-failed"))
    return MPASS_ANSWER_FAILED;
  CHECK(is(planned, "stored-unknown"));
  /* A number that is no answer counts as unknown as well. */
  return unknowns++ % 2 == 0 ? MPASS_ANSWER_UNKNOWN : 12345;
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

static void refused_hosts(void) {
  struct slow slow;
  struct buffer code;
  mpass_host host = slow_host();
  mpass_challenge *challenge;
  mpass_pending *issued;
  uint32_t verdict = 77;
  slow_begin(&slow);
  challenge = challenge_of(&slow);
  issued = issue(&slow, challenge, &code);
  slow.is_entropy_broken = true;
  CHECK_STATUS(MPASS_STATUS_ENTROPY_FAILED,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  slow.is_entropy_broken = false;
  host.swap = NULL;
  CHECK_STATUS(MPASS_STATUS_NOT_IMPLEMENTED,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  host.size = 0;
  CHECK_STATUS(MPASS_STATUS_STRUCT_SIZE,
               mpass_challenge_attempt_in(challenge, &host, &slow,
                                          TEXT(code.text), &verdict));
  CHECK(verdict == 77);
  CHECK(attempt(&slow, challenge, "1111") == MPASS_VERDICT_WRONG);
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

static const char *verdict_name(uint32_t verdict) {
  static const char *const NAMES[] = {"Accept",      "Wrong",  "Exhausted",
                                      "Expired",     "Used",   "NoChallenge",
                                      "Locked",      "Limited", "Replayed",
                                      "Resynchronize", "Malformed"};
  CHECK(verdict < sizeof NAMES / sizeof *NAMES);
  return NAMES[verdict];
}

/* Issues in a step of a vector; `*issued` is replaced by what is issued. */
static const char *issued_name(struct slow *slow, mpass_challenge *challenge,
                               mpass_pending **issued, struct buffer *code) {
  mpass_host host = slow_host();
  mpass_pending *another;
  uint64_t retry_at_ms;
  uint32_t refusal;
  bool has_retry;
  mpass_status status = mpass_challenge_issue_in(
      challenge, &host, slow, &another, &refusal, &has_retry, &retry_at_ms);
  if (status != MPASS_STATUS_OK)
    return status_name(status);
  if (refusal != MPASS_REFUSAL_NONE) {
    CHECK(refusal == MPASS_REFUSAL_RESEND_INTERVAL);
    return "ResendInterval";
  }
  mpass_pending_free(*issued);
  *issued = another;
  OK(mpass_pending_code(another, OUT(*code)));
  code->text[code->len] = 0;
  return "Issued";
}

static const char *attempted_name(struct slow *slow, mpass_challenge *challenge,
                                  const struct buffer *code, const char *act) {
  mpass_host host = slow_host();
  char typed[16] = "000000";
  uint32_t verdict;
  mpass_status status;
  if (code->len > 0) {
    memcpy(typed, code->text, code->len + 1);
    if (is(act, "wrong"))
      typed[0] = typed[0] == '0' ? '1' : '0';
  }
  if (is(act, "malformed"))
    strcat(typed, "x");
  status = mpass_challenge_attempt_in(challenge, &host, slow, TEXT(typed),
                                      &verdict);
  return status == MPASS_STATUS_OK ? verdict_name(verdict)
                                   : status_name(status);
}

static uint64_t millis(struct json_object *step, const char *name) {
  return has(step, name) ? json_object_get_uint64(field(step, name)) : 0;
}

void in_store(struct json_object *file, struct json_object *vector) {
  struct slow slow;
  struct buffer code;
  mpass_challenge *challenge;
  mpass_pending *issued = NULL;
  struct json_object *steps = field(vector, "steps");
  uint64_t began_at_ms, ends_at_ms;
  size_t i;
  (void)file;
  memset(&code, 0, sizeof code);
  slow_begin(&slow);
  challenge = challenge_of(&slow);
  began_at_ms = slow.world.now_ms;
  for (i = 0; i < json_object_array_length(steps); i++) {
    struct json_object *step = json_object_array_get_idx(steps, i);
    const char *act = text_of(step, "do"), *outcome;
    slow.world.now_ms += millis(step, "pass_ms");
    slow.load_takes_ms = millis(step, "load_ms");
    slow.swap_takes_ms = millis(step, "swap_ms");
    slow.loads = field(step, "loads");
    slow.swaps = field(step, "swaps");
    slow.load_at = slow.swap_at = 0;
    outcome = is(act, "issue")
                  ? issued_name(&slow, challenge, &issued, &code)
                  : attempted_name(&slow, challenge, &code, act);
    if (!is(outcome, text_of(step, "expect")))
      fprintf(stderr, "%s, step %u: %s\n", text_of(vector, "name"),
              (unsigned)i, outcome);
    CHECK(is(outcome, text_of(step, "expect")));
    if (has(step, "life_ms")) {
      OK(mpass_pending_ends_at_ms(issued, &ends_at_ms));
      CHECK(ends_at_ms == began_at_ms + millis(step, "life_ms"));
    }
  }
  mpass_pending_free(issued);
  mpass_challenge_free(challenge);
  world_end(&slow.world);
}

void test_in_store(void) {
  refused_hosts();
  refunds_and_locks();
  tokens();
}
