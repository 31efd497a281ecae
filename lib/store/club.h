/* The club's own rows, as the operator's command writes them. */
#ifndef TEAMDUES_STORE_CLUB_H
#define TEAMDUES_STORE_CLUB_H

#include <stdbool.h>
#include <stdint.h>

#include "store/act_result.h"

struct new_product {
	const char *kind;
	const char *name;
	int64_t amount_cents;
	const char *currency;
	const char *const *sizes;	/* NULL-ended; may be NULL */
	const char *actor;
};

/* Gives the new product's id.  ST_BAD_INPUT when the schema refuses it. */
NODISCARD enum status store_product_add(struct store *store,
    const struct new_product *product, int64_t *product_id, struct err *err);

/* Whether a product is sold: is_withdrawn: not any more. */
NODISCARD enum status store_withdraw_product(struct store *store,
    int64_t product_id, bool is_withdrawn, const char *actor, bool commit,
    struct act_result *result, struct err *err);

struct new_tournament {
	const char *name;
	const char *held_on;	/* YYYY-MM-DD */
	int64_t product_id;
	const char *actor;
};

/* ST_NOT_FOUND: no such tournament product. */
NODISCARD enum status store_tournament_add(struct store *store,
    const struct new_tournament *tournament, int64_t *tournament_id,
    struct err *err);

struct entrants {
	int64_t tournament_id;
	const char *team;	/* or else NULL, and */
	const char *player_ids;	/* with commas between */
	const char *actor;
	bool commit;
};

/* Enters players: rows {player_id, player_name, order_id, action}. */
NODISCARD enum status store_tournament_roster(struct store *store,
    const struct entrants *entrants, store_row *each, void *context,
    struct err *err);

/* One row: club (as given), health, owed_cents, currency, last_payment_at. */
NODISCARD enum status store_club_standing(struct store *store,
    const char *club, const char *currency, store_row *each, void *context,
    struct err *err);

#endif
