/* What each status means to a browser and to the log.  To a program an expired
 * link is a denied one; only the title, which a person reads, differs. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

/* Long enough for a restart of Stripe's or the database's server, short enough
 * for a person to wait. */
enum { RETRY_SOON_S = 5, RETRY_LATER_S = 10 };

static const struct status_info infos[ST_MAX] = {
	[ST_OK] = { "ok", "Done", 200, 0 },
	[ST_BAD_INPUT] = { "bad_input", "The request is not right",
		400, 0 },
	[ST_UNAUTHENTICATED] = { "unauthenticated", "A valid token is needed",
		401, 0 },
	[ST_DENIED] = { "denied", "This link is broken", 403, 0 },
	[ST_EXPIRED] = { "denied", "This link has expired", 403, 0 },
	[ST_FOREIGN] = { "foreign", "This was sent from another site",
		403, 0 },
	[ST_NOT_FOUND] = { "not_found", "There is nothing here", 404, 0 },
	[ST_METHOD] = { "method_not_allowed",
		"This address cannot be opened like this", 405, 0 },
	[ST_CONFLICT] = { "conflict", "This cannot be done now", 409, 0 },
	[ST_GONE] = { "gone", "This is over", 410, 0 },
	[ST_TOO_LARGE] = { "too_large", "The request is too large",
		413, 0 },
	[ST_DUPLICATE] = { "duplicate", "This exists already", 409, 0 },
	[ST_PREFETCH] = { "prefetch", "Nobody has followed this link yet",
		503, 0 },
	[ST_UPSTREAM] = { "upstream", "The payment service gave an error",
		502, 0 },
	[ST_UPSTREAM_BUSY] = { "upstream_busy",
		"The payment service is busy", 503, RETRY_SOON_S },
	[ST_DB] = { "database", "We cannot do this just now",
		503, RETRY_LATER_S },
	[ST_DB_BUSY] = { "database_busy",
		"Our records are busy for a moment", 503, RETRY_LATER_S },
	[ST_NOMEM] = { "no_memory", "We are too busy for a moment",
		503, RETRY_LATER_S },
	[ST_CONFIG] = { "config", "This service is not set up rightly",
		500, 0 },
	[ST_BUG] = { "bug", "Something went wrong on our side", 500, 0 },
};

enum status
err_set(struct err *err, enum status st, const char *fmt, ...)
{
	va_list args;

	err->st = st;
	va_start(args, fmt);
	if (vsnprintf(err->msg, sizeof(err->msg), fmt, args) < 0)
		err->msg[0] = '\0';
	va_end(args);
	return st;
}

const struct status_info *
status_info(enum status st)
{
	/* Unsigned, so that a negative value is out of range, too. */
	if ((unsigned)st >= ST_MAX)
		return &infos[ST_BUG];
	return &infos[st];
}
