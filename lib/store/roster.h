/* The players and their families: sql/functions/roster.sql. */
#ifndef TEAMDUES_STORE_ROSTER_H
#define TEAMDUES_STORE_ROSTER_H

#include <stdbool.h>

#include "store/store.h"

/*
 * rows is a JSON array (sql/functions/roster.sql); gives {line, player_id,
 * action, note} for each, and then {player_id, action: missing, note: who} for
 * each player who is asked for money and not among them.
 */
NODISCARD enum status store_import_roster(struct store *store,
    const struct buf *rows, const char *actor, bool commit,
    store_row *each, void *context, struct err *err);

struct activity {
	const char *player_ids;	/* with commas between */
	bool active;		/* whether they are asked for money */
	const char *actor;
	bool commit;
};

/* Gives {player_id, player_name, action, pending}; nothing is written when one
 * of them is unknown. */
NODISCARD enum status store_set_active(struct store *store,
    const struct activity *activity, store_row *each, void *context,
    struct err *err);

#endif
