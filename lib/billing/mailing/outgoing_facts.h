/*
 * What a mail of the outbox says.  The mailer asks when it sends the mail, and
 * the desk before one is decided, so that what was shown is what is sent.
 */
#ifndef TEAMDUES_BILLING_MAILING_OUTGOING_FACTS_H
#define TEAMDUES_BILLING_MAILING_OUTGOING_FACTS_H

#include "base/config.h"
#include "mail/copy.h"
#include "store/mail_send.h"

/* Of each of the mails that go as one; they borrow from config and group. */
struct outgoing_facts {
	struct mail_facts of[OUTGOING_MOST];
	struct buf url[OUTGOING_MOST];
};

/* Signs the links, too.  ST_BUG: no mail is of this kind; ST_NOMEM.  Free with
 * outgoing_facts_clear, after a failure too. */
NODISCARD enum status outgoing_facts_read(const struct config *config,
    const struct outgoing_group *group, struct outgoing_facts *facts,
    struct err *err);

void outgoing_facts_clear(struct outgoing_facts *facts);

#endif
