/* The C ABI of libmpass. Written by `cargo xtask header` from the crate in
 * ffi/; a change made here is lost. SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef MPASS_H
#define MPASS_H

#include <stdint.h>
#include <stddef.h>

/* The version of this header; `mpass_version_string` says the library's. */
#define MPASS_VERSION_MAJOR 0
#define MPASS_VERSION_MINOR 1
#define MPASS_VERSION_PATCH 0
#define MPASS_VERSION_STRING "0.1.0"

/*
 The number of the ABI that this header describes. It grows when a program
 compiled with an older header would no longer work.
 */
#define MPASS_ABI_VERSION 1

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The `MPASS_ABI_VERSION` of the library that is loaded. A program compares
 it with its own before it calls anything else.
 */
uint32_t mpass_abi_version(void);

/*
 The version of the library that is loaded, such as `0.1.0`: ASCII, ended
 by NUL, valid for as long as the library is loaded. Never NULL; the caller
 does not free it.
 */
const char *mpass_version_string(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MPASS_H */
