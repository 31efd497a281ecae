/*
 * The links that families get: signed, dated URLs of ours, which outlast any
 * session of Stripe's.  When each kind ends, link_ends() in
 * sql/functions/links.sql decides.  Beside the number of an order or player
 * they carry its random word: books that were restored may have given the
 * number again.
 */
#ifndef TEAMDUES_BILLING_PAY_LINK_H
#define TEAMDUES_BILLING_PAY_LINK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/signed_url.h"
#include "store/store.h"

enum { LINK_MAX = 2048 };

enum pay_link_kind {
	PAY_LINK_FIRST_PAYMENT,	/* a player's first fee, quoted */
	PAY_LINK_TOURNAMENT,	/* an order of a tournament */
	PAY_LINK_TRYOUT,	/* an order of a tryout */
	PAY_LINK_JERSEY,	/* a player's form for a jersey */
	PAY_LINK_CREATE_SESSION,	/* what a family's page sends there */
	PAY_LINK_MAX
};

struct pay_link {
	enum pay_link_kind kind;
	int64_t id;		/* of the order or player, as the kind has it */
	char word[SIGNED_WORD_SIZE];	/* its random word; "": it has none */
	const char *quote;	/* a first payment's terms, as parameters that
				 * begin with &; NULL for other kinds */
	int64_t expires;	/* Unix seconds */
};

/*
 * The kind of link that leads to an order of this kind.  ST_BUG: no link does.
 */
NODISCARD enum status pay_link_kind_of_order(const char *order_kind,
    enum pay_link_kind *kind, struct err *err);

/* Appends the signed URL.  ST_NOMEM. */
NODISCARD enum status pay_link_put(const struct config *config,
    const struct pay_link *link, struct buf *url, struct err *err);

struct pay_link_request {
	enum pay_link_kind kind;	/* all but PAY_LINK_FIRST_PAYMENT */
	int64_t id;
	const char *until;	/* a tournament link's last day, YYYY-MM-DD;
				 * NULL: the tournament's */
};

/*
 * Appends the signed URL of an order or player, whose word and end the database
 * gives.  ST_NOT_FOUND: no such order or player; ST_CONFLICT: the order is of
 * another kind; ST_GONE: the link's last day is over, so the link would not
 * work; ST_DB.
 */
NODISCARD enum status pay_link_make(struct store *store,
    const struct config *config, const struct pay_link_request *request,
    struct buf *url, struct err *err);

/*
 * ST_OK when a link's word ("" for a link without one) is the word of the order
 * or player that it names.  ST_GONE, in words for the family: the link is from
 * books that were lost.
 */
NODISCARD enum status pay_link_check_word(const char *word,
    const char *wanted, struct err *err);

/* The same for the player that it names.  ST_NOT_FOUND: no player; ST_DB. */
NODISCARD enum status pay_link_check_player(struct store *store,
    int64_t player_id, const char *word, struct err *err);

#endif
