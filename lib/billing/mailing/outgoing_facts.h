/*
 * What a mail of the outbox says.  The mailer asks when it sends the mail, and
 * the desk before one is decided, so that what was shown is what is sent.
 */
#ifndef TEAMDUES_BILLING_MAILING_OUTGOING_FACTS_H
#define TEAMDUES_BILLING_MAILING_OUTGOING_FACTS_H

#include "base/config.h"
#include "mail/copy.h"
#include "store/mail_send.h"

/*
 * Appends the mail's link to url, which is empty, and fills facts, which borrow
 * from config, mail and url.  ST_BUG: no mail is of this kind; ST_NOMEM.
 */
NODISCARD enum status outgoing_facts(const struct config *config,
    const struct outgoing *mail, struct buf *url, struct mail_facts *facts,
    struct err *err);

#endif
