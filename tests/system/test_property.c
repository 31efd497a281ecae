/*
 * Order does not matter (invariants 1, 2 and 7): random payment histories, told
 * to the real database functions in many orders, with duplicates, in batches of
 * any size, end in the same rows; and those are the rows that the rules demand
 * (model.h).  TEAMDUES_SEED and TEAMDUES_HISTORIES choose what is tried.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"
#include "play.h"
#include "rule.h"
#include "seed.h"
#include "sql.h"
#include "webhook.h"

enum { HISTORIES = 300, PLANS_OF_BROKEN = 3, PUBLIC_HISTORIES = 20,
	VACUUM_EVERY = 50 };

static const struct broken_rule broken_rules[] = {
	{ "the last word on a session counts", "session_word(text)",
	    "order by array_position", "order by f.ctid desc, array_position" },
	{ "expired comes before unpaid", "session_word(text)",
	    "array['free',", "array['expired', 'free'," },
	{ "a payment whose refund came first is an ordinary one",
	    "record_plain(teamdues.fact_item[], text[], "
	    "teamdues.done_item[], date)",
	    "where r.payment_intent_id = i.payment_intent_id", "where false" },
	{ "a refund that failed counts", "refunded_cents(text)",
	    "not r.is_failed", "true" },
	{ "a dispute that is lost costs nothing", "dispute_sums(text)",
	    "else 'lost' end", "else 'closed' end" },
	{ "the first payment stays the order's own", "own_payments(bigint)",
	    "teamdues.money_gone(p) is not null,", "" },
	{ "what was recorded pays nothing", "own_payments(bigint)",
	    ":= teamdues.recorded_cents(p_order_id)", ":= 0" },
	{ "more than is left counts", "own_payments(bigint)",
	    "v_came_cents > 0", "false" },
	{ "a lost dispute takes all", "dispute_sums(text)",
	    "sum(s.amount_cents)", "sum(99999999)" },
};

struct trial {
	struct stack *stack;
	const struct broken_rule *broken;	/* NULL: none is */
	struct chance chance;
	int plans;
	int heard[HAPPENING_MAX];
};

/* What is wrong with an outcome; NULL when nothing is. */
static const char *
fault_of(const struct trial *t, const char *model,
    const struct outcome *first, const struct outcome *outcome)
{
	/* Broken rules find fault with what other tests have left. */
	if (outcome->faults[0] != '\0' && t->broken == NULL)
		return "teamdues.audit finds faults";
	if (strcmp(outcome->rows, first->rows) != 0)
		return "another order ends in other rows";
	if (strcmp(outcome->summary, model) != 0)
		return "the rules demand something else";
	return NULL;
}

/* The two plans without what is absent: whether they still go wrong. */
static bool
still_fails(struct trial *t, const struct world *world,
    const struct plan *plans, const bool *absent)
{
	struct plan less[2] = { { .count = 0 } };
	struct outcome outcomes[2];
	char *model = model_summary(world, absent);
	bool fails;

	for (int p = 0; p < 2; p++)
		for (int i = 0; i < plans[p].count; i++) {
			const struct plan_step *step = &plans[p].steps[i];

			if (!absent[step->happening])
				less[p].steps[less[p].count++] = *step;
		}
	play_plans(t->stack, world, less, 2, outcomes);
	fails = fault_of(t, model, &outcomes[0], &outcomes[0]) != NULL ||
	    fault_of(t, model, &outcomes[0], &outcomes[1]) != NULL;
	for (int p = 0; p < 2; p++)
		outcome_clear(&outcomes[p]);
	free(model);
	return fails;
}

/* Leaves out what the failure does not need, and shows the rest. */
static void
report(struct trial *t, const struct world *world, const struct plan *first,
    const struct plan *other)
{
	const struct plan plans[2] = { *first, *other };
	bool absent[HISTORY_HAPPENINGS_MAX] = { false };
	struct outcome outcomes[2];
	char *model;

	for (int i = 0; i < world->history->count; i++) {
		absent[i] = true;
		absent[i] = still_fails(t, world, plans, absent);
	}
	history_print(world->history);
	model = model_summary(world, absent);
	print_message("(calls are parted by |, ? is without an event)\n"
	    "the rules, for these:\n%s", model);
	play_plans(t->stack, world, plans, 2, outcomes);
	for (int p = 0; p < 2; p++) {
		plan_print(&plans[p], absent);
		print_message("  all of it came to:\n%s%s\n%s\n",
		    outcomes[p].summary, outcomes[p].rows,
		    outcomes[p].faults);
		outcome_clear(&outcomes[p]);
	}
	free(model);
}

static bool
compare(struct trial *t, const struct world *world, const struct plan *plans,
    int count)
{
	struct outcome outcomes[PLANS_MAX];
	char *model = model_summary(world, NULL);
	const char *fault = NULL;
	int bad = 0;

	play_plans(t->stack, world, plans, count, outcomes);
	for (int i = 0; i < count && fault == NULL; i++) {
		fault = fault_of(t, model, &outcomes[0], &outcomes[i]);
		bad = i;
	}
	if (fault != NULL && t->broken == NULL) {
		print_message("seed %llu: %s\n",
		    (unsigned long long)world->history->seed, fault);
		report(t, world, &plans[0], &plans[bad]);
	}
	for (int i = 0; i < count; i++)
		outcome_clear(&outcomes[i]);
	free(model);
	return fault == NULL;
}

static bool
holds(struct trial *t, uint64_t seed)
{
	struct plan plans[PLANS_MAX];
	struct history history;
	struct world world;
	int count;
	bool is_good;

	history_generate(seed, &history);
	for (int i = 0; i < history.count; i++)
		t->heard[history.happenings[i].kind]++;
	count = plan_make_many(&t->chance, &history, t->broken == NULL
	    ? PLANS_MAX : PLANS_OF_BROKEN, plans);
	t->plans += count;
	sql_run(t->stack, "begin");
	if (t->broken != NULL)
		rule_break(t->stack, t->broken);
	world_make(t->stack, &history, &world);
	is_good = compare(t, &world, plans, count);
	sql_run(t->stack, "rollback");
	world_clear(&world);
	return is_good;
}

/* What was undone still lies in the tables. */
static void
sweep(struct stack *stack)
{
	sql_run(stack, "vacuum teamdues.orders, teamdues.payments, "
	    "teamdues.checkout_sessions, teamdues.session_facts, "
	    "teamdues.stripe_events, teamdues.refund_facts, "
	    "teamdues.dispute_facts, teamdues.charge_facts");
}

static void
print_counts(const struct trial *t, int histories, int64_t ms)
{
	print_message("%d histories told in %d ways, %lld ms\n", histories,
	    t->plans, (long long)ms);
	for (int i = 0; i < HAPPENING_MAX; i++)
		print_message("%7d %s\n", t->heard[i], happening_names[i]);
}

static void
test_order_does_not_matter(void **state)
{
	int histories = (int)seed_setting("TEAMDUES_HISTORIES", HISTORIES);
	uint64_t seed = seed_first();
	struct trial t = { .stack = *state, .chance = { seed } };
	int64_t start = monotonic_ms();
	int failed = 0;

	for (int i = 0; i < histories && failed < 3; i++) {
		failed += !holds(&t, seed + (uint64_t)i);
		if (i % VACUUM_EVERY == VACUUM_EVERY - 1)
			sweep(t.stack);
	}
	print_counts(&t, histories, monotonic_ms() - start);
	assert_int_equal(failed, 0);
	for (int i = 0; i < HAPPENING_MAX; i++)
		assert_true(t.heard[i] > 0 || histories < HISTORIES);
}

/* A property that holds whatever the rules say would prove nothing. */
static void
test_a_broken_rule_is_found(void **state)
{
	uint64_t seed = seed_first();

	for (size_t i = 0; i < sizeof(broken_rules) / sizeof(broken_rules[0]);
	    i++) {
		struct trial t = { .stack = *state, .chance = { seed },
		    .broken = &broken_rules[i] };
		int tried = 1;

		while (holds(&t, seed + (uint64_t)tried))
			if (++tried > 5 * HISTORIES)
				fail_msg("not found: %s", t.broken->what);
		print_message("\"%s\" was found by history %d\n",
		    t.broken->what, tried);
	}
	sweep(*state);
}

/* As Stripe does: signed, through nginx, now and then twice. */
static void
deliver(struct trial *t, const struct world *world, int i)
{
	struct http_answer answer;

	if (world->events[i] == NULL) {
		world_store_session(t->stack, world,
		    world->history->happenings[i].payment);
		return;
	}
	do {
		webhook_deliver(t->stack, world->events[i], &answer);
		http_assert_status(&answer, 200);
		http_answer_clear(&answer);
	} while (chance_percent(&t->chance, 20));
}

static void
play_in_public(struct trial *t, uint64_t seed)
{
	int order[HISTORY_HAPPENINGS_MAX];
	struct history history;
	struct world world;
	struct outcome alone, in_public;
	struct plan plan;

	history_generate(seed, &history);
	for (int i = 0; i < history.count; i++)
		order[i] = i;
	world_make(t->stack, &history, &world);
	plan_make(&t->chance, &history, order, &plan);
	sql_run(t->stack, "begin");
	play_plans(t->stack, &world, &plan, 1, &alone);
	sql_run(t->stack, "rollback");

	plan_shuffle(&t->chance, order, history.count);
	for (int i = 0; i < history.count; i++)
		deliver(t, &world, order[i]);
	play_look(t->stack, &world, &in_public);
	if (strcmp(alone.rows, in_public.rows) != 0)
		history_print(&history);
	assert_string_equal(in_public.rows, alone.rows);
	outcome_clear(&alone);
	outcome_clear(&in_public);
	world_clear(&world);
}

/* What nginx, the signature and the program add changes nothing. */
static void
test_events_end_in_the_same_rows(void **state)
{
	uint64_t seed = seed_first();
	struct trial t = { .stack = *state, .chance = { seed } };

	for (int i = 0; i < PUBLIC_HISTORIES; i++)
		play_in_public(&t, seed + (uint64_t)i);
	assert_int_equal(sql_int(*state,
	    "select count(*) from teamdues.audit()"), 0);
}

static int
set_up(void **state)
{
	int status = stack_setup(state);

	if (status == 0)
		play_prepare(*state);
	return status;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_order_does_not_matter),
		SYSTEM_TEST(test_a_broken_rule_is_found),
		SYSTEM_TEST(test_events_end_in_the_same_rows),
	};

	return cmocka_run_group_tests(tests, set_up, stack_teardown);
}
