/*
 * The mailer's side of the outbox, over one connection of its own: a mail is
 * locked by its claim until it is finished, so that a killed mailer gives it
 * back at once and two mailers never send the same one.
 */
#ifndef TEAMDUES_STORE_MAIL_SEND_H
#define TEAMDUES_STORE_MAIL_SEND_H

#include "base/secret.h"
#include "store/outgoing.h"

struct outbox;

/* Both must outlive the outbox; nothing is opened yet.  ST_NOMEM. */
NODISCARD enum status outbox_open(const struct secret *url,
    const char *zone, struct outbox **outbox, struct err *err);

/* Begins a transaction and locks the next mail that is due, with those that go
 * with it.  ST_NOT_FOUND when none is; ST_DB. */
NODISCARD enum status outbox_claim(struct outbox *outbox,
    struct outgoing_group *group, struct err *err);

/* How a try ended. */
struct outbox_end {
	const char *end;	/* "sent", "failed" or "later" */
	const char *error;	/* the server's words; "" when sent */
	int64_t wait_s;		/* of later */
};

/* Writes that down and commits.  Until it returns ST_OK the mail counts as not
 * tried. */
NODISCARD enum status outbox_finish(struct outbox *outbox,
    const struct outgoing_group *group, const struct outbox_end *end,
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
