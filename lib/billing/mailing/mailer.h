/*
 * The mailer: takes what is due from the outbox, renders it, signs its link and
 * sends it over one SMTP connection.  A mail goes out at most once, but for one
 * instant that SMTP leaves open: a mailer killed after the server took the mail
 * and before our commit will send it again.
 */
#ifndef TEAMDUES_BILLING_MAILING_MAILER_H
#define TEAMDUES_BILLING_MAILING_MAILER_H

#include <stdbool.h>

#include "base/config.h"
#include "base/status.h"

#define MAILER_NEEDS (NEEDS(SETTING_DATABASE_URL) | NEEDS(SETTING_SITE_URL) \
	| NEEDS(SETTING_LINK_SECRET) | NEEDS(SETTING_SMTP_URL) \
	| NEEDS(SETTING_MAIL_FROM) | NEEDS(SETTING_CLUB_NAME) \
	| NEEDS(SETTING_CLUB_CONTACT) \
	| NEEDS(SETTING_CLUB_TIMEZONE) | NEEDS(SETTING_CURRENCY))

struct mailer;

/* Connects to nothing yet; config must outlive the mailer.  ST_NOMEM,
 * ST_CONFIG. After curl_global_init. */
NODISCARD enum status mailer_open(const struct config *config,
    struct mailer **mailer, struct err *err);

/* Why mailer_send_due came back. */
enum mailer_pause {
	MAILER_IDLE,		/* nothing is due */
	MAILER_STOPPED,		/* told_to_stop() was true */
	MAILER_IN_TROUBLE,	/* the database or the mail server */
	MAILER_REFUSED,		/* the mail server takes no more of ours now */
};

/*
 * Sends what is due until nothing is left or told_to_stop, asked between two
 * mails, says so.  ST_DB; ST_UPSTREAM when a person must mend the settings of
 * the mail server (MAILER_IN_TROUBLE), or when it refuses us, for a quota
 * maybe (MAILER_REFUSED): better left for a while.
 */
NODISCARD enum status mailer_send_due(struct mailer *mailer,
    bool (*told_to_stop)(void), enum mailer_pause *pause, struct err *err);

void mailer_close(struct mailer *mailer);

#endif
