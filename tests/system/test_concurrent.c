/*
 * Everything at once: no deadlock, nothing applied twice, no answer but the
 * promised ones (invariants 1, 2 and 4).  TEAMDUES_CONCURRENT_S: how long both
 * tests last together.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"
#include "play.h"
#include "seed.h"
#include "sql.h"
#include "standin.h"
#include "talkers.h"

enum { LASTS_S = 5, WORLDS = 6, AMOUNT = 15000, AT_ONCE = 32,
	HOT_CLICKS = 8, SIDE_ORDERS = 3 };

static int64_t
lasts_ms(void)
{
	return (int64_t)seed_setting("TEAMDUES_CONCURRENT_S", LASTS_S) * 1000 /
	    2;
}

static struct chance
new_chance(void)
{
	return (struct chance){ seed_first() };
}

/* A deadlock is counted when it is broken, a moment before it is seen. */
static void
assert_no_deadlock(struct stack *stack)
{
	sql_run(stack, "select pg_stat_clear_snapshot()");
	assert_int_equal(sql_int(stack, "select sum(deadlocks) from "
	    "pg_stat_database"), 0);
	assert_int_equal(sql_int(stack,
	    "select count(*) from teamdues.audit()"), 0);
}

static void
check_world(struct stack *stack, const struct world *world)
{
	char *model = model_summary(world, NULL);
	struct outcome outcome;

	play_look(stack, world, &outcome);
	if (strcmp(outcome.summary, model) != 0)
		history_print(world->history);
	assert_string_equal(outcome.summary, model);
	outcome_clear(&outcome);
	free(model);
}

/* Several histories at once, over connections of their own. */
static void
talk_at_once(struct stack *stack, struct talkers *talkers,
    struct chance *chance)
{
	struct history histories[WORLDS];
	struct world worlds[WORLDS];

	for (int i = 0; i < WORLDS; i++) {
		history_generate(chance_next(chance), &histories[i]);
		world_make(stack, &histories[i], &worlds[i]);
	}
	talkers_tell(talkers, worlds, WORLDS, chance);
	for (int i = 0; i < WORLDS; i++) {
		check_world(stack, &worlds[i]);
		world_clear(&worlds[i]);
	}
}

static void
test_batches_at_once_never_deadlock(void **state)
{
	struct talkers *talkers = talkers_open(*state);
	struct chance chance = new_chance();
	int64_t end = monotonic_ms() + lasts_ms();
	int rounds = 0;

	play_prepare(*state);
	for (; monotonic_ms() < end; rounds++)
		talk_at_once(*state, talkers, &chance);
	talkers_close(talkers);
	print_message("%d rounds of %d histories at once\n", rounds, WORLDS);
	assert_no_deadlock(*state);
}

/* Requests that are sent together, and what they are made of. */
struct volley {
	struct stack *stack;
	struct http_request requests[AT_ONCE];
	char signatures[AT_ONCE][SIGNATURE_SIZE + 32];
	char *bodies[AT_ONCE];
	int count;
};

static void
add_event(struct volley *v, const char *type, struct json_object *object)
{
	struct json_object *event = event_about(type, object);
	char *secret = stack_first_secret(v->stack, "STRIPE_WEBHOOK_SECRET");
	struct http_request *request = &v->requests[v->count];
	char signature[SIGNATURE_SIZE];

	v->bodies[v->count] = strdup(json_object_to_json_string(event));
	assert_non_null(v->bodies[v->count]);
	*request = (struct http_request){ .method = "POST",
	    .target = "/webhooks/stripe", .body = v->bodies[v->count],
	    .len = strlen(v->bodies[v->count]),
	    .headers = { v->signatures[v->count] } };
	webhook_sign(secret, now_s(), "v1", request, signature);
	snprintf(v->signatures[v->count], sizeof(v->signatures[0]),
	    "Stripe-Signature: %s", signature);
	v->count++;
	free(secret);
	json_object_put(event);
}

/* The last event, just as it was. */
static void
add_again(struct volley *v)
{
	v->requests[v->count] = v->requests[v->count - 1];
	v->bodies[v->count++] = NULL;
}

static struct json_object *
money(struct json_object *session, const char *prefix, const char *status)
{
	struct json_object *object = json_object_new_object();
	char id[UNIQUE_SIZE];

	unique_name(prefix, id);
	json_set_text(object, "id", id);
	json_set_text(object, "status", status);
	json_set_int(object, "amount", 100);
	json_set_text(object, "payment_intent",
	    json_text_at(session, "payment_intent"));
	return object;
}

static void
add_money(struct volley *v, const char *type, struct json_object *session,
    const char *status)
{
	struct json_object *object = money(session,
	    strncmp(type, "refund", 6) == 0 ? "re_" : "dp_", status);

	add_event(v, type, object);
	add_again(v);
	json_object_put(object);
}

/* All that is said of a payment; it ends partially refunded by 200 cents. */
static void
add_payment(struct volley *v, struct json_object *session)
{
	add_event(v, "checkout.session.completed", session);
	add_again(v);
	add_event(v, "checkout.session.async_payment_succeeded", session);
	add_money(v, "refund.created", session, "succeeded");
	add_money(v, "refund.updated", session, "succeeded");
}

static bool
has_room(const struct volley *v, int more)
{
	return v->count + more <= AT_ONCE;
}

/* A refused connection to the database is answered so, and tried again. */
static void
fire(struct volley *v, struct chance *chance)
{
	struct http_answer answers[AT_ONCE];
	struct http_request again[AT_ONCE];
	int left = v->count;

	for (int i = left - 1; i > 0; i--) {
		int j = chance_below(chance, i + 1);
		struct http_request kept = v->requests[i];

		v->requests[i] = v->requests[j];
		v->requests[j] = kept;
	}
	for (int tries = 0; left > 0; tries++) {
		int count = left;

		assert_true(tries < 20);
		memcpy(again, v->requests, sizeof(again));
		http_send_all(v->stack, again, (size_t)count, answers);
		left = 0;
		for (int i = 0; i < count; i++) {
			if (answers[i].status == 503)
				v->requests[left++] = again[i];
			else if (answers[i].status != 200 &&
			    answers[i].status != 303)
				fail_msg("%ld: %s", answers[i].status,
				    answers[i].body);
			http_answer_clear(&answers[i]);
		}
	}
	for (int i = 0; i < v->count; i++)
		free(v->bodies[i]);
}

/*
 * Clicks on the link of an order whose payment is just being told; each round
 * from an address of its own, since nginx limits the clicks of one.
 */
static void
fire_at_hot_order(struct stack *stack, struct chance *chance, int round)
{
	struct volley v = { .stack = stack };
	char from[32];
	struct club hot;
	struct club sides[SIDE_ORDERS];
	struct json_object *session;
	char id[SESSION_ID_SIZE];
	char url[LINK_SIZE];

	snprintf(from, sizeof(from), "127.9.%d.%d", round / 250 % 250,
	    1 + round % 250);
	club_make(stack, AMOUNT, &hot);
	club_link(stack, hot.order_id, url);
	club_click_through(stack, hot.order_id, id);
	session = session_paid(id, AMOUNT);
	add_payment(&v, session);
	for (int i = 0; i < HOT_CLICKS; i++)
		v.requests[v.count++] = (struct http_request){
			.target = url, .from = from };
	for (int i = 0; i < SIDE_ORDERS; i++) {
		struct json_object *side;
		char side_id[UNIQUE_SIZE];

		club_make(stack, AMOUNT, &sides[i]);
		club_store_session(stack, &sides[i], side_id);
		side = session_paid(side_id, AMOUNT);
		add_event(&v, "checkout.session.completed", side);
		add_money(&v, "charge.dispute.created", side,
		    "needs_response");
		while (i == SIDE_ORDERS - 1 && has_room(&v, 1))
			add_event(&v, "checkout.session.expired", session);
		json_object_put(side);
	}
	fire(&v, chance);
	club_assert_status(stack, hot.order_id, "partially_refunded");
	assert_int_equal(sql_int(stack, "select refunded_cents from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)hot.order_id), 200);
	assert_int_equal(club_payment_count(stack, hot.order_id), 1);
	for (int i = 0; i < SIDE_ORDERS; i++)
		club_assert_status(stack, sides[i].order_id, "disputed");
	json_object_put(session);
}

static void
test_events_and_clicks_at_once(void **state)
{
	struct chance chance = new_chance();
	int64_t end = monotonic_ms() + lasts_ms();
	int rounds = 0;

	for (; monotonic_ms() < end; rounds++)
		fire_at_hot_order(*state, &chance, rounds);
	print_message("%d rounds of %d requests at once\n", rounds, AT_ONCE);
	assert_no_deadlock(*state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_batches_at_once_never_deadlock),
		SYSTEM_TEST(test_events_and_clicks_at_once),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
