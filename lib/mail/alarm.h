/* A mail to the people who look after the club's payments: paragraphs only. */
#ifndef TEAMDUES_MAIL_ALARM_H
#define TEAMDUES_MAIL_ALARM_H

#include "base/buf.h"
#include "mail/message.h"

/*
 * Appends the message: envelope's addresses, names, subject, date and
 * Message-ID, and paragraphs (UTF-8, NULL-ended) as both bodies.  Statuses as
 * of message_put.
 */
NODISCARD enum status alarm_compose(struct buf *out,
    const struct message *envelope, const char *const *paragraphs,
    struct err *err);

#endif
