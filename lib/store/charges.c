/* Apart from the facts: recording a payment must not wait for it. */
#include "store/charges.h"

#include "store/db.h"

static const struct statement note_charge = {
	.name = "note_charge",
	.roles = ROLE_WEBHOOK | ROLE_CHECKOUT | ROLE_CLERK | ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.note_charge($1::text, $2::text, $3::text)\n"
	"    as noted"
};

const struct statement *const store_charges_statements[] = {
	&note_charge, NULL
};

enum status
store_note_charge(struct store *store, const char *payment_intent_id,
    const char *charge_id, const char *card_last4, struct err *err)
{
	const char *const argv[] = { payment_intent_id, charge_id,
	    card_last4 };

	return db_do(store, &note_charge, argv, err);
}
