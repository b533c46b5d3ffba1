/* An HTTP server for the mPass contract in C, with libmicrohttpd, SQLite and libmpass.
 * Parameters are read from the query. Messages and reasons are printed to standard output.
 *   cc -std=c99 -D_DEFAULT_SOURCE server.c -o c-server \
 *      $(pkg-config --cflags --libs mpass libmicrohttpd sqlite3) -lpthread
 *   ./c-server DATABASE KEYRING PORT
 * The first run creates both files and the channel `demo`, and prints its key once. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <mpass.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEY = 16, ROOM = 16384 };
static sqlite3 *db;
static pthread_mutex_t db_lock = PTHREAD_MUTEX_INITIALIZER;
static mpass_engine *engine;

static void need(bool holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
  }
}

/* A call of the library that fails only because of a bug in this program. */
#define NEED(call) need((call) == MPASS_STATUS_OK, #call)

static uint64_t now_ms(void *userdata) {
  (void)userdata;
  return (uint64_t)time(NULL) * 1000;
}

static bool entropy(void *userdata, uint8_t *out, size_t len) {
  (void)userdata;
  return getentropy(out, len) == 0;
}

/* Runs one statement with ?1 kind, ?2 key, ?3 value and ?4 time (NULL if there is none), and
 * writes the value of a row to `found`. The caller holds the lock. */
static bool run(const char *sql, uint32_t kind, const uint8_t *key, const uint8_t *value,
                size_t len, const uint64_t *time_ms, mpass_value *found) {
  sqlite3_stmt *statement = NULL;
  int step = SQLITE_ERROR;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
    sqlite3_bind_int64(statement, 1, kind);
    sqlite3_bind_blob(statement, 2, key, KEY, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 3, value, (int)len, SQLITE_STATIC);
    if (time_ms != NULL) /* SQLite's integers are signed */
      sqlite3_bind_int64(statement, 4, *time_ms > INT64_MAX ? INT64_MAX : (int64_t)*time_ms);
    step = sqlite3_step(statement);
    if (step == SQLITE_ROW && mpass_value_set(found, sqlite3_column_blob(statement, 0),
                                              (size_t)sqlite3_column_bytes(statement, 0)) != MPASS_STATUS_OK)
      step = SQLITE_ERROR; /* not "no value", which would forget attempts */
  }
  sqlite3_finalize(statement);
  return step == SQLITE_ROW || step == SQLITE_DONE;
}

#define SCHEMA                                                                             \
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"                                  \
  "CREATE TABLE IF NOT EXISTS kept (kind, key, value, expires_at_ms, PRIMARY KEY (kind, key));" \
  "CREATE INDEX IF NOT EXISTS ends ON kept (expires_at_ms);"                               \
  "CREATE TABLE IF NOT EXISTS dropped (id INTEGER PRIMARY KEY, until_ms);"                 \
  "INSERT OR IGNORE INTO dropped VALUES (1, 0)"
#define LIST \
  "SELECT key, value FROM kept WHERE kind = ?1 AND (?2 IS NULL OR key > ?2) ORDER BY key LIMIT ?3"
#define READ "SELECT value FROM kept WHERE kind = ?1 AND key = ?2"
/* A value that was dropped may have had the key of an insert: what ends no later is refused. */
#define WRITE                                                                              \
  "INSERT OR REPLACE INTO kept SELECT ?1, ?2, ?3, ?4 WHERE ?4 IS NULL"                     \
  " OR ?4 > (SELECT until_ms FROM dropped) OR EXISTS (" READ ")"
#define NOTE                                                                               \
  "UPDATE dropped SET until_ms = max(until_ms,"                                            \
  " ifnull((SELECT max(expires_at_ms) FROM kept WHERE expires_at_ms <= ?4), 0))"
#define DROP "DELETE FROM kept WHERE expires_at_ms <= ?4"

static uint32_t load(void *userdata, uint32_t kind, const uint8_t *key, mpass_value *current) {
  bool is_read;
  (void)userdata;
  pthread_mutex_lock(&db_lock);
  is_read = run(READ, kind, key, NULL, 0, NULL, current);
  pthread_mutex_unlock(&db_lock);
  return is_read ? MPASS_ANSWER_LOADED : MPASS_ANSWER_FAILED;
}

static uint32_t swap(void *userdata, uint32_t kind, const uint8_t *key, const uint8_t *expected,
                     size_t expected_len, const uint8_t *value, size_t value_len,
                     const uint64_t *expires_at_ms, uint64_t now, mpass_value *current) {
  uint8_t standing[ROOM];
  size_t len;
  bool is_present;
  uint32_t answer = MPASS_ANSWER_FAILED;
  (void)userdata;
  pthread_mutex_lock(&db_lock);
  if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
      run(READ, kind, key, NULL, 0, NULL, current) &&
      mpass_value_get(current, &is_present, standing, ROOM, &len) == MPASS_STATUS_OK) {
    if (is_present != (expected != NULL) ||
        (is_present && (len != expected_len || memcmp(standing, expected, len) != 0)))
      answer = MPASS_ANSWER_CONFLICT;
    else if (!run(WRITE, kind, key, value, value_len, expires_at_ms, NULL))
      answer = MPASS_ANSWER_FAILED;
    else if (sqlite3_changes(db) == 0)
      answer = MPASS_ANSWER_EXPIRED;
    else if (run(NOTE, kind, key, NULL, 0, &now, NULL) && run(DROP, kind, key, NULL, 0, &now, NULL))
      /* A failed commit may or may not be in the file: the engine reads the value back. */
      answer = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? MPASS_ANSWER_STORED
                                                                         : MPASS_ANSWER_UNKNOWN;
  }
  if (answer != MPASS_ANSWER_STORED)
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  pthread_mutex_unlock(&db_lock);
  return answer;
}

static uint32_t list(void *userdata, const uint8_t *after, uint32_t limit, mpass_documents *documents) {
  sqlite3_stmt *statement = NULL;
  int step = SQLITE_ERROR;
  (void)userdata;
  pthread_mutex_lock(&db_lock);
  if (sqlite3_prepare_v2(db, LIST, -1, &statement, NULL) == SQLITE_OK) {
    sqlite3_bind_int64(statement, 1, MPASS_KIND_DOCUMENT);
    sqlite3_bind_blob(statement, 2, after, KEY, SQLITE_STATIC); /* NULL binds NULL */
    sqlite3_bind_int64(statement, 3, limit);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
      if (mpass_documents_add(documents, sqlite3_column_blob(statement, 0),
                              (size_t)sqlite3_column_bytes(statement, 0), sqlite3_column_blob(statement, 1),
                              (size_t)sqlite3_column_bytes(statement, 1)) != MPASS_STATUS_OK)
        break;
  }
  sqlite3_finalize(statement);
  pthread_mutex_unlock(&db_lock);
  return step == SQLITE_DONE ? MPASS_ANSWER_LISTED : MPASS_ANSWER_FAILED;
}

static uint32_t deliver(void *userdata, const char *to, size_t to_len, const char *text, size_t text_len,
                        const char *sender, size_t sender_len, uint32_t language) {
  (void)userdata, (void)sender, (void)sender_len, (void)language;
  return printf("sms %.*s %.*s\n", (int)to_len, to, (int)text_len, text) > 0 ? MPASS_ANSWER_DELIVERED
                                                                             : MPASS_ANSWER_UNKNOWN;
}

static void *keep_uri(void *cls, const char *uri, struct MHD_Connection *conn) {
  (void)cls, (void)conn;
  return strdup(uri);
}

static void drop_uri(void *cls, struct MHD_Connection *conn, void **uri, enum MHD_RequestTerminationCode why) {
  (void)cls, (void)conn, (void)why;
  free(*uri);
}

static enum MHD_Result add_header(void *request, enum MHD_ValueKind kind, const char *name, const char *value) {
  (void)kind;
  if (value != NULL) /* a header that is not UTF-8 is skipped */
    mpass_request_add_header(request, name, strlen(name), value, strlen(value));
  return MHD_YES;
}

static enum MHD_Result send_reply(struct MHD_Connection *conn, mpass_reply *reply) {
  char name[64], value[256], reason[64], body[ROOM];
  size_t i, count, name_len, value_len, body_len, reason_len;
  uint16_t status;
  uint32_t number;
  struct MHD_Response *response;
  enum MHD_Result queued;
  NEED(mpass_reply_status(reply, &status));
  NEED(mpass_reply_reason(reply, &number));
  NEED(mpass_reply_header_count(reply, &count));
  NEED(mpass_reply_body(reply, (uint8_t *)body, sizeof body, &body_len));
  NEED(mpass_reason_name(number, reason, sizeof reason, &reason_len));
  response = MHD_create_response_from_buffer(body_len, body, MHD_RESPMEM_MUST_COPY);
  for (i = 0; i < count; i++) {
    NEED(mpass_reply_header_name(reply, i, name, sizeof name - 1, &name_len));
    NEED(mpass_reply_header_value(reply, i, value, sizeof value - 1, &value_len));
    name[name_len] = value[value_len] = 0;
    MHD_add_response_header(response, name, value);
  }
  printf("reply %.*s\n", (int)reason_len, reason);
  queued = MHD_queue_response(conn, status, response);
  MHD_destroy_response(response);
  return queued;
}

static mpass_host host = {.size = sizeof host,
                          .now_ms = now_ms,
                          .entropy = entropy,
                          .load = load,
                          .swap = swap,
                          .list = list,
                          .deliver = deliver};

static enum MHD_Result serve(void *cls, struct MHD_Connection *conn, const char *url, const char *method,
                             const char *version, const char *data, size_t *data_len, void **uri) {
  const void *peer = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
  const char *path = *uri, *query;
  char address[INET_ADDRSTRLEN] = "";
  enum MHD_Result result = MHD_NO;
  mpass_request *request;
  mpass_reply *reply;
  (void)cls, (void)url, (void)version, (void)data;
  if (path == NULL || *data_len > 0) /* out of memory, or a body, which this server does not accept */
    return MHD_NO;
  inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, address, sizeof address);
  query = path + strcspn(path, "?");
  if (mpass_request_new(method, strlen(method), path, (size_t)(query - path), query + (*query != 0),
                        strlen(query + (*query != 0)), address, strlen(address), &request) != MPASS_STATUS_OK)
    return MHD_NO; /* a path or query that is not UTF-8 */
  MHD_get_connection_values(conn, MHD_HEADER_KIND, add_header, request);
  if (mpass_drive(engine, request, &host, NULL, &reply) == MPASS_STATUS_OK)
    result = send_reply(conn, reply);
  mpass_reply_free(reply);
  mpass_request_free(request);
  return result;
}

/* The keyring in a file, created by the first run and readable by its owner only. */
static mpass_keyring *keyring_of(const char *path) {
  char text[ROOM];
  uint8_t fresh[32];
  size_t len;
  mpass_keyring *keyring;
  int file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (file < 0) {
    ssize_t got = read(file = open(path, O_RDONLY), text, sizeof text);
    need(got >= 0, "reading the keyring");
    NEED(mpass_keyring_parse(text, (size_t)got, &keyring));
  } else {
    need(entropy(NULL, fresh, sizeof fresh), "entropy");
    NEED(mpass_keyring_generate(fresh, sizeof fresh, &keyring));
    NEED(mpass_keyring_text(keyring, text, sizeof text, &len));
    need(write(file, text, len) == (ssize_t)len && fsync(file) == 0, "writing the keyring");
  }
  close(file);
  explicit_bzero(text, sizeof text), explicit_bzero(fresh, sizeof fresh);
  return keyring;
}

/* Compares the store with the keyring, and applies when a backup of it was put back. Only the run
 * that created the keyring expects an empty store. */
static void open_store(const mpass_keyring *keyring, bool is_first_run) {
  mpass_store_header *header;
  mpass_status status = is_first_run ? mpass_store_header_initialize_in(keyring, &host, NULL, &header)
                                     : mpass_store_header_open_in(keyring, &host, NULL, &header);
  need(status == MPASS_STATUS_OK, mpass_status_text(status));
  NEED(mpass_engine_apply(engine, header));
  mpass_store_header_free(header);
}

/* Creates the channel if it does not exist. */
static void create_channel(const mpass_keyring *keyring) {
  char secret[64];
  size_t len;
  mpass_settings *settings;
  mpass_credential *created;
  mpass_status status;
  NEED(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  NEED(mpass_settings_set_text(settings, MPASS_FIELD_NAME, "demo", 4));
  status = mpass_tenant_create_in(keyring, settings, &host, NULL, &created);
  need(status == MPASS_STATUS_OK || status == MPASS_STATUS_NAME_TAKEN, "creating the channel");
  if (status == MPASS_STATUS_OK) {
    NEED(mpass_credential_text(created, secret, sizeof secret, &len));
    printf("apikey %.*s\n", (int)len, secret);
    explicit_bzero(secret, sizeof secret);
  }
  mpass_credential_free(created);
  mpass_settings_free(settings);
}

int main(int argc, char **argv) {
  struct MHD_Daemon *daemon;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  mpass_keyring *keyring;
  bool is_first_run;
  need(argc == 4 && setvbuf(stdout, NULL, _IOLBF, 0) == 0, "c-server DATABASE KEYRING PORT");
  need(sqlite3_open(argv[1], &db) == SQLITE_OK && sqlite3_exec(db, SCHEMA, NULL, NULL, NULL) == SQLITE_OK,
       "opening the database");
  is_first_run = access(argv[2], F_OK) != 0;
  keyring = keyring_of(argv[2]);
  NEED(mpass_engine_new(keyring, NULL, &engine));
  open_store(keyring, is_first_run);
  create_channel(keyring);
  mpass_keyring_free(keyring);
  here.sin_port = htons((uint16_t)atoi(argv[3]));
  daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL,
                            serve, NULL, MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_URI_LOG_CALLBACK, keep_uri,
                            NULL, MHD_OPTION_NOTIFY_COMPLETED, drop_uri, NULL, MHD_OPTION_END);
  need(daemon != NULL, "listening");
  printf("port %u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  for (;;) pause(); /* until it is killed: everything released is already stored */
}
