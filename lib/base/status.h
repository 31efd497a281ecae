/*
 * Errors are values.  Every function that can fail returns an enum status and
 * takes a struct err as its last parameter; the text is set once, where the
 * failure is detected, and is never overwritten on the way up.  One table
 * (status.c) says what each status means to a browser and to the log, so that
 * no other place decides it.
 */
#ifndef TEAMDUES_BASE_STATUS_H
#define TEAMDUES_BASE_STATUS_H

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum status {
	ST_OK = 0,
	ST_BAD_INPUT,		/* the caller's input is wrong: 400 */
	ST_UNAUTHENTICATED,	/* no valid token: 401 */
	ST_DENIED,		/* a signature or a right is missing: 403 */
	ST_EXPIRED,		/* signed by us, and its time is over: 403 */
	ST_FOREIGN,		/* a form on another site's page sent it: 403 */
	ST_NOT_FOUND,		/* 404 */
	ST_METHOD,		/* 405 */
	ST_CONFLICT,		/* not possible in the present state: 409 */
	ST_GONE,		/* will not come back: 410 */
	ST_TOO_LARGE,		/* 413 */
	ST_DUPLICATE,		/* a unique constraint refused it: 409 */
	ST_PREFETCH,		/* a program asked ahead of a person: 503 */
	ST_UPSTREAM,		/* Stripe refused or answered nonsense: 502 */
	ST_UPSTREAM_BUSY,	/* Stripe is away or slow; try again: 503 */
	ST_DB,			/* the database is away or failed: 503 */
	ST_DB_BUSY,		/* a lock or a timeout there: 503 */
	ST_NOMEM,		/* 503 */
	ST_CONFIG,		/* a setting is missing or malformed */
	ST_BUG,			/* a mistake in this program: 500 */
	ST_MAX
};

enum { ERR_MSG_MAX = 512 };

/* Fixed size: reporting a failure never allocates. */
struct err {
	enum status st;
	char msg[ERR_MSG_MAX];
};

/* What a status means outside; see the table in status.c. */
struct status_info {
	const char *name;	/* problem+json `code`, and the log */
	const char *title;	/* a person's words */
	int http;
	int retry_after_s;	/* 0: no Retry-After header */
};

/* Sets st and the formatted message (cut to fit) and returns st. */
enum status err_set(struct err *err, enum status st, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Borrowed from a static table; an unknown value is described as ST_BUG. */
const struct status_info *status_info(enum status st);

#endif
