/* Mistakes that only C can make, in addition to those of misuses.c: each
 * returns its status, and none changes an output. */
#include "check.h"

static const uint8_t SECRET[] = "12345678901234567890";

/* A host table of another size. */
static void wrong_table(mpass_engine *engine, mpass_request *request) {
  mpass_host host;
  mpass_reply *reply;
  memset(&host, 0, sizeof host);
  host.size = 4;
  CHECK_STATUS(MPASS_STATUS_STRUCT_SIZE,
               mpass_drive(engine, request, &host, NULL, &reply));
  host.size = sizeof host;
  CHECK_STATUS(MPASS_STATUS_NOT_IMPLEMENTED,
               mpass_drive(engine, request, &host, NULL, &reply));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_drive(engine, request, NULL, NULL, &reply));
  CHECK(reply == NULL);
}

static void services(void) {
  mpass_keyring *keyring;
  mpass_engine *engine;
  mpass_request *request;
  mpass_exchange *exchange;
  uint8_t entropy[32];
  uint32_t step = 77;
  test_entropy(entropy, sizeof entropy);
  CHECK_STATUS(MPASS_STATUS_WRONG_LENGTH,
               mpass_keyring_generate(entropy, 31, &keyring));
  CHECK(keyring == NULL);
  OK(mpass_keyring_generate(entropy, 32, &keyring));
  OK(mpass_engine_new(keyring, NULL, &engine));
  CHECK_STATUS(MPASS_STATUS_INVALID_ADDRESS,
               mpass_request_new(TEXT("GET"), TEXT("/"), TEXT(""),
                                 TEXT("localhost"), &request));
  OK(mpass_request_new(TEXT("GET"), TEXT("/"), TEXT(""), TEXT("::1"),
                       &request));
  CHECK_STATUS(MPASS_STATUS_INVALID_UTF8,
               mpass_request_add_header(request, TEXT("A"), TEXT("\xff")));
  OK(mpass_engine_begin(engine, request, 0, entropy, 32, &exchange));
  CHECK_STATUS(MPASS_STATUS_INVALID_ARGUMENT,
               mpass_exchange_next(exchange, 99, NULL, 0, 0, &step));
  CHECK(step == 77);
  wrong_table(engine, request);
  mpass_exchange_free(exchange);
  mpass_request_free(request);
  mpass_engine_free(engine);
  mpass_keyring_free(keyring);
}

/* The place of a fault, and a digit that base32 does not have. */
static void faults(void) {
  struct buffer fault;
  OK(mpass_secret_base32_fault(TEXT("JBSWY3DPEHPK3PXP"), OUT(fault)));
  CHECK(reads(&fault, ""));
  OK(mpass_secret_base32_fault(TEXT("JBSWY3DP\nEHPK3PX8"), OUT(fault)));
  CHECK(reads(&fault, "line 2, character 8 of the secret is 8, which base32 "
                      "does not have: B is often typed as 8"));
  OK(mpass_secret_hex_fault(TEXT("31 3g"), OUT(fault)));
  CHECK(reads(&fault, "the text is not valid hexadecimal: character 5"));
  CHECK_STATUS(MPASS_STATUS_INVALID_UTF8,
               mpass_secret_hex_fault(TEXT("\xff"), OUT(fault)));
  CHECK(strstr(mpass_status_text(MPASS_STATUS_SECRET_TOO_SHORT),
               "mpass_key_new_allowing_short") != NULL);
}

static void buffers(mpass_hotp *hotp) {
  char out[6] = "12345";
  size_t written = 99;
  CHECK_STATUS(MPASS_STATUS_BUFFER_TOO_SMALL,
               mpass_hotp_generate(hotp, 0, out, 5, &written));
  CHECK(written == 6 && strcmp(out, "12345") == 0);
  CHECK_STATUS(MPASS_STATUS_BUFFER_TOO_SMALL,
               mpass_hotp_generate(hotp, 0, NULL, 0, &written));
  CHECK(written == 6);
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_hotp_generate(hotp, 0, NULL, 6, &written));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_hotp_generate(hotp, 0, out, 6, NULL));
  OK(mpass_hotp_generate(hotp, 0, out, 6, &written));
  CHECK(memcmp(out, "755224", 6) == 0);
}

/* Batches equal single calls and write only within the buffer. */
static void batches(mpass_hotp *hotp) {
  uint32_t values[301];
  char rows[6 * 300 + 7], row[6];
  size_t i, written = 99;
  values[300] = 99;
  OK(mpass_hotp_generate_range(hotp, 7, values, 300, &written));
  CHECK(written == 300 && values[300] == 99);
  rows[sizeof rows - 1] = 'x';
  OK(mpass_hotp_generate_rows(hotp, 7, rows, sizeof rows - 1, &written));
  CHECK(written == 301 && rows[sizeof rows - 1] == 'x');
  for (i = 0; i < 300; i++) {
    char text[7] = "";
    OK(mpass_hotp_generate(hotp, 7 + i, row, sizeof row, &written));
    CHECK(memcmp(row, rows + 6 * i, 6) == 0);
    memcpy(text, row, 6);
    CHECK(strtoul(text, NULL, 10) == values[i]);
  }
  OK(mpass_hotp_generate_range(hotp, UINT64_MAX - 1, values, 300, &written));
  CHECK(written == 2 && values[2] == 0 && values[299] == 0);
  OK(mpass_hotp_generate_rows(hotp, 0, rows, 5, &written));
  CHECK(written == 0 && rows[0] == 0 && rows[5] != 0);
  OK(mpass_hotp_generate_range(hotp, 0, NULL, 0, &written));
  CHECK(written == 0);
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_hotp_generate_range(hotp, 0, NULL, 1, &written));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_hotp_generate_range(hotp, 0, values, 1, NULL));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_hotp_generate_rows(NULL, 0, rows, 6, &written));
  CHECK_STATUS(
      MPASS_STATUS_LENGTH_OUT_OF_RANGE,
      mpass_hotp_generate_range(hotp, 0, values, SIZE_MAX / 2, &written));
}

static void hashes(void) {
  enum { COUNT = 130 };
  const mpass_number *numbers[COUNT];
  mpass_number *made[COUNT];
  char digests[64 * COUNT], e164[16];
  struct buffer hash;
  size_t i;
  for (i = 0; i < COUNT; i++) {
    snprintf(e164, sizeof e164, "+966500000%03u", (unsigned)i);
    OK(mpass_number_parse(TEXT(e164), 0, &made[i]));
    numbers[i] = made[i];
  }
  OK(mpass_number_sha256_hex_batch(numbers, COUNT, digests));
  for (i = 0; i < COUNT; i++) {
    OK(mpass_number_sha256_hex(made[i], OUT(hash)));
    CHECK(memcmp(hash.text, digests + 64 * i, 64) == 0);
  }
  OK(mpass_number_sha256_hex_batch(NULL, 0, NULL));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_number_sha256_hex_batch(numbers, 1, NULL));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_number_sha256_hex_batch(NULL, 1, digests));
  numbers[COUNT - 1] = NULL;
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT,
               mpass_number_sha256_hex_batch(numbers, COUNT, digests));
  CHECK_STATUS(MPASS_STATUS_LENGTH_OUT_OF_RANGE,
               mpass_number_sha256_hex_batch(numbers, SIZE_MAX / 64, digests));
  for (i = 0; i < COUNT; i++) {
    mpass_number_free(made[i]);
  }
}

static void texts(mpass_hotp *hotp) {
  static const char LONG[2048] = {0};
  uint64_t matched = 99;
  bool is_match = true;
  CHECK_STATUS(MPASS_STATUS_INVALID_UTF8,
               mpass_hotp_verify(hotp, "\xff", 1, 0, 0, &is_match, &matched));
  CHECK_STATUS(
      MPASS_STATUS_LENGTH_OUT_OF_RANGE,
      mpass_hotp_verify(hotp, "755224", SIZE_MAX, 0, 0, &is_match, &matched));
  CHECK(is_match && matched == 99);
  /* A text that is not a code is a wrong code, not an error. */
  OK(mpass_hotp_verify(hotp, LONG, sizeof LONG, 0, 0, &is_match, &matched));
  CHECK(!is_match && matched == 0);
}

static void handles(mpass_key *key, mpass_hotp *hotp) {
  mpass_hotp *other = hotp;
  uint32_t number = 77;
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT, mpass_key_algorithm(NULL, &number));
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT, mpass_key_algorithm(key, NULL));
  CHECK_STATUS(MPASS_STATUS_WRONG_HANDLE,
               mpass_key_algorithm((const mpass_key *)(const void *)hotp,
                                   &number));
  CHECK(number == 77);
  CHECK_STATUS(MPASS_STATUS_NULL_ARGUMENT, mpass_hotp_new(key, 6, NULL));
  /* -6, converted to an unsigned integer. */
  CHECK_STATUS(MPASS_STATUS_INVALID_DIGITS,
               mpass_hotp_new(key, (uint32_t)-6, &other));
  CHECK(other == NULL);
  /* Freeing a handle as another class does nothing. */
  mpass_key_free((mpass_key *)(void *)hotp);
  mpass_key_free(NULL);
  mpass_hotp_free(NULL);
  mpass_pending_free(NULL);
}

void test_misuse(void) {
  mpass_key *key = (mpass_key *)(void *)&key;
  mpass_hotp *hotp;
  CHECK_STATUS(MPASS_STATUS_INVALID_ALGORITHM,
               mpass_key_new(99, SECRET, 20, &key));
  CHECK(key == NULL);
  OK(mpass_key_new_allowing_short(1, SECRET, 5, &key));
  mpass_key_free(key);
  OK(mpass_key_new(MPASS_ALGORITHM_SHA1, SECRET, 20, &key));
  OK(mpass_hotp_new(key, 6, &hotp));
  handles(key, hotp);
  faults();
  buffers(hotp);
  batches(hotp);
  hashes();
  texts(hotp);
  services();
  mpass_hotp_free(hotp);
  mpass_key_free(key);
}

/* Requires a debug build and MPASS_DELIBERATE_PANIC. */
void test_panic(void) {
  mpass_key *key;
  mpass_hotp *hotp;
  struct buffer code;
  CHECK_STATUS(MPASS_STATUS_PANIC,
               mpass_key_new(MPASS_ALGORITHM_SHA1,
                             (const uint8_t *)TEXT("a deliberate panic"),
                             &key));
  CHECK(key == NULL);
  OK(mpass_key_new(MPASS_ALGORITHM_SHA1, SECRET, 20, &key));
  OK(mpass_hotp_new(key, 6, &hotp));
  OK(mpass_hotp_generate(hotp, 0, OUT(code)));
  CHECK_STATUS(MPASS_STATUS_PANIC,
               mpass_hotp_generate(hotp, UINT64_MAX, OUT(code)));
  CHECK_STATUS(MPASS_STATUS_POISONED, mpass_hotp_generate(hotp, 0, OUT(code)));
  mpass_hotp_free(hotp);
  mpass_key_free(key);
}
