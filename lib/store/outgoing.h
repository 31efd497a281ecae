/* A mail on its way out: kind and facts, from which its text is made. */
#ifndef TEAMDUES_STORE_OUTGOING_H
#define TEAMDUES_STORE_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"
#include "store/checkout.h"

struct outgoing {
	int64_t email_id;
	char kind[24];
	int64_t order_id;	/* 0: none */
	int64_t player_id;
	char word[SIGNED_WORD_SIZE];	/* of the one that its link names */
	char order_kind[16];	/* which endpoint its link leads to */
	char recipient[STORE_ID_SIZE];
	char parent_name[STORE_NAME_SIZE];
	char player_name[STORE_NAME_SIZE];
	char item[STORE_NAME_SIZE];	/* "": a first payment */
	int64_t amount_cents;
	char currency[CURRENCY_SIZE];
	char quoted[16];	/* YYYY-MM-DD, first payments only */
	bool prorate;
	char day[16];		/* YYYY-MM-DD, of the decision */
	int copy;
	int attempts;		/* before this one */
	char installation_id[STORE_ID_SIZE];
	int64_t age_s;		/* since the decision */
	int64_t link_expires;	/* Unix seconds; 0: it has no link */
	char last_day[16];	/* YYYY-MM-DD in the club's zone, of the link */
	int64_t left_cents;	/* to pay after what a receipt is for */
};

/* Those that one family gets as one mail. */
enum { OUTGOING_MOST = 8 };

struct outgoing_group {
	struct outgoing mail[OUTGOING_MOST];
	size_t count;
};

/* For this room: how a statement begins that gives one, and one of its rows,
 * read. */
enum { OUTGOING_COLUMNS = 22 };

#define OUTGOING_SELECT \
	"select email_id, kind, order_id, player_id, word, order_kind,\n" \
	"    recipient, parent_name, player_name, item, amount_cents,\n" \
	"    currency, quoted, prorate, day, copy, attempts,\n" \
	"    installation_id, age_s, link_expires, last_day, left_cents\n"

struct pg_result;
void outgoing_read(const struct pg_result *r, int row, struct outgoing *mail);

#endif
