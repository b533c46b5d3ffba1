/* Key URIs: the vectors, strict parsing, and each vector tampered with. */
#include "vectors.h"

static uint32_t cautions_of(struct json_object *vector) {
  static const struct {
    const char *name;
    uint32_t bit;
  } known[] = {
      {"Counter", MPASS_CAUTION_COUNTER},
      {"Algorithm", MPASS_CAUTION_ALGORITHM},
      {"Digits", MPASS_CAUTION_DIGITS},
      {"Period", MPASS_CAUTION_PERIOD},
      {"PeriodBelowFive", MPASS_CAUTION_PERIOD_BELOW_FIVE},
      {"SecretLength", MPASS_CAUTION_SECRET_LENGTH},
      {"NoIssuer", MPASS_CAUTION_NO_ISSUER},
      {"IssuerDiffers", MPASS_CAUTION_ISSUER_DIFFERS},
      {"EmptyIssuer", MPASS_CAUTION_EMPTY_ISSUER},
      {"EmptyAccount", MPASS_CAUTION_EMPTY_ACCOUNT},
      {"ColonInLabel", MPASS_CAUTION_COLON_IN_LABEL},
      {"EncodedColon", MPASS_CAUTION_ENCODED_COLON},
      {"EscapedAmpersand", MPASS_CAUTION_ESCAPED_AMPERSAND},
      {"RepeatedParameter", MPASS_CAUTION_REPEATED_PARAMETER},
      {"UnknownParameter", MPASS_CAUTION_UNKNOWN_PARAMETER},
      {"PlusAsSpace", MPASS_CAUTION_PLUS_AS_SPACE},
      {"Spelling", MPASS_CAUTION_SPELLING},
      {"SecretForm", MPASS_CAUTION_SECRET_FORM},
      {"Trimmed", MPASS_CAUTION_TRIMMED},
      {"SteamIssuer", MPASS_CAUTION_STEAM_ISSUER},
      {"ColonInName", MPASS_CAUTION_COLON_IN_NAME},
  };
  struct json_object *names = field(vector, "cautions");
  uint32_t bits = 0;
  size_t i, j;
  for (i = 0; i < json_object_array_length(names); i++) {
    const char *name = json_object_get_string(json_object_array_get_idx(names, i));
    uint32_t before = bits;
    for (j = 0; j < sizeof known / sizeof *known; j++)
      if (strcmp(known[j].name, name) == 0)
        bits |= known[j].bit;
    CHECK(bits != before);
  }
  return bits;
}

static void check_parameters(mpass_key_uri *uri, struct json_object *vector) {
  struct json_object *pairs = field(vector, "parameters");
  struct buffer text;
  size_t count, i;
  OK(mpass_key_uri_parameter_count(uri, &count));
  CHECK(count == json_object_array_length(pairs));
  for (i = 0; i < count; i++) {
    struct json_object *pair = json_object_array_get_idx(pairs, i);
    OK(mpass_key_uri_parameter_name(uri, i, OUT(text)));
    CHECK(reads(&text, json_object_get_string(json_object_array_get_idx(pair, 0))));
    OK(mpass_key_uri_parameter_value(uri, i, OUT(text)));
    CHECK(reads(&text, json_object_get_string(json_object_array_get_idx(pair, 1))));
  }
}

/* Reads a name, which the vector has or has not. */
static void check_name(mpass_key_uri *uri, struct json_object *vector, const char *name,
                       mpass_status (*get)(const mpass_key_uri *, char *, size_t, size_t *)) {
  struct buffer text;
  mpass_status status = get(uri, OUT(text));
  CHECK(status == (has(vector, name) ? MPASS_STATUS_OK : MPASS_STATUS_WRONG_STATE));
  if (status == MPASS_STATUS_OK)
    CHECK(reads(&text, text_of(vector, name)));
}

static void check_uri(mpass_key_uri *uri, struct json_object *vector) {
  bool is_hotp = strcmp(text_of(vector, "kind"), "hotp") == 0;
  struct buffer text, secret;
  uint32_t kind, algorithm, digits, cautions;
  uint64_t factor;
  OK(mpass_key_uri_kind(uri, &kind, &factor));
  CHECK(kind == (is_hotp ? MPASS_KEY_URI_HOTP : MPASS_KEY_URI_TOTP));
  CHECK(factor == number_of(vector, is_hotp ? "counter" : "period"));
  OK(mpass_key_uri_codes(uri, &algorithm, &digits));
  CHECK(algorithm == algorithm_of(vector));
  CHECK(digits == number_of(vector, "digits"));
  check_name(uri, vector, "account", mpass_key_uri_account);
  check_name(uri, vector, "issuer", mpass_key_uri_issuer);
  check_name(uri, vector, "label_issuer", mpass_key_uri_label_issuer);
  OK(mpass_key_uri_secret(uri, BYTES(secret)));
  OK(mpass_secret_to_hex((const uint8_t *)secret.text, secret.len, OUT(text)));
  CHECK(reads(&text, text_of(vector, "secret_hex")));
  OK(mpass_key_uri_text(uri, OUT(text)));
  CHECK(reads(&text, text_of(vector, "written")));
  OK(mpass_key_uri_cautions(uri, &cautions));
  CHECK(cautions == cautions_of(vector));
  check_parameters(uri, vector);
}

static void check_refused(const char *uri, const char *error) {
  mpass_key_uri *parsed;
  mpass_status status = mpass_key_uri_parse(uri, strlen(uri), &parsed);
  CHECK(strcmp(status_name(status), error) == 0);
  CHECK(parsed == NULL);
  status = mpass_key_uri_parse_strict(uri, strlen(uri), &parsed);
  CHECK(strcmp(status_name(status), error) == 0);
  CHECK(parsed == NULL);
}

/* A parameter that changes the codes, or another scheme. */
static void check_tampered(const char *uri, bool is_read) {
  static char tampered[4096];
  size_t len = strlen(uri);
  while (is_read && len > 0 && strchr(" \r\n", uri[len - 1]) != NULL)
    len--;
  CHECK(len + sizeof "&encoder=steam" < sizeof tampered);
  snprintf(tampered, sizeof tampered, "%.*s%s", (int)len, uri, is_read ? "&encoder=steam" : "");
  char *scheme;
  while (!is_read && (scheme = strstr(tampered, "otpauth")) != NULL)
    memcpy(scheme, "example", strlen("example"));
  check_refused(tampered, is_read ? "UriEncoder" : "UriScheme");
}

void key_uri(struct json_object *file, struct json_object *vector) {
  const char *text = text_of(vector, "uri");
  bool is_read = !has(vector, "error");
  mpass_key_uri *uri;
  (void)file;
  check_tampered(text, is_read);
  if (!is_read) {
    check_refused(text, text_of(vector, "error"));
    return;
  }
  OK(mpass_key_uri_parse(FIELD(vector, "uri"), &uri));
  check_uri(uri, vector);
  mpass_key_uri_free(uri);
  if (!json_object_get_boolean(field(vector, "strict"))) {
    CHECK_STATUS(MPASS_STATUS_URI_NOT_STRICT,
                 mpass_key_uri_parse_strict(FIELD(vector, "uri"), &uri));
    return;
  }
  OK(mpass_key_uri_parse_strict(FIELD(vector, "uri"), &uri));
  check_uri(uri, vector);
  mpass_key_uri_free(uri);
}
