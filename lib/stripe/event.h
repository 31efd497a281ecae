/* The envelope of a snapshot event (docs: api/events/object). */
#ifndef TEAMDUES_STRIPE_EVENT_H
#define TEAMDUES_STRIPE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "stripe/client.h"

struct stripe_event {
	char id[STRIPE_ID_SIZE];
	char type[128];
	char api_version[64];	/* "" when null: the endpoint's, not ours */
	int64_t created;	/* Unix seconds */
	bool livemode;
	bool is_of_account;	/* carries `account` or `context`: Connect, or
				 * an organisation's destination */
	char account[STRIPE_ID_SIZE];	/* the account that it names, if so */
	char object_type[64];	/* data.object.object; "" when it is missing */
	char object_id[STRIPE_ID_SIZE];	/* data.object.id; "" when missing */
	struct json_node object;	/* data.object, in doc; or none */
	struct json_doc doc;	/* of the body */
};

/*
 * Reads a body whose signature has been checked, and which must outlive event.
 * ST_BAD_INPUT when it is not JSON, not an event, or a thin one
 * (v2.core.event); err says which.  Free with stripe_event_clear, after a
 * failure too.
 */
NODISCARD enum status stripe_event_parse(const char *body, size_t len,
    struct stripe_event *event, struct err *err);

/* An event that names our own account (NULL: not known) is ours like any
 * other. */
void stripe_event_accept_account(struct stripe_event *event,
    const char *account);

void stripe_event_clear(struct stripe_event *event);

#endif
