#include "arguments.h"

static struct json_object *current; /* the arguments, by name */
static const char *reason;          /* why C cannot make the mistake */
static char *repeated;              /* buffer of a text or byte argument */

void set_arguments(struct json_object *arguments) {
  current = arguments;
  reason = NULL;
}

void clear_arguments(void) {
  free(repeated);
  repeated = NULL;
}

void set_impossible(const char *why) { reason = why; }

const char *impossible(void) { return reason; }

struct json_object *value_of_type(const char *name, const char *type) {
  struct json_object *value = NULL, *of = NULL;
  CHECK(json_object_object_get_ex(current, name, &value));
  if (value != NULL)
    json_object_object_get_ex(value, type, &of);
  return of;
}

bool is_null(const char *name) {
  struct json_object *value = NULL;
  CHECK(json_object_object_get_ex(current, name, &value));
  return value == NULL;
}

struct slice slice_of(const char *start, size_t len) {
  struct slice slice;
  slice.start = start;
  slice.len = len;
  return slice;
}

static struct slice repeat(const char *unit, size_t unit_len, size_t times) {
  size_t i;
  CHECK(repeated == NULL);
  repeated = (char *)malloc(unit_len * times);
  CHECK(repeated != NULL);
  for (i = 0; i < times; i++)
    memcpy(repeated + i * unit_len, unit, unit_len);
  return slice_of(repeated, unit_len * times);
}

struct slice json_text(struct json_object *text) {
  return slice_of(json_object_get_string(text),
                  (size_t)json_object_get_string_len(text));
}

struct slice text_of(const char *name) {
  struct json_object *of;
  if (is_null(name))
    return slice_of(NULL, 1);
  if ((of = value_of_type(name, "text")) != NULL)
    return json_text(of);
  if ((of = value_of_type(name, "repeated")) != NULL) {
    struct slice unit = json_text(json_object_array_get_idx(of, 0));
    int times = json_object_get_int(json_object_array_get_idx(of, 1));
    return repeat(unit.start, unit.len, (size_t)times);
  }
  if (value_of_type(name, "unpaired") != NULL)
    return slice_of("\xed\xa0\x80", 3);
  set_impossible("passing another type as const char * gives a warning");
  return slice_of("", 0);
}

struct slice bytes_of(const char *name) {
  struct json_object *of;
  if (is_null(name))
    return slice_of(NULL, 1);
  if ((of = value_of_type(name, "zeros")) != NULL)
    return repeat("", 1, (size_t)json_object_get_int(of));
  if ((of = value_of_type(name, "bytes")) != NULL) {
    struct slice hex = json_text(of);
    size_t len = 0;
    if (hex.len == 0)
      return slice_of(NULL, 0);
    repeat("", 1, hex.len / 2);
    OK(mpass_secret_from_hex(hex.start, hex.len, (uint8_t *)repeated,
                             hex.len / 2, &len));
    return slice_of(repeated, len);
  }
  set_impossible("passing another type as const uint8_t * gives a warning");
  return slice_of("", 0);
}

/* Compares the digits, to detect values that do not fit. */
uint64_t integer_of(const char *name, uint64_t largest) {
  struct json_object *of = value_of_type(name, "integer");
  char digits[24];
  uint64_t value;
  if (of == NULL) {
    set_impossible("passing another type as an integer gives a warning");
    return 0;
  }
  value = strtoull(json_object_get_string(of), NULL, 10);
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  if (strcmp(digits, json_object_get_string(of)) != 0 || value > largest)
    set_impossible("the integer type cannot represent the value");
  return value;
}

uint32_t u32_of(const char *name) {
  return (uint32_t)integer_of(name, UINT32_MAX);
}

uint32_t algorithm_of(const char *name) {
  struct json_object *of = value_of_type(name, "text");
  if (of == NULL)
    set_impossible("passing another type as an integer gives a warning");
  else if (strcmp(json_object_get_string(of), "SHA1") == 0)
    return MPASS_ALGORITHM_SHA1;
  return 0;
}
