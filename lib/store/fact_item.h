/*
 * One thing that Stripe said, as the database takes it: the event that brought
 * it, if one did, and the fact.  sql/functions/facts.sql tells what each kind
 * carries.
 */
#ifndef TEAMDUES_STORE_FACT_ITEM_H
#define TEAMDUES_STORE_FACT_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"

enum fact_kind {
	FACT_NONE,
	FACT_SESSION,
	FACT_REFUND,
	FACT_CHARGE,
	FACT_DISPUTE,
	FACT_FAILURE,
	FACT_WARNING,
	FACT_KIND_MAX
};

/* All texts are borrowed; NULL and "" are absent.  Times in Unix seconds. */
struct fact_item {
	const char *event_id;	/* absent: Stripe was asked */
	const char *event_type;
	const char *object_id;
	bool event_livemode;
	const char *api_version;
	int64_t event_created;

	const char *disposition;	/* fact, ignored, foreign, refused */
	const char *reason;		/* why it is no fact */

	enum fact_kind kind;
	const char *word;	/* a session's "paid", a refund's status, ... */
	int64_t at;
	const char *session_id;
	const char *payment_intent_id;
	int64_t created;	/* of what it is about; 0: not known */
	bool livemode;
	bool is_our_mode;
	int64_t amount_cents;
	const char *currency;
	const char *customer_id;
	const char *email;
	const char *payer_name;
	const char *client_reference_id;
	const char *payment_link;
	struct json_node metadata;	/* what it says of our ids; or none */
	const char *refund_id;
	const char *dispute_id;
	bool is_withdrawn;	/* a dispute's funds */
	bool is_reinstated;
	int64_t due_by;		/* a dispute's; 0: not known */
	const char *warning_id;
	const char *message;	/* a failure's; a warning's type of fraud */
};

enum { FACT_ITEM_MAX = 64 * 1024 };

/*
 * Appends the item as a JSON object whose members are the columns of
 * teamdues.fact_item, after a comma when it follows another one.
 */
void fact_item_put(struct buf *text, const struct fact_item *item);

#endif
