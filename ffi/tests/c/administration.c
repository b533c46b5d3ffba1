/* The administration of tenants: the scenario of tenants.json, and a store that
 * stores and then fails. */
#include "world.h"

#include <json-c/json.h>

/* A text that is kept under a name. */
struct kept {
  char name[32];
  char text[80];
};

/* A host, and what a scenario keeps. */
struct desk {
  struct world world; /* first, for the callbacks of the world */
  mpass_host host;
  const char *channel, *customer;
  struct kept kept[16];
  size_t kept_count;
  bool stores_and_fails; /* every swap */
};

static struct json_object *member(struct json_object *of, const char *name) {
  struct json_object *value = NULL;
  json_object_object_get_ex(of, name, &value);
  return value;
}

static const char *string(struct json_object *of, const char *name) {
  struct json_object *value = member(of, name);
  return value == NULL ? NULL : json_object_get_string(value);
}

static uint64_t number(struct json_object *of, const char *name,
                       uint64_t absent) {
  struct json_object *value = member(of, name);
  return value == NULL ? absent : (uint64_t)json_object_get_int64(value);
}

static void keep(struct desk *desk, const char *name,
                 const struct buffer *text) {
  struct kept *kept = &desk->kept[desk->kept_count];
  if (name == NULL)
    return;
  CHECK(++desk->kept_count <= sizeof desk->kept / sizeof *desk->kept);
  CHECK(text->len < sizeof kept->text);
  snprintf(kept->name, sizeof kept->name, "%s", name);
  memcpy(kept->text, text->text, text->len);
  kept->text[text->len] = 0;
}

static const char *kept(const struct desk *desk, const char *name) {
  size_t i;
  if (name == NULL)
    return NULL;
  for (i = 0; i < desk->kept_count; i++)
    if (strcmp(desk->kept[i].name, name) == 0)
      return desk->kept[i].text;
  CHECK(false);
  return NULL;
}

static void keep_credential(struct desk *desk, struct json_object *step,
                            mpass_credential *credential) {
  struct buffer text;
  OK(mpass_credential_text(credential, OUT(text)));
  keep(desk, string(step, "credential"), &text);
  OK(mpass_credential_stamp(credential, OUT(text)));
  keep(desk, string(step, "stamped"), &text);
}

static mpass_status create_channel(struct desk *desk,
                                   struct json_object *step) {
  mpass_settings *settings;
  mpass_credential *created;
  mpass_status status;
  OK(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT(desk->channel)));
  status = mpass_tenant_create_in(desk->world.keyring, settings, &desk->host,
                                  desk, &created);
  if (status == MPASS_STATUS_OK)
    keep_credential(desk, step, created);
  mpass_credential_free(created);
  mpass_settings_free(settings);
  return status;
}

static mpass_status read_channel(struct desk *desk, struct json_object *step) {
  const char *stamp = kept(desk, string(step, "stamp"));
  mpass_settings *settings;
  mpass_tenant *tenant;
  struct buffer seen;
  uint64_t digits;
  mpass_status status = mpass_tenant_read_in(
      desk->world.keyring, MPASS_GROUP_CHANNEL, TEXT(desk->channel),
      &desk->host, desk, &tenant);
  if (status != MPASS_STATUS_OK)
    return status;
  OK(mpass_tenant_settings(tenant, &settings));
  OK(mpass_settings_get_number(settings, MPASS_FIELD_DIGITS, 0, &digits));
  CHECK(digits == number(step, "digits", 0));
  OK(mpass_tenant_stamp(tenant, OUT(seen)));
  CHECK(stamp == NULL || reads(&seen, stamp));
  mpass_settings_free(settings);
  mpass_tenant_free(tenant);
  return status;
}

static mpass_status update_channel(struct desk *desk,
                                   struct json_object *step) {
  const char *stamp = kept(desk, string(step, "stamp"));
  const uint32_t cleared = MPASS_FIELD_DIGITS;
  bool is_cleared = member(step, "digits") == NULL;
  mpass_settings *settings;
  mpass_tenant *changed = NULL;
  struct buffer text;
  mpass_status status = MPASS_STATUS_OK;
  OK(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  if (!is_cleared)
    status = mpass_settings_set_number(settings, MPASS_FIELD_DIGITS,
                                       number(step, "digits", 0));
  if (status == MPASS_STATUS_OK)
    status = mpass_tenant_update_in(
        desk->world.keyring, TEXT(desk->channel), settings, &cleared,
        is_cleared ? 1 : 0, stamp, stamp == NULL ? 0 : strlen(stamp),
        MPASS_OVERLAP_DEFAULT_MS, &desk->host, desk, &changed);
  if (status == MPASS_STATUS_OK) {
    OK(mpass_tenant_stamp(changed, OUT(text)));
    keep(desk, string(step, "stamped"), &text);
  }
  mpass_tenant_free(changed);
  mpass_settings_free(settings);
  return status;
}

static mpass_status rotate_channel(struct desk *desk, struct json_object *step,
                                   uint64_t began_at_ms) {
  uint64_t overlap_ms = number(step, "overlap_ms", MPASS_OVERLAP_DEFAULT_MS);
  uint64_t until_ms = 1;
  mpass_credential *rotated;
  bool is_present;
  mpass_status status = mpass_tenant_rotate_in(
      desk->world.keyring, MPASS_GROUP_CHANNEL, TEXT(desk->channel), overlap_ms,
      &desk->host, desk, &rotated);
  if (status != MPASS_STATUS_OK)
    return status;
  OK(mpass_credential_predecessor_until_ms(rotated, &is_present, &until_ms));
  CHECK(is_present == (member(step, "until_ms") != NULL));
  CHECK(!is_present || until_ms == began_at_ms + number(step, "until_ms", 0));
  keep_credential(desk, step, rotated);
  mpass_credential_free(rotated);
  return status;
}

/* Whether a credential works for a tenant that is not revoked. */
static bool works(struct desk *desk, const char *channel,
                  const char *credential) {
  mpass_tenant *tenant;
  uint64_t created_at_ms, until_ms;
  uint32_t version;
  bool has, is_revoked, is_present;
  OK(mpass_tenant_read_in(desk->world.keyring, MPASS_GROUP_CHANNEL,
                          TEXT(channel), &desk->host, desk, &tenant));
  OK(mpass_tenant_has_credential(tenant, desk->world.keyring, TEXT(credential),
                                 desk->world.now_ms, &has));
  OK(mpass_tenant_state(tenant, &is_revoked, &version, &created_at_ms));
  OK(mpass_tenant_predecessor_until_ms(tenant, &is_present, &until_ms));
  CHECK(is_present == (until_ms != 0));
  mpass_tenant_free(tenant);
  return has && !is_revoked;
}

static mpass_status revoke_channel(struct desk *desk) {
  mpass_tenant *revoked;
  mpass_status status = mpass_tenant_revoke_in(
      desk->world.keyring, MPASS_GROUP_CHANNEL, TEXT(desk->channel),
      &desk->host, desk, &revoked);
  mpass_tenant_free(revoked);
  return status;
}

static mpass_status create_customer(struct desk *desk,
                                    struct json_object *step) {
  mpass_settings *settings;
  mpass_credential *created;
  mpass_status status;
  OK(mpass_settings_new(MPASS_GROUP_CUSTOMER, &settings));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT(desk->customer)));
  OK(mpass_settings_set_number(settings, MPASS_FIELD_TEST_CREDITS,
                               number(step, "credits", 0)));
  status = mpass_tenant_create_in(desk->world.keyring, settings, &desk->host,
                                  desk, &created);
  mpass_credential_free(created);
  mpass_settings_free(settings);
  return status;
}

static mpass_status add_credits(struct desk *desk, struct json_object *step) {
  uint64_t balance = 0;
  mpass_status status = mpass_tenant_credits_in(
      desk->world.keyring, TEXT(desk->customer), number(step, "paid", 0),
      &desk->host, desk, &balance);
  CHECK(balance == number(step, "balance", 0));
  return status;
}

static mpass_status perform(struct desk *desk, struct json_object *step,
                            uint64_t began_at_ms) {
  const char *call = string(step, "call");
  desk->world.now_ms = began_at_ms + number(step, "at_ms", 0);
  if (strcmp(call, "create") == 0)
    return create_channel(desk, step);
  if (strcmp(call, "read") == 0)
    return read_channel(desk, step);
  if (strcmp(call, "update") == 0)
    return update_channel(desk, step);
  if (strcmp(call, "rotate") == 0)
    return rotate_channel(desk, step, began_at_ms);
  if (strcmp(call, "works") == 0) {
    const char *credential = kept(desk, string(step, "credential"));
    CHECK(works(desk, desk->channel, credential) ==
          (number(step, "expected", 0) != 0));
    return MPASS_STATUS_OK;
  }
  if (strcmp(call, "unlock") == 0)
    return mpass_tenant_unlock_in(desk->world.keyring, MPASS_GROUP_CHANNEL,
                                  TEXT(desk->channel),
                                  TEXT(string(step, "number")), &desk->host,
                                  desk);
  if (strcmp(call, "revoke") == 0)
    return revoke_channel(desk);
  if (strcmp(call, "create-customer") == 0)
    return create_customer(desk, step);
  CHECK(strcmp(call, "credits") == 0);
  return add_credits(desk, step);
}

static void scenario(struct desk *desk, struct json_object *file) {
  struct json_object *steps = member(file, "steps");
  uint64_t began_at_ms = desk->world.now_ms;
  size_t i, count = json_object_array_length(steps);
  desk->channel = string(file, "channel");
  desk->customer = string(file, "customer");
  CHECK(count > 0);
  for (i = 0; i < count; i++) {
    struct json_object *step = json_object_array_get_idx(steps, i);
    const char *expected = string(step, "error");
    const char *seen = status_name(perform(desk, step, began_at_ms));
    if (expected == NULL)
      expected = "Ok";
    if (strcmp(seen, expected) != 0)
      fprintf(stderr, "step %u: %s, expected %s\n", (unsigned)i, seen, expected);
    CHECK(strcmp(seen, expected) == 0);
  }
}

/* Stores the value; reports a failure if the desk's store does so. */
static uint32_t failing_swap(void *userdata, uint32_t kind, const uint8_t *key,
                             const uint8_t *expected, size_t expected_len,
                             const uint8_t *value, size_t value_len,
                             const uint64_t *expires_at_ms, uint64_t now_ms,
                             mpass_value *current) {
  struct desk *desk = (struct desk *)userdata;
  uint32_t answer = host_of(&desk->world)
                        .swap(&desk->world, kind, key, expected, expected_len,
                              value, value_len, expires_at_ms, now_ms, current);
  return desk->stores_and_fails ? MPASS_ANSWER_FAILED : answer;
}

/* A store that stores and then fails loses no credential. */
static void stored_and_failed(struct desk *desk) {
  mpass_settings *settings;
  mpass_credential *created, *rotated;
  struct buffer first, second;
  desk->host.swap = failing_swap;
  desk->stores_and_fails = true;
  OK(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT("other")));
  OK(mpass_tenant_create_in(desk->world.keyring, settings, &desk->host, desk,
                            &created));
  OK(mpass_credential_text(created, OUT(first)));
  first.text[first.len] = 0;
  CHECK(works(desk, "other", first.text));
  OK(mpass_tenant_rotate_in(desk->world.keyring, MPASS_GROUP_CHANNEL,
                            TEXT("other"), 0, &desk->host, desk, &rotated));
  OK(mpass_credential_text(rotated, OUT(second)));
  second.text[second.len] = 0;
  CHECK(works(desk, "other", second.text) && !works(desk, "other", first.text));
  desk->stores_and_fails = false;
  desk->host.swap = host_of(&desk->world).swap;
  mpass_credential_free(created);
  mpass_credential_free(rotated);
  mpass_settings_free(settings);
}

/* The two channels, on pages of one document. */
static void listed(struct desk *desk) {
  struct buffer next;
  bool is_present = true;
  size_t count, sum = 0, pages = 0;
  uint64_t unreadable;
  memset(&next, 0, sizeof next);
  while (is_present) {
    mpass_tenant_page *page;
    mpass_tenant *tenant;
    OK(mpass_tenant_list_in(desk->world.keyring, MPASS_GROUP_CHANNEL,
                            pages == 0 ? NULL : (const uint8_t *)next.text,
                            next.len, 1, &desk->host, desk, &page));
    OK(mpass_tenant_page_len(page, &count, &unreadable));
    CHECK(unreadable == 0 && count <= 1);
    if (count == 1) {
      OK(mpass_tenant_page_get(page, 0, &tenant));
      mpass_tenant_free(tenant);
    }
    CHECK_STATUS(MPASS_STATUS_WRONG_STATE,
                 mpass_tenant_page_get(page, count, &tenant));
    OK(mpass_tenant_page_next(page, &is_present, BYTES(next)));
    mpass_tenant_page_free(page);
    sum += count;
    pages++;
  }
  CHECK(sum == 2 && pages > 2);
}

static void resealed(struct desk *desk) {
  uint64_t resealed, unreadable;
  mpass_host host = desk->host;
  OK(mpass_tenant_reseal_in(desk->world.keyring, &host, desk, &resealed,
                            &unreadable));
  CHECK(resealed == 0 && unreadable == 0);
  host.list = NULL;
  CHECK_STATUS(MPASS_STATUS_NOT_IMPLEMENTED,
               mpass_tenant_reseal_in(desk->world.keyring, &host, desk,
                                      &resealed, &unreadable));
}

void test_administration(const char *path) {
  struct json_object *file = json_object_from_file(path);
  struct desk desk;
  memset(&desk, 0, sizeof desk);
  world_begin(&desk.world);
  desk.host = host_of(&desk.world);
  CHECK(file != NULL);
  scenario(&desk, file);
  stored_and_failed(&desk);
  listed(&desk);
  resealed(&desk);
  world_end(&desk.world);
  json_object_put(file);
}
