/*
 * Signed URLs: everything from the path's first slash up to `&signature=` is
 * authenticated, byte for byte, with HMAC-SHA256 under LINK_SECRET; the
 * signature is its base64url.  The first secret signs, all of them verify.
 */
#ifndef TEAMDUES_BASE_SIGNED_URL_H
#define TEAMDUES_BASE_SIGNED_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/crypto.h"
#include "base/status.h"

/* The random word of the order or player that a link names, next to its number:
 * after a loss of data numbers may be given again. */
enum { SIGNED_WORD_SIZE = 65 };

/* Appends "&word=WORD"; nothing for "", the word of an order or player that has
 * none. */
void signed_url_put_word(struct buf *target, const char *word);

/*
 * Appends SITE_URL, target and the signature to url.  target is the path with
 * its query string ("/checkout/tournament?order_id=1&expires=2").  ST_NOMEM.
 */
NODISCARD enum status signed_url_put(const struct config *config,
    const char *target, struct buf *url, struct err *err);

/*
 * Checks a request's target (path and raw query string as sent): `signature`
 * occurs once, and it is valid for all that comes before it.  What follows it,
 * as mail programs append it, must have none of our parameters' names; *len is
 * the length without that, and nothing beyond may be read.  Then `expires`,
 * which must be among the signed parameters exactly once, is compared with now
 * (Unix seconds): ST_EXPIRED.  ST_DENIED for anything else.
 */
NODISCARD enum status signed_url_verify(const struct config *config,
    const char *target, int64_t now, size_t *len, struct err *err);

/*
 * The signature alone, of a text that is no target: it must not begin as one
 * does.  ST_NOMEM, ST_CONFIG; ST_DENIED: it is not ours.
 */
NODISCARD enum status signature_put(const struct config *config,
    struct bytes text, struct buf *b, struct err *err);
NODISCARD enum status signature_check(const struct config *config,
    struct bytes text, struct bytes signature, struct err *err);

/* Of a form or a JSON body. */
struct signed_fields {
	int64_t player_id;
	const char *word;	/* "": it has none */
	int64_t expires;
	const char *signature;
};

/* The same for such fields: they are the parameters of the URL
 * `PATH?player_id=N&word=W&expires=T&signature=S`. */
NODISCARD enum status signed_url_verify_fields(const struct config *config,
    const char *path, const struct signed_fields *fields, int64_t now,
    struct err *err);

#endif
