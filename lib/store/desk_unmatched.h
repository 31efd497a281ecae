/*
 * The payments that wait for the treasurer, and those that were dealt with.
 * session is the SHA-256 of the cookie in hex, NULL without one; each gives a
 * document that the caller clears, and ST_UNAUTHENTICATED when nobody is signed
 * in.
 */
#ifndef TEAMDUES_STORE_DESK_UNMATCHED_H
#define TEAMDUES_STORE_DESK_UNMATCHED_H

#include "store/store.h"

struct desk_unmatched_query {
	const char *session;
	const char *place;	/* "unmatched", "review", or "": both */
	const char *text;	/* of the payer, or the amount; "": any */
	const char *after;	/* key of the row before; NULL: the first */
	const char *zone;
	int64_t limit;
};

/* {user, choices, rows, sums} as a list of the desk has them. */
NODISCARD enum status store_desk_unmatched(struct store *store,
    const struct desk_unmatched_query *query, struct json_doc *doc,
    struct err *err);

struct desk_payment_query {
	const char *session;
	const char *payment;	/* an event's id or a session's */
	const char *text;	/* of whose orders are looked for; NULL: none */
	int64_t order_id;	/* that it may be given to; 0: none */
	const char *like_field;	/* these as struct dismissal's */
	const char *like_key;
	const char *zone;
};

/* One payment, its candidates and what may be done.  ST_NOT_FOUND. */
NODISCARD enum status store_desk_payment(struct store *store,
    const struct desk_payment_query *query, struct json_doc *doc,
    struct err *err);

/* {user, rules, rows}; after and limit as a list's.  ST_BAD_INPUT: after is no
 * key. */
NODISCARD enum status store_desk_handled(struct store *store,
    const char *session, const char *after, const char *zone, int64_t limit,
    struct json_doc *doc, struct err *err);

/* {user, rule_id, field, value}.  ST_NOT_FOUND. */
NODISCARD enum status store_desk_rule(struct store *store,
    const char *session, int64_t rule_id, struct json_doc *doc,
    struct err *err);

#endif
