/* The texts of messages, and the hashes of Android apps. */
#include "vectors.h"
#include "world.h"

static uint32_t field_of(struct json_object *vector) {
  const char *name = text_of(vector, "field");
  if (strcmp(name, "texts") == 0)
    return MPASS_FIELD_TEXTS;
  if (strcmp(name, "sender") == 0)
    return MPASS_FIELD_SENDER;
  if (strcmp(name, "apps") == 0)
    return MPASS_FIELD_APPS;
  CHECK(strcmp(name, "android_app_hashes") == 0);
  return MPASS_FIELD_ANDROID_APP_HASHES;
}

/* Sets the field of a vector to a text. */
static mpass_status set(mpass_settings *settings, struct json_object *vector,
                        const char *text, size_t len) {
  uint32_t which = field_of(vector);
  if (which == MPASS_FIELD_TEXTS)
    return mpass_settings_add_text_in(settings, which, FIELD(vector, "tag"),
                                      text, len);
  if (which == MPASS_FIELD_SENDER)
    return mpass_settings_set_text(settings, which, text, len);
  return mpass_settings_add_text(settings, which, text, len);
}

/* Checks what a stored channel keeps of a vector. */
static void check_kept(struct json_object *vector,
                       const mpass_settings *settings) {
  struct world world;
  mpass_host host;
  struct buffer text;
  mpass_tenant *tenant;
  mpass_credential *credential;
  mpass_settings *kept;
  uint32_t which = field_of(vector);
  world_begin(&world);
  host = host_of(&world);
  OK(mpass_tenant_create_in(world.keyring, settings, &host, &world,
                            &credential));
  OK(mpass_tenant_read_in(world.keyring, MPASS_GROUP_CHANNEL, TEXT("web"),
                          &host, &world, &tenant));
  OK(mpass_tenant_settings(tenant, &kept));
  OK(mpass_settings_get_text(kept, which, 0, OUT(text)));
  CHECK(reads(&text,
              text_of(vector, has(vector, "kept") ? "kept" : "text")));
  if (which == MPASS_FIELD_TEXTS) {
    OK(mpass_settings_get_language(kept, which, 0, OUT(text)));
    CHECK(reads(&text,
                text_of(vector, has(vector, "kept_tag") ? "kept_tag" : "tag")));
  }
  mpass_settings_free(kept);
  mpass_tenant_free(tenant);
  mpass_credential_free(credential);
  world_end(&world);
}

void message(struct json_object *file, struct json_object *vector) {
  static const char OVERRIDE[] = "\xe2\x80\xae";
  char tampered[512];
  mpass_settings *settings;
  mpass_status status;
  (void)file;
  OK(mpass_settings_new(MPASS_GROUP_CHANNEL, &settings));
  OK(mpass_settings_set_text(settings, MPASS_FIELD_NAME, TEXT("web")));
  snprintf(tampered, sizeof tampered, "%s%s", text_of(vector, "text"),
           OVERRIDE);
  CHECK(set(settings, vector, tampered, strlen(tampered)) !=
        MPASS_STATUS_OK);
  status = set(settings, vector, FIELD(vector, "text"));
  if (has(vector, "error")) {
    CHECK(strcmp(status_name(status), text_of(vector, "error")) == 0);
  } else {
    OK(status);
    check_kept(vector, settings);
  }
  mpass_settings_free(settings);
}

void android_app(struct json_object *file, struct json_object *vector) {
  struct buffer hash, certificate;
  char other[128], pair[3] = {0};
  size_t i;
  mpass_status status;
  (void)file;
  certificate.len = text_len(vector, "certificate_hex") / 2;
  for (i = 0; i < certificate.len; i++) {
    memcpy(pair, text_of(vector, "certificate_hex") + 2 * i, 2);
    certificate.text[i] = (char)strtoul(pair, NULL, 16);
  }
  status = mpass_android_app_hash(FIELD(vector, "package"),
                                  (const uint8_t *)certificate.text,
                                  certificate.len, OUT(hash));
  if (has(vector, "error")) {
    CHECK(strcmp(status_name(status), text_of(vector, "error")) == 0);
    return;
  }
  OK(status);
  CHECK(reads(&hash, text_of(vector, "hash")));
  snprintf(other, sizeof other, "%sx", text_of(vector, "package"));
  OK(mpass_android_app_hash(TEXT(other), (const uint8_t *)certificate.text,
                            certificate.len, OUT(hash)));
  CHECK(!reads(&hash, text_of(vector, "hash")));
}
