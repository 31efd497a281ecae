/*
 * HMAC-SHA256 straight from OpenSSL: what these tests sign must not be signed
 * by the code that they test.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_HMAC_H
#define TEAMDUES_TESTS_SYSTEM_HMAC_H

#include <stddef.h>

enum { HMAC_LEN = 32, HMAC_HEX_SIZE = 65, HMAC_BASE64_SIZE = 48 };

void hmac_hex(const char *key, const char *text, size_t len,
    char hex[HMAC_HEX_SIZE]);

/* base64url without padding. */
void hmac_base64url(const char *key, const char *text, size_t len,
    char encoded[HMAC_BASE64_SIZE]);

#endif
