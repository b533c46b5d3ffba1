/* The program of both stores in C: a channel of the mPass contract that issues a code and verifies
 * it. The comment at the top of each store has the commands. */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void need(bool holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
  }
}
#define NEED(call) need((call) == MPASS_STATUS_OK, #call)

static uint64_t now_ms(void *userdata) {
  struct timespec now;
  (void)userdata;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool entropy(void *userdata, uint8_t *out, size_t len) {
  (void)userdata;
  return getentropy(out, len) == 0;
}

/* A gateway that prints the code of a message. */
static uint32_t deliver(void *userdata, const char *to, size_t to_len, const char *text, size_t text_len,
                        const char *sender, size_t sender_len, uint32_t language) {
  size_t at = 0;
  (void)userdata, (void)to, (void)to_len, (void)sender, (void)sender_len, (void)language;
  while (at < text_len && (text[at] < '0' || text[at] > '9')) at++;
  return printf("%.*s\n", (int)(text_len - at < 6 ? text_len - at : 6), text + at) > 0 ? MPASS_ANSWER_DELIVERED
                                                                                      : MPASS_ANSWER_REFUSED;
}

static mpass_host host = {.size = sizeof host, .now_ms = now_ms, .entropy = entropy, .load = store_load,
                          .swap = store_swap, .list = store_list, .deliver = deliver};

/* Creates a channel and prints its key. */
static void create(const mpass_keyring *keyring, const char *name) {
  char key[64];
  size_t len;
  mpass_settings *settings;
  mpass_credential *created;
  NEED(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  NEED(mpass_settings_set_text(settings, MPASS_FIELD_NAME, name, strlen(name)));
  NEED(mpass_tenant_create_in(keyring, settings, &host, NULL, &created));
  NEED(mpass_credential_text(created, key, sizeof key, &len));
  printf("%.*s\n", (int)len, key);
  explicit_bzero(key, sizeof key);
  mpass_credential_free(created), mpass_settings_free(settings);
}

/* One request of the mPass contract; prints the body of the reply. */
static void ask(const mpass_keyring *keyring, const mpass_store_header *header, int argc, char **argv) {
  static const char PEER[] = "127.0.0.1";
  const char *path = argc > 6 ? "/mpass-web/rest/mv/verify" : "/mpass-web/rest/mv/msg";
  char query[256];
  uint8_t body[1024];
  size_t len;
  mpass_engine *engine;
  mpass_request *request;
  mpass_reply *reply;
  int size = snprintf(query, sizeof query, "apikey=%s&dest=%%2B%s%s%s", argv[4], argv[5],
                      argc > 6 ? "&otp=" : "", argc > 6 ? argv[6] : "");
  need(size > 0 && (size_t)size < sizeof query, "the arguments are too long");
  NEED(mpass_engine_new(keyring, NULL, &engine));
  NEED(mpass_engine_apply(engine, header));
  NEED(mpass_request_new("GET", 3, path, strlen(path), query, (size_t)size, PEER, strlen(PEER), &request));
  NEED(mpass_drive(engine, request, &host, NULL, &reply));
  NEED(mpass_reply_body(reply, body, sizeof body, &len));
  printf("%.*s\n", (int)len, (const char *)body);
  mpass_reply_free(reply), mpass_request_free(request), mpass_engine_free(engine);
}

int main(int argc, char **argv) {
  char text[4096];
  uint8_t fresh[32];
  uint32_t failure = 0, kind;
  size_t len, won;
  mpass_keyring *keyring;
  mpass_store_header *header;
  FILE *file = argc > 3 ? fopen(argv[2], "r") : NULL;
  need(file != NULL, "usage: STORE KEYRING probe | tenant NAME | issue KEY NUMBER | verify KEY NUMBER CODE");
  len = fread(text, 1, sizeof text, file);
  fclose(file);
  NEED(mpass_keyring_parse(text, len, &keyring));
  explicit_bzero(text, sizeof text);
  need(store_open(argv[1]), "the store cannot be opened");
  if (strcmp(argv[3], "probe") == 0) {
    need(entropy(NULL, fresh, sizeof fresh), "entropy");
    NEED(mpass_store_probe(&host, NULL, 16, 4, now_ms(NULL), fresh, sizeof fresh, &failure, &kind, &won));
    printf("probe %u\n", (unsigned)failure);
  } else {
    /* In production only the program that creates the keyring expects an empty store. */
    NEED(mpass_store_header_initialize_in(keyring, &host, NULL, &header));
    if (argc == 5)
      create(keyring, argv[4]);
    else
      ask(keyring, header, argc, argv);
    mpass_store_header_free(header);
  }
  mpass_keyring_free(keyring);
  store_close();
  return failure != 0;
}
