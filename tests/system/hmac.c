#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "hmac.h"
#include "stack.h"

static void
hmac(const char *key, const char *text, size_t len,
    unsigned char mac[HMAC_LEN])
{
	unsigned mac_len = 0;

	assert_non_null(HMAC(EVP_sha256(), key, (int)strlen(key),
	    (const unsigned char *)text, len, mac, &mac_len));
	assert_int_equal(mac_len, HMAC_LEN);
}

void
hmac_hex(const char *key, const char *text, size_t len,
    char hex[HMAC_HEX_SIZE])
{
	unsigned char mac[HMAC_LEN];

	hmac(key, text, len, mac);
	for (size_t i = 0; i < HMAC_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
}

void
hmac_base64url(const char *key, const char *text, size_t len,
    char encoded[HMAC_BASE64_SIZE])
{
	unsigned char mac[HMAC_LEN];

	hmac(key, text, len, mac);
	EVP_EncodeBlock((unsigned char *)encoded, mac, HMAC_LEN);
	for (char *c = encoded; *c != '\0'; c++) {
		if (*c == '+')
			*c = '-';
		else if (*c == '/')
			*c = '_';
		else if (*c == '=')
			*c = '\0';
	}
}
