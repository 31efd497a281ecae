#include <stdio.h>
#include <stdlib.h>

#include "sql.h"
#include "webhook.h"
#include "world.h"

struct json_object *
world_session_to_store(const struct world *world, int payment)
{
	const struct history_payment *p = &world->history->payments[payment];
	struct json_object *session = json_object_new_object();
	int64_t created = world->start_s + p->created_s;

	json_set_text(session, "id", world->sessions[payment]);
	json_set_text(session, "url", "https://stripe.example/pay");
	json_set_int(session, "amount_cents",
	    history_asked_cents(world->history, p));
	json_set_text(session, "currency", "usd");
	json_set(session, "livemode", json_object_new_boolean(0));
	json_set_int(session, "created", created);
	json_set_int(session, "expires_at", created + 86400);
	return session;
}

void
world_store_session(struct stack *stack, const struct world *world,
    int payment)
{
	int64_t order = world->orders[world->history->payments[payment].order];
	struct json_object *session = world_session_to_store(world, payment);

	sql_assert_text(stack, "stored", "select result from "
	    "teamdues.store_session(%lld, (select attempt from teamdues.orders "
	    "where order_id = %lld), '%s')", (long long)order,
	    (long long)order, json_object_to_json_string(session));
	json_object_put(session);
}

/* As checkout does before it mints another: Stripe was asked to expire it. */
static void
supersede(struct stack *stack, const struct world *world, int payment)
{
	int64_t order = world->orders[world->history->payments[payment].order];

	sql_run(stack, "select teamdues.record(jsonb_build_array("
	    "jsonb_build_object('disposition', 'fact', 'kind', 'session', "
	    "'session_id', '%s', 'word', 'expired', 'at', %lld)), '{}', "
	    "null)", world->sessions[payment], (long long)world->start_s + 5);
	sql_run(stack, "update teamdues.orders set attempt = attempt + 1 "
	    "where order_id = %lld", (long long)order);
}

/* The session as it is when this happens. */
static struct json_object *
session_object(const struct world *world, const struct happening *x)
{
	static const char *const payment_status[HAPPENING_MAX] = {
		[COMPLETED_PAID] = "paid", [ASYNC_SUCCEEDED] = "paid",
		[COMPLETED_FREE] = "no_payment_required",
		[COMPLETED_UNPAID] = "unpaid", [ASYNC_FAILED] = "unpaid",
		[SESSION_GONE] = "unpaid",
	};
	const struct history_payment *p = &world->history->payments[x->payment];
	struct json_object *s = session_paid(world->sessions[x->payment],
	    p->amount_cents);

	json_set_int(s, "created", world->start_s + p->created_s);
	json_set_text(s, "payment_status", payment_status[x->kind]);
	json_set_text(s, "payment_intent", world->intents[x->payment]);
	if (x->kind == SESSION_GONE)
		json_set_text(s, "status", "expired");
	if (x->kind == SESSION_GONE || p->is_free)
		json_set_null(s, "payment_intent");
	if (p->tie == TIE_NAMED)
		club_name_order(world->stack, s, world->orders[p->order]);
	return s;
}

/* A failed payment intent: its metadata are as its session's. */
static struct json_object *
intent_object(const struct world *world, const struct happening *x)
{
	const struct history_payment *p = &world->history->payments[x->payment];
	struct json_object *intent = json_object_new_object();

	json_set_text(intent, "id", world->intents[x->payment]);
	json_set_text(intent, "object", "payment_intent");
	json_set_text(intent, "last_payment_error.message",
	    "Your card was declined.");
	json_set(intent, "metadata", json_object_new_object());
	if (p->order >= 0 && p->tie != TIE_LATE)
		club_name_order(world->stack, intent, world->orders[p->order]);
	return intent;
}

static struct json_object *
charge_object(const struct world *world, const struct happening *x)
{
	struct json_object *charge = json_object_new_object();

	json_set_text(charge, "id", world->intents[x->payment]);
	json_set_text(charge, "object", "charge");
	json_set_text(charge, "payment_intent", world->intents[x->payment]);
	json_set_int(charge, "amount_refunded", x->amount_cents);
	return charge;
}

/* A refund or a dispute, whose ids come from its payment's. */
static struct json_object *
money_object(const struct world *world, const struct happening *x,
    const char *kind)
{
	struct json_object *object = json_object_new_object();
	char id[2 * UNIQUE_SIZE];

	snprintf(id, sizeof(id), "%s_%d_%s", kind, x->object,
	    world->intents[x->payment]);
	json_set_text(object, "id", id);
	json_set_text(object, "object", kind);
	json_set_text(object, "payment_intent", world->intents[x->payment]);
	json_set_text(object, "status", x->status);
	json_set_int(object, "amount", x->amount_cents);
	json_set_int(object, "created", world->start_s + x->payment);
	/* Stripe may move the date by which a dispute is to be answered. */
	if (x->kind >= DISPUTE_CREATED)
		json_set_int(object, "evidence_details.due_by",
		    world->start_s + 86400 * (1 + x->at_s % 3));
	return object;
}

static struct json_object *
event_object(const struct world *world, const struct happening *x)
{
	if (x->kind <= SESSION_GONE)
		return session_object(world, x);
	if (x->kind == INTENT_FAILED)
		return intent_object(world, x);
	if (x->kind == CHARGE_REFUNDED)
		return charge_object(world, x);
	return money_object(world, x, x->kind >= DISPUTE_CREATED ? "dispute"
	    : "refund");
}

/* NULL for what is no event. */
static struct json_object *
make_event(const struct world *world, const struct happening *x)
{
	const char *name = happening_names[x->kind];
	char type[UNIQUE_SIZE];
	struct json_object *object;
	struct json_object *event;

	if (x->kind == SESSION_STORED)
		return NULL;
	snprintf(type, sizeof(type), "%.*s", (int)strcspn(name, " "), name);
	object = event_object(world, x);
	event = event_about(type, object);
	json_set_int(event, "created", world->start_s + x->at_s);
	json_object_put(object);
	return event;
}

static void
record_cash(struct stack *stack, int64_t order_id, int64_t cents)
{
	sql_run(stack, "insert into teamdues.recorded_payments (order_id, "
	    "source, reference, amount_cents, actor) values (%lld, 'cash', "
	    "'desk', %lld, 'test')", (long long)order_id, (long long)cents);
	sql_run(stack, "select teamdues.refresh_order(%lld)",
	    (long long)order_id);
}

static void
make_orders(struct stack *stack, struct world *world)
{
	club_make(stack, HISTORY_AMOUNT, &world->club);
	world->orders[0] = world->club.order_id;
	for (int i = 1; i < world->history->order_count; i++)
		world->orders[i] = club_add_order(stack, &world->club);
	for (int i = 0; i < world->history->order_count; i++)
		if (world->history->recorded_cents[i] > 0)
			record_cash(stack, world->orders[i],
			    world->history->recorded_cents[i]);
}

static void
take_cash_back(struct stack *stack, const struct world *world)
{
	for (int i = 0; i < world->history->order_count; i++) {
		if (!world->history->is_taken_back[i])
			continue;
		sql_run(stack, "update teamdues.recorded_payments "
		    "set taken_back_at = now() where order_id = %lld",
		    (long long)world->orders[i]);
		sql_run(stack, "select teamdues.refresh_order(%lld)",
		    (long long)world->orders[i]);
	}
}

void
world_make(struct stack *stack, const struct history *history,
    struct world *world)
{
	*world = (struct world){ .history = history, .stack = stack };
	make_orders(stack, world);
	world->start_s = now_s() + 1;
	for (int i = 0; i < history->payment_count; i++) {
		const struct history_payment *p = &history->payments[i];
		char prefix[8];

		snprintf(prefix, sizeof(prefix), "pi_%c", p->letter);
		unique_name("cs_test_", world->sessions[i]);
		unique_name(prefix, world->intents[i]);
		if (p->tie == TIE_STORED)
			world_store_session(stack, world, i);
		if (p->is_superseded)
			supersede(stack, world, i);
	}
	take_cash_back(stack, world);
	for (int i = 0; i < history->count; i++)
		world->events[i] = make_event(world, &history->happenings[i]);
}

void
world_clear(struct world *world)
{
	for (int i = 0; i < HISTORY_HAPPENINGS_MAX; i++)
		json_object_put(world->events[i]);
	*world = (struct world){ .history = NULL };
}
