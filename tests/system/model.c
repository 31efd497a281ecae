#include <stdio.h>
#include <stdlib.h>

#include "model.h"

enum { OBJECTS_MAX = 8, SUMMARY_SIZE = 4096 };

/* What is known of one refund or dispute. */
struct dispute_said {
	bool won, lost, ended, open, reinstated;
	int64_t amount_cents;
};

struct refund_said {
	int64_t amount_cents;
	bool is_known, is_bad;
};

/* What is known of one payment, and what follows for it alone. */
struct standing_of {
	bool is_paid, is_unpaid, is_failed, is_free, is_stored_late;
	int64_t paid_at;
	struct refund_said refunds[OBJECTS_MAX];
	struct dispute_said disputes[OBJECTS_MAX];
	int64_t charge_cents;
	int64_t refunded_cents;
	int64_t lost_cents;	/* what disputes took */
	bool is_disputed;
	bool is_own;		/* counts for its order */
	bool is_passed;		/* does not: it is more than was left */
	int order;		/* that it matches; -1: none */
};

struct model {
	const struct world *world;
	struct standing_of payments[HISTORY_PAYMENTS_MAX];
	char text[SUMMARY_SIZE];
	size_t len;
};

static void
hear_session(struct standing_of *s, const struct happening *x)
{
	switch (x->kind) {
	case COMPLETED_PAID:
	case ASYNC_SUCCEEDED:
		if (!s->is_paid || x->at_s < s->paid_at)
			s->paid_at = x->at_s;
		s->is_paid = true;
		break;
	case COMPLETED_UNPAID:
		s->is_unpaid = true;
		break;
	case ASYNC_FAILED:
		s->is_failed = true;
		break;
	case COMPLETED_FREE:
		s->is_free = true;
		break;
	default:
		s->is_stored_late |= x->kind == SESSION_STORED;
		break;
	}
}

static void
hear_refund(struct refund_said *r, const struct happening *x)
{
	r->is_known = true;
	r->amount_cents = x->amount_cents;
	r->is_bad |= strcmp(x->status, "failed") == 0 ||
	    strcmp(x->status, "canceled") == 0;
}

static void
hear_dispute(struct dispute_said *d, const struct happening *x)
{
	d->won |= strcmp(x->status, "won") == 0;
	d->lost |= strcmp(x->status, "lost") == 0;
	d->ended |= strcmp(x->status, "warning_closed") == 0 ||
	    strcmp(x->status, "prevented") == 0 ||
	    strcmp(x->status, "charge_refunded") == 0;
	d->open |= strcmp(x->status, "needs_response") == 0 ||
	    strcmp(x->status, "under_review") == 0;
	d->reinstated |= x->kind == FUNDS_REINSTATED;
	d->amount_cents = x->amount_cents;
}

static void
hear(struct model *m, const struct happening *x)
{
	struct standing_of *s = &m->payments[x->payment];

	if (x->kind >= DISPUTE_CREATED && x->kind <= FUNDS_REINSTATED)
		hear_dispute(&s->disputes[x->object], x);
	else if (x->kind >= REFUND_CREATED && x->kind <= REFUND_BROKE)
		hear_refund(&s->refunds[x->object], x);
	else if (x->kind == CHARGE_REFUNDED)
		s->charge_cents = x->amount_cents > s->charge_cents
		    ? x->amount_cents : s->charge_cents;
	else
		hear_session(s, x);
}

static void
add_up_refunds(struct standing_of *s)
{
	int64_t good = 0;
	int64_t bad = 0;

	for (int i = 0; i < OBJECTS_MAX; i++) {
		if (s->refunds[i].is_bad)
			bad += s->refunds[i].amount_cents;
		else
			good += s->refunds[i].amount_cents;
	}
	s->refunded_cents = s->charge_cents - bad;
	if (s->refunded_cents < good)
		s->refunded_cents = good;
}

static void
judge_disputes(struct standing_of *s)
{
	for (int i = 0; i < OBJECTS_MAX; i++) {
		const struct dispute_said *d = &s->disputes[i];

		if (d->won)
			continue;
		if (d->lost)
			s->lost_cents += d->reinstated ? 0 : d->amount_cents;
		else if (!d->ended)
			s->is_disputed |= d->open;
	}
}

/* -1 when nothing ties it to an order, or something is wrong with it. */
static int
matched_order(const struct history *h, const struct history_payment *p,
    const struct standing_of *s)
{
	bool is_asked = p->amount_cents == history_asked_cents(h, p);

	if (p->order < 0 || (p->tie == TIE_LATE && !s->is_stored_late))
		return -1;
	if (p->tie == TIE_NAMED)
		is_asked = p->amount_cents == HISTORY_AMOUNT ||
		    p->amount_cents == HISTORY_AMOUNT -
		    history_recorded_cents(h, p->order);
	return is_asked ? p->order : -1;
}

static bool
is_gone(const struct model *m, int i)
{
	const struct standing_of *s = &m->payments[i];

	return s->lost_cents + s->refunded_cents >=
	    m->world->history->payments[i].amount_cents;
}

/* Whether payment a comes before b as the order's own. */
static bool
comes_first(const struct model *m, int a, int b)
{
	const struct history_payment *p = &m->world->history->payments[a];
	const struct history_payment *q = &m->world->history->payments[b];

	if (is_gone(m, a) != is_gone(m, b))
		return is_gone(m, b);
	if (p->created_s != q->created_s)
		return p->created_s < q->created_s;
	return strcmp(m->world->intents[a], m->world->intents[b]) < 0;
}

/* Of those that are not its own yet the next that may be; -1: none. */
static int
next_payment(const struct model *m, int order)
{
	int next = -1;

	for (int i = 0; i < m->world->history->payment_count; i++) {
		const struct standing_of *s = &m->payments[i];

		if (s->order == order && s->is_paid && !s->is_own &&
		    !s->is_passed &&
		    (next < 0 || comes_first(m, i, next)))
			next = i;
	}
	return next;
}

/* What came for an order: payments count while so much is left to pay; one
 * that comes alone may be more. */
static int64_t
pay_order(struct model *m, int order)
{
	int64_t paid = history_recorded_cents(m->world->history, order);

	while (paid < HISTORY_AMOUNT) {
		int next = next_payment(m, order);
		int64_t cents;

		if (next < 0)
			break;
		cents = m->world->history->payments[next].amount_cents;
		if (paid > 0 && paid + cents > HISTORY_AMOUNT) {
			m->payments[next].is_passed = true;
			continue;
		}
		m->payments[next].is_own = true;
		paid += cents;
	}
	return paid;
}

static void write_line(struct model *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
write_line(struct model *m, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(m->text + m->len, SUMMARY_SIZE - m->len, format, args);
	va_end(args);
	assert_in_range(len, 1, SUMMARY_SIZE - m->len - 1);
	m->len += (size_t)len;
}

/* An order's own payments together, and the one whose session was first. */
struct sum {
	int64_t amount_cents, refunded_cents, lost_cents, paid_at;
	bool is_disputed;
	int first;		/* -1: it has none */
};

static bool
is_older(const struct model *m, int a, int b)
{
	const struct history_payment *p = &m->world->history->payments[a];
	const struct history_payment *q = &m->world->history->payments[b];

	if (p->created_s != q->created_s)
		return p->created_s < q->created_s;
	return strcmp(m->world->intents[a], m->world->intents[b]) < 0;
}

static struct sum
sum_up(const struct model *m, int order)
{
	const struct history *h = m->world->history;
	struct sum sum = { .first = -1 };

	for (int i = 0; i < h->payment_count; i++) {
		const struct standing_of *s = &m->payments[i];

		if (s->order != order || !s->is_own)
			continue;
		sum.amount_cents += h->payments[i].amount_cents;
		sum.refunded_cents += s->refunded_cents;
		sum.lost_cents += s->lost_cents;
		sum.is_disputed |= s->is_disputed;
		if (s->paid_at > sum.paid_at)
			sum.paid_at = s->paid_at;
		if (sum.first < 0 || is_older(m, i, sum.first))
			sum.first = i;
	}
	return sum;
}

static const char *
status_of(const struct model *m, int order, int64_t paid,
    const struct sum *sum)
{
	bool is_under_way = false;

	for (int i = 0; i < m->world->history->payment_count; i++)
		is_under_way |= m->payments[i].order == order &&
		    m->payments[i].is_unpaid && !m->payments[i].is_failed &&
		    !m->payments[i].is_paid;
	if (paid < HISTORY_AMOUNT)
		return is_under_way ? "processing" : "pending";
	if (sum->lost_cents > 0 &&
	    sum->lost_cents + sum->refunded_cents >= sum->amount_cents)
		return "charged_back";
	if (sum->is_disputed)
		return "disputed";
	if (sum->refunded_cents >= paid)
		return "refunded";
	return sum->refunded_cents + sum->lost_cents > 0
	    ? "partially_refunded" : "paid";
}

static void
write_order(struct model *m, int order)
{
	int64_t paid = pay_order(m, order);
	struct sum sum = sum_up(m, order);
	const char *status = status_of(m, order, paid, &sum);
	char paid_at[24] = "-";

	if (paid >= HISTORY_AMOUNT)
		snprintf(paid_at, sizeof(paid_at), "%lld",
		    (long long)(m->world->start_s + sum.paid_at));
	write_line(m, "order %d %s %s %s %lld %lld\n", order, status,
	    sum.first < 0 ? "-" : m->world->intents[sum.first], paid_at,
	    (long long)(sum.refunded_cents +
	    (strcmp(status, "charged_back") == 0 ? 0 : sum.lost_cents)),
	    (long long)paid);
}

static const char *
place_of_unmatched(const struct model *m, int i)
{
	const struct history_payment *p = &m->world->history->payments[i];
	const struct standing_of *s = &m->payments[i];
	bool is_tied = p->order >= 0 &&
	    (p->tie != TIE_LATE || s->is_stored_late);

	if (s->is_paid && is_gone(m, i))
		return "settled";
	if (!s->is_paid && !s->is_free)
		return "waiting";
	return is_tied ? "review" : "unmatched";
}

/* A session that was never completed has no payment. */
static void
write_payment(struct model *m, int i)
{
	const struct standing_of *s = &m->payments[i];
	const char *place = "order";

	if (!s->is_paid && !s->is_unpaid && !s->is_failed && !s->is_free)
		return;
	if (s->order < 0)
		place = place_of_unmatched(m, i);
	else if (s->is_paid && !s->is_own)
		place = is_gone(m, i) ? "settled" : "review";
	write_line(m, "payment %d %s\n", i, place);
}

char *
model_summary(const struct world *world, const bool *absent)
{
	const struct history *h = world->history;
	struct model m = { .world = world };
	char *text;

	for (int i = 0; i < h->count; i++)
		if (absent == NULL || !absent[i])
			hear(&m, &h->happenings[i]);
	for (int i = 0; i < h->payment_count; i++) {
		struct standing_of *s = &m.payments[i];

		add_up_refunds(s);
		judge_disputes(s);
		s->order = matched_order(h, &h->payments[i], s);
	}
	for (int i = 0; i < h->order_count; i++)
		write_order(&m, i);
	for (int i = 0; i < h->payment_count; i++)
		write_payment(&m, i);
	text = strdup(m.text);
	assert_non_null(text);
	return text;
}
