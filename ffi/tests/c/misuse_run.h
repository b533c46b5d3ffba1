/* What the calls of misuse.json share: their outputs and their handles. */
#ifndef MISUSE_RUN_H
#define MISUSE_RUN_H

#include "arguments.h"

#define SECRET ((const uint8_t *)"12345678901234567890")

/* The outputs of a call, filled with a pattern that it must not change. */
extern struct misuse_outputs {
  char text[128];
  size_t written;
  uint64_t matched;
  uint32_t number;
  bool is_match;
} out;

/* One handle of each class. */
extern struct misuse_handles {
  mpass_key *key;
  mpass_hotp *hotp;
  mpass_totp *totp, *late;
  mpass_ocra *ocra;
  mpass_keyring *keyring;
} held;

/* Calls a constructor, checks that the handle is NULL after a failure, and
 * frees it. */
#define MAKE(class, call)                                                      \
  do {                                                                         \
    mpass_##class *made = (mpass_##class *)(void *)&out;                       \
    mpass_status status = (call);                                              \
    if (status == MPASS_STATUS_OK)                                             \
      mpass_##class##_free(made);                                              \
    else                                                                       \
      CHECK(made == NULL);                                                     \
    return status;                                                             \
  } while (0)

/* Any handle as any class: C needs only a cast. */
void *handle_of(const char *name);

/* Makes the call with this name, whose arguments are set. */
mpass_status misuse_call(const char *name);

#endif
