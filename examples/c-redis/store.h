/* A store of the examples, as the callbacks of an mpass_host. */
#ifndef STORE_H
#define STORE_H

#include <mpass.h>
#include <stdbool.h>

bool store_open(const char *url);
void store_close(void);
uint32_t store_load(void *userdata, uint32_t kind, const uint8_t *key, mpass_value *current);
uint32_t store_swap(void *userdata, uint32_t kind, const uint8_t *key, const uint8_t *expected,
                    size_t expected_len, const uint8_t *value, size_t value_len,
                    const uint64_t *expires_at_ms, uint64_t now, mpass_value *current);
uint32_t store_list(void *userdata, const uint8_t *after, uint32_t limit, mpass_documents *documents);

#endif
