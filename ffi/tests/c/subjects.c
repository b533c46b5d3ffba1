/* Subjects of challenges. */
#include "vectors.h"

static uint32_t subject_kind_of(struct json_object *vector) {
  const char *name = text_of(vector, "kind");
  if (strcmp(name, "number") == 0)
    return MPASS_SUBJECT_NUMBER;
  if (strcmp(name, "email") == 0)
    return MPASS_SUBJECT_EMAIL;
  CHECK(strcmp(name, "account") == 0);
  return MPASS_SUBJECT_ACCOUNT;
}

/* The challenge of a subject under the keyring, service and tenant of the
 * file. */
static mpass_status challenge_of(struct json_object *file, uint32_t kind,
                                 const char *subject, size_t subject_len,
                                 mpass_challenge **challenge) {
  mpass_keyring *keyring;
  mpass_status status;
  OK(mpass_keyring_parse(FIELD(file, "keyring"), &keyring));
  status = mpass_challenge_new(keyring, NULL, FIELD(file, "service"),
                               (const uint8_t *)text_of(file, "tenant"),
                               text_len(file, "tenant"), kind, subject,
                               subject_len, NULL, 0, challenge);
  mpass_keyring_free(keyring);
  return status;
}

/* Whether the record of a challenge, which is freed, has this store key. */
static bool has_store_key(mpass_challenge *challenge, const char *expected) {
  struct buffer key, hex;
  OK(mpass_challenge_store_key(challenge, BYTES(key)));
  mpass_challenge_free(challenge);
  OK(mpass_secret_to_hex((const uint8_t *)key.text, key.len, OUT(hex)));
  return reads(&hex, expected);
}

void subject(struct json_object *file, struct json_object *vector) {
  uint32_t kind = subject_kind_of(vector), other;
  const char *key, *text = text_of(vector, "text");
  size_t len = text_len(vector, "text");
  char tampered[ROOM];
  mpass_challenge *challenge;
  mpass_status status = challenge_of(file, kind, text, len, &challenge);
  CHECK(strcmp(status == MPASS_STATUS_OK ? "none" : status_name(status),
               has(vector, "error") ? text_of(vector, "error") : "none") == 0);
  if (has(vector, "error")) {
    CHECK(challenge == NULL);
    return;
  }
  key = text_of(vector, "store_key_hex");
  CHECK(has_store_key(challenge, key));
  /* The canonical text is the same subject, another text is not. */
  OK(challenge_of(file, kind, FIELD(vector, "canonical"), &challenge));
  CHECK(has_store_key(challenge, key));
  memcpy(tampered, text, len);
  tampered[len] = '0';
  if (challenge_of(file, kind, tampered, len + 1, &challenge) ==
      MPASS_STATUS_OK)
    CHECK(!has_store_key(challenge, key));
  for (other = 0; other <= 4; other++)
    if (other != kind)
      CHECK(challenge_of(file, other, text, len, &challenge) !=
            MPASS_STATUS_OK);
}

/* Makes five attempts at each spelling of a number, whose policy allows five,
 * and returns how many were compared. */
static unsigned attempts_at(struct json_object *file,
                            struct json_object *spellings) {
  static const uint64_t now_ms = 1800000000000u;
  struct buffer record;
  mpass_challenge *challenge;
  mpass_pending *pending;
  uint8_t entropy[32];
  uint64_t retry_at_ms;
  uint32_t verdict;
  bool has_retry;
  unsigned compared = 0;
  size_t i;
  record.len = 0;
  for (i = 0; i < json_object_array_length(spellings) * 5; i++) {
    struct json_object *text = json_object_array_get_idx(spellings, i / 5);
    OK(challenge_of(file, MPASS_SUBJECT_NUMBER, json_object_get_string(text),
                    (size_t)json_object_get_string_len(text), &challenge));
    test_entropy(entropy, sizeof entropy);
    if (i == 0) {
      OK(mpass_challenge_issue(challenge, NULL, 0, now_ms, entropy,
                               sizeof entropy, &pending, &verdict, &has_retry,
                               &retry_at_ms));
      OK(mpass_pending_next(pending, BYTES(record)));
      mpass_pending_free(pending);
    }
    OK(mpass_challenge_attempt(challenge, (const uint8_t *)record.text,
                               record.len, TEXT("0000"), now_ms, entropy,
                               sizeof entropy, &pending, &verdict));
    if (pending != NULL) {
      compared++;
      OK(mpass_pending_next(pending, BYTES(record)));
    }
    CHECK(pending != NULL || verdict == MPASS_VERDICT_EXHAUSTED);
    mpass_pending_free(pending);
    mpass_challenge_free(challenge);
  }
  return compared;
}

void check_spellings(const char *directory) {
  char path[1024];
  struct json_object *file;
  snprintf(path, sizeof path, "%s/subject.json", directory);
  file = json_object_from_file(path);
  CHECK(json_object_array_length(field(file, "spellings")) == 5);
  CHECK(attempts_at(file, field(file, "spellings")) == 5);
  json_object_put(file);
}
