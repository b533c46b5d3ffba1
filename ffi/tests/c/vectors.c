/* All vector files: codes, responses, numbers, key URIs, keyrings and subjects. */
#include "vectors.h"

static mpass_key *key_of(struct json_object *object, uint32_t algorithm) {
  struct buffer secret;
  mpass_key *key;
  OK(mpass_secret_from_hex(FIELD(object, "key_hex"), BYTES(secret)));
  OK(mpass_key_new(algorithm, (const uint8_t *)secret.text, secret.len, &key));
  return key;
}

static void hotp(struct json_object *file, struct json_object *vector) {
  mpass_key *key = key_of(file, algorithm_of(file));
  mpass_hotp *hotp;
  struct buffer code;
  uint64_t counter = number_of(vector, "counter"), matched;
  uint32_t value;
  size_t written;
  bool is_match;
  OK(mpass_hotp_new(key, (uint32_t)number_of(file, "digits"), &hotp));
  OK(mpass_hotp_generate(hotp, counter, OUT(code)));
  CHECK(reads(&code, text_of(vector, "code")));
  OK(mpass_hotp_generate_range(hotp, counter, &value, 1, &written));
  CHECK(written == 1 && value == strtoul(text_of(vector, "code"), NULL, 10));
  OK(mpass_hotp_generate_rows(hotp, counter, code.text, code.len, &written));
  CHECK(written == 1 && reads(&code, text_of(vector, "code")));
  OK(mpass_hotp_verify(hotp, FIELD(vector, "code"), counter, 0, &is_match,
                       &matched));
  CHECK(is_match && matched == counter);
  OK(mpass_hotp_verify(hotp, FIELD(vector, "code"), counter + 1, 3, &is_match,
                       &matched));
  CHECK(!is_match);
  mpass_hotp_free(hotp);
  mpass_key_free(key);
}

static void totp(struct json_object *file, struct json_object *vector) {
  mpass_key *key = key_of(vector, algorithm_of(vector));
  mpass_totp *totp;
  struct buffer code;
  uint64_t time = number_of(vector, "unix_time"), matched, step, remaining;
  bool is_match;
  OK(mpass_totp_new(key, (uint32_t)number_of(file, "digits"),
                    number_of(file, "step"), number_of(file, "t0"), &totp));
  OK(mpass_totp_generate(totp, time, OUT(code)));
  CHECK(reads(&code, text_of(vector, "code")));
  OK(mpass_totp_time_step(totp, time, &step, &remaining));
  OK(mpass_totp_verify(totp, FIELD(vector, "code"), time, 0, 0, &is_match,
                       &matched));
  CHECK(is_match && matched == step && remaining >= 1);
  mpass_totp_free(totp);
  mpass_key_free(key);
}

static void totp_wrong(struct json_object *file, struct json_object *vector) {
  mpass_key *key = key_of(vector, algorithm_of(vector));
  mpass_totp *totp;
  struct buffer code;
  (void)file;
  OK(mpass_totp_new(key, (uint32_t)number_of(vector, "digits"), 30, 0, &totp));
  OK(mpass_totp_generate(totp, number_of(vector, "unix_time"), OUT(code)));
  CHECK(!reads(&code, text_of(vector, "wrong_code")));
  mpass_totp_free(totp);
  mpass_key_free(key);
}

static const uint64_t TYPED_AT = 1800000000000u;

static void typed_text(mpass_token *token, mpass_hotp *hotp,
                       struct json_object *vector, const char *text,
                       const char *verdict) {
  uint8_t entropy[32];
  struct buffer record;
  mpass_pending *pending;
  uint64_t counter = number_of(vector, "counter"), matched;
  uint32_t given, expected = MPASS_VERDICT_WRONG;
  bool is_match, is_accept = strcmp(text_of(vector, verdict), "Accept") == 0;
  if (is_accept)
    expected = MPASS_VERDICT_ACCEPT;
  else if (strcmp(text_of(vector, verdict), "Malformed") == 0)
    expected = MPASS_VERDICT_MALFORMED;
  else
    CHECK(strcmp(text_of(vector, verdict), "Wrong") == 0);
  test_entropy(entropy, sizeof entropy);
  OK(mpass_token_enroll(token, counter, TYPED_AT, entropy, sizeof entropy,
                        &pending));
  OK(mpass_pending_next(pending, BYTES(record)));
  mpass_pending_free(pending);
  OK(mpass_token_attempt_hotp(token, (const uint8_t *)record.text, record.len,
                              hotp, FIELD(vector, text), TYPED_AT, entropy,
                              sizeof entropy, &pending, &given));
  CHECK((given == MPASS_VERDICT_PENDING) ==
        (expected != MPASS_VERDICT_MALFORMED));
  if (given == MPASS_VERDICT_PENDING) {
    OK(mpass_pending_stored(pending));
    OK(mpass_pending_verdict(pending, &given));
  }
  CHECK(given == expected);
  mpass_pending_free(pending);
  OK(mpass_hotp_verify(hotp, FIELD(vector, text), counter, 0, &is_match,
                       &matched));
  CHECK(is_match == is_accept);
}

static void typed_code(struct json_object *file, struct json_object *vector) {
  mpass_key *key = key_of(file, algorithm_of(file));
  uint8_t entropy[32];
  mpass_keyring *keyring;
  mpass_settings *settings;
  mpass_token *token;
  mpass_hotp *hotp;
  test_entropy(entropy, sizeof entropy);
  OK(mpass_hotp_new(key, (uint32_t)number_of(vector, "digits"), &hotp));
  OK(mpass_keyring_generate(entropy, sizeof entropy, &keyring));
  OK(mpass_settings_new(MPASS_GROUP_TOKEN, &settings));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_LOOK_AHEAD, 0));
  OK(mpass_token_new(keyring, settings, (const uint8_t *)TEXT("acme"),
                     (const uint8_t *)TEXT("7"), &token));
  typed_text(token, hotp, vector, "text", "verdict");
  typed_text(token, hotp, vector, "altered", "altered_verdict");
  mpass_token_free(token);
  mpass_settings_free(settings);
  mpass_keyring_free(keyring);
  mpass_hotp_free(hotp);
  mpass_key_free(key);
}

static uint32_t suite_algorithm(const char *suite) {
  if (strncmp(suite, "OCRA-1:HOTP-SHA512", 18) == 0)
    return MPASS_ALGORITHM_SHA512;
  if (strncmp(suite, "OCRA-1:HOTP-SHA256", 18) == 0)
    return MPASS_ALGORITHM_SHA256;
  return MPASS_ALGORITHM_SHA1;
}

static mpass_ocra_inputs *inputs_of(struct json_object *vector) {
  mpass_ocra_inputs *inputs;
  struct buffer session;
  OK(mpass_ocra_inputs_new(FIELD(vector, "question"), &inputs));
  if (has(vector, "counter"))
    OK(mpass_ocra_inputs_set_counter(inputs, number_of(vector, "counter")));
  if (has(vector, "pin"))
    OK(mpass_ocra_inputs_set_pin(inputs, FIELD(vector, "pin")));
  if (has(vector, "session_hex")) {
    session.len = 0;
    if (text_len(vector, "session_hex") > 0)
      OK(mpass_secret_from_hex(FIELD(vector, "session_hex"), BYTES(session)));
    OK(mpass_ocra_inputs_set_session(inputs, (const uint8_t *)session.text,
                                     session.len));
  }
  if (has(vector, "time_steps_hex"))
    OK(mpass_ocra_inputs_set_time_step(
        inputs, strtoull(text_of(vector, "time_steps_hex"), NULL, 16)));
  else if (has(vector, "unix_time"))
    OK(mpass_ocra_inputs_set_time(inputs, number_of(vector, "unix_time")));
  return inputs;
}

static void ocra(struct json_object *file, struct json_object *vector) {
  mpass_key *key = key_of(vector, suite_algorithm(text_of(vector, "suite")));
  mpass_ocra_inputs *inputs = inputs_of(vector);
  mpass_ocra *ocra;
  struct buffer response;
  uint64_t counter, step;
  bool is_match;
  (void)file;
  OK(mpass_ocra_new(key, FIELD(vector, "suite"), &ocra));
  OK(mpass_ocra_respond(ocra, inputs, OUT(response)));
  CHECK(reads(&response, text_of(vector, "response")));
  OK(mpass_ocra_verify(ocra, FIELD(vector, "response"), inputs, 0, 0, 0,
                       &is_match, &counter, &step));
  CHECK(is_match);
  if (has(vector, "counter"))
    CHECK(counter == number_of(vector, "counter"));
  mpass_ocra_free(ocra);
  mpass_ocra_inputs_free(inputs);
  mpass_key_free(key);
}

static void keyring_text(struct json_object *file, struct json_object *vector) {
  struct json_object *ids = field(vector, "ids");
  mpass_keyring *keyring;
  struct buffer text;
  size_t i;
  uint16_t id;
  mpass_status status = mpass_keyring_parse(FIELD(vector, "text"), &keyring);
  (void)file;
  if (has(vector, "error")) {
    CHECK(strcmp(status_name(status), text_of(vector, "error")) == 0);
    CHECK(keyring == NULL);
    return;
  }
  OK(status);
  for (i = 0; i < json_object_array_length(ids); i++) {
    OK(mpass_keyring_id(keyring, i, &id));
    CHECK(id == json_object_get_int(json_object_array_get_idx(ids, i)));
  }
  OK(mpass_keyring_newest(keyring, &id));
  CHECK(id == number_of(vector, "newest"));
  OK(mpass_keyring_text(keyring, OUT(text)));
  CHECK(reads(&text, text_of(vector, "written")));
  mpass_keyring_free(keyring);
}

static void number_hash(struct json_object *file, struct json_object *vector) {
  mpass_number *number;
  struct buffer hash;
  (void)file;
  OK(mpass_number_parse(FIELD(vector, "number"), 0, &number));
  OK(mpass_number_sha256_hex(number, OUT(hash)));
  CHECK(reads(&hash, text_of(vector, "sha256_hex")));
  mpass_number_free(number);
}

static void number_parse(struct json_object *file, struct json_object *vector) {
  uint32_t country =
      has(vector, "country") ? (uint32_t)number_of(vector, "country") : 0;
  size_t length = strlen(text_of(vector, "text"));
  char tampered[256];
  mpass_number *number;
  struct buffer e164;
  mpass_status status =
      mpass_number_parse(FIELD(vector, "text"), country, &number);
  (void)file;
  if (has(vector, "error")) {
    CHECK(strcmp(status_name(status), text_of(vector, "error")) == 0);
    CHECK(number == NULL);
    return;
  }
  OK(status);
  OK(mpass_number_e164(number, OUT(e164)));
  CHECK(reads(&e164, text_of(vector, "e164")));
  mpass_number_free(number);
  /* With one more digit it is another number or none. */
  CHECK(length + 1 < sizeof tampered);
  memcpy(tampered, text_of(vector, "text"), length);
  tampered[length] = '7';
  if (mpass_number_parse(tampered, length + 1, country, &number) == MPASS_STATUS_OK) {
    OK(mpass_number_e164(number, OUT(e164)));
    CHECK(!reads(&e164, text_of(vector, "e164")));
    mpass_number_free(number);
  }
}

static void run(const char *directory, const char *name,
                void (*vector)(struct json_object *, struct json_object *)) {
  char path[1024], what[64];
  struct json_object *file, *vectors;
  unsigned passed = 0;
  size_t i, count;
  snprintf(path, sizeof path, "%s/%s.json", directory, name);
  file = json_object_from_file(path);
  CHECK(file != NULL);
  vectors = field(file, "vectors");
  count = json_object_array_length(vectors);
  for (i = 0; i < count; i++) {
    vector(file, json_object_array_get_idx(vectors, i));
    passed++;
  }
  CHECK(passed > 0);
  snprintf(what, sizeof what, "vectors %s.json", name);
  count_passed(what, passed);
  json_object_put(file);
}

void test_vectors(const char *directory) {
  run(directory, "hotp", hotp);
  run(directory, "totp", totp);
  run(directory, "totp-wrong", totp_wrong);
  run(directory, "typed-code", typed_code);
  run(directory, "ocra", ocra);
  run(directory, "ocra-more", ocra);
  run(directory, "message", message);
  run(directory, "android-app", android_app);
  run(directory, "ocra-suites", ocra);
  run(directory, "number-hash", number_hash);
  run(directory, "number-parse", number_parse);
  run(directory, "key-uri", key_uri);
  run(directory, "key-uri-peers", key_uri);
  run(directory, "in-store", in_store);
  run(directory, "keyring", keyring_text);
  run(directory, "store-header", store_header);
  run(directory, "subject", subject);
  check_spellings(directory);
}
