/*
 * Items made of what Stripe shows when it is asked, as judgement.h makes them
 * of its events.
 */
#ifndef TEAMDUES_BILLING_ANSWER_ITEMS_H
#define TEAMDUES_BILLING_ANSWER_ITEMS_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/fact_item.h"
#include "stripe/charge.h"
#include "stripe/session.h"

/*
 * False, and nothing in item, while the session is open: that says nothing.
 * item borrows from session.  livemode: ours.
 */
bool answer_session(const struct stripe_session *session, bool livemode,
    struct fact_item *item);

/* Of a session that Stripe does not know (any more): it has expired. */
void answer_gone(const char *session_id, struct fact_item *item);

/* A session's, a charge's, and a page each of refunds and disputes. */
enum { ANSWERS_MAX = 202, ANSWER_WORD_SIZE = 32 };

/* Items that are recorded together: the JSON array, and what each speaks of. */
struct answers {
	struct buf json;
	size_t count;
	struct answer {
		enum fact_kind kind;
		char word[ANSWER_WORD_SIZE];
	} answers[ANSWERS_MAX];
};

void answers_init(struct answers *answers);
void answers_clear(struct answers *answers);

/* The array's text: borrowed until the next is added.  ST_NOMEM, ST_BUG when
 * there were more than ANSWERS_MAX. */
NODISCARD enum status answers_text(struct answers *answers, const char **text,
    struct err *err);

void answers_add(struct answers *answers, const struct fact_item *item);
void answers_add_charge(struct answers *answers,
    const struct stripe_charge *charge);

/* page: of stripe_refund_list, stripe_dispute_list.  ST_BAD_INPUT for an object
 * that cannot be read. */
NODISCARD enum status answers_add_refunds(struct answers *answers,
    struct json_node page, struct err *err);
NODISCARD enum status answers_add_disputes(struct answers *answers,
    struct json_node page, struct err *err);

#endif
