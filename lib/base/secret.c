/*
 * Wiped by OPENSSL_cleanse(): a compiler may leave out a memset() before
 * free().
 */
#include "base/secret.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum status
secret_set(struct secret *s, const char *bytes, size_t len, struct err *err)
{
	unsigned char *copy = NULL;

	if (len > 0) {
		copy = malloc(len + 1);
		if (copy == NULL)
			return err_set(err, ST_NOMEM, "no memory for a secret");
		memcpy(copy, bytes, len);
		copy[len] = '\0';
	}
	/* Only now: bytes may be a part of the old value. */
	secret_clear(s);
	s->bytes = copy;
	s->len = len;
	return ST_OK;
}

const char *
secret_bytes(const struct secret *s)
{
	return s->len > 0 ? (const char *)s->bytes : NULL;
}

void
secret_clear(struct secret *s)
{
	if (s->bytes != NULL)
		OPENSSL_cleanse(s->bytes, s->len);
	free(s->bytes);
	*s = (struct secret){ NULL, 0 };
}
