/*
 * What a mailing would come to, gathered from the rows of the database: how
 * much each is asked for is decided as by `teamdues email`, and the mail is
 * composed as the mailer does it.
 */
#ifndef TEAMDUES_DESK_SEND_READ_H
#define TEAMDUES_DESK_SEND_READ_H

#include "base/json.h"
#include "desk/visit.h"

/* Of who gets it, and of who does not, so many are shown at once. */
enum { SEND_SHOWN = 40 };

/*
 * params are what the list's filter and the act's form have: what and, as
 * send_what.h says of it, tournament_id, team, player_id, fee ("month": the
 * whole month's), asked ("again").  limit 0: all are read, as the act's page
 * needs it; else a page, of those behind the key after, limit at most, and
 * nobody before something is chosen.  Gives
 *   {user, choices, player, seen (who they are), address (as a query),
 *   mail: {to, subject, lines: [{line}]} of the first who gets it,
 *   rows: [{key, ...}] of a page, who: [...], left_out: [...] (SEND_SHOWN
 *   each), who_sums: [{count, amount_cents, currency}], left_out_count,
 *   whys: [{why, count}] of who is left out,
 *   args: {is_old (params' `seen` is another), rows: [...]}}
 * with rows of {player, team, parent, email, amount_cents, currency, outcome}.
 * The caller clears doc.  ST_UNAUTHENTICATED, ST_BAD_INPUT.
 */
NODISCARD enum status send_read(struct visit *visit,
    const struct params *params, int64_t after, int64_t limit,
    struct json_doc *doc, struct err *err);

#endif
