/*
 * Only hashes of tokens are in the settings, so that reading them gives nobody
 * access.  A plain SHA-256 is enough: tokens are random and long, so that no
 * list of likely ones can be tried.
 */
#include "endpoint/admin.h"

#include <string.h>

#include "base/crypto.h"

static const char scheme[] = "Bearer ";

/*
 * The request's token, or NULL.  The scheme's case does not matter (RFC 9110,
 * 11.1); | 0x20 makes a letter small.
 */
static const char *
bearer_token(const struct request *request)
{
	const char *value = request_variable(request, "HTTP_AUTHORIZATION");
	size_t len = sizeof(scheme) - 1;

	if (value == NULL || strlen(value) <= len)
		return NULL;
	for (size_t i = 0; i < len; i++)
		if ((value[i] | 0x20) != (scheme[i] | 0x20))
			return NULL;
	return value + len;
}

/*
 * Copies the entry's name when its hash is hex, whose digits may be capitals.
 */
static bool
entry_matches(const char *entry, size_t len, const char *hex,
    char name[ADMIN_NAME_SIZE])
{
	const char *colon = memchr(entry, ':', len);
	char lower[SHA256_HEX_LEN];
	size_t name_len;

	if (colon == NULL)
		return false;
	name_len = (size_t)(colon - entry);
	if (name_len >= ADMIN_NAME_SIZE ||
	    len - name_len - 1 != SHA256_HEX_LEN)
		return false;
	for (size_t i = 0; i < SHA256_HEX_LEN; i++)
		lower[i] = (char)(colon[1 + i] | 0x20);
	if (!crypto_equal(lower, sizeof(lower), hex, SHA256_HEX_LEN))
		return false;
	memcpy(name, entry, name_len);
	name[name_len] = '\0';
	return true;
}

enum status
admin_authenticate(const struct config *config, const struct request *request,
    char name[ADMIN_NAME_SIZE], struct err *err)
{
	const struct secret *tokens = config_secret(config,
	    SETTING_ADMIN_TOKENS);
	const char *token = bearer_token(request);
	const char *entry = tokens != NULL ? secret_bytes(tokens) : NULL;
	char hex[SHA256_HEX_LEN + 1];
	bool is_known = false;
	enum status st;

	if (token == NULL || entry == NULL)
		return err_set(err, ST_UNAUTHENTICATED, "no bearer token");
	st = crypto_sha256_hex(token, strlen(token), hex, err);
	if (st != ST_OK)
		return st;
	while (*entry != '\0') {
		size_t len = strcspn(entry, ",");

		/*
		 * All entries are compared, so that the time of an answer does
		 * not tell which of them fits.
		 */
		is_known |= entry_matches(entry, len, hex, name);
		entry += len + (entry[len] == ',');
	}
	if (!is_known)
		return err_set(err, ST_UNAUTHENTICATED, "unknown token");
	return ST_OK;
}
