#include <stdio.h>
#include <string.h>

#include "history.h"
#include "stack.h"

const char *const happening_names[HAPPENING_MAX] = {
	[COMPLETED_PAID] = "checkout.session.completed (paid)",
	[COMPLETED_UNPAID] = "checkout.session.completed (unpaid)",
	[COMPLETED_FREE] = "checkout.session.completed (no_payment_required)",
	[ASYNC_SUCCEEDED] = "checkout.session.async_payment_succeeded",
	[ASYNC_FAILED] = "checkout.session.async_payment_failed",
	[SESSION_GONE] = "checkout.session.expired",
	[INTENT_FAILED] = "payment_intent.payment_failed",
	[CHARGE_REFUNDED] = "charge.refunded",
	[REFUND_CREATED] = "refund.created",
	[REFUND_UPDATED] = "refund.updated",
	[CHARGE_REFUND_UPDATED] = "charge.refund.updated",
	[REFUND_BROKE] = "refund.failed",
	[DISPUTE_CREATED] = "charge.dispute.created",
	[DISPUTE_UPDATED] = "charge.dispute.updated",
	[DISPUTE_CLOSED] = "charge.dispute.closed",
	[FUNDS_WITHDRAWN] = "charge.dispute.funds_withdrawn",
	[FUNDS_REINSTATED] = "charge.dispute.funds_reinstated",
	[SESSION_STORED] = "(the session is stored)",
};

uint64_t
chance_next(struct chance *chance)
{
	uint64_t z = chance->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

int
chance_below(struct chance *chance, int limit)
{
	return (int)(chance_next(chance) % (uint64_t)limit);
}

bool
chance_percent(struct chance *chance, int percent)
{
	return chance_below(chance, 100) < percent;
}

/* What is being made, and the time that it has come to. */
struct maker {
	struct history *history;
	struct chance chance;
	int64_t now_s;
	int payment;
	int64_t charge_refunded_cents;	/* what Stripe's charge shows */
	int64_t dispute_cents;	/* what this dispute is about */
};

static void
happen(struct maker *m, struct happening happening)
{
	struct history *h = m->history;

	assert_true(h->count < HISTORY_HAPPENINGS_MAX);
	m->now_s += chance_below(&m->chance, 3);
	happening.at_s = m->now_s;
	happening.payment = m->payment;
	if (happening.status == NULL)
		happening.status = "";
	h->happenings[h->count++] = happening;
}

static void
session_happens(struct maker *m, enum happening_kind kind)
{
	happen(m, (struct happening){ .kind = kind });
}

/* The ways of a session; each is listed as often as it is likely. */
static void
make_session(struct maker *m)
{
	static const struct {
		int count;
		enum happening_kind kinds[3];
	} ways[] = {
		{ 1, { COMPLETED_PAID } },
		{ 1, { COMPLETED_PAID } },
		{ 1, { COMPLETED_PAID } },
		{ 1, { COMPLETED_PAID } },
		{ 2, { COMPLETED_PAID, SESSION_GONE } },
		{ 2, { INTENT_FAILED, COMPLETED_PAID } },
		{ 2, { COMPLETED_UNPAID, ASYNC_SUCCEEDED } },
		{ 2, { COMPLETED_UNPAID, ASYNC_SUCCEEDED } },
		{ 2, { COMPLETED_UNPAID, ASYNC_FAILED } },
		{ 3, { COMPLETED_UNPAID, ASYNC_FAILED, INTENT_FAILED } },
		{ 3, { COMPLETED_UNPAID, ASYNC_FAILED, ASYNC_SUCCEEDED } },
		{ 2, { COMPLETED_UNPAID, SESSION_GONE } },
		{ 1, { SESSION_GONE } },
	};
	int way = chance_below(&m->chance, sizeof(ways) / sizeof(ways[0]));
	struct history_payment *p = &m->history->payments[m->payment];

	if (p->tie == TIE_LATE)
		session_happens(m, SESSION_STORED);
	if (p->is_free) {
		session_happens(m, COMPLETED_FREE);
		return;
	}
	for (int i = 0; i < ways[way].count; i++)
		session_happens(m, ways[way].kinds[i]);
}

static void
refund_happens(struct maker *m, enum happening_kind kind,
    const struct happening *refund, const char *status)
{
	struct happening h = *refund;

	h.kind = kind;
	h.status = status;
	happen(m, h);
}

/* The charge shows every refund that has not failed yet. */
static void
charge_shows(struct maker *m, int64_t more_cents)
{
	m->charge_refunded_cents += more_cents;
	if (more_cents > 0 && chance_percent(&m->chance, 60))
		happen(m, (struct happening){ .kind = CHARGE_REFUNDED,
		    .amount_cents = m->charge_refunded_cents });
}

/* One refund on its way; what it gave back for good. */
static int64_t
make_refund(struct maker *m, const struct happening *refund)
{
	enum happening_kind update = chance_percent(&m->chance, 70)
	    ? REFUND_UPDATED : CHARGE_REFUND_UPDATED;

	switch (chance_below(&m->chance, 6)) {
	case 0:
		refund_happens(m, REFUND_CREATED, refund, "pending");
		refund_happens(m, update, refund, "succeeded");
		break;
	case 1:
		refund_happens(m, REFUND_CREATED, refund, "succeeded");
		charge_shows(m, refund->amount_cents);
		refund_happens(m, REFUND_BROKE, refund, "failed");
		charge_shows(m, -refund->amount_cents);
		return 0;
	case 2:
		refund_happens(m, REFUND_CREATED, refund, "pending");
		refund_happens(m, update, refund, "requires_action");
		refund_happens(m, update, refund, "canceled");
		return 0;
	default:
		refund_happens(m, REFUND_CREATED, refund, "succeeded");
		break;
	}
	charge_shows(m, refund->amount_cents);
	return refund->amount_cents;
}

static void
make_refunds(struct maker *m)
{
	int64_t rest = m->history->payments[m->payment].amount_cents;
	int count = chance_below(&m->chance, 4);

	m->charge_refunded_cents = 0;
	for (int i = 0; i < count && rest > 0; i++) {
		struct happening refund = { .object = i, .amount_cents = rest };

		if (chance_percent(&m->chance, 50))
			refund.amount_cents = 1 + chance_below(&m->chance,
			    (int)rest);
		rest -= make_refund(m, &refund);
	}
}

static void
dispute_happens(struct maker *m, enum happening_kind kind, int object,
    const char *status)
{
	happen(m, (struct happening){ .kind = kind, .object = object,
	    .status = status,
	    .amount_cents = m->dispute_cents });
}

static void
make_dispute(struct maker *m, int object)
{
	static const char *const ends[] = { "won", "lost", "lost", "prevented",
	    "charge_refunded" };
	const char *end = ends[chance_below(&m->chance,
	    sizeof(ends) / sizeof(ends[0]))];
	int64_t all = m->history->payments[m->payment].amount_cents;

	m->dispute_cents = chance_percent(&m->chance, 60) ? all
	    : 1 + chance_below(&m->chance, (int)all);

	if (chance_percent(&m->chance, 30)) {
		dispute_happens(m, DISPUTE_CREATED, object,
		    "warning_needs_response");
		dispute_happens(m, DISPUTE_UPDATED, object,
		    "warning_under_review");
		if (chance_percent(&m->chance, 50)) {
			dispute_happens(m, DISPUTE_CLOSED, object,
			    "warning_closed");
			return;
		}
	}
	dispute_happens(m, DISPUTE_CREATED, object, "needs_response");
	if (chance_percent(&m->chance, 60))
		dispute_happens(m, FUNDS_WITHDRAWN, object, "needs_response");
	if (chance_percent(&m->chance, 50))
		dispute_happens(m, DISPUTE_UPDATED, object, "under_review");
	if (chance_percent(&m->chance, 25))
		return;
	dispute_happens(m, DISPUTE_CLOSED, object, end);
	if (chance_percent(&m->chance, strcmp(end, "won") == 0 ? 70 : 20))
		dispute_happens(m, FUNDS_REINSTATED, object, end);
}

static bool
order_has_payment(const struct history *h, int order)
{
	for (int i = 0; i < h->payment_count; i++)
		if (h->payments[i].order == order)
			return true;
	return false;
}

int64_t
history_recorded_cents(const struct history *h, int order)
{
	return h->is_taken_back[order] ? 0 : h->recorded_cents[order];
}

int64_t
history_asked_cents(const struct history *h, const struct history_payment *p)
{
	if (p->order < 0)
		return HISTORY_AMOUNT;
	return HISTORY_AMOUNT - (p->tie == TIE_LATE
	    ? history_recorded_cents(h, p->order)
	    : h->recorded_cents[p->order]);
}

static void
make_cash(struct maker *m, int order)
{
	struct history *h = m->history;

	if (chance_percent(&m->chance, 30))
		h->recorded_cents[order] = chance_percent(&m->chance, 50)
		    ? 5000 : 10000;
	h->is_taken_back[order] = h->recorded_cents[order] > 0 &&
	    chance_percent(&m->chance, 50);
}

/* Storing takes a pending order, so a late session is its order's first. */
static enum tie
make_tie(struct maker *m, int order)
{
	if (order < 0)
		return TIE_NONE;
	if (!order_has_payment(m->history, order) &&
	    chance_percent(&m->chance, 20))
		return TIE_LATE;
	return chance_percent(&m->chance, 65) ? TIE_STORED : TIE_NAMED;
}

/* Of an order's stored sessions all but the last were expired before. */
static void
supersede_others(struct history *h, const struct history_payment *p)
{
	for (int i = 0; i < h->payment_count; i++) {
		struct history_payment *q = &h->payments[i];

		if (p->tie == TIE_STORED && q->tie == TIE_STORED &&
		    q->order == p->order)
			q->is_superseded = true;
	}
}

static void
make_payment(struct maker *m)
{
	static const char letters[] = "0Aa_z";
	struct history *h = m->history;
	struct history_payment *p = &h->payments[h->payment_count];
	int disputes = chance_below(&m->chance, 5) - 2;

	*p = (struct history_payment){ .order = -1 };
	p->order = chance_percent(&m->chance, 12) ? -1
	    : chance_below(&m->chance, h->order_count);
	p->tie = make_tie(m, p->order);
	p->amount_cents = history_asked_cents(h, p);
	if (p->tie == TIE_NAMED && chance_percent(&m->chance, 50))
		p->amount_cents = HISTORY_AMOUNT;
	p->is_free = chance_percent(&m->chance, 5);
	if (p->is_free)
		p->amount_cents = 0;
	else if (chance_percent(&m->chance, 5))
		p->amount_cents++;
	p->created_s = chance_below(&m->chance, 3);
	p->letter = letters[chance_below(&m->chance, sizeof(letters) - 1)];
	supersede_others(h, p);

	m->payment = h->payment_count++;
	m->now_s = 10;
	make_session(m);
	if (p->is_free)
		return;
	if (chance_percent(&m->chance, 70))
		make_refunds(m);
	for (int i = 0; i < disputes; i++)
		make_dispute(m, i);
}

static bool
is_of_session(const struct happening *happening)
{
	return happening->kind <= SESSION_GONE ||
	    happening->kind == SESSION_STORED;
}

static bool
has_late_session(const struct history *h, int order)
{
	for (int i = 0; i < h->payment_count; i++)
		if (h->payments[i].tie == TIE_LATE &&
		    h->payments[i].order == order)
			return true;
	return false;
}

/* Some of it never comes; what tells of sessions mostly does. */
static void
thin_out(struct maker *m, int target)
{
	struct history *h = m->history;

	while (h->count > target) {
		int victim = chance_below(&m->chance, h->count);

		for (int spare = 0; spare < 2; spare++)
			if (is_of_session(&h->happenings[victim]))
				victim = chance_below(&m->chance,
				    h->count);
		memmove(&h->happenings[victim], &h->happenings[victim + 1],
		    sizeof(h->happenings[0])
		    * (size_t)(h->count - victim - 1));
		h->count--;
	}
}

/* Another event, of another second, that says the same. */
static void
say_again(struct maker *m)
{
	struct history *h = m->history;
	struct happening again = h->happenings[chance_below(&m->chance,
	    h->count)];

	if (again.kind == SESSION_STORED)
		return;
	again.at_s += chance_below(&m->chance, 9) - 4;
	h->happenings[h->count++] = again;
}

void
history_generate(uint64_t seed, struct history *h)
{
	static const int counts[] = { 1, 1, 1, 2, 2, 2, 2, 3 };
	struct maker m = { .history = h, .chance = { seed } };
	int payments = counts[chance_below(&m.chance, 8)];
	int target;

	*h = (struct history){ .seed = seed, .order_count = 1 };
	if (chance_percent(&m.chance, 30))
		h->order_count = 2;
	for (int i = 0; i < h->order_count; i++)
		make_cash(&m, i);
	for (int i = 0; i < payments; i++) {
		make_payment(&m);
		/* What is paid by the late session would refuse a second. */
		if (has_late_session(h, h->payments[i].order))
			break;
	}
	target = chance_percent(&m.chance, 70) ? 1 + chance_below(&m.chance, 4)
	    : 5 + chance_below(&m.chance, 5);
	thin_out(&m, target);
	if (chance_percent(&m.chance, 30))
		say_again(&m);
}

void
history_print(const struct history *h)
{
	static const char *const ties[] = { "stored", "stored late", "named",
	    "tied to nothing" };

	print_message("history %llu:\n", (unsigned long long)h->seed);
	for (int i = 0; i < h->order_count; i++)
		print_message("  order %d: %lld in cash%s\n", i,
		    (long long)h->recorded_cents[i],
		    h->is_taken_back[i] ? ", taken back" : "");
	for (int i = 0; i < h->payment_count; i++) {
		const struct history_payment *p = &h->payments[i];

		print_message("  payment %d: order %d, %s%s, %lld cents, "
		    "session of second %lld, intent %c\n", i, p->order,
		    ties[p->tie], p->is_superseded ? " and superseded" : "",
		    (long long)p->amount_cents, (long long)p->created_s,
		    p->letter);
	}
	for (int i = 0; i < h->count; i++) {
		const struct happening *x = &h->happenings[i];

		print_message("  %d: payment %d, %s %s (object %d, %lld "
		    "cents) at %lld\n", i, x->payment,
		    happening_names[x->kind], x->status, x->object,
		    (long long)x->amount_cents, (long long)x->at_s);
	}
}
