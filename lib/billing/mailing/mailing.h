/*
 * Deciding which families get a mail: what admins ask for by endpoint, and
 * operators by command.  Nothing is sent here; the mails are queued.
 */
#ifndef TEAMDUES_BILLING_MAILING_MAILING_H
#define TEAMDUES_BILLING_MAILING_MAILING_H

#include <stdbool.h>

struct mailing {
	const char *actor;
	bool skip_proration;	/* first payments: quote the flat fee */
	bool again;		/* although asked today already */
	bool dry_run;
};

#endif
