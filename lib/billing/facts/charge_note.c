/* A charge that cannot be read is none: the payment's facts come elsewhere. */
#include "billing/facts/charge_note.h"

#include "store/charges.h"

enum status
charge_note(struct app *app, const struct stripe_charge *charge,
    struct err *err)
{
	if (charge->payment_intent[0] == '\0' || charge->id[0] == '\0')
		return ST_OK;
	return store_note_charge(app->store, charge->payment_intent,
	    charge->id, charge->card_last4[0] != '\0' ? charge->card_last4
	    : NULL, err);
}

enum status
charge_note_session(struct app *app, const struct stripe_session *session,
    struct err *err)
{
	struct json_node json = json_at(session->json,
	    "payment_intent.latest_charge");
	struct stripe_charge charge;
	struct err unreadable;

	if (!json_is(json, JSON_OBJECT) ||
	    stripe_charge_parse(json, &charge, &unreadable) != ST_OK)
		return ST_OK;
	return charge_note(app, &charge, err);
}
