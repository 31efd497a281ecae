#include "billing/session_sight.h"

#include <string.h>

#include "billing/facts/session_fact.h"
#include "billing/session_check.h"

static enum session_sight
sight_of_complete(const struct stripe_session *shown, struct buf *reason)
{
	const char *fact = session_fact_name(shown);

	if (strcmp(fact, "failed") == 0) {
		buf_puts(reason, "its bank payment failed");
		return SIGHT_FAILED;
	}
	if (strcmp(fact, "unpaid") == 0) {
		buf_puts(reason, "a bank payment is under way");
		return SIGHT_UNPAID;
	}
	buf_puts(reason, strcmp(fact, "free") == 0
	    ? "complete at Stripe, with nothing to pay" : "paid at Stripe");
	return SIGHT_PAID;
}

static enum session_sight
sight_of(const struct checkout_order *order, const struct seen_session *seen,
    struct buf *reason)
{
	const struct stripe_session *shown = seen->shown;

	if (shown == NULL) {
		buf_puts(reason, "unknown to Stripe");
		return SIGHT_UNKNOWN;
	}
	if (shown->status == SESSION_COMPLETE)
		return sight_of_complete(shown, reason);
	if (shown->status == SESSION_EXPIRED) {
		buf_puts(reason, "expired");
		return SIGHT_EXPIRED;
	}
	if (session_is_broken(order, shown, reason))
		return SIGHT_BROKEN;
	if (!seen->is_open_here) {
		buf_puts(reason, "still open at Stripe, ended here");
		return SIGHT_BROKEN;
	}
	buf_puts(reason, "good");
	return SIGHT_GOOD;
}

static void
copy_id(char id[STRIPE_ID_SIZE], const char *text)
{
	struct buf b = buf_over(id, STRIPE_ID_SIZE);

	buf_puts(&b, text);
}

bool
order_sight_add(struct order_sight *sight, const struct checkout_order *order,
    const struct seen_session *seen)
{
	char text[SIGHT_REASON_SIZE];
	struct buf reason = BUF_FIXED(text);
	enum session_sight found = sight_of(order, seen, &reason);

	if (seen->is_open_here) {
		copy_id(sight->open_id, seen->session_id);
		sight->is_open_good = found == SIGHT_GOOD;
	}
	/* Of equals the later counts: it is the newer session. */
	if (found < sight->sight)
		return false;
	sight->sight = found;
	copy_id(sight->session_id, seen->session_id);
	memcpy(sight->reason, text, sizeof(text));
	return true;
}

enum repair
order_sight_decide(struct order_sight *sight, bool force)
{
	struct buf reason = BUF_FIXED(sight->reason);

	switch (sight->sight) {
	case SIGHT_NONE:
		buf_puts(&reason, "no session yet: its pay link makes one");
		return REPAIR_LEAVE;
	case SIGHT_GOOD:
		if (!force)
			return REPAIR_LEAVE;
		buf_puts(&reason, "good, replaced by force");
		return REPAIR_REPLACE;
	case SIGHT_UNKNOWN:
	case SIGHT_EXPIRED:
	case SIGHT_FAILED:
	case SIGHT_BROKEN:
		return REPAIR_REPLACE;
	case SIGHT_UNPAID:
	case SIGHT_PAID:
		break;
	}
	return REPAIR_FULFIL;
}

const char *
order_sight_replaced(const struct order_sight *sight, bool force)
{
	return sight->is_open_good && !force ? "" : sight->open_id;
}
