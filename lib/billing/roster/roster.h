/*
 * A club's roster as a CSV file: which rows are fit to be imported.  Nothing
 * here reads a file or the database; sql/functions/roster.sql does the rest.
 */
#ifndef TEAMDUES_BILLING_ROSTER_ROSTER_H
#define TEAMDUES_BILLING_ROSTER_ROSTER_H

#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "billing/roster/roster_row.h"

/*
 * Reads text: a header line of parent_name, parent_email, parent_phone,
 * player_name, team and monthly_fee in any order, then a player a line; fields
 * are separated by commas, semicolons or tabs.  *rows is what import_roster
 * takes, an array of JSON; the caller clears it in any case.  ST_BAD_INPUT when
 * anything is wrong: no row of the file is to be imported then, and *rows has
 * those that are right, to be shown.  ST_NOMEM.
 */
NODISCARD enum status roster_parse(const char *text, size_t len,
    roster_complaint *complain, void *context, struct buf *rows,
    struct err *err);

#endif
