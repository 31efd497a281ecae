#include "desk/acts.h"

#include "desk/family_acts.h"
#include "desk/mail_acts.h"
#include "desk/order_acts.h"
#include "desk/payment_acts.h"
#include "desk/product_acts.h"
#include "desk/request_acts.h"
#include "desk/roster_page.h"
#include "desk/tournament_acts.h"

static const struct act_kind *const lists[] = { order_acts, family_acts,
    mail_acts, payment_acts, product_acts, request_acts, roster_acts,
    tournament_acts };

const struct act_kind *
acts_find(const char *action, struct json_node args)
{
	const struct act_kind *found = NULL;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct act_kind *kind = act_find(lists[i], action);

		if (kind != NULL && kind->count > 0 &&
		    json_exists(json_at(args, kind->fields[0].name)))
			return kind;
		if (found == NULL)
			found = kind;
	}
	return found;
}

const struct act_kind *
acts_of_request(struct json_node data)
{
	char action[48];
	struct err unused;

	return json_get_text(data, "action", action, sizeof(action), &unused)
	    == ST_OK ? acts_find(action, json_at(data, "undo")) : NULL;
}
