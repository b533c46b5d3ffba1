/* Shared by the test programs, which are compiled as C99 and as C++11 and use
 * only what is valid in both languages. */
#ifndef CHECK_H
#define CHECK_H

#include <mpass.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
#define CHECK_STATUS(expected, call)                                           \
  check_status((expected), (call), #call, __FILE__, __LINE__)
#define OK(call) CHECK_STATUS(MPASS_STATUS_OK, call)

/* A text with its length, as two arguments. */
#define TEXT(text) (text), strlen(text)

/* The greatest length of a value of a store. */
#define ROOM 4096

static inline void check(bool holds, const char *what, const char *file,
                         int line) {
  if (!holds) {
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(1);
  }
}

static inline void check_status(mpass_status expected, mpass_status seen,
                                const char *what, const char *file, int line) {
  if (seen != expected) {
    fprintf(stderr, "%s:%d: %s: %d (%s), expected %d\n", file, line, what,
            (int)seen, mpass_status_text(seen), (int)expected);
    exit(1);
  }
}

/* An output of text. The library writes no NUL; `reads` adds it. */
struct buffer {
  char text[ROOM + 1];
  size_t len;
};

#define OUT(buffer) (buffer).text, ROOM, &(buffer).len
#define BYTES(buffer) (uint8_t *)(buffer).text, ROOM, &(buffer).len

static inline bool reads(struct buffer *buffer, const char *text) {
  buffer->text[buffer->len] = 0;
  return strcmp(buffer->text, text) == 0;
}

/* Bytes that differ in each call. For tests only. */
static inline void test_entropy(uint8_t *out, size_t len) {
  static uint64_t state = 0x9e3779b97f4a7c15u;
  size_t i;
  for (i = 0; i < len; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    out[i] = (uint8_t)(state >> 56);
  }
}

const char *status_name(mpass_status status);

/* Adds to the counts of the run, if they are requested. */
void count_passed(const char *what, unsigned count);

void test_exchange(void);
void test_header(void);
void test_in_store(void);
void test_misuse(void);
void test_misuses(const char *path);
void test_administration(const char *path);
void test_panic(void);
void test_services(void);
void test_states(void);
void test_vectors(const char *directory);

#endif
