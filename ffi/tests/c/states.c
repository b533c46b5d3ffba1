/* Keyrings, policies, challenges, tokens and spend limits, with records that
 * this program stores. */
#include "check.h"

/* The record of a test. */
struct record {
  struct buffer value;
  bool is_present;
};

#define RECORD(record)                                                         \
  ((record).is_present ? (const uint8_t *)(record).value.text : NULL),         \
      ((record).is_present ? (record).value.len : 0)

static uint8_t entropy[32];

#define ENTROPY (test_entropy(entropy, sizeof entropy), entropy), sizeof entropy

static const uint64_t NOW = 1800000000000u;

/* Stores a pending write, without concurrent writers. */
static void store(struct record *record, mpass_pending *pending) {
  struct buffer expected;
  bool is_present, is_written;
  OK(mpass_pending_expected(pending, &is_present, BYTES(expected)));
  CHECK(is_present == record->is_present);
  CHECK(!is_present || (expected.len == record->value.len &&
                        memcmp(expected.text, record->value.text,
                               expected.len) == 0));
  OK(mpass_pending_next(pending, BYTES(record->value)));
  record->is_present = true;
  OK(mpass_pending_is_written_in(pending, RECORD(*record), &is_written));
  CHECK(is_written);
  OK(mpass_pending_stored(pending));
}

static uint32_t stored_verdict(struct record *record, mpass_pending *pending,
                               uint32_t initial) {
  uint32_t verdict = initial;
  if (initial == MPASS_VERDICT_PENDING) {
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_pending_verdict(pending, &verdict));
    store(record, pending);
    OK(mpass_pending_verdict(pending, &verdict));
  } else {
    CHECK(pending == NULL);
  }
  mpass_pending_free(pending);
  return verdict;
}

static uint32_t attempt(mpass_challenge *challenge, struct record *record,
                        const char *typed) {
  mpass_pending *pending;
  uint32_t initial;
  OK(mpass_challenge_attempt(challenge, RECORD(*record), TEXT(typed), NOW,
                             ENTROPY, &pending, &initial));
  return stored_verdict(record, pending, initial);
}

static void keyrings(void) {
  mpass_keyring *keyring, *copy;
  struct buffer text, again;
  uint16_t id;
  OK(mpass_keyring_generate(ENTROPY, &keyring));
  OK(mpass_keyring_add(keyring, ENTROPY, &id));
  CHECK(id == 2);
  CHECK_STATUS(MPASS_STATUS_UNKNOWN_RECORD_KEY,
               mpass_keyring_activate(keyring, 3));
  OK(mpass_keyring_activate(keyring, 2));
  OK(mpass_keyring_text(keyring, OUT(text)));
  OK(mpass_keyring_parse(text.text, text.len, &copy));
  OK(mpass_keyring_text(copy, OUT(again)));
  text.text[text.len] = 0;
  CHECK(reads(&again, text.text));
  OK(mpass_keyring_remove(copy, 1));
  OK(mpass_keyring_newest(copy, &id));
  CHECK(id == 2);
  OK(mpass_keyring_id(copy, 0, &id));
  CHECK(id == 2);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE, mpass_keyring_id(copy, 1, &id));
  mpass_keyring_free(copy);
  mpass_keyring_free(keyring);
}

static void refunded(mpass_challenge *challenge, struct record *record,
                     mpass_pending *issued) {
  mpass_pending *refund;
  OK(mpass_challenge_refund(challenge, RECORD(*record), issued, NOW, ENTROPY,
                            &refund));
  CHECK(refund != NULL);
  store(record, refund);
  mpass_pending_free(refund);
  OK(mpass_challenge_refund(challenge, RECORD(*record), issued, NOW, ENTROPY,
                            &refund));
  CHECK(refund == NULL);
}

static void challenges(mpass_keyring *keyring) {
  struct record record;
  struct buffer code;
  mpass_settings *settings;
  mpass_challenge *challenge;
  mpass_pending *issued;
  uint64_t retry_at_ms, ends_at_ms;
  uint32_t refusal;
  double chance, daily;
  bool has_retry;
  memset(&record, 0, sizeof record);
  OK(mpass_settings_new(MPASS_GROUP_POLICY, &settings));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_DIGITS, 4));
  CHECK_STATUS(MPASS_STATUS_POLICY_TOO_WEAK, mpass_settings_check(settings));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_DIGITS, 8));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_TRIES, 2));
  OK(mpass_settings_guess_probability(settings, &chance, &daily));
  CHECK(chance > 0 && chance < 1e-7 && daily > chance);
  OK(mpass_challenge_new(keyring, settings, TEXT("login"),
                         (const uint8_t *)TEXT("acme"), MPASS_SUBJECT_NUMBER,
                         TEXT("+966500000000"), TEXT(""), &challenge));
  CHECK(attempt(challenge, &record, "12345678") == MPASS_VERDICT_NO_CHALLENGE);
  OK(mpass_challenge_issue(challenge, NULL, 0, NOW, ENTROPY, &issued, &refusal,
                           &has_retry, &retry_at_ms));
  CHECK(refusal == MPASS_REFUSAL_NONE);
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE, mpass_pending_code(issued, OUT(code)));
  store(&record, issued);
  OK(mpass_pending_code(issued, OUT(code)));
  CHECK(code.len == 8);
  code.text[8] = 0;
  OK(mpass_pending_ends_at_ms(issued, &ends_at_ms));
  CHECK(ends_at_ms == NOW + 300000);
  CHECK(attempt(challenge, &record, "1111") == MPASS_VERDICT_WRONG);
  CHECK(attempt(challenge, &record, code.text) == MPASS_VERDICT_ACCEPT);
  CHECK(attempt(challenge, &record, code.text) == MPASS_VERDICT_USED);
  mpass_pending_free(issued);
  OK(mpass_challenge_issue(challenge, RECORD(record), NOW, ENTROPY, &issued,
                           &refusal, &has_retry, &retry_at_ms));
  CHECK(issued == NULL && refusal == MPASS_REFUSAL_RESEND_INTERVAL);
  CHECK(has_retry && retry_at_ms == NOW + 30000);
  OK(mpass_challenge_issue(challenge, RECORD(record), NOW + 30000, ENTROPY,
                           &issued, &refusal, &has_retry, &retry_at_ms));
  store(&record, issued);
  refunded(challenge, &record, issued);
  mpass_pending_free(issued);
  record.value.text[20] ^= 1;
  CHECK_STATUS(MPASS_STATUS_RECORD_FORGED,
               mpass_challenge_unlock(challenge, RECORD(record), NOW, ENTROPY,
                                      &issued));
  CHECK(issued == NULL);
  mpass_challenge_free(challenge);
  mpass_settings_free(settings);
}

static void spends(mpass_keyring *keyring) {
  struct record record;
  mpass_settings *settings;
  mpass_spend *spend;
  mpass_pending *pending;
  uint64_t retry_at_ms;
  uint32_t refusal;
  bool has_retry;
  memset(&record, 0, sizeof record);
  OK(mpass_settings_new(MPASS_GROUP_POLICY, &settings));
  CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
               mpass_spend_new(keyring, settings, TEXT("login"),
                               (const uint8_t *)TEXT("acme"), &spend));
  OK(mpass_settings_set_limit(settings, MPASS_FIELD_SPEND, 1, 60000, 1));
  OK(mpass_spend_new(keyring, settings, TEXT("login"),
                     (const uint8_t *)TEXT("acme"), &spend));
  OK(mpass_spend_reserve(spend, RECORD(record), NOW, ENTROPY, &pending,
                         &refusal, &has_retry, &retry_at_ms));
  store(&record, pending);
  mpass_pending_free(pending);
  OK(mpass_spend_reserve(spend, RECORD(record), NOW, ENTROPY, &pending,
                         &refusal, &has_retry, &retry_at_ms));
  CHECK(pending == NULL && refusal == MPASS_REFUSAL_SPEND);
  OK(mpass_spend_give_back(spend, RECORD(record), NOW, ENTROPY, &pending));
  store(&record, pending);
  mpass_pending_free(pending);
  OK(mpass_spend_reserve(spend, RECORD(record), NOW, ENTROPY, &pending,
                         &refusal, &has_retry, &retry_at_ms));
  CHECK(pending != NULL && refusal == MPASS_REFUSAL_NONE);
  mpass_pending_free(pending);
  mpass_spend_free(spend);
  mpass_settings_free(settings);
}

static uint32_t hotp_attempt(mpass_token *token, mpass_hotp *hotp,
                             struct record *record, const char *typed) {
  mpass_pending *pending;
  uint32_t initial;
  OK(mpass_token_attempt_hotp(token, RECORD(*record), hotp, TEXT(typed), NOW,
                              ENTROPY, &pending, &initial));
  return stored_verdict(record, pending, initial);
}

static uint32_t ocra_attempt(mpass_token *token, mpass_ocra *ocra,
                             struct record *record, const char *question,
                             const char *response) {
  mpass_ocra_inputs *inputs;
  mpass_pending *pending;
  uint32_t initial;
  OK(mpass_ocra_inputs_new(TEXT(question), &inputs));
  OK(mpass_token_attempt_ocra(token, RECORD(*record), ocra, inputs,
                              TEXT(response), NOW, ENTROPY, &pending,
                              &initial));
  mpass_ocra_inputs_free(inputs);
  return stored_verdict(record, pending, initial);
}

static void tokens(mpass_keyring *keyring) {
  static const char SECRET[] = "12345678901234567890";
  struct record record, questions;
  struct buffer code;
  mpass_key *key;
  mpass_hotp *hotp;
  mpass_totp *totp;
  mpass_ocra *ocra;
  mpass_settings *settings;
  mpass_token *token, *asked;
  mpass_pending *pending;
  uint64_t last, retry_at_ms;
  int64_t drift;
  uint32_t failures, initial;
  bool has_last, has_retry, is_locked;
  memset(&record, 0, sizeof record);
  memset(&questions, 0, sizeof questions);
  OK(mpass_key_new(MPASS_ALGORITHM_SHA1, (const uint8_t *)TEXT(SECRET), &key));
  OK(mpass_hotp_new(key, 6, &hotp));
  OK(mpass_totp_new(key, 6, 30, 0, &totp));
  OK(mpass_ocra_new(key, TEXT("OCRA-1:HOTP-SHA1-6:QN08"), &ocra));
  OK(mpass_settings_new(MPASS_GROUP_TOKEN, &settings));
  CHECK_STATUS(
      MPASS_STATUS_WINDOW_TOO_LARGE,
      mpass_settings_set_number(settings, MPASS_FIELD_LOOK_AHEAD, 100000));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_LOOK_AHEAD, 3));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_RESYNC_WINDOW, 50));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_DELAY_MS, 0));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_FAILURES_TO_LOCK, 3));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_LOCK_MS, 0));
  OK(mpass_token_new(keyring, settings, (const uint8_t *)TEXT("acme"),
                     (const uint8_t *)TEXT("7"), &token));
  mpass_settings_free(settings);
  OK(mpass_token_enroll(token, 1, NOW, ENTROPY, &pending));
  retry_at_ms = 1;
  OK(mpass_pending_expires_at_ms(pending, &has_retry, &retry_at_ms));
  CHECK(!has_retry && retry_at_ms == 0);
  store(&record, pending);
  mpass_pending_free(pending);
  CHECK(hotp_attempt(token, hotp, &record, "755224") == MPASS_VERDICT_WRONG);
  CHECK(hotp_attempt(token, hotp, &record, "287082") == MPASS_VERDICT_ACCEPT);
  CHECK(hotp_attempt(token, hotp, &record, "287082") == MPASS_VERDICT_WRONG);
  OK(mpass_token_status(token, RECORD(record), NOW, &has_last, &last, &drift,
                        &failures, &has_retry, &retry_at_ms,
                        &is_locked));
  CHECK(has_last && last == 1 && drift == 0 && failures == 1);
  CHECK(!has_retry && retry_at_ms == 0 && !is_locked);
  OK(mpass_token_resynchronize_hotp(token, RECORD(record), hotp,
                                    TEXT("399871"), TEXT("520489"), NULL, 0,
                                    NOW, ENTROPY, &pending, &initial));
  CHECK(stored_verdict(&record, pending, initial) == MPASS_VERDICT_ACCEPT);
  CHECK(hotp_attempt(token, hotp, &record, "000000") == MPASS_VERDICT_WRONG);
  while (hotp_attempt(token, hotp, &record, "000000") != MPASS_VERDICT_LOCKED)
    ;
  OK(mpass_token_status(token, RECORD(record), NOW, &has_last, &last, &drift,
                        &failures, &has_retry, &retry_at_ms, &is_locked));
  CHECK(is_locked && !has_retry && retry_at_ms == 0);
  OK(mpass_token_unlock(token, RECORD(record), NOW, ENTROPY, &pending));
  store(&record, pending);
  mpass_pending_free(pending);
  OK(mpass_token_new(keyring, NULL, (const uint8_t *)TEXT("acme"),
                     (const uint8_t *)TEXT("8"), &asked));
  OK(mpass_totp_generate(totp, NOW / 1000, OUT(code)));
  code.text[code.len] = 0;
  OK(mpass_token_attempt_totp(asked, NULL, 0, totp, TEXT(code.text), NOW,
                              ENTROPY, &pending, &initial));
  CHECK(stored_verdict(&questions, pending, initial) == MPASS_VERDICT_ACCEPT);
  OK(mpass_token_ask(asked, RECORD(questions), TEXT("00000000"), 60000, NOW,
                     ENTROPY, &pending));
  store(&questions, pending);
  mpass_pending_free(pending);
  CHECK(ocra_attempt(asked, ocra, &questions, "11111111", "243178") ==
        MPASS_VERDICT_NO_CHALLENGE);
  CHECK(ocra_attempt(asked, ocra, &questions, "00000000", "237653") ==
        MPASS_VERDICT_ACCEPT);
  CHECK(ocra_attempt(asked, ocra, &questions, "00000000", "237653") ==
        MPASS_VERDICT_USED);
  mpass_token_free(asked);
  mpass_token_free(token);
  mpass_ocra_free(ocra);
  mpass_totp_free(totp);
  mpass_hotp_free(hotp);
  mpass_key_free(key);
}

void test_states(void) {
  mpass_keyring *keyring;
  keyrings();
  OK(mpass_keyring_generate(ENTROPY, &keyring));
  challenges(keyring);
  spends(keyring);
  tokens(keyring);
  mpass_keyring_free(keyring);
}
