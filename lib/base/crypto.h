/* Thin, typed names for the OpenSSL calls that teamdues uses. */
#ifndef TEAMDUES_BASE_CRYPTO_H
#define TEAMDUES_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/secret.h"
#include "base/status.h"

enum { SHA256_LEN = 32, SHA256_HEX_LEN = 64 };

struct bytes {
	const void *data;
	size_t len;
};

/* HMAC-SHA256 over the concatenation of count pieces.  ST_NOMEM. */
NODISCARD enum status crypto_hmac_sha256(const struct secret *key,
    const struct bytes *pieces, size_t count, unsigned char mac[SHA256_LEN],
    struct err *err);

/* Lower-case hex, terminated.  ST_NOMEM. */
NODISCARD enum status crypto_sha256_hex(const void *data, size_t len,
    char hex[SHA256_HEX_LEN + 1], struct err *err);

/* Constant time over equal lengths; different lengths are unequal. */
bool crypto_equal(const void *a, size_t a_len, const void *b, size_t b_len);

/* Fills out from the system's random source.  ST_BUG if it fails. */
NODISCARD enum status crypto_random(unsigned char *out, size_t len,
    struct err *err);

#endif
