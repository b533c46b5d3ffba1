#include "misuse_tenants.h"

#include "world.h"

/* A store without values, and the callbacks of its host. */
struct desk {
  struct world world;
  mpass_host host;
};

static void desk_begin(struct desk *desk) {
  world_begin(&desk->world);
  desk->host = host_of(&desk->world);
}

/* Settings of a tenant whose name is the argument. */
static mpass_settings *named(uint32_t group, const char *argument,
                             mpass_status *status) {
  struct slice name = text_of(argument);
  mpass_settings *settings;
  OK(mpass_settings_new(group, &settings));
  *status = mpass_settings_set_text(settings, MPASS_FIELD_NAME, name.start,
                                    name.len);
  return settings;
}

/* Creates a tenant unless a setting was refused; frees the settings. */
static mpass_status create(const mpass_keyring *keyring,
                           mpass_settings *settings, mpass_status status) {
  struct desk desk;
  mpass_credential *created = (mpass_credential *)(void *)&desk;
  desk_begin(&desk);
  if (status == MPASS_STATUS_OK) {
    status = mpass_tenant_create_in(keyring, settings, &desk.host, &desk.world,
                                    &created);
    CHECK(status == MPASS_STATUS_OK || created == NULL);
    mpass_credential_free(created);
  }
  mpass_settings_free(settings);
  world_end(&desk.world);
  return status;
}

mpass_status misuse_create_channel(const mpass_keyring *keyring) {
  mpass_status status;
  mpass_settings *settings = named(MPASS_GROUP_CHANNEL, "name", &status);
  struct slice language = text_of("language"), text = text_of("text");
  if (status == MPASS_STATUS_OK)
    status = mpass_settings_add_text_in(settings, MPASS_FIELD_TEXTS,
                                        language.start, language.len,
                                        text.start, text.len);
  return create(keyring, settings, status);
}

mpass_status misuse_create_customer(const mpass_keyring *keyring) {
  mpass_status status;
  mpass_settings *settings = named(MPASS_GROUP_CUSTOMER, "id", &status);
  return create(keyring, settings, status);
}

mpass_status misuse_create_client(const mpass_keyring *keyring) {
  mpass_status status;
  mpass_settings *settings = named(MPASS_GROUP_CLIENT, "name", &status);
  struct slice uri = text_of("redirect-uri"), point = bytes_of("public-key");
  if (status == MPASS_STATUS_OK)
    status = mpass_settings_add_text(settings, MPASS_FIELD_REDIRECT_URIS,
                                     uri.start, uri.len);
  if (status == MPASS_STATUS_OK)
    status = mpass_settings_set_bytes(settings, MPASS_FIELD_PUBLIC_KEY,
                                      (const uint8_t *)point.start, point.len);
  return create(keyring, settings, status);
}

/* Begins with the channel `shop`. */
static void shop_begin(struct desk *desk, const mpass_keyring *keyring) {
  mpass_settings *settings;
  mpass_credential *created;
  desk_begin(desk);
  OK(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT("shop")));
  OK(mpass_tenant_create_in(keyring, settings, &desk->host, &desk->world,
                            &created));
  mpass_credential_free(created);
  mpass_settings_free(settings);
}

static bool is(struct slice text, const char *expected) {
  return text.len == strlen(expected) &&
         memcmp(text.start, expected, text.len) == 0;
}

static uint32_t group_of(const char *argument) {
  struct slice kind = text_of(argument);
  if (is(kind, "channel"))
    return MPASS_GROUP_CHANNEL;
  return is(kind, "client") ? MPASS_GROUP_CLIENT : MPASS_GROUP_ENGINE;
}

/* The number of a field by its name; that of no field for any other name. */
static uint32_t field_of(const char *argument) {
  struct slice field = text_of(argument);
  if (is(field, "host"))
    return MPASS_FIELD_HOST;
  if (is(field, "name"))
    return MPASS_FIELD_NAME;
  if (is(field, "sender"))
    return MPASS_FIELD_SENDER;
  return is(field, "public_key") ? MPASS_FIELD_PUBLIC_KEY : 9999;
}

mpass_status misuse_read_tenant(const mpass_keyring *keyring,
                                const mpass_keyring *argument) {
  struct slice name = text_of("name");
  struct desk desk;
  mpass_tenant *read = (mpass_tenant *)(void *)&desk;
  mpass_status status;
  shop_begin(&desk, keyring);
  status = mpass_tenant_read_in(argument, group_of("kind"), name.start,
                                name.len, &desk.host, &desk.world, &read);
  CHECK(status == MPASS_STATUS_OK || read == NULL);
  mpass_tenant_free(read);
  world_end(&desk.world);
  return status;
}

mpass_status misuse_update_tenant(const mpass_keyring *keyring) {
  struct slice name = text_of("name"), stamp = slice_of(NULL, 0);
  uint32_t cleared = field_of("clear");
  struct desk desk;
  mpass_settings *settings;
  mpass_tenant *changed = (mpass_tenant *)(void *)&desk;
  mpass_status status;
  if (!is_null("stamp"))
    stamp = text_of("stamp");
  OK(mpass_settings_new(group_of("kind"), &settings));
  status = mpass_settings_set_text(settings, field_of("field"),
                                   TEXT("shop.example"));
  if (status == MPASS_STATUS_OK) {
    shop_begin(&desk, keyring);
    status = mpass_tenant_update_in(keyring, name.start, name.len, settings,
                                    &cleared, 1, stamp.start, stamp.len,
                                    MPASS_OVERLAP_DEFAULT_MS, &desk.host,
                                    &desk.world, &changed);
    CHECK(status == MPASS_STATUS_OK || changed == NULL);
    mpass_tenant_free(changed);
    world_end(&desk.world);
  }
  mpass_settings_free(settings);
  return status;
}

mpass_status misuse_rotate_tenant(const mpass_keyring *keyring) {
  struct slice name = text_of("name");
  uint64_t overlap_ms = integer_of("overlap", UINT64_MAX);
  struct desk desk;
  mpass_credential *rotated = (mpass_credential *)(void *)&desk;
  mpass_status status;
  shop_begin(&desk, keyring);
  status = mpass_tenant_rotate_in(keyring, MPASS_GROUP_CHANNEL, name.start,
                                  name.len, overlap_ms, &desk.host,
                                  &desk.world, &rotated);
  CHECK(status == MPASS_STATUS_OK || rotated == NULL);
  mpass_credential_free(rotated);
  world_end(&desk.world);
  return status;
}

mpass_status misuse_provision_tenant(const mpass_keyring *keyring) {
  struct slice credential = text_of("credential");
  struct desk desk;
  mpass_status status;
  mpass_settings *settings = named(MPASS_GROUP_CUSTOMER, "name", &status);
  bool is_changed = false;
  desk_begin(&desk);
  if (status == MPASS_STATUS_OK)
    status = mpass_tenant_provision_in(keyring, settings, credential.start,
                                       credential.len, &desk.host, &desk.world,
                                       &is_changed);
  CHECK(is_changed == (status == MPASS_STATUS_OK));
  mpass_settings_free(settings);
  world_end(&desk.world);
  return status;
}
