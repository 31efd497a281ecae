/*
 * EVP_MAC is OpenSSL 3's interface to HMAC; the older one is deprecated.  A
 * failure of HMAC or SHA-256 is reported as a lack of memory: both are in the
 * default provider, and the arguments are ours.
 */
#include "base/crypto.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

/* OpenSSL takes the digest's name as a writable string and only reads it. */
static bool
hmac_begin(EVP_MAC_CTX *context, const struct secret *key)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
		    digest, 0),
		OSSL_PARAM_construct_end(),
	};

	return EVP_MAC_init(context, key->bytes, key->len, params) == 1;
}

static bool
hmac_run(EVP_MAC_CTX *context, const struct secret *key,
    const struct bytes *pieces, size_t count, unsigned char mac[SHA256_LEN])
{
	size_t len = 0;

	if (!hmac_begin(context, key))
		return false;
	for (size_t i = 0; i < count; i++)
		if (EVP_MAC_update(context, pieces[i].data,
		    pieces[i].len) != 1)
			return false;
	return EVP_MAC_final(context, mac, &len, SHA256_LEN) == 1 &&
	    len == SHA256_LEN;
}

enum status
crypto_hmac_sha256(const struct secret *key, const struct bytes *pieces,
    size_t count, unsigned char mac[SHA256_LEN], struct err *err)
{
	EVP_MAC *algorithm = NULL;
	EVP_MAC_CTX *context = NULL;
	enum status st = ST_OK;

	/* An empty key, which no setting can have, means "the key of the last
	 * use" to EVP_MAC_init(). */
	if (key->len == 0)
		return err_set(err, ST_BUG, "HMAC with an empty key");
	algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (algorithm != NULL)
		context = EVP_MAC_CTX_new(algorithm);
	if (context == NULL || !hmac_run(context, key, pieces, count, mac))
		st = err_set(err, ST_NOMEM, "no memory for an HMAC");
	EVP_MAC_CTX_free(context);
	EVP_MAC_free(algorithm);
	return st;
}

enum status
crypto_sha256_hex(const void *data, size_t len, char hex[SHA256_HEX_LEN + 1],
    struct err *err)
{
	unsigned char digest[SHA256_LEN];

	if (EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) != 1)
		return err_set(err, ST_NOMEM, "no memory for a SHA-256");
	for (size_t i = 0; i < SHA256_LEN; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	hex[SHA256_HEX_LEN] = '\0';
	return ST_OK;
}

bool
crypto_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
	/* The time does not depend on where the bytes differ, so nobody can
	 * guess a signature byte by byte.  A length is no secret. */
	return a_len == b_len &&
	    (a_len == 0 || CRYPTO_memcmp(a, b, a_len) == 0);
}

enum status
crypto_random(unsigned char *out, size_t len, struct err *err)
{
	/* Fatal for the request: there is no safe way to go on with guessable
	 * bytes. */
	if (len > INT_MAX || RAND_bytes(out, (int)len) != 1)
		return err_set(err, ST_BUG, "the random source failed");
	return ST_OK;
}
