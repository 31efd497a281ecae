/*
 * The mailer's side of the outbox, over one connection of its own: a mail is
 * locked by its claim until it is finished, so that a killed mailer gives it
 * back at once and two mailers never send the same one.
 */
#ifndef TEAMDUES_STORE_MAIL_SEND_H
#define TEAMDUES_STORE_MAIL_SEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/money.h"
#include "base/secret.h"
#include "store/checkout.h"

struct outbox;

/* A mail that is due: kind and facts. */
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

/* Both must outlive the outbox; nothing is opened yet.  ST_NOMEM. */
NODISCARD enum status outbox_open(const struct secret *url,
    const char *zone, struct outbox **outbox, struct err *err);

/* Begins a transaction and locks the next mail that is due.  ST_NOT_FOUND when
 * none is; ST_DB. */
NODISCARD enum status outbox_claim(struct outbox *outbox,
    struct outgoing *mail, struct err *err);

/* How a try ended. */
struct outbox_end {
	const char *end;	/* "sent", "failed" or "later" */
	const char *error;	/* the server's words; "" when sent */
	int64_t wait_s;		/* of later */
};

/* Writes that down and commits.  Until it returns ST_OK the mail counts as not
 * tried. */
NODISCARD enum status outbox_finish(struct outbox *outbox,
    const struct outgoing *mail, const struct outbox_end *end,
    struct err *err);

/* Links to sign in at the desk are sent in the same way, also while mails that
 * ask for money wait. */
struct outgoing_entry {
	int64_t entry_id;
	char name[STORE_NAME_SIZE];	/* of the user */
	char email[STORE_ID_SIZE];
	int attempts;			/* before this one */
	int64_t link_expires;		/* Unix seconds */
	char installation_id[STORE_ID_SIZE];
};

NODISCARD enum status outbox_claim_entry(struct outbox *outbox,
    struct outgoing_entry *entry, struct err *err);
NODISCARD enum status outbox_finish_entry(struct outbox *outbox,
    const struct outgoing_entry *entry, const struct outbox_end *end,
    struct err *err);

void outbox_close(struct outbox *outbox);

#endif
