/*
 * Asking families for money from the desk: sql/functions/desk_mailing.sql.
 * session is the SHA-256 of the cookie in hex, NULL without one.
 * ST_UNAUTHENTICATED: nobody is signed in.
 */
#ifndef TEAMDUES_STORE_DESK_MAILING_H
#define TEAMDUES_STORE_DESK_MAILING_H

#include <stdbool.h>

#include "store/mail_send.h"
#include "store/store.h"

/* What is asked for, and of whom; a text that is NULL restricts nothing. */
struct desk_mailing {
	const char *session;
	const char *what;	/* "first_payments", "fee_reminders",
				 * "tournament", "tournament_reminders" */
	const char *tournament_id;
	const char *player_id;	/* these three of first payments only */
	const char *team;
	bool again;		/* also those who were asked before */
	const char *zone;
	int64_t after;		/* a row's key; 0: from the first on */
	int64_t limit;		/* of the rows; 0: all */
};

/* {user, player, choices: {team, tournament_id}}; the caller clears doc. */
NODISCARD enum status store_desk_mailing_choices(struct store *store,
    const struct desk_mailing *mailing, struct json_doc *doc,
    struct err *err);

/*
 * One row for each whom it is about, by name: {key, player_id, order_id,
 * player_name, team, parent, recipient, reason, facts, amount_cents, currency};
 * of first payments, instead of the last three, what first_payment_quote()
 * needs.
 */
NODISCARD enum status store_desk_mailing(struct store *store,
    const struct desk_mailing *mailing, store_row *each, void *context,
    struct err *err);

/*
 * A mail of kind as it would be if it were decided now; facts is a JSON object,
 * order_id 0 for none.  ST_NOT_FOUND: no such player.
 */
NODISCARD enum status store_desk_show_mail(struct store *store,
    const struct desk_mailing *mailing, const char *kind,
    int64_t player_id, int64_t order_id, const char *facts,
    struct outgoing *mail, struct err *err);

#endif
