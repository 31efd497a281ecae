#include <stdlib.h>

#include "billing/facts/event_facts.h"
#include "play.h"
#include "sql.h"
#include "stripe/event.h"
#include "webhook.h"

void
play_prepare(struct stack *stack)
{
	sql_run_file(stack, "tests/system/play.sql");
}

struct json_object *
play_item(struct json_object *json)
{
	const char *body = json_object_to_json_string(json);
	struct buf text = BUF_INIT(FACT_ITEM_MAX);
	struct json_object *item;
	const struct event_terms terms = { .livemode = false };
	struct event_fact event_fact;
	struct err err;

	assert_int_equal(event_fact_read(&event_fact, body, strlen(body),
	    &terms, &err), ST_OK);
	assert_string_equal(event_fact.item.disposition, "fact");
	fact_item_put(&text, &event_fact.item);
	item = json_tokener_parse(buf_str(&text));
	assert_non_null(item);
	buf_clear(&text);
	event_fact_clear(&event_fact);
	return item;
}

static struct json_object *
item_of_storing(const struct world *world, int payment)
{
	struct json_object *item = json_object_new_object();

	json_set(item, "store", world_session_to_store(world, payment));
	json_set_int(item, "order",
	    world->orders[world->history->payments[payment].order]);
	return item;
}

/* Twice the happenings: as events, then as answers to our asking. */
static struct json_object *
make_items(const struct world *world)
{
	const struct history *h = world->history;
	struct json_object *items = json_object_new_array();

	for (int asked = 0; asked < 2; asked++) {
		for (int i = 0; i < h->count; i++) {
			struct json_object *item = world->events[i] == NULL
			    ? item_of_storing(world, h->happenings[i].payment)
			    : play_item(world->events[i]);

			if (asked)
				json_object_object_del(item, "event_id");
			json_object_array_add(items, item);
		}
	}
	return items;
}

static struct json_object *
make_world(const struct world *world)
{
	struct json_object *json = json_object_new_object();
	struct json_object *orders = json_object_new_array();
	struct json_object *sessions = json_object_new_array();
	struct json_object *intents = json_object_new_array();

	for (int i = 0; i < world->history->order_count; i++)
		json_object_array_add(orders,
		    json_object_new_int64(world->orders[i]));
	for (int i = 0; i < world->history->payment_count; i++) {
		json_object_array_add(sessions,
		    json_object_new_string(world->sessions[i]));
		json_object_array_add(intents,
		    json_object_new_string(world->intents[i]));
	}
	json_set(json, "orders", orders);
	json_set(json, "sessions", sessions);
	json_set(json, "intents", intents);
	return json;
}

/* What is stored is no item: it is a call of its own. */
static struct json_object *
plan_json(const struct history *h, const struct plan *plan)
{
	struct json_object *calls = json_object_new_array();
	struct json_object *call = NULL;

	for (int i = 0; i < plan->count; i++) {
		const struct plan_step *step = &plan->steps[i];
		bool is_storing = h->happenings[step->happening].kind ==
		    SESSION_STORED;

		if (call == NULL || !step->is_joined || is_storing) {
			call = json_object_new_array();
			json_object_array_add(calls, call);
		}
		json_object_array_add(call, json_object_new_int(
		    step->happening + (step->is_asked ? h->count : 0)));
		if (is_storing)
			call = NULL;
	}
	return calls;
}

static void
take_outcomes(PGresult *result, int count, struct outcome *outcomes)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s", PQresultErrorMessage(result));
	assert_int_equal(PQntuples(result), count);
	for (int i = 0; i < count; i++) {
		outcomes[i].summary = strdup(PQgetvalue(result, i, 0));
		outcomes[i].rows = strdup(PQgetvalue(result, i, 1));
		outcomes[i].faults = strdup(PQgetvalue(result, i, 2));
		assert_non_null(outcomes[i].summary);
		assert_non_null(outcomes[i].rows);
		assert_non_null(outcomes[i].faults);
	}
	PQclear(result);
}

void
play_plans(struct stack *stack, const struct world *world,
    const struct plan *plans, int count, struct outcome *outcomes)
{
	struct json_object *items = make_items(world);
	struct json_object *rows = make_world(world);
	struct json_object *all = json_object_new_array();
	const char *values[3];

	for (int i = 0; i < count; i++)
		json_object_array_add(all,
		    plan_json(world->history, &plans[i]));
	values[0] = json_object_to_json_string(items);
	values[1] = json_object_to_json_string(all);
	values[2] = json_object_to_json_string(rows);
	take_outcomes(PQexecParams(stack->owner, "select y.* from "
	    "jsonb_array_elements($2::jsonb) with ordinality x (plan, n) "
	    "cross join lateral pg_temp.play($1::jsonb, x.plan, $3::jsonb, "
	    "n in (1, jsonb_array_length($2::jsonb))) y order by n", 3, NULL,
	    values, NULL, NULL, 0), count, outcomes);
	json_object_put(items);
	json_object_put(all);
	json_object_put(rows);
}

void
play_look(struct stack *stack, const struct world *world,
    struct outcome *outcome)
{
	struct json_object *rows = make_world(world);
	const char *values[] = { json_object_to_json_string(rows) };

	take_outcomes(PQexecParams(stack->owner,
	    "select * from pg_temp.rows($1::jsonb, false)", 1, NULL, values,
	    NULL, NULL, 0), 1, outcome);
	json_object_put(rows);
}

void
outcome_clear(struct outcome *outcome)
{
	free(outcome->summary);
	free(outcome->rows);
	free(outcome->faults);
	*outcome = (struct outcome){ NULL, NULL, NULL };
}
