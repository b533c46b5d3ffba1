/* The arguments of a call in misuse.json, converted to C. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "check.h"

#include <json-c/json.h>

struct slice {
  const char *start;
  size_t len;
};

/* Sets the arguments that the functions below read, and clears them after the
 * call. */
void set_arguments(struct json_object *arguments);
void clear_arguments(void);

/* Records why C cannot make the mistake. */
void set_impossible(const char *why);
/* Why C cannot make the current mistake, or NULL. */
const char *impossible(void);

/* The value of an argument of this type, or NULL if it has another type. */
struct json_object *value_of_type(const char *name, const char *type);
bool is_null(const char *name);

struct slice slice_of(const char *start, size_t len);
struct slice json_text(struct json_object *text);
struct slice text_of(const char *name);
struct slice bytes_of(const char *name);
uint64_t integer_of(const char *name, uint64_t largest);
uint32_t u32_of(const char *name);
uint32_t algorithm_of(const char *name);

#endif
