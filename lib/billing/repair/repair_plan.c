/*
 * The order of enum session_finding is the rule: a session that brings money,
 * or may, outweighs each that could be replaced.  So no other session of an
 * order makes us ask its family again once one was paid.
 */
#include "billing/repair/repair_plan.h"

#include <string.h>

#include "billing/facts/session_fact.h"
#include "billing/repair/session_check.h"

static enum session_finding
finding_of_complete(const struct stripe_session *shown, struct buf *reason)
{
	const char *fact = session_fact_name(shown);

	if (strcmp(fact, "failed") == 0) {
		buf_puts(reason, "its bank payment failed");
		return FOUND_FAILED;
	}
	if (strcmp(fact, "unpaid") == 0) {
		buf_puts(reason, "a bank payment is under way");
		return FOUND_UNPAID;
	}
	buf_puts(reason, strcmp(fact, "free") == 0
	    ? "complete at Stripe, with nothing to pay" : "paid at Stripe");
	return FOUND_PAID;
}

static enum session_finding
finding_of(const struct checkout_order *order, const struct seen_session *seen,
    struct buf *reason)
{
	const struct stripe_session *shown = seen->shown;

	if (shown == NULL) {
		buf_puts(reason, "unknown to Stripe");
		return FOUND_UNKNOWN;
	}
	if (shown->status == SESSION_COMPLETE)
		return finding_of_complete(shown, reason);
	if (shown->status == SESSION_EXPIRED) {
		buf_puts(reason, "expired");
		return FOUND_EXPIRED;
	}
	/* Open at Stripe: a family may pay in it at any moment. */
	if (session_is_broken(order, shown, reason))
		return FOUND_BROKEN;
	if (!seen->is_open_here) {
		buf_puts(reason, "still open at Stripe, ended here");
		return FOUND_BROKEN;
	}
	buf_puts(reason, "good");
	return FOUND_GOOD;
}

static void
copy_id(char id[STRIPE_ID_SIZE], const char *text)
{
	struct buf b = buf_over(id, STRIPE_ID_SIZE);

	buf_puts(&b, text);
}

bool
repair_plan_add(struct repair_plan *plan, const struct checkout_order *order,
    const struct seen_session *seen)
{
	char text[REPAIR_REASON_SIZE];
	struct buf reason = BUF_FIXED(text);
	enum session_finding found = finding_of(order, seen, &reason);

	/* At most one session of an order is open here. */
	if (seen->is_open_here) {
		copy_id(plan->open_id, seen->session_id);
		plan->is_open_good = found == FOUND_GOOD;
	}
	/* Of equals the later one counts, which is the newer session. */
	if (found < plan->found)
		return false;
	plan->found = found;
	copy_id(plan->session_id, seen->session_id);
	memcpy(plan->reason, text, sizeof(text));
	return true;
}

/*
 * force replaces a good session, and never one that was paid or whose bank
 * payment is under way.
 */
enum repair
repair_plan_decide(struct repair_plan *plan, bool force)
{
	struct buf reason = BUF_FIXED(plan->reason);

	switch (plan->found) {
	case FOUND_NONE:
		buf_puts(&reason, "no session yet: its pay link makes one");
		return REPAIR_LEAVE;
	case FOUND_GOOD:
		if (!force)
			return REPAIR_LEAVE;
		buf_puts(&reason, "good, replaced by force");
		return REPAIR_REPLACE;
	case FOUND_UNKNOWN:
	case FOUND_EXPIRED:
	case FOUND_FAILED:
	case FOUND_BROKEN:
		return REPAIR_REPLACE;
	case FOUND_UNPAID:
	case FOUND_PAID:
		break;
	}
	return REPAIR_FULFIL;
}

/*
 * A good session is named only by force: without it checkout_replace() may use
 * it again.
 */
const char *
repair_plan_replaced(const struct repair_plan *plan, bool force)
{
	return plan->is_open_good && !force ? "" : plan->open_id;
}
