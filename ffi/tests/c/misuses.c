/* The calls of misuse.json. */
#include "misuse_run.h"
#include "misuse_tenants.h"

static mpass_status secret_from_bytes(void) {
  struct slice secret = bytes_of("secret");
  MAKE(key, mpass_key_new(MPASS_ALGORITHM_SHA1, (const uint8_t *)secret.start,
                          secret.len, &made));
}

static mpass_status secret_from_base32(void) {
  struct slice secret = text_of("secret");
  return mpass_secret_from_base32(secret.start, secret.len,
                                  (uint8_t *)out.text, sizeof out.text,
                                  &out.written);
}

static mpass_status secret_from_hex(void) {
  struct slice secret = text_of("secret");
  return mpass_secret_from_hex(secret.start, secret.len, (uint8_t *)out.text,
                               sizeof out.text, &out.written);
}

/* C has no handle of a secret: a key is created from its bytes. */
static mpass_status key_status(uint32_t algorithm) {
  struct json_object *of = value_of_type("secret", "handle");
  bool is_short =
      of != NULL && strcmp(json_object_get_string(of), "short-secret") == 0;
  MAKE(key, mpass_key_new(algorithm, SECRET, is_short ? 3 : 20, &made));
}

static mpass_status hotp_new(void) {
  mpass_status status = key_status(algorithm_of("algorithm"));
  uint32_t digits = u32_of("digits");
  if (status != MPASS_STATUS_OK)
    return status;
  MAKE(hotp, mpass_hotp_new((const mpass_key *)handle_of("secret"), digits,
                            &made));
}

static mpass_status hotp_generate(void) {
  const mpass_hotp *hotp = (const mpass_hotp *)handle_of("hotp");
  uint64_t counter = integer_of("counter", UINT64_MAX);
  return mpass_hotp_generate(hotp, counter, out.text, sizeof out.text,
                             &out.written);
}

static mpass_status hotp_verify(void) {
  const mpass_hotp *hotp = (const mpass_hotp *)handle_of("hotp");
  struct slice code = text_of("code");
  uint64_t counter = integer_of("counter", UINT64_MAX);
  return mpass_hotp_verify(hotp, code.start, code.len, counter,
                           u32_of("look-ahead"), &out.is_match, &out.matched);
}

/* Three codes are three arguments; the last one may be absent. */
static mpass_status hotp_resynchronize(void) {
  const mpass_hotp *hotp = (const mpass_hotp *)handle_of("hotp");
  struct json_object *codes = value_of_type("codes", "texts");
  struct slice code[3];
  size_t i, count = codes == NULL ? 0 : json_object_array_length(codes);
  if (is_null("codes"))
    count = 1;
  else if (count < 2 || count > 3)
    set_impossible("the codes are two or three separate arguments");
  for (i = 0; i < 3; i++)
    code[i] = codes != NULL && i < count
                  ? json_text(json_object_array_get_idx(codes, i))
                  : slice_of(NULL, i < count);
  return mpass_hotp_resynchronize(
      hotp, code[0].start, code[0].len, code[1].start, code[1].len,
      code[2].start, code[2].len, integer_of("counter", UINT64_MAX),
      u32_of("window"), &out.is_match, &out.matched);
}

static mpass_status totp_new(void) {
  uint64_t step = integer_of("step", UINT64_MAX);
  uint64_t t0 = integer_of("t0", UINT64_MAX);
  MAKE(totp, mpass_totp_new((const mpass_key *)handle_of("secret"),
                            u32_of("digits"), step, t0, &made));
}

static mpass_status totp_generate(void) {
  const mpass_totp *totp = (const mpass_totp *)handle_of("totp");
  uint64_t time = integer_of("time", UINT64_MAX);
  return mpass_totp_generate(totp, time, out.text, sizeof out.text,
                             &out.written);
}

static mpass_status ocra_new(void) {
  struct slice suite = text_of("suite");
  MAKE(ocra, mpass_ocra_new((const mpass_key *)handle_of("secret"),
                            suite.start, suite.len, &made));
}

static mpass_status ocra_respond(void) {
  const mpass_ocra *ocra = (const mpass_ocra *)handle_of("ocra");
  struct slice question = text_of("question");
  mpass_ocra_inputs *inputs = NULL;
  mpass_status status =
      mpass_ocra_inputs_new(question.start, question.len, &inputs);
  if (status == MPASS_STATUS_OK)
    status = mpass_ocra_respond(ocra, inputs, out.text, sizeof out.text,
                                &out.written);
  mpass_ocra_inputs_free(inputs);
  return status;
}

static mpass_status key_uri_parse(void) {
  struct slice uri = text_of("uri");
  MAKE(key_uri, mpass_key_uri_parse(uri.start, uri.len, &made));
}

static mpass_status number_parse(void) {
  struct slice number = text_of("number");
  uint32_t country = u32_of("country");
  MAKE(number, mpass_number_parse(number.start, number.len, country, &made));
}

static mpass_status number_keyed_hash(void) {
  struct slice key = bytes_of("key");
  mpass_number *number;
  mpass_status status;
  OK(mpass_number_parse(TEXT("+966500000000"), 0, &number));
  status = mpass_number_keyed_hash(number, (const uint8_t *)key.start, key.len,
                                   (uint8_t *)out.text, sizeof out.text,
                                   &out.written);
  mpass_number_free(number);
  return status;
}

static mpass_status android_app_hash(void) {
  struct slice package = text_of("package"), bytes = bytes_of("certificate");
  return mpass_android_app_hash(package.start, package.len,
                                (const uint8_t *)bytes.start, bytes.len,
                                out.text, sizeof out.text, &out.written);
}

static mpass_status keyring_parse(void) {
  struct slice keyring = text_of("keyring");
  MAKE(keyring, mpass_keyring_parse(keyring.start, keyring.len, &made));
}

static mpass_status policy_new(void) {
  mpass_settings *settings;
  mpass_status status;
  uint64_t digits = integer_of("digits", UINT64_MAX);
  uint64_t tries = integer_of("tries", UINT64_MAX);
  uint64_t lifetime_ms = integer_of("lifetime", UINT64_MAX);
  OK(mpass_settings_new(MPASS_GROUP_POLICY, &settings));
  status = mpass_settings_set_number(settings, MPASS_FIELD_DIGITS, digits);
  if (status == MPASS_STATUS_OK)
    status = mpass_settings_set_number(settings, MPASS_FIELD_TRIES, tries);
  if (status == MPASS_STATUS_OK)
    status = mpass_settings_set_number(settings, MPASS_FIELD_LIFETIME_MS,
                                       lifetime_ms);
  if (status == MPASS_STATUS_OK)
    status = mpass_settings_check(settings);
  mpass_settings_free(settings);
  return status;
}

static mpass_status subject_of(uint32_t kind, const char *argument) {
  struct slice subject = text_of(argument);
  MAKE(challenge, mpass_challenge_new(held.keyring, NULL, TEXT("test"),
                                      (const uint8_t *)"tenant", 6, kind,
                                      subject.start, subject.len, NULL, 0,
                                      &made));
}

static mpass_status subject_number(void) {
  return subject_of(MPASS_SUBJECT_NUMBER, "number");
}

static mpass_status subject_email(void) {
  return subject_of(MPASS_SUBJECT_EMAIL, "address");
}

static mpass_status subject_account(void) {
  return subject_of(MPASS_SUBJECT_ACCOUNT, "account");
}

static mpass_status challenge_attempt(void) {
  const mpass_keyring *keyring = (const mpass_keyring *)handle_of("keyring");
  struct slice record = slice_of(NULL, 0), code = text_of("code");
  mpass_challenge *challenge = NULL;
  mpass_pending *pending = (mpass_pending *)(void *)&out;
  uint8_t entropy[32];
  mpass_status status;
  if (!is_null("record"))
    record = bytes_of("record");
  test_entropy(entropy, sizeof entropy);
  status = mpass_challenge_new(keyring, NULL, TEXT("test"),
                               (const uint8_t *)"tenant", 6,
                               MPASS_SUBJECT_ACCOUNT, TEXT("ann"), NULL, 0,
                               &challenge);
  if (status == MPASS_STATUS_OK) {
    status = mpass_challenge_attempt(
        challenge, (const uint8_t *)record.start, record.len, code.start,
        code.len, 0, entropy, sizeof entropy, &pending, &out.number);
    CHECK(status == MPASS_STATUS_OK || pending == NULL);
    mpass_pending_free(pending);
  }
  mpass_challenge_free(challenge);
  return status;
}

static mpass_status channel_create(void) {
  return misuse_create_channel((const mpass_keyring *)handle_of("keyring"));
}

static mpass_status customer_create(void) {
  return misuse_create_customer((const mpass_keyring *)handle_of("keyring"));
}

static mpass_status client_create(void) {
  return misuse_create_client((const mpass_keyring *)handle_of("keyring"));
}

static mpass_status tenants_read(void) {
  return misuse_read_tenant(held.keyring,
                            (const mpass_keyring *)handle_of("keyring"));
}

static mpass_status tenants_update(void) {
  return misuse_update_tenant(held.keyring);
}

static mpass_status tenants_rotate(void) {
  return misuse_rotate_tenant(held.keyring);
}

static mpass_status tenants_provision(void) {
  return misuse_provision_tenant(held.keyring);
}

static mpass_status engine_new(void) {
  struct slice issuer = text_of("issuer");
  mpass_engine *engine = (mpass_engine *)(void *)&out;
  mpass_settings *settings;
  mpass_status status;
  OK(mpass_settings_new(MPASS_GROUP_ENGINE, &settings));
  status = mpass_settings_set_text(settings, MPASS_FIELD_ISSUER, issuer.start,
                                   issuer.len);
  if (status == MPASS_STATUS_OK) {
    status = mpass_engine_new((const mpass_keyring *)handle_of("keyring"),
                              settings, &engine);
    CHECK(status == MPASS_STATUS_OK || engine == NULL);
    mpass_engine_free(engine);
  }
  mpass_settings_free(settings);
  return status;
}

static const struct {
  const char *name;
  mpass_status (*call)(void);
} CALLS[] = {
    {"secret.from_bytes", secret_from_bytes},
    {"secret.from_base32", secret_from_base32},
    {"secret.from_hex", secret_from_hex},
    {"hotp.new", hotp_new},
    {"hotp.generate", hotp_generate},
    {"hotp.verify", hotp_verify},
    {"hotp.resynchronize", hotp_resynchronize},
    {"totp.new", totp_new},
    {"totp.generate", totp_generate},
    {"ocra.new", ocra_new},
    {"ocra.respond", ocra_respond},
    {"key_uri.parse", key_uri_parse},
    {"number.parse", number_parse},
    {"number.keyed_hash", number_keyed_hash},
    {"android_app.hash", android_app_hash},
    {"keyring.parse", keyring_parse},
    {"policy.new", policy_new},
    {"subject.number", subject_number},
    {"subject.email", subject_email},
    {"subject.account", subject_account},
    {"challenge.attempt", challenge_attempt},
    {"channel.create", channel_create},
    {"customer.create", customer_create},
    {"client.create", client_create},
    {"tenants.read", tenants_read},
    {"tenants.update", tenants_update},
    {"tenants.rotate", tenants_rotate},
    {"tenants.provision", tenants_provision},
    {"engine.new", engine_new},
};

mpass_status misuse_call(const char *name) {
  size_t i;
  for (i = 0; i < sizeof CALLS / sizeof *CALLS; i++)
    if (strcmp(CALLS[i].name, name) == 0)
      break;
  CHECK(i < sizeof CALLS / sizeof *CALLS);
  return CALLS[i].call();
}
