/*
 * Facts made of the objects that Stripe was asked for, as event_facts.h makes
 * them of its events.
 */
#ifndef TEAMDUES_BILLING_FACTS_FETCHED_FACTS_H
#define TEAMDUES_BILLING_FACTS_FETCHED_FACTS_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/fact_item.h"
#include "stripe/charge.h"
#include "stripe/session.h"

/*
 * False while the session is open: an open session states no fact.  item
 * borrows from session.  livemode is our mode.
 */
bool fact_from_session(const struct stripe_session *session, bool livemode,
    struct fact_item *item);

/* A session that Stripe does not know, or not any more, counts as expired. */
void fact_from_gone(const char *session_id, struct fact_item *item);

/* One session, one charge, and a page (100) each of refunds and disputes. */
enum { FETCHED_FACTS_MAX = 202, FETCHED_FACT_WORD_SIZE = 32 };

/* Facts that are recorded together: as a JSON array, and each in short. */
struct fetched_facts {
	struct buf json;
	size_t count;
	struct fetched_fact {
		enum fact_kind kind;
		char word[FETCHED_FACT_WORD_SIZE];
	} facts[FETCHED_FACTS_MAX];
};

void fetched_facts_init(struct fetched_facts *facts);
void fetched_facts_clear(struct fetched_facts *facts);

/* The array's text: borrowed until the next is added.  ST_NOMEM, ST_BUG when
 * there were more than FETCHED_FACTS_MAX. */
NODISCARD enum status fetched_facts_text(struct fetched_facts *facts,
    const char **text, struct err *err);

void fetched_facts_add(struct fetched_facts *facts,
    const struct fact_item *item);
void fetched_facts_add_charge(struct fetched_facts *facts,
    const struct stripe_charge *charge);

/* page: of stripe_refund_list, stripe_dispute_list.  ST_BAD_INPUT for an object
 * that cannot be read. */
NODISCARD enum status fetched_facts_add_refunds(struct fetched_facts *facts,
    struct json_node page, struct err *err);
NODISCARD enum status fetched_facts_add_disputes(struct fetched_facts *facts,
    struct json_node page, struct err *err);

#endif
