/* Intel's multi-buffer library: bursts of HMAC-SHA1 jobs under one key, whose
 * states are computed once. */
#include <intel-ipsec-mb.h>
#include <stdlib.h>
#include <string.h>

#define BURST IMB_MAX_BURST_SIZE

struct bench_ipsec_mb {
  IMB_MGR *manager;
  uint8_t ipad[20], opad[20];
  IMB_JOB jobs[BURST];
};

void bench_ipsec_mb_free(struct bench_ipsec_mb *self) {
  if (self != NULL && self->manager != NULL)
    free_mb_mgr(self->manager);
  free(self);
}

struct bench_ipsec_mb *bench_ipsec_mb_new(const uint8_t *key, size_t len) {
  uint8_t block[64];
  IMB_ARCH arch;
  struct bench_ipsec_mb *self;
  if (len > sizeof block)
    return NULL;
  self = aligned_alloc(64, (sizeof *self + 63) / 64 * 64);
  if (self == NULL)
    return NULL;
  memset(self, 0, sizeof *self);
  self->manager = alloc_mb_mgr(0);
  if (self->manager == NULL) {
    bench_ipsec_mb_free(self);
    return NULL;
  }
  init_mb_mgr_auto(self->manager, &arch);
  memset(block, 0x36, sizeof block);
  for (size_t i = 0; i < len; i++)
    block[i] ^= key[i];
  IMB_SHA1_ONE_BLOCK(self->manager, block, self->ipad);
  for (size_t i = 0; i < sizeof block; i++)
    block[i] ^= 0x36 ^ 0x5c;
  IMB_SHA1_ONE_BLOCK(self->manager, block, self->opad);
  return self;
}

/* The MACs of BURST messages of 8 bytes. Returns 0 if all jobs are done. */
int bench_ipsec_mb_macs(struct bench_ipsec_mb *self,
                        const uint8_t messages[BURST][8],
                        uint8_t macs[BURST][20]) {
  for (size_t i = 0; i < BURST; i++) {
    IMB_JOB *job = &self->jobs[i];
    job->src = messages[i];
    job->hash_start_src_offset_in_bytes = 0;
    job->msg_len_to_hash_in_bytes = 8;
    job->auth_tag_output = macs[i];
    job->auth_tag_output_len_in_bytes = 20;
    job->u.HMAC._hashed_auth_key_xor_ipad = self->ipad;
    job->u.HMAC._hashed_auth_key_xor_opad = self->opad;
  }
  uint32_t done = IMB_SUBMIT_HASH_BURST_NOCHECK(self->manager, self->jobs,
                                                BURST, IMB_AUTH_HMAC_SHA_1);
  return done == BURST ? 0 : -1;
}
