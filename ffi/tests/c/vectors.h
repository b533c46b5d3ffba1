/* Fields of the vector files. */
#ifndef VECTORS_H
#define VECTORS_H

#include "check.h"

#include <json-c/json.h>

static inline struct json_object *field(struct json_object *object,
                                        const char *name) {
  struct json_object *value = NULL;
  json_object_object_get_ex(object, name, &value);
  return value;
}

static inline bool has(struct json_object *object, const char *name) {
  return field(object, name) != NULL;
}

static inline const char *text_of(struct json_object *object,
                                  const char *name) {
  CHECK(has(object, name));
  return json_object_get_string(field(object, name));
}

static inline size_t text_len(struct json_object *object, const char *name) {
  return (size_t)json_object_get_string_len(field(object, name));
}

/* A text of a vector, as two arguments. */
#define FIELD(object, name) text_of(object, name), text_len(object, name)

static inline uint64_t number_of(struct json_object *object, const char *name) {
  CHECK(has(object, name));
  return json_object_get_uint64(field(object, name));
}

static inline uint32_t algorithm_of(struct json_object *object) {
  const char *name = text_of(object, "algorithm");
  if (strcmp(name, "SHA1") == 0)
    return MPASS_ALGORITHM_SHA1;
  if (strcmp(name, "SHA256") == 0)
    return MPASS_ALGORITHM_SHA256;
  CHECK(strcmp(name, "SHA512") == 0);
  return MPASS_ALGORITHM_SHA512;
}

void key_uri(struct json_object *file, struct json_object *vector);
void android_app(struct json_object *file, struct json_object *vector);
void message(struct json_object *file, struct json_object *vector);
void in_store(struct json_object *file, struct json_object *vector);
void store_header(struct json_object *file, struct json_object *vector);
void subject(struct json_object *file, struct json_object *vector);
void check_spellings(const char *directory);

#endif
