/*
 * What the set-wise recording of sql/functions makes of what Stripe says is
 * what the rules make of it item by item (tests/system/reference): random
 * streams in calls of any size, told to both, have the same answers and end in
 * the same rows of all tables.  TEAMDUES_SEED and TEAMDUES_STREAMS choose what
 * is tried.
 */
#include <stdio.h>
#include <stdlib.h>

#include "rule.h"
#include "seed.h"
#include "sql.h"

enum { STREAMS = 12, TRIES = 300 };

/* The short path leaves all to the general one. */
#define PLAIN "record_plain(teamdues.fact_item[], text[], " \
	"teamdues.done_item[], date)"
static const struct broken_rule no_short_path = {
	"the short path", PLAIN, "if not exists (select from unnest",
	"if true or not exists (select from unnest"
};

static const struct broken_rule broken_rules[] = {
	{ "the short path heeds what metadata name", PLAIN,
	    "coalesce(i.named, o.order_id)", "coalesce(o.order_id, i.named)" },
	{ "the short path heeds the order's word", PLAIN,
	    "coalesce(i.metadata_word = o.word, true)", "true" },
	{ "what teamdues minted says its order's word", "payment_match",
	    "(NOT (p.metadata_word IS DISTINCT FROM o.word))", "true" },
	{ "no word vouches for another installation's", "payment_match",
	    "r.is_other THEN (p.metadata_word = o.word)", "r.is_other THEN "
	    "(NOT (p.metadata_word IS DISTINCT FROM o.word))" },
	{ "another word contradicts what is known", "payment_match",
	    "WHEN (p.metadata_word <> o.word)", "WHEN false" },
	{ "what a person adopted is ours", "payment_match", "AND n.is_ours",
	    "AND (NOT n.is_ours)" },
	{ "the short path asks whether the order waits", PLAIN,
	    "and y.status = 'pending'", "or y.order_id = i.order_id" },
	{ "the short path asks what was refunded", PLAIN,
	    "where r.payment_intent_id = i.payment_intent_id", "where false" },
	{ "the short path takes what nothing else touches", PLAIN,
	    "and not i.keys && coalesce(s.keys, '{}')", "" },
	{ "a round has no two items that touch the same",
	    "next_round(teamdues.fact_item[], teamdues.done_item[])",
	    "having min(x.first) = v_turns[x.place]", "" },
	{ "two items of a payment intent touch the same",
	    "item_keys(teamdues.fact_item[])",
	    "hashtextextended(i.payment_intent_id, 1)", "null" },
	{ "an id with another type is no duplicate",
	    "record_ledger(teamdues.fact_item[], text[])",
	    "else 'mismatch'", "else 'duplicate'" },
	{ "an earlier time is taken from what is said again",
	    "record_round(teamdues.fact_item[], text[])",
	    "in ('fact', 'duplicate')", "in ('fact')" },
	{ "the earliest time is when it was paid",
	    "add_facts(teamdues.fact_item[])",
	    "least(p.paid_at, excluded.paid_at)",
	    "coalesce(p.paid_at, excluded.paid_at)" },
	{ "another amount of the same session is refused",
	    "judge_facts(teamdues.fact_item[])",
	    "p.amount_cents <> i.amount_cents", "false" },
	{ "a person is told of one more payment that needs one",
	    "record_facts(teamdues.fact_item[])",
	    "v_after[n] > v_before[n]", "v_after[n] > 0" },
	{ "the order that a payment leaves is looked at again",
	    "refresh_payments(text[])", "v_orders || array(", "array(" },
	{ "one receipt for what an order's own payment made paid",
	    "queue_receipts(teamdues.fact_item[], teamdues.done_item[], date)",
	    "and x.place = 'order'", "" },
	{ "only what is news has a receipt",
	    "queue_receipts(teamdues.fact_item[], teamdues.done_item[], date)",
	    "(p_done[i.ordinality]).settled is null", "true" },
	{ "a payment older than the order is not for it", "payment_match",
	    "'00:00:01'::interval", "'1 day'::interval" },
	{ "what was minted asks for its own amount", "payment_match",
	    "'minted'::text", "'adopted'::text" },
	{ "a rule's payment is another's", "payment_standing",
	    "'metadata'::text", "'data'::text" },
	{ "a debit under way makes an order processing", "order_standing",
	    "'unpaid'::text", "'failed'::text" },
};

/* Whether a stream has one end, with a rule broken or (NULL) as they are. */
static bool
is_equal(struct stack *stack, uint64_t seed, const struct broken_rule *rule,
    bool is_shown)
{
	char *differences;
	bool equal;

	sql_run(stack, "begin");
	if (rule != NULL)
		rule_break(stack, rule);
	differences = sql_text(stack, "select string_agg(x.difference, E'\\n') "
	    "from (select * from reference.play(%lld) y (difference) "
	    "limit 10) x", (long long)seed);
	sql_run(stack, "rollback");
	equal = differences[0] == '\0';
	if (!equal && is_shown)
		print_message("seed %llu:\n%s\n", (unsigned long long)seed,
		    differences);
	free(differences);
	return equal;
}

static void
try_streams(struct stack *stack, const struct broken_rule *rule)
{
	uint64_t streams = seed_setting("TEAMDUES_STREAMS", STREAMS);
	uint64_t seed = seed_first();
	int64_t start = monotonic_ms();
	int failed = 0;

	for (uint64_t i = 0; i < streams && failed < 3; i++)
		failed += !is_equal(stack, seed + i, rule, true);
	print_message("%llu streams, %lld ms\n", (unsigned long long)streams,
	    (long long)(monotonic_ms() - start));
	assert_int_equal(failed, 0);
}

static void
test_the_same_rows_as_item_by_item(void **state)
{
	try_streams(*state, NULL);
}

static void
test_the_same_rows_without_the_short_path(void **state)
{
	try_streams(*state, &no_short_path);
}

static void
test_a_broken_rule_is_found(void **state)
{
	uint64_t seed = seed_first();

	for (size_t i = 0; i < sizeof(broken_rules) / sizeof(broken_rules[0]);
	    i++) {
		uint64_t tried = 1;

		while (is_equal(*state, seed + tried, &broken_rules[i], false))
			if (++tried > TRIES)
				fail_msg("not found: %s", broken_rules[i].what);
		print_message("\"%s\" was found by stream %llu\n",
		    broken_rules[i].what, (unsigned long long)tried);
	}
}

static int
set_up(void **state)
{
	static const char *const files[] = { "rules", "facts", "recording",
		"streams", "equal" };
	char path[STACK_PATH_SIZE];
	int status = stack_setup(state);

	for (size_t i = 0; status == 0 &&
	    i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "tests/system/reference/%s.sql",
		    files[i]);
		sql_run_file(*state, path);
	}
	return status;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_the_same_rows_as_item_by_item),
		SYSTEM_TEST(test_the_same_rows_without_the_short_path),
		SYSTEM_TEST(test_a_broken_rule_is_found),
	};

	return cmocka_run_group_tests(tests, set_up, stack_teardown);
}
