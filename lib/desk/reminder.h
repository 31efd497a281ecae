/* The page that asks once more before a family is reminded. */
#ifndef TEAMDUES_DESK_REMINDER_H
#define TEAMDUES_DESK_REMINDER_H

#include "base/json.h"
#include "desk/visit.h"

/*
 * Gives in doc what subject has, and of its `reminders` (sql/functions/
 * desk_remind.sql) the `mail` that they would be: none where nobody is mailed.
 * The caller clears both.
 */
NODISCARD enum status reminder_read(struct visit *visit,
    const struct json_doc *subject, struct json_doc *doc, struct err *err);

#endif
