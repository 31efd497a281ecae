/* The kinds of mails that are sent to many, and what may be chosen of each. */
#ifndef TEAMDUES_DESK_SEND_WHAT_H
#define TEAMDUES_DESK_SEND_WHAT_H

#include "base/json_out.h"
#include "web/request.h"

struct send_what {
	const char *name;	/* of the field `what` */
	const char *mail_kind;
	const char *const *fields;	/* NULL-ended; the others mean nothing
					 */
};

/*
 * The kind that params name; where they name none, first payments.
 * ST_BAD_INPUT: there is no such kind.
 */
NODISCARD enum status send_what_find(const struct params *params,
    const struct send_what **what, struct err *err);

/* Whether they say at all what to send, or to whom. */
bool send_is_chosen(const struct params *params);

/* Whether a field means anything for what they say (a list_has_field). */
bool send_has_field(const struct params *params, const char *name);

/* Its value, if it means anything; NULL: nothing was chosen. */
const char *send_choice(const struct params *params, const char *name);

/* Writes the member `address`: the same choice as a query. */
void send_put_address(const struct params *params, struct json_out *json);

#endif
