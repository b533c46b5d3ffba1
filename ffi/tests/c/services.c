/* One scenario of each contract beside mPass, with this program as the host:
 * driven by callbacks and step by step. */
#include "world.h"

#define VERIFIED "{\"devicePhoneNumberVerified\":true}"

/* A JSON request of a caller that has a token. */
static mpass_request *with_token(const char *path, const char *token,
                                 const char *body) {
  mpass_request *request = request_of("POST", path, "", "127.0.0.1");
  char bearer[ROOM];
  snprintf(bearer, sizeof bearer, "Bearer %s", token);
  OK(mpass_request_add_header(request, TEXT("Authorization"), TEXT(bearer)));
  OK(mpass_request_add_header(request, TEXT("Content-Type"),
                              TEXT("application/json")));
  OK(mpass_request_set_body(request, (const uint8_t *)body, strlen(body)));
  return request;
}

static mpass_request *number_question(const char *token, const char *number) {
  char body[64];
  snprintf(body, sizeof body, "{\"phoneNumber\":\"%s\"}", number);
  return with_token("/number-verification/v2/verify", token, body);
}

/* A token of the host's own serves once; another text is none. */
static void host_token(struct world *world, way request) {
  check_reply(request(world, number_question("other", NUMBER)), 401, NULL,
              "invalid_token");
  check_reply(request(world, number_question(HOST_TOKEN, NUMBER)), 200,
              VERIFIED, "number_verified");
  check_reply(request(world, number_question(HOST_TOKEN, NUMBER)), 401, NULL,
              "token_used");
}

void test_services(void) {
  const way ways[] = {driven, stepped};
  size_t i;
  for (i = 0; i < 2; i++) {
    struct world world;
    world_begin(&world);
    OK(mpass_engine_new(world.keyring, &world.engine));
    host_token(&world, ways[i]);
    world_end(&world);
  }
}
