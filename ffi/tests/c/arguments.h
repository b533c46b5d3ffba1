/* The arguments of a call in misuse.json, as C has them. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "check.h"

#include <json-c/json.h>

struct slice {
  const char *start;
  size_t len;
};

/* The arguments that the functions below read; taken back after the call. */
void give(struct json_object *arguments);
void take_back(void);

/* Says that C cannot make the mistake, and why. */
void cannot(const char *why);
/* Why C could not make the mistake that was given, or NULL. */
const char *impossible(void);

/* What an argument has under a type, or NULL if it is of another type. */
struct json_object *typed(const char *name, const char *type);
bool is_null(const char *name);

struct slice slice_of(const char *start, size_t len);
struct slice json_text(struct json_object *text);
struct slice text_of(const char *name);
struct slice bytes_of(const char *name);
uint64_t integer_of(const char *name, uint64_t largest);
uint32_t u32_of(const char *name);
uint32_t algorithm_of(const char *name);

#endif
