/* A store in Redis 7.0 or newer with hiredis, and what it is for: a channel of the mPass contract
 * that issues a code and verifies it. In this directory, with the library installed:
 *   cc -std=gnu99 redis.c main.c -Wa,-I../../stores/layout -o c-redis \
 *      $(pkg-config --cflags --libs mpass hiredis) -lpthread
 *   ./c-redis redis://127.0.0.1:6379 KEYRING tenant shop       prints the channel's key
 *   ./c-redis redis://127.0.0.1:6379 KEYRING issue KEY 966500000000         prints the code
 *   ./c-redis redis://127.0.0.1:6379 KEYRING verify KEY 966500000000 CODE
 * The Redis needs `appendonly yes` and `appendfsync always` to keep what it acknowledged. */
#include "store.h"

#include <hiredis.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The script of the swap, which all languages share. */
__asm__(".section .rodata\nswap_lua: .incbin \"swap.lua\"\nswap_lua_end: .byte 0\n.text\n");
extern const char swap_lua[], swap_lua_end[];

enum { KEY = 16, EXPIRY = 8, PARTS = 8 };
static const uint64_t MARGIN_MS = 86400000; /* the clock of Redis is another one */
static const struct timeval TIMEOUT = {2, 0};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static redisContext *redis;
static char address[256], sha[41];
static int port;

/* Connects, also after an error: what was sent before is not sent again. */
static bool connected(void) {
  redisReply *loaded;
  if (redis != NULL && redis->err == 0)
    return true;
  redisFree(redis);
  redis = redisConnectWithTimeout(address, port, TIMEOUT);
  if (redis == NULL || redis->err != 0 || redisSetTimeout(redis, TIMEOUT) != REDIS_OK)
    return false;
  loaded = redisCommand(redis, "SCRIPT LOAD %b", swap_lua, (size_t)(swap_lua_end - swap_lua));
  if (loaded != NULL && loaded->type == REDIS_REPLY_STRING)
    snprintf(sha, sizeof sha, "%s", loaded->str);
  freeReplyObject(loaded);
  return loaded != NULL;
}

bool store_open(const char *url) {
  return sscanf(url, "redis://%255[^:]:%d", address, &port) == 2 && connected();
}

void store_close(void) { redisFree(redis); }

static size_t state_key(char *out, const uint8_t *key) {
  memcpy(out, "mpass:s:", 8);
  memcpy(out + 8, key, KEY);
  return 8 + KEY;
}

uint32_t store_load(void *userdata, uint32_t kind, const uint8_t *key, mpass_value *current) {
  uint32_t answer = MPASS_ANSWER_FAILED;
  size_t skip = kind == MPASS_KIND_STATE ? 0 : EXPIRY, len;
  char place[8 + KEY];
  redisReply *reply = NULL;
  (void)userdata;
  pthread_mutex_lock(&lock);
  len = state_key(place, key);
  if (connected())
    reply = skip == 0 ? redisCommand(redis, "GET %b", place, len) : redisCommand(redis, "HGET mpass:d %b", key, (size_t)KEY);
  if (reply != NULL && reply->type == REDIS_REPLY_NIL)
    answer = MPASS_ANSWER_LOADED;
  else if (reply != NULL && reply->type == REDIS_REPLY_STRING && reply->len >= skip &&
           mpass_value_set(current, (uint8_t *)reply->str + skip, reply->len - skip) == MPASS_STATUS_OK)
    answer = MPASS_ANSWER_LOADED;
  freeReplyObject(reply);
  pthread_mutex_unlock(&lock);
  return answer;
}

/* What a reply to the script means; no reply leaves open whether it was executed. */
static uint32_t outcome(const redisReply *reply, mpass_value *current) {
  const redisReply *found;
  if (reply == NULL)
    return MPASS_ANSWER_UNKNOWN;
  if (reply->type == REDIS_REPLY_ERROR) /* the script writes last: nothing is stored */
    return strncmp(reply->str, "OOM", 3) == 0 ? MPASS_ANSWER_FULL : MPASS_ANSWER_FAILED;
  if (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0 || reply->element[0]->type != REDIS_REPLY_INTEGER)
    return MPASS_ANSWER_UNKNOWN; /* not of the script */
  if (reply->element[0]->integer == 1)
    return MPASS_ANSWER_STORED;
  found = reply->elements > 1 ? reply->element[1] : NULL;
  if (found != NULL && mpass_value_set(current, (uint8_t *)found->str, found->len) != MPASS_STATUS_OK)
    return MPASS_ANSWER_FAILED;
  return MPASS_ANSWER_CONFLICT;
}

uint32_t store_swap(void *userdata, uint32_t kind, const uint8_t *key, const uint8_t *expected,
                     size_t expected_len, const uint8_t *value, size_t value_len,
                     const uint64_t *expires_at_ms, uint64_t now, mpass_value *current) {
  bool is_state = kind == MPASS_KIND_STATE;
  uint64_t end = expires_at_ms == NULL ? 0 : *expires_at_ms > INT64_MAX / 2 ? INT64_MAX / 2 : *expires_at_ms;
  char place[8 + KEY], expiry[24];
  const char *parts[PARTS] = {"EVALSHA", sha, "1", place, is_state ? "" : (const char *)key,
                              expected ? "1" : "0", expected ? (const char *)expected : "", (const char *)value};
  const char *all[PARTS + 1];
  size_t lens[PARTS + 1] = {7, strlen(sha), 1, 0, is_state ? 0 : KEY, 1, expected ? expected_len : 0, value_len};
  uint32_t answer = MPASS_ANSWER_FAILED;
  redisReply *reply;
  int i;
  (void)userdata;
  pthread_mutex_lock(&lock);
  lens[3] = is_state ? state_key(place, key) : (size_t)snprintf(place, sizeof place, "mpass:d");
  if (!is_state)
    for (i = 0; i < EXPIRY; i++) expiry[i] = (char)(end >> (8 * (7 - i)));
  lens[8] = !is_state ? EXPIRY : expires_at_ms == NULL ? 0 : (size_t)snprintf(expiry, sizeof expiry, "%llu",
            (unsigned long long)(end + MARGIN_MS > now ? end + MARGIN_MS - now : 1));
  memcpy(all, parts, sizeof parts);
  all[8] = expiry;
  if (connected()) {
    all[1] = sha, lens[1] = strlen(sha);
    reply = redisCommandArgv(redis, PARTS + 1, all, lens);
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NOSCRIPT", 8) == 0) {
      freeReplyObject(reply);
      all[0] = "EVAL", lens[0] = 4, all[1] = swap_lua, lens[1] = (size_t)(swap_lua_end - swap_lua);
      reply = redisCommandArgv(redis, PARTS + 1, all, lens);
    }
    answer = outcome(reply, current);
    freeReplyObject(reply);
  }
  pthread_mutex_unlock(&lock);
  return answer;
}

static int by_key(const void *a, const void *b) {
  return memcmp((*(redisReply *const *)a)->str, (*(redisReply *const *)b)->str, KEY);
}

uint32_t store_list(void *userdata, const uint8_t *after, uint32_t limit, mpass_documents *documents) {
  redisReply *keys = NULL, *held;
  uint32_t listed = 0;
  size_t i;
  bool is_read;
  (void)userdata;
  pthread_mutex_lock(&lock);
  if (connected())
    keys = redisCommand(redis, "HKEYS mpass:d");
  is_read = keys != NULL && keys->type == REDIS_REPLY_ARRAY;
  if (is_read && keys->elements > 0)
    qsort(keys->element, keys->elements, sizeof *keys->element, by_key);
  for (i = 0; is_read && i < keys->elements && listed < limit; i++) {
    const char *key = keys->element[i]->str;
    if (after != NULL && memcmp(key, after, KEY) <= 0)
      continue;
    held = redisCommand(redis, "HGET mpass:d %b", key, (size_t)KEY);
    is_read = held != NULL && (held->type == REDIS_REPLY_NIL ||
              (held->type == REDIS_REPLY_STRING && held->len >= EXPIRY &&
               mpass_documents_add(documents, (const uint8_t *)key, KEY, (uint8_t *)held->str + EXPIRY,
                                   held->len - EXPIRY) == MPASS_STATUS_OK));
    listed += is_read && held->type == REDIS_REPLY_STRING;
    freeReplyObject(held);
  }
  freeReplyObject(keys);
  pthread_mutex_unlock(&lock);
  return is_read ? MPASS_ANSWER_LISTED : MPASS_ANSWER_FAILED;
}
