/*
 * Several reminders of one family as one mail: what each asks for stands in it
 * with a link of its own.
 */
#ifndef TEAMDUES_MAIL_SEVERAL_H
#define TEAMDUES_MAIL_SEVERAL_H

#include <stddef.h>

#include "mail/copy.h"

/*
 * Of one it is copy_fill.  Of several, copy is of the mail and of the first,
 * and copy->beside of the next.  ST_BAD_INPUT as copy_fill, and for mails that
 * do not go together: only reminders of one currency do; ST_NOMEM.  Free with
 * copy_clear, after a failure too.
 */
NODISCARD enum status copy_fill_several(struct mail_copy *copy,
    const struct mail_facts *facts, size_t count, struct err *err);

#endif
