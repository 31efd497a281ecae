/* From the facts of a mail to the bytes that are sent. */
#ifndef TEAMDUES_MAIL_COMPOSE_H
#define TEAMDUES_MAIL_COMPOSE_H

#include "base/buf.h"
#include "base/status.h"
#include "mail/copy.h"
#include "mail/message.h"

/*
 * Appends the message: of envelope, the addresses, names, date and Message-ID
 * are read (from_name NULL: the club's name); subject and bodies come from the
 * facts, of which count go as one mail.  Statuses as of copy_fill_several and
 * message_put.
 */
NODISCARD enum status mail_compose(struct buf *out,
    const struct message *envelope, const struct mail_facts *facts,
    size_t count, struct err *err);

/* The same from copy that is filled already. */
NODISCARD enum status mail_compose_copy(struct buf *out,
    const struct message *envelope, const struct mail_copy *copy,
    struct err *err);

#endif
