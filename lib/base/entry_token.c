/*
 * The number and the end are signed behind a purpose, which the token itself
 * leaves out: the same secret signs pay links, and neither may pass for the
 * other.
 */
#include "base/entry_token.h"

#include <inttypes.h>
#include <string.h>

#include "base/signed_url.h"
#include "base/text.h"

enum { SIGNED_SIZE = 96 };

/* A signed URL's target begins with a slash. */
static const char purpose[] = "desk/enter ";

enum status
entry_token_put(const struct config *config, int64_t entry_id,
    int64_t expires, struct buf *out, struct err *err)
{
	char text[SIGNED_SIZE];
	struct buf said = BUF_FIXED(text);
	enum status st;

	buf_putf(&said, "%s%" PRId64 ".%" PRId64, purpose, entry_id, expires);
	buf_putf(out, "%" PRId64 ".%" PRId64 ".", entry_id, expires);
	st = signature_put(config, (struct bytes){ said.data, said.len }, out,
	    err);
	return st != ST_OK ? st : buf_check(out, "the token", err);
}

/* Reads the number at *at, which a full stop ends; *at moves behind that. */
static bool
read_number(const char **at, int64_t *number)
{
	const char *dot = strchr(*at, '.');

	if (dot == NULL || !text_parse_id(*at, (size_t)(dot - *at), number))
		return false;
	*at = dot + 1;
	return true;
}

enum status
entry_token_read(const struct config *config, const char *token, int64_t now,
    int64_t *entry_id, struct err *err)
{
	char text[SIGNED_SIZE];
	struct buf said = BUF_FIXED(text);
	const char *signature = token;
	int64_t expires;
	enum status st;

	if (!read_number(&signature, entry_id) ||
	    !read_number(&signature, &expires))
		return err_set(err, ST_DENIED, "no token");
	/* The token's own bytes are checked, not the numbers that were read: a
	 * number has one valid spelling only. */
	buf_puts(&said, purpose);
	buf_put(&said, token, (size_t)(signature - token) - 1);
	st = signature_check(config, (struct bytes){ said.data, said.len },
	    (struct bytes){ signature, strlen(signature) }, err);
	/* Compared after the signature: until then anybody may have written
	 * it. */
	if (st == ST_OK && expires < now)
		st = err_set(err, ST_EXPIRED, "expired");
	return st;
}
