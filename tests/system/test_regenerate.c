/*
 * `teamdues regenerate`: the incident, which sessions are replaced and which
 * are left alone, and dry runs that change nothing.  Invariants 1, 4, 5 and 8.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "sql.h"

static int64_t
count_status(struct stack *stack, const struct incident *incident,
    const char *status)
{
	return sql_int(stack, "select count(*) from teamdues.order_overview "
	    "where tournament_id = %s and status = '%s'",
	    incident->tournament, status);
}

/* Follows the order's pay link, and pays where it leads. */
static void
pay_through(struct stack *stack, int64_t order_id, const char *expected)
{
	char session_id[SESSION_ID_SIZE];

	club_click_through(stack, order_id, session_id);
	assert_string_equal(session_id, expected);
	standin_act(stack, session_id, "pay", NULL);
}

/* Three of five payments' webhooks came and were unmatched, two were lost. */
static void
pay_some(struct stack *stack, const struct incident *incident)
{
	for (int i = 0; i < 3; i++)
		standin_act(stack, incident->sessions[i], "pay", NULL);
	standin_deliver(stack, true);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.payments where place = 'unmatched'") == 3);
	json_object_put(standin_call(stack, "POST", "deliveries",
	    "{\"drop_fraction\":true}"));
	for (int i = 3; i < INCIDENT_PAID; i++)
		standin_act(stack, incident->sessions[i], "pay", NULL);
	json_object_put(standin_call(stack, "POST", "deliveries",
	    "{\"drop_fraction\":false}"));
}

static void
test_the_incident(void **state)
{
	struct stack *stack = *state;
	char fresh[INCIDENT_ORDERS][SESSION_ID_SIZE];
	struct incident incident;
	struct run run;

	incident_make(stack, INCIDENT_ORDERS, &incident);
	pay_some(stack, &incident);
	incident_import(stack, &incident, &run, 0, "--commit");
	run_clear(&run);
	standin_deliver(stack, false);
	incident_finds(stack, &incident, 3, "16 pending: replace 16, fulfil "
	    "0, leave 0, failed 0: nothing was changed (--commit does it)\n");
	incident_repairs(stack, &incident, 0,
	    "16 pending: replace 16, fulfil 0, leave 0, failed 0: done\n");
	assert_int_equal(count_status(stack, &incident, "paid"),
	    INCIDENT_PAID);
	for (int i = INCIDENT_PAID; i < INCIDENT_ORDERS; i++) {
		assert_at_stripe(stack, incident.sessions[i], "expired");
		assert_one_fresh(stack, &incident, incident.orders[i],
		    fresh[i]);
	}
	incident_finds(stack, &incident, 0, ": nothing to do\n");

	standin_deliver(stack, true);
	for (int i = INCIDENT_PAID; i < INCIDENT_ORDERS; i++)
		pay_through(stack, incident.orders[i], fresh[i]);
	WAIT_UNTIL(20, count_status(stack, &incident, "paid") ==
	    INCIDENT_ORDERS);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.payments where place in ('unmatched', "
	    "'review')"), 0);
	/* Their receipts are on their way meanwhile. */
	WAIT_UNTIL(20, sql_int(stack, "select count(*) from "
	    "teamdues.email_overview where state = 'queued'") == 0);
	incident_finds(stack, &incident, 0, "0 pending: ");
	incident_clear(&incident);
}

/* One thing wrong with a session that teamdues has minted. */
static void
assert_replaced(struct stack *stack, const char *verb, const char *body,
    const char *reason)
{
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	char line[HTTP_VALUE_SIZE];
	struct incident incident;

	incident_make(stack, 1, &incident);
	club_click_through(stack, incident.orders[0], first);
	session_made_long_ago(stack, first);
	standin_act(stack, first, verb, body);
	snprintf(line, sizeof(line), "  replace  %s\n", reason);
	incident_finds(stack, &incident, 3, line);
	snprintf(line, sizeof(line), "  replaced: %s  https://", reason);
	incident_repairs(stack, &incident, 0, line);
	sql_assert_text(stack, "expired", "select status from "
	    "teamdues.checkout_sessions where session_id = '%s'", first);
	assert_one_fresh(stack, &incident, incident.orders[0], second);
	assert_string_not_equal(first, second);
	incident_finds(stack, &incident, 0, "  leave   good\n");
	incident_clear(&incident);
}

static void
test_each_way_to_be_broken(void **state)
{
	static const char *const ways[][3] = {
		{ "alter", "{\"metadata\":{}}",
		    "no metadata: order_id, player_id, product_id, teamdues, "
		    "teamdues_word" },
		{ "alter", "{\"metadata.teamdues_word\":\"another\"}",
		    "metadata has another order's word" },
		{ "alter", "{\"metadata.player_id\":{\"$delete\":true}}",
		    "no metadata: player_id" },
		{ "alter", "{\"metadata.order_id\":\"77\"}",
		    "metadata names order 77" },
		{ "alter", "{\"metadata.product_id\":\"1\\u0007\"}",
		    "metadata names another product" },
		{ "alter", "{\"metadata.teamdues\":\"td_x\"}",
		    "metadata names another installation" },
		{ "alter", "{\"client_reference_id\":\"77\"}",
		    "client_reference_id names order 77" },
		{ "alter", "{\"amount_total\":100}",
		    "amount is $1.00, not $150.00" },
		{ "alter", "{\"currency\":\"eur\"}",
		    "currency is eur, not usd" },
		{ "expire", "{}", "expired" },
		{ "forget", "{}", "unknown to Stripe" },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(ways[i][2], "metadata names order 77") != 0)
			assert_replaced(*state, ways[i][0], ways[i][1],
			    ways[i][2]);
}

/* The old session names another order: its end must be seen by its id. */
static void
test_names_another_order(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct incident incident;

	incident_make(stack, 1, &incident);
	club_click_through(stack, incident.orders[0], first);
	standin_act(stack, first, "alter", "{\"metadata.order_id\":\"77\"}");
	incident_repairs(stack, &incident, 0, ": metadata names order 77  ");
	assert_at_stripe(stack, first, "expired");
	assert_one_fresh(stack, &incident, incident.orders[0], second);
	incident_clear(&incident);
}

static void
test_without_session_is_left(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_make(stack, 1, &incident);
	incident_finds(stack, &incident, 0,
	    "  leave   no session yet: its pay link makes one\n");
	incident_repairs(stack, &incident, 0, ": nothing to do\n");
	assert_int_equal(standin_session_count(stack, incident.orders[0],
	    NULL), 0);
	incident_clear(&incident);
}

/* A family must not be asked twice, force or not. */
static void
test_paid_is_fulfilled(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	club_click_through(stack, incident.orders[0], first);
	standin_act(stack, first, "pay", NULL);
	incident_finds(stack, &incident, 3, "  fulfil  paid at Stripe\n");
	incident_regenerate(stack, &incident, &run, 0, WORDS("--commit",
	    "--force"));
	assert_holds(run.output, "  fulfilled: paid at Stripe\n");
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "paid");
	assert_int_equal(standin_session_count(stack, incident.orders[0],
	    NULL), 1);
	incident_finds(stack, &incident, 0, "0 pending: ");
	incident_clear(&incident);
}

static void
test_bank_debit_is_processing(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	club_click_through(stack, incident.orders[0], first);
	standin_act(stack, first, "bank", NULL);
	incident_finds(stack, &incident, 3,
	    "  fulfil  a bank payment is under way\n");
	incident_regenerate(stack, &incident, &run, 0, WORDS("--commit",
	    "--force"));
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "processing");
	assert_int_equal(standin_session_count(stack, incident.orders[0],
	    NULL), 1);

	/* The bank says no: the order is pending again, and may be repaired. */
	standin_act(stack, first, "fail", NULL);
	standin_deliver(stack, true);
	WAIT_UNTIL(10, count_status(stack, &incident, "pending") == 1);
	standin_deliver(stack, false);
	incident_finds(stack, &incident, 3,
	    "  replace  its bank payment failed\n");
	incident_repairs(stack, &incident, 0, "replaced: its bank payment");
	assert_one_fresh(stack, &incident, incident.orders[0], second);
	incident_clear(&incident);
}

/* The same, heard of from nobody but Stripe's own answer. */
static void
test_failed_debit_unheard(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct incident incident;

	incident_make(stack, 1, &incident);
	club_click_through(stack, incident.orders[0], first);
	standin_act(stack, first, "bank", NULL);
	standin_act(stack, first, "fail", NULL);
	incident_repairs(stack, &incident, 0, "replaced: its bank payment");
	assert_one_fresh(stack, &incident, incident.orders[0], second);
	incident_finds(stack, &incident, 0, "  leave   good\n");
	incident_clear(&incident);
}

/* Money that waits for a person is no work for the next run. */
static void
test_paid_under_review(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 1, &incident);
	sql_run(stack, "update teamdues.orders set amount_cents = 14000 where "
	    "order_id = %lld", (long long)incident.orders[0]);
	standin_act(stack, incident.sessions[0], "pay", NULL);
	incident_finds(stack, &incident, 3,
	    "paid at Stripe; review: wrong amount: paid 150.00");
	incident_repairs(stack, &incident, 0, "fulfilled: paid at Stripe; ");
	club_assert_status(stack, incident.orders[0], "pending");
	incident_finds(stack, &incident, 0,
	    "  leave   paid at Stripe; review: wrong amount");
	assert_int_equal(standin_session_count(stack, incident.orders[0],
	    NULL), 0);
	incident_clear(&incident);
}

static void
test_force(void **state)
{
	struct stack *stack = *state;
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct incident incident;
	struct run run;

	incident_make(stack, 2, &incident);
	club_click_through(stack, incident.orders[0], first);
	incident_finds(stack, &incident, 0, "leave 2, failed 0: nothing");
	incident_regenerate(stack, &incident, &run, 3, WORDS("--force"));
	assert_holds(run.output, "  replace  good, replaced by force\n");
	run_clear(&run);
	incident_regenerate(stack, &incident, &run, 0, WORDS("--force",
	    "--commit"));
	assert_holds(run.output, "replace 1, fulfil 0, leave 1");
	run_clear(&run);
	assert_at_stripe(stack, first, "expired");
	assert_one_fresh(stack, &incident, incident.orders[0], second);
	incident_clear(&incident);
}

/* Stripe has one open that was taken for ended here: it must not be paid. */
static void
test_open_at_stripe_only(void **state)
{
	struct stack *stack = *state;
	char second[SESSION_ID_SIZE];
	char first[SESSION_ID_SIZE];
	char fact[HTTP_VALUE_SIZE];
	struct incident incident;

	incident_make(stack, 1, &incident);
	club_click_through(stack, incident.orders[0], first);
	snprintf(fact, sizeof(fact), "[{\"disposition\":\"fact\",\"kind\":"
	    "\"session\",\"session_id\":\"%s\",\"word\":\"expired\","
	    "\"at\":1}]", first);
	sql_run(stack, "select count(*) from teamdues.record('%s'::jsonb, "
	    "'{}', null)", fact);
	incident_finds(stack, &incident, 3, "still open at Stripe, ended here");
	incident_repairs(stack, &incident, 0, "replaced: still open at ");
	assert_at_stripe(stack, first, "expired");
	assert_one_fresh(stack, &incident, incident.orders[0], second);
	incident_clear(&incident);
}

/* Orders of other products and tournaments are not looked at. */
static void
test_product_ids(void **state)
{
	struct stack *stack = *state;
	char product[2 * WORD_SIZE];
	struct incident incident;
	struct run run;

	incident_adopted(stack, 2, &incident);
	incident_regenerate(stack, &incident, &run, 0, WORDS("--product-ids",
	    "999999999"));
	assert_holds(run.output, "0 pending: replace 0");
	run_clear(&run);
	snprintf(product, sizeof(product), "999999999,%lld",
	    (long long)incident.club.product_id);
	incident_regenerate(stack, &incident, &run, 3, WORDS("--product-ids",
	    product));
	assert_holds(run.output, "2 pending: replace 2");
	run_clear(&run);
	incident_clear(&incident);
}

/* For programs: the rows, the links among them.  Who is to pay for a player
 * without a parent is not known. */
static void
test_json(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	struct json_object *row;
	struct incident incident;

	incident_adopted(stack, 2, &incident);
	sql_run(stack, "update teamdues.players set parent_id = null "
	    "where player_id = %" PRId64, incident.club.player_id);
	rows = command_rows(stack, 2, 3, WORDS("regenerate",
	    "--tournament-id", incident.tournament, "--json"));
	row = json_object_array_get_idx(rows, 0);
	assert_true(json_object_object_get_ex(row, "payer_email", NULL));
	assert_null(json_object_object_get(row, "payer_email"));
	assert_string_equal(json_text_at(row, "action"), "replace");
	assert_null(json_object_object_get(row, "pay_link"));
	json_object_put(rows);
	rows = command_rows(stack, 2, 0, WORDS("regenerate",
	    "--tournament-id", incident.tournament, "--json", "--commit"));
	row = json_object_array_get_idx(rows, 1);
	assert_member_holds(row, "pay_link", "/checkout/tournament?order_id=");
	json_object_put(rows);
	incident_clear(&incident);
}

/* The link is dead once the day is over; Stripe's address is left then. */
static void
test_tournament_is_over(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 1, &incident);
	sql_run(stack, "update teamdues.tournaments set held_on = "
	    "current_date - 2 where tournament_id = %s", incident.tournament);
	incident_repairs(stack, &incident, 0, "/c/pay/cs_");
	incident_clear(&incident);
}

/* On a terminal a bar, elsewhere a line per order. */
static void
test_progress(void **state)
{
	struct stack *stack = *state;
	char line[HTTP_VALUE_SIZE];
	struct incident incident;
	struct run run;

	incident_adopted(stack, 2, &incident);
	snprintf(line, sizeof(line), "script -qec \"$0 regenerate "
	    "--tournament-id %s --commit\" /dev/null", incident.tournament);
	command_shell(stack, &run, 0, line);
	assert_holds(run.output,
	    "[####################....................] 1 of 2");
	assert_holds(run.output, "] 2 of 2\r\033[K2 pending: replace 2");
	run_clear(&run);
	incident_regenerate(stack, &incident, &run, 0, WORDS("--commit"));
	assert_null(strstr(run.output, "####"));
	assert_holds(run.output, "  left: good\norder ");
	run_clear(&run);
	incident_clear(&incident);
}

static void
test_refuses(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_adopted(stack, 1, &incident);
	books_unmoved(stack, &run, 1, WORDS("regenerate", "--tournament-id",
	    "999999999", "--commit"));
	assert_holds(run.errors, "no tournament 999999999\n");
	run_clear(&run);
	books_unmoved(stack, &run, 2, WORDS("regenerate", "--commit"));
	assert_holds(run.errors, "--tournament-id is missing\n");
	run_clear(&run);
	incident_clear(&incident);
}

/* Each family whose session was replaced is told, once. */
static void
test_email(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_adopted(stack, 3, &incident);
	books_unmoved(stack, &run, 3, WORDS("regenerate", "--tournament-id",
	    incident.tournament, "--email"));
	run_clear(&run);
	for (int i = 0; i < 2; i++) {
		COMMAND(stack, &run, 0, "regenerate", "--tournament-id",
		    incident.tournament, "--commit", "--email");
		assert_holds(run.output, i == 0 ? ", mail 3: done\n"
		    : ", mail 0: nothing to do\n");
		run_clear(&run);
	}
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.emails where kind = 'replaced_link' and order_id in "
	    "(select order_id from teamdues.orders where tournament_id = %s)",
	    incident.tournament), 3);
	WAIT_UNTIL(20, sql_int(stack, "select count(*) from "
	    "teamdues.email_overview where state = 'queued'") == 0);
	incident_clear(&incident);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_the_incident),
		INCIDENT_TEST(test_each_way_to_be_broken),
		INCIDENT_TEST(test_names_another_order),
		INCIDENT_TEST(test_without_session_is_left),
		INCIDENT_TEST(test_paid_is_fulfilled),
		INCIDENT_TEST(test_bank_debit_is_processing),
		INCIDENT_TEST(test_failed_debit_unheard),
		INCIDENT_TEST(test_paid_under_review),
		INCIDENT_TEST(test_force),
		INCIDENT_TEST(test_open_at_stripe_only),
		INCIDENT_TEST(test_product_ids),
		INCIDENT_TEST(test_json),
		INCIDENT_TEST(test_tournament_is_over),
		INCIDENT_TEST(test_progress),
		INCIDENT_TEST(test_refuses),
		INCIDENT_TEST(test_email),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
