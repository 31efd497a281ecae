/* The form of a tryout: sql/functions/tryout.sql. */
#ifndef TEAMDUES_STORE_TRYOUT_H
#define TEAMDUES_STORE_TRYOUT_H

#include <stdint.h>

#include "store/store.h"

struct tryout_request {
	const char *player_name;
	const char *birth_date;	/* YYYY-MM-DD */
	const char *parent_name;
	const char *parent_email;
	const char *parent_phone;
	const char *consent;	/* what was agreed to */
	const char *zone;	/* the club's */
};

/*
 * Parent, player and order for the newest tryout, each found or made, once
 * however often it is sent.  ST_NOT_FOUND: no tryout is sold.
 */
NODISCARD enum status store_register_tryout(struct store *store,
    const struct tryout_request *request, int64_t *order_id, struct err *err);

#endif
