/* A store in PostgreSQL 15 or newer with libpq, and what it is for: a channel of the mPass contract
 * that issues a code and verifies it. In this directory, with the library installed:
 *   cc -std=gnu99 postgres.c ../c-redis/main.c -I../c-redis -Wa,-I../../stores/layout \
 *      -o c-postgres $(pkg-config --cflags --libs mpass libpq) -lpthread
 *   ./c-postgres postgresql://user@127.0.0.1/db KEYRING tenant shop     prints the channel's key
 *   ./c-postgres postgresql://user@127.0.0.1/db KEYRING issue KEY 966500000000    prints the code
 *   ./c-postgres postgresql://user@127.0.0.1/db KEYRING verify KEY 966500000000 CODE
 * The tables are created where they are missing. */
#include "store.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The tables, which all languages share. */
__asm__(".section .rodata\nschema: .incbin \"postgres.sql\"\n.byte 0\n.text\n");
extern const char schema[];

enum { KEY = 16, TIMEOUT_MS = 5000, TRIES = 5, BINARY = 1 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PGconn *database;
static char address[512];
static bool was_not_waited_for;

/* The commit did not wait for the standby: the wait was cancelled, or the server shuts down. */
static void notice(void *arg, const PGresult *result) {
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  (void)arg;
  was_not_waited_for |= state != NULL && (strcmp(state, "57014") == 0 || strcmp(state, "57P01") == 0);
}

/* The result of a statement that was sent; NULL if it did not come in time. */
static PGresult *received(void) {
  struct timespec start, now;
  PGresult *result, *last = NULL;
  int left = TIMEOUT_MS;
  clock_gettime(CLOCK_MONOTONIC, &start);
  while (PQisBusy(database)) {
    struct pollfd wait = {PQsocket(database), POLLIN, 0};
    if (left <= 0 || poll(&wait, 1, left) < 0 || !PQconsumeInput(database))
      return NULL;
    clock_gettime(CLOCK_MONOTONIC, &now);
    left = TIMEOUT_MS - (int)((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
  }
  while ((result = PQgetResult(database)) != NULL)
    PQclear(last), last = result;
  return last;
}

static void drop(void) { PQfinish(database), database = NULL; }

/* Statements without parameters. */
static bool succeeds(const char *sql) {
  PGresult *result = PQsendQuery(database, sql) ? received() : NULL;
  ExecStatusType status = PQresultStatus(result);
  bool is_true = status == PGRES_COMMAND_OK || (status == PGRES_TUPLES_OK && PQgetvalue(result, 0, 0)[0] == 't');
  PQclear(result);
  return is_true;
}

/* A statement with the first of key, value, expiry in milliseconds and expected value. */
static PGresult *run(const char *sql, int count, const char *const *values, const int *lens) {
  static const int formats[] = {BINARY, BINARY, 0, BINARY};
  bool is_sent = PQsendQueryParams(database, sql, count, NULL, values, lens, formats, BINARY);
  PGresult *result = is_sent ? received() : NULL;
  if (result == NULL || PQstatus(database) != CONNECTION_OK || PQtransactionStatus(database) != PQTRANS_IDLE)
    drop(); /* whatever comes later is not read */
  return result;
}

/* Connects, also after an error, and refuses what could lose a commit. */
static bool connected(void) {
  if (database != NULL && PQstatus(database) == CONNECTION_OK)
    return PQtransactionStatus(database) == PQTRANS_IDLE;
  drop();
  database = PQconnectdb(address); /* its deadline: connect_timeout in the URL */
  PQsetNoticeReceiver(database, notice, NULL);
  if (PQstatus(database) != CONNECTION_OK ||
      !succeeds("SELECT current_setting('synchronous_commit') <> 'off' AND current_setting('fsync') <> 'off'"
                " AND current_setting('transaction_read_only') = 'off'"))
    drop();
  return database != NULL;
}

bool store_open(const char *url) {
  snprintf(address, sizeof address, "%s", url);
  return connected() && succeeds(schema);
}

void store_close(void) { drop(); }

#define LOAD(table) "SELECT value FROM " table " WHERE key = $1::bytea"
#define TIME "to_timestamp($3::float8 / 1000)"
#define INSERT(table, kind)                                                                      \
  "INSERT INTO " table " (key, value, expires_at) SELECT $1::bytea, $2::bytea, " TIME " WHERE NOT EXISTS" \
  " (SELECT FROM mpass_dropped WHERE kind = " kind " AND until >= " TIME ") ON CONFLICT (key) DO NOTHING"
#define UPDATE(table) \
  "UPDATE " table " SET value = $2::bytea, expires_at = " TIME " WHERE key = $1::bytea AND value = $4::bytea"
#define DROPPED(kind) /* the types of the parameters that it does not use */                      \
  "SELECT $1::bytea, $2::bytea FROM mpass_dropped WHERE kind = " kind " AND until >= " TIME
static const char *const LOADS[] = {LOAD("mpass_state"), LOAD("mpass_document")};
static const char *const INSERTS[] = {INSERT("mpass_state", "1"), INSERT("mpass_document", "2")};
static const char *const UPDATES[] = {UPDATE("mpass_state"), UPDATE("mpass_document")};
static const char *const DROPS[] = {DROPPED("1"), DROPPED("2")};

/* The newest value; the caller holds the lock. `*is_present` is written if it was read. */
static bool newest(uint32_t kind, const uint8_t *key, mpass_value *current, bool *is_present) {
  const char *values[] = {(const char *)key};
  const int lens[] = {KEY};
  PGresult *row = run(LOADS[kind - 1], 1, values, lens);
  bool is_read = PQresultStatus(row) == PGRES_TUPLES_OK;
  *is_present = is_read && PQntuples(row) == 1;
  if (*is_present)
    is_read = mpass_value_set(current, (uint8_t *)PQgetvalue(row, 0, 0), (size_t)PQgetlength(row, 0, 0)) == MPASS_STATUS_OK;
  PQclear(row);
  return is_read;
}

uint32_t store_load(void *userdata, uint32_t kind, const uint8_t *key, mpass_value *current) {
  bool is_present, is_read;
  (void)userdata;
  pthread_mutex_lock(&lock);
  is_read = connected() && newest(kind, key, current, &is_present);
  pthread_mutex_unlock(&lock);
  return is_read ? MPASS_ANSWER_LOADED : MPASS_ANSWER_FAILED;
}

/* What a result means; a statement that is refused has no effect. */
static uint32_t outcome(const PGresult *result, bool *is_again) {
  const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  *is_again = state != NULL && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0);
  if (was_not_waited_for || result == NULL)
    return MPASS_ANSWER_UNKNOWN;
  if (PQresultStatus(result) == PGRES_COMMAND_OK)
    return strcmp(PQcmdTuples((PGresult *)result), "1") == 0 ? MPASS_ANSWER_STORED : MPASS_ANSWER_CONFLICT;
  if (state == NULL || strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 || strncmp(state, "XX", 2) == 0)
    return MPASS_ANSWER_UNKNOWN;
  return strcmp(state, "53100") == 0 ? MPASS_ANSWER_FULL : MPASS_ANSWER_FAILED;
}

uint32_t store_swap(void *userdata, uint32_t kind, const uint8_t *key, const uint8_t *expected,
                    size_t expected_len, const uint8_t *value, size_t value_len,
                    const uint64_t *expires_at_ms, uint64_t now, mpass_value *current) {
  char end[24];
  const uint64_t latest = 8640000000000000;
  const char *values[] = {(const char *)key, value_len == 0 ? "" : (const char *)value, end, (const char *)expected};
  const int lens[] = {KEY, (int)value_len, 0, (int)expected_len};
  uint32_t answer = MPASS_ANSWER_FAILED;
  bool is_again = true, is_present;
  int left;
  PGresult *result;
  (void)userdata, (void)now;
  if (expires_at_ms == NULL)
    values[2] = NULL;
  else
    snprintf(end, sizeof end, "%llu", (unsigned long long)(*expires_at_ms < latest ? *expires_at_ms : latest));
  pthread_mutex_lock(&lock);
  was_not_waited_for = false;
  for (left = TRIES; left > 0 && is_again && connected(); left--) {
    result = expected != NULL ? run(UPDATES[kind - 1], 4, values, lens) : run(INSERTS[kind - 1], 3, values, lens);
    answer = outcome(result, &is_again);
    PQclear(result);
  }
  if (answer == MPASS_ANSWER_CONFLICT && !(connected() && newest(kind, key, current, &is_present)))
    answer = MPASS_ANSWER_FAILED;
  else if (answer == MPASS_ANSWER_CONFLICT && !is_present && expected == NULL && expires_at_ms != NULL) {
    result = run(DROPS[kind - 1], 3, values, lens);
    answer = PQresultStatus(result) != PGRES_TUPLES_OK ? MPASS_ANSWER_FAILED
             : PQntuples(result) > 0                   ? MPASS_ANSWER_EXPIRED : MPASS_ANSWER_CONFLICT;
    PQclear(result);
  }
  pthread_mutex_unlock(&lock);
  return answer;
}

uint32_t store_list(void *userdata, const uint8_t *after, uint32_t limit, mpass_documents *documents) {
  char most[16];
  const char *values[] = {after != NULL ? (const char *)after : "", NULL, most};
  const int lens[] = {after != NULL ? KEY : 0, 0, 0};
  PGresult *rows = NULL;
  bool is_read;
  int i;
  (void)userdata;
  snprintf(most, sizeof most, "%u", (unsigned)limit);
  pthread_mutex_lock(&lock);
  if (connected()) /* every key is after the empty one */
    rows = run("SELECT key, value, $2::bytea FROM mpass_document WHERE key > $1::bytea ORDER BY key LIMIT $3::int8",
               3, values, lens);
  is_read = PQresultStatus(rows) == PGRES_TUPLES_OK;
  for (i = 0; is_read && i < PQntuples(rows); i++)
    is_read = mpass_documents_add(documents, (uint8_t *)PQgetvalue(rows, i, 0), (size_t)PQgetlength(rows, i, 0),
                                  (uint8_t *)PQgetvalue(rows, i, 1), (size_t)PQgetlength(rows, i, 1)) == MPASS_STATUS_OK;
  PQclear(rows);
  pthread_mutex_unlock(&lock);
  return is_read ? MPASS_ANSWER_LISTED : MPASS_ANSWER_FAILED;
}
