/* One scenario of each contract except mPass, with this program as the host,
 * through callbacks and step by step. */
#include "tenants.h"

#include <json-c/json.h>

#define ISSUER "https://verify.example"
#define VERIFIED "{\"devicePhoneNumberVerified\":true}"
#define NOT_VERIFIED "{\"devicePhoneNumberVerified\":false}"
#define OTHER_NUMBER "+966500000001"
#define CODES "/one-time-password-sms/v1/"
#define FORM "application/x-www-form-urlencoded"

/* A buffer size for texts with a prefix and suffix. */
#define LONG (2 * ROOM)

/* RFC 7636 appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static void base64(const char *text, char *out) {
  const char *digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t len = strlen(text), i;
  for (i = 0; i < len; i += 3) {
    uint32_t bits = (uint32_t)(uint8_t)text[i] << 16;
    if (i + 1 < len)
      bits |= (uint32_t)(uint8_t)text[i + 1] << 8;
    if (i + 2 < len)
      bits |= (uint8_t)text[i + 2];
    *out++ = digits[bits >> 18];
    *out++ = digits[bits >> 12 & 63];
    *out++ = i + 1 < len ? digits[bits >> 6 & 63] : '=';
    *out++ = i + 2 < len ? digits[bits & 63] : '=';
  }
  *out = 0;
}

/* A text in the reply's JSON, optionally in a nested object. */
static void text_in(mpass_reply *reply, const char *object, const char *name,
                    struct buffer *out) {
  struct json_object *json, *found;
  struct buffer body;
  OK(mpass_reply_body(reply, BYTES(body)));
  body.text[body.len] = 0;
  json = json_tokener_parse(body.text);
  CHECK(json != NULL);
  found = json;
  if (object != NULL)
    CHECK(json_object_object_get_ex(json, object, &found));
  CHECK(json_object_object_get_ex(found, name, &found));
  out->len = (size_t)json_object_get_string_len(found);
  memcpy(out->text, json_object_get_string(found), out->len);
  out->text[out->len] = 0;
  json_object_put(json);
}

/* The code in the newest message, and a wrong one of the same length. */
static void newest_code(struct world *world, char *code, char *wrong) {
  const char *digits = "0123456789";
  const char *start = strpbrk(world->text, digits);
  size_t len;
  CHECK(start != NULL);
  len = strspn(start, digits);
  CHECK(len >= 4 && len <= 10);
  memcpy(code, start, len);
  code[len] = 0;
  memcpy(wrong, code, len + 1);
  wrong[len - 1] = code[len - 1] == '0' ? '1' : '0';
}

/* A request with credentials and a body. */
static mpass_request *post_request(const char *path, const char *scheme,
                                   const char *credential, const char *type,
                                   const char *body) {
  mpass_request *request = request_of("POST", path, "", "127.0.0.1");
  char authorization[LONG];
  snprintf(authorization, sizeof authorization, "%s %s", scheme, credential);
  OK(mpass_request_add_header(request, TEXT("Authorization"),
                              TEXT(authorization)));
  OK(mpass_request_add_header(request, TEXT("Content-Type"), TEXT(type)));
  OK(mpass_request_set_body(request, (const uint8_t *)body, strlen(body)));
  return request;
}

static mpass_request *with_token(const char *path, const char *token,
                                 const char *body) {
  return post_request(path, "Bearer", token, "application/json", body);
}

static mpass_request *number_question(const char *token, const char *number) {
  char body[64];
  snprintf(body, sizeof body, "{\"phoneNumber\":\"%s\"}", number);
  return with_token("/number-verification/v2/verify", token, body);
}

/* Grants the client a token, of a device with NUMBER or of no device. */
static void grant(struct world *world, struct tenant *tenant, uint32_t scopes,
                  bool has_number, struct buffer *token) {
  mpass_tenant *client = open_client(world, tenant);
  mpass_number *number = NULL;
  uint8_t bytes[32];
  test_entropy(bytes, sizeof bytes);
  if (has_number)
    OK(mpass_number_parse(TEXT(NUMBER), 0, &number));
  CHECK_STATUS(MPASS_STATUS_INVALID_LIFETIME,
               mpass_tenant_grant_token(client, world->keyring, scopes, number,
                                        has_number, has_number ? 301 : 0,
                                        world->now_ms, bytes, sizeof bytes,
                                        OUT(*token)));
  OK(mpass_tenant_grant_token(client, world->keyring, scopes, number,
                              has_number, 300, world->now_ms, bytes,
                              sizeof bytes, token->text, 1024, &token->len));
  token->text[token->len] = 0;
  mpass_number_free(number);
  mpass_tenant_free(client);
}

/* A token that the host issued can be used once; another text is refused. */
static void host_token(struct world *world, send_fn request) {
  check_reply(request(world, number_question("other", NUMBER)), 401, NULL,
              "invalid_token");
  check_reply(request(world, number_question(HOST_TOKEN, NUMBER)), 200,
              VERIFIED, "number_verified");
  check_reply(request(world, number_question(HOST_TOKEN, NUMBER)), 401, NULL,
              "token_used");
}

/* A granted token verifies one number, once. */
static void number_verification(struct world *world, struct tenant *client,
                                send_fn request) {
  struct buffer token;
  grant(world, client, MPASS_SCOPE_VERIFY, true, &token);
  check_reply(request(world, number_question(token.text, NUMBER)), 200,
              VERIFIED, "number_verified");
  check_reply(request(world, number_question(token.text, NUMBER)), 401, NULL,
              "token_used");
  grant(world, client, EVERY_SCOPE, true, &token);
  CHECK(token.len > 500);
  check_reply(request(world, number_question(token.text, OTHER_NUMBER)), 200,
              NOT_VERIFIED, "number_not_verified");
}

/* The authorization request of a user agent. */
static mpass_request *login_request(const char *peer) {
  const char *query = "response_type=code&client_id=" CLIENT
                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fback"
                      "&scope=openid%20number-verification%3Averify&state=xyz"
                      "&nonce=n-0S6&code_challenge=" CHALLENGE
                      "&code_challenge_method=S256";
  return request_of("GET", "/oauth2/authorize", query, peer);
}

static mpass_request *code_sent(const char *token) {
  return with_token(CODES "send-code", token,
                    "{\"phoneNumber\":\"" NUMBER
                    "\",\"message\":\"{{code}} is your code for Cool App\"}");
}

/* Whether the metadata offer RS256 for ID tokens and for assertions. */
static bool offers_rs256(struct world *world, send_fn request) {
  const char *path = "/.well-known/openid-configuration";
  mpass_reply *reply = request(world, request_of("GET", path, "", "192.0.2.1"));
  struct buffer body;
  const char *id_tokens, *assertions;
  OK(mpass_reply_body(reply, BYTES(body)));
  body.text[body.len] = 0;
  check_reply(reply, 200, NULL, "document_told");
  id_tokens = strstr(
      body.text,
      "\"id_token_signing_alg_values_supported\":[\"ES256\",\"RS256\"]");
  assertions = strstr(body.text,
                      "\"token_endpoint_auth_signing_alg_values_supported\":["
                      "\"ES256\",\"RS256\"]");
  CHECK((id_tokens == NULL) == (assertions == NULL));
  return id_tokens != NULL;
}

/* A host that lacks the steps that a host may lack. */
static void no_support(struct world *world, struct tenant *client,
                       send_fn request) {
  struct buffer token;
  world->has_no_support = true;
  check_reply(request(world, number_question(HOST_TOKEN, NUMBER)), 401, NULL,
              "invalid_token");
  check_reply(request(world, login_request(DEVICE)), 302, NULL,
              "unknown_device");
  CHECK(!offers_rs256(world, request));
  grant(world, client, MPASS_SCOPE_VERIFY, true, &token);
  check_reply(request(world, code_sent(token.text)), 403, NULL,
              "missing_scope");
  grant(world, client, MPASS_SCOPE_SEND_VALIDATE, false, &token);
  check_reply(request(world, code_sent(token.text)), 200, NULL, "sent");
  world->has_no_support = false;
  CHECK(offers_rs256(world, request));
}

/* The authorization of a user agent in the mobile network, and then the token
 * request of the client's server. */
static void login(struct world *world, struct tenant *client, send_fn request) {
  const char *token = "/oauth2/token";
  struct buffer location, access, id_token;
  char pair[LONG], basic[256], code[ROOM], form[LONG];
  const char *start;
  mpass_reply *reply;
  check_reply(request(world, login_request("192.0.2.1")), 302, NULL,
              "unknown_device");
  reply = request(world, login_request(DEVICE));
  CHECK(header_of(reply, "Location", &location));
  check_reply(reply, 302, NULL, "logged_in");
  start = strstr(location.text, "code=");
  CHECK(start != NULL);
  snprintf(code, sizeof code, "%.*s", (int)strcspn(start + 5, "&"), start + 5);
  snprintf(pair, sizeof pair, "%s:%s", CLIENT, client->secret.text);
  base64(pair, basic);
  snprintf(form, sizeof form,
           "grant_type=authorization_code&code=%s&redirect_uri="
           "https%%3A%%2F%%2Fapp.example%%2Fback&code_verifier=%s",
           code, VERIFIER);
  reply = request(world, post_request(token, "Basic", basic, FORM, form));
  text_in(reply, NULL, "access_token", &access);
  text_in(reply, NULL, "id_token", &id_token);
  /* What the host signed with, in base64url. */
  CHECK(strcmp(strrchr(id_token.text, '.'), ".c2lnbmF0dXJl") == 0);
  check_reply(reply, 200, NULL, "token_issued");
  check_reply(request(world, number_question(access.text, NUMBER)), 200,
              VERIFIED, "number_verified");
  base64(CLIENT ":no", basic);
  reply = request(world, post_request(token, "Basic", basic, FORM, form));
  check_reply(reply, 401, NULL, "unknown_credential");
}

/* A code is sent, then a wrong code, the right one, and the right one again. */
static void otp_validation(struct world *world, struct tenant *client,
                           send_fn request) {
  struct buffer token, id;
  char code[11], wrong[11], right_body[LONG], wrong_body[LONG];
  const char *path = CODES "validate-code";
  const char *body = "{\"authenticationId\":\"%s\",\"code\":\"%s\"}";
  mpass_reply *reply;
  grant(world, client, MPASS_SCOPE_SEND_VALIDATE, false, &token);
  world->assessment = MPASS_ASSESSMENT_BLOCKED;
  check_reply(request(world, code_sent(token.text)), 403, NULL,
              "number_blocked");
  world->assessment = MPASS_ASSESSMENT_FOREIGN;
  check_reply(request(world, code_sent(token.text)), 404, NULL,
              "foreign_number");
  world->assessment = 0;
  reply = request(world, code_sent(token.text));
  text_in(reply, NULL, "authenticationId", &id);
  check_reply(reply, 200, NULL, "sent");
  CHECK(strstr(world->text, " is your code for Cool App") != NULL);
  newest_code(world, code, wrong);
  snprintf(right_body, sizeof right_body, body, id.text, code);
  snprintf(wrong_body, sizeof wrong_body, body, id.text, wrong);
  check_reply(request(world, with_token(path, token.text, wrong_body)), 400,
              NULL, "wrong_code");
  check_reply(request(world, with_token(path, token.text, right_body)), 204, "",
              "accepted");
  reply = request(world, with_token(path, token.text, right_body));
  check_reply(reply, 400, NULL, "used");
}

static mpass_request *with_customer(const char *method, const char *path,
                                    const char *token, const char *query) {
  mpass_request *request = request_of(method, path, query, "127.0.0.1");
  OK(mpass_request_add_header(request, TEXT("authToken"), TEXT(token)));
  return request;
}

/* A token; one message for the only credit; a wrong code, the right one, and
 * the right one again; and another message after credits were added. */
static void verify_now(struct world *world, send_fn request) {
  const char *send = "/verification/v3/send";
  const char *validate = "/verification/v3/validateOtp";
  const char *number = "countryCode=966&mobileNumber=500000000&flowType=SMS";
  struct buffer secret, id, token, verification;
  char key[64], query[LONG], code[11], wrong[11];
  mpass_reply *reply;
  create_customer(world, 1, &secret, &id);
  base64(secret.text, key);
  snprintf(query, sizeof query, "customerId=%s&key=%s&scope=NEW", id.text, key);
  reply = request(world, request_of("GET", "/auth/v1/authentication/token",
                                    query, "127.0.0.1"));
  text_in(reply, NULL, "token", &token);
  check_reply(reply, 200, NULL, "token_issued");
  CHECK(credits_of(world, &id, 0) == 1);
  reply = request(world, with_customer("POST", send, token.text, number));
  text_in(reply, "data", "verificationId", &verification);
  check_reply(reply, 200, NULL, "sent");
  CHECK(strncmp(world->text, "Shop: ", 6) == 0);
  newest_code(world, code, wrong);
  CHECK(credits_of(world, &id, 0) == 0);
  snprintf(query, sizeof query, "verificationId=%s&code=%s", verification.text,
           wrong);
  reply = request(world, with_customer("GET", validate, token.text, query));
  check_reply(reply, 400, NULL, "wrong_code");
  snprintf(query, sizeof query, "verificationId=%s&code=%s", verification.text,
           code);
  reply = request(world, with_customer("GET", validate, token.text, query));
  check_reply(reply, 200, NULL, "accepted");
  reply = request(world, with_customer("GET", validate, token.text, query));
  check_reply(reply, 400, NULL, "used");
  reply = request(world, with_customer("POST", send, token.text, number));
  check_reply(reply, 400, NULL, "no_credits");
  CHECK(credits_of(world, &id, 5) == 5);
  reply = request(world, with_customer("POST", send, token.text, number));
  check_reply(reply, 200, NULL, "sent");
  CHECK(credits_of(world, &id, 0) == 4);
}

/* Rotating the secret and revoking the client end the tokens. */
static void end_of_client(struct world *world, struct tenant *client,
                          send_fn request) {
  struct buffer token;
  grant(world, client, MPASS_SCOPE_VERIFY, true, &token);
  rotate_client(world, client);
  check_reply(request(world, number_question(token.text, NUMBER)), 401, NULL,
              "invalid_token");
  grant(world, client, MPASS_SCOPE_VERIFY, true, &token);
  revoke_client(world);
  check_reply(request(world, number_question(token.text, NUMBER)), 401, NULL,
              "revoked");
}

/* An engine whose tokens can be used until they expire. */
static void settings(struct world *world, struct tenant *client) {
  mpass_settings *settings, *rules;
  struct buffer token;
  double chance, daily;
  OK(mpass_settings_new(MPASS_GROUP_ENGINE, &settings));
  CHECK_STATUS(MPASS_STATUS_INVALID_SETTING,
               mpass_settings_set_text(settings, MPASS_FIELD_TOKEN_USE,
                                       TEXT("twice")));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_TOKEN_USE,
                             TEXT("within_life")));
  CHECK_STATUS(MPASS_STATUS_INVALID_ISSUER,
               mpass_settings_set_text(settings, MPASS_FIELD_ISSUER,
                                       TEXT("http://verify.example")));
  CHECK_STATUS(MPASS_STATUS_WRONG_HANDLE,
               mpass_settings_guess_probability(settings, &chance, &daily));
  OK(mpass_settings_new(MPASS_GROUP_POLICY, &rules));
  mpass_engine_free(world->engine);
  CHECK_STATUS(MPASS_STATUS_WRONG_HANDLE,
               mpass_engine_new(world->keyring, rules, &world->engine));
  CHECK(world->engine == NULL);
  mpass_settings_free(rules);
  OK(mpass_settings_set_text(settings, MPASS_FIELD_ISSUER, TEXT(ISSUER)));
  OK(mpass_engine_new(world->keyring, settings, &world->engine));
  grant(world, client, MPASS_SCOPE_VERIFY, true, &token);
  check_reply(driven(world, number_question(token.text, NUMBER)), 200, VERIFIED,
              "number_verified");
  check_reply(driven(world, number_question(token.text, NUMBER)), 200, VERIFIED,
              "number_verified");
  OK(mpass_settings_clear(settings, MPASS_FIELD_TOKEN_USE));
  mpass_engine_free(world->engine);
  OK(mpass_engine_new(world->keyring, settings, &world->engine));
  mpass_settings_free(settings);
}

void test_services(void) {
  const send_fn ways[] = {driven, stepped};
  size_t i;
  for (i = 0; i < 2; i++) {
    struct world world;
    struct tenant client;
    world_begin(&world);
    create_client(&world, &client);
    settings(&world, &client);
    host_token(&world, ways[i]);
    no_support(&world, &client, ways[i]);
    number_verification(&world, &client, ways[i]);
    login(&world, &client, ways[i]);
    otp_validation(&world, &client, ways[i]);
    verify_now(&world, ways[i]);
    end_of_client(&world, &client, ways[i]);
    world_end(&world);
  }
}
