/* The mistakes common to all languages, from misuse.json: each returns its
 * status and leaves the outputs unchanged. `set_impossible` records those that
 * the types of C rule out or that are undefined behaviour. */
#include "misuse_run.h"

struct misuse_outputs out;
struct misuse_handles held;

static void fill_outputs(void) {
  memset(out.text, 'Z', sizeof out.text);
  out.written = out.matched = out.number = 99;
  out.is_match = true;
}

static void check_outputs(void) {
  size_t i;
  for (i = 0; i < sizeof out.text; i++)
    CHECK(out.text[i] == 'Z');
  CHECK(out.written == 99 && out.matched == 99 && out.number == 99);
  CHECK(out.is_match);
}

static void create_handles(void) {
  uint8_t entropy[32];
  test_entropy(entropy, sizeof entropy);
  OK(mpass_key_new(MPASS_ALGORITHM_SHA1, SECRET, 20, &held.key));
  OK(mpass_hotp_new(held.key, 6, &held.hotp));
  OK(mpass_totp_new(held.key, 8, 30, 0, &held.totp));
  OK(mpass_totp_new(held.key, 8, 30, 60, &held.late));
  OK(mpass_ocra_new(held.key, TEXT("OCRA-1:HOTP-SHA1-6:QN08"), &held.ocra));
  OK(mpass_keyring_generate(entropy, sizeof entropy, &held.keyring));
}

static void free_handles(void) {
  mpass_key_free(held.key);
  mpass_hotp_free(held.hotp);
  mpass_totp_free(held.totp);
  mpass_totp_free(held.late);
  mpass_ocra_free(held.ocra);
  mpass_keyring_free(held.keyring);
}

void *handle_of(const char *name) {
  struct json_object *of = value_of_type(name, "handle");
  const char *class_name;
  if (is_null(name))
    return NULL;
  if (of == NULL) {
    set_impossible(value_of_type(name, "closed") != NULL
                       ? "using a freed handle is undefined behaviour"
                       : "passing another type as a handle gives a warning");
    return NULL;
  }
  class_name = json_object_get_string(of);
  if (strcmp(class_name, "secret") == 0)
    return held.key;
  if (strcmp(class_name, "hotp") == 0)
    return held.hotp;
  if (strcmp(class_name, "totp") == 0)
    return held.totp;
  if (strcmp(class_name, "late-totp") == 0)
    return held.late;
  if (strcmp(class_name, "ocra") == 0)
    return held.ocra;
  CHECK(strcmp(class_name, "keyring") == 0);
  return held.keyring;
}

static mpass_status call(const char *name, struct json_object *arguments) {
  mpass_status status;
  set_arguments(arguments);
  fill_outputs();
  status = misuse_call(name);
  clear_arguments();
  return status;
}

/* The name of the status for a kind of mistake. */
static const char *status_of_kind(const char *error) {
  static const char *const KINDS[][2] = {
      {"null", "NullArgument"},   {"type", "WrongHandle"},
      {"unicode", "InvalidUtf8"}, {"length", "WrongLength"},
      {"closed", "impossible"},   {"range", "impossible"},
  };
  size_t i;
  for (i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
    if (strcmp(KINDS[i][0], error) == 0)
      return KINDS[i][1];
  return error;
}

static const char *string_of(struct json_object *object, const char *name) {
  struct json_object *value = NULL;
  CHECK(json_object_object_get_ex(object, name, &value));
  return json_object_get_string(value);
}

/* Makes a mistake; false if C cannot make it. */
static bool make(struct json_object *calls, struct json_object *misuse) {
  const char *name = string_of(misuse, "call"),
             *argument = string_of(misuse, "argument");
  const char *expected, *seen;
  struct json_object *right = NULL, *wrong = NULL, *value = NULL, *own = NULL;
  CHECK(json_object_object_get_ex(calls, name, &right));
  CHECK(json_object_object_get_ex(right, argument, NULL));
  CHECK(json_object_object_get_ex(misuse, "value", &value));
  CHECK(json_object_deep_copy(right, &wrong, NULL) == 0);
  json_object_object_add(wrong, argument, json_object_get(value));
  seen = status_name(call(name, wrong));
  json_object_put(wrong);
  if (impossible() != NULL)
    return false;
  json_object_object_get_ex(misuse, "c", &own);
  expected = status_of_kind(own != NULL ? json_object_get_string(own)
                                        : string_of(misuse, "error"));
  if (strcmp(seen, expected) != 0)
    fprintf(stderr, "%s: %s, expected %s\n", string_of(misuse, "name"), seen,
            expected);
  CHECK(strcmp(seen, expected) == 0);
  check_outputs();
  return true;
}

void test_misuses(const char *path) {
  struct json_object *file = json_object_from_file(path);
  struct json_object *calls = NULL, *misuses = NULL;
  size_t i, count, made = 0;
  CHECK(json_object_object_get_ex(file, "calls", &calls));
  CHECK(json_object_object_get_ex(file, "misuses", &misuses));
  create_handles();
  {
    json_object_object_foreach(calls, name, right) {
      CHECK_STATUS(MPASS_STATUS_OK, call(name, right));
      CHECK(impossible() == NULL);
    }
  }
  count = json_object_array_length(misuses);
  for (i = 0; i < count; i++)
    made += make(calls, json_object_array_get_idx(misuses, i));
  /* The types of C rule out fewer than half of the mistakes. */
  CHECK(2 * made > count);
  free_handles();
  json_object_put(file);
}
