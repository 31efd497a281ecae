/*
 * The mails that wait to be sent: who is to get one (sql/functions/
 * mail_queue.sql), and what became of them.
 */
#ifndef TEAMDUES_STORE_MAIL_QUEUE_H
#define TEAMDUES_STORE_MAIL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct mail_request {
	const char *zone;	/* the club's, that tells its day */
	const char *actor;
	bool again;		/* a second one on one day is wanted */
	bool batch;		/* as one batch */
};

/*
 * Who may be asked for a first payment: rows {player_id, player_name,
 * recipient, monthly_fee_cents, adjusted_cents, day, month_ends, reason};
 * reason is "" for those who may.  player_id 0: all players.
 */
NODISCARD enum status store_first_payment_players(struct store *store,
    int64_t player_id, const struct mail_request *request, store_row *each,
    void *context, struct err *err);

/*
 * rows is [{player_id, amount_cents, currency, quoted, prorate, adjusted}];
 * gives {player_id, email_id (null: mailed today already), recipient,
 * amount_cents, currency, batch_id}.
 */
NODISCARD enum status store_queue_first_payments(struct store *store,
    const struct buf *rows, const struct mail_request *request,
    store_row *each, void *context, struct err *err);

/*
 * kind is "tournament" or "reminder"; gives {player_id, order_id, recipient,
 * amount_cents, currency, reason ("": queued, or would be), email_id,
 * batch_id}.
 */
NODISCARD enum status store_queue_tournament(struct store *store,
    int64_t tournament_id, const char *kind, const struct mail_request *request,
    bool commit, store_row *each, void *context, struct err *err);

/* Queues reminders of first payments; the rows lack order_id. */
NODISCARD enum status store_queue_reminders(struct store *store,
    const struct mail_request *request, bool commit, store_row *each,
    void *context, struct err *err);

/*
 * *is_queued is false when the family was mailed this today already, or has no
 * address.
 */
NODISCARD enum status store_queue_replaced_link(struct store *store,
    int64_t order_id, const char *zone, bool *is_queued, struct err *err);

/* Columns of email_overview, by id. */
NODISCARD enum status store_emails(struct store *store, store_row *each,
    void *context, struct err *err);

/* Of a batch: {state, count} for each state that mails of it are in, and
 * {email_id, player_id, reason} for each that failed. */
NODISCARD enum status store_batch_states(struct store *store,
    int64_t batch_id, store_row *each, void *context, struct err *err);

NODISCARD enum status store_batch_failures(struct store *store,
    int64_t batch_id, store_row *each, void *context, struct err *err);

struct outbox_figures {
	int64_t queued;
	int64_t failed;		/* of those decided in the last days */
	int64_t oldest_s;	/* age of the oldest queued one; 0: none is */
};

NODISCARD enum status store_outbox_figures(struct store *store, int days,
    struct outbox_figures *figures, struct err *err);

#endif
