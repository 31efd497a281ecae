/*
 * Disputes and early fraud warnings wait for a person, until when is said, and
 * leave the list by themselves.  Invariants 1, 2 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "reconcile.h"
#include "sql.h"

/* A paid order, as the bank sees it. */
struct paid {
	struct club club;
	char order[WORD_SIZE];
	char session[SESSION_ID_SIZE];
	char intent[SESSION_ID_SIZE];
};

static void
paid_make(struct stack *stack, struct paid *p)
{
	standin_deliver(stack, true);
	paid_session(stack, &p->club, p->session);
	word_of(p->order, p->club.order_id);
	events_arrive(stack);
	club_assert_status(stack, p->club.order_id, "paid");
	intent_of(stack, p->session, p->intent);
}

/* What the bank does with a payment; the id of what that makes. */
static void
bank_does(struct stack *stack, const struct paid *p, const char *verb,
    const char *body, char id[SESSION_ID_SIZE])
{
	struct json_object *made = control(stack, "payment_intents",
	    p->intent, verb, body);

	snprintf(id, SESSION_ID_SIZE, "%s", json_text_at(made, "id"));
	json_object_put(made);
	events_arrive(stack);
}

static void
then_does(struct stack *stack, const char *kind, const char *id,
    const char *verb, const char *body)
{
	json_object_put(control(stack, kind, id, verb, body));
	events_arrive(stack);
}

static void
assert_gone(struct stack *stack, const char *id)
{
	assert_null(unmatched_row(stack, id));
}

static void
assert_waits(struct stack *stack, const char *id, const char *outcome,
    const char *advice)
{
	struct json_object *row = unmatched_row(stack, id);

	assert_member_holds(row, "outcome", outcome);
	assert_member_holds(row, "advice", advice);
	json_object_put(row);
}

static void
done(struct stack *stack, const char *const *words)
{
	struct run run;

	command_run(stack, &run, 0, NULL, words);
	run_clear(&run);
}

static void
test_dispute_waits_for_its_answer(void **state)
{
	struct stack *stack = *state;
	struct json_object *row;
	char id[SESSION_ID_SIZE];
	struct paid p;
	struct run run;
	char *due;

	paid_make(stack, &p);
	bank_does(stack, &p, "dispute", "{\"amount\":4000}", id);
	row = unmatched_row(stack, id);
	assert_member_holds(row, "outcome", "dispute");
	assert_member_holds(row, "reason", "the bank takes the money back");
	assert_member_holds(row, "player_name", p.club.name);
	assert_int_equal(json_object_get_int64(json_object_object_get(row,
	    "amount_cents")), 4000);
	due = sql_text(stack, "select to_char(due_at at time zone 'UTC', "
	    "'YYYY-MM-DD HH24:MI') from teamdues.dispute_dues where "
	    "dispute_id = '%s' and due_at > now() + interval '8 days'", id);
	assert_int_equal(strlen(due), 16);
	assert_member_holds(row, "advice", "answer it at Stripe, under "
	    "Disputes, until ");
	assert_member_holds(row, "advice", due);
	assert_member_holds(row, "advice", "do not refund it");
	json_object_put(row);
	free(due);

	COMMAND(stack, &run, 0, "unmatched", "list");
	assert_holds(run.output, "  $40.00  ");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "dismiss", id,
	    "--reason", "x", "--commit"));
	assert_holds(run.errors, "refused: a dispute leaves the list when");
	run_clear(&run);
	then_does(stack, "disputes", id, "update",
	    "{\"status\":\"under_review\"}");
	assert_gone(stack, id);
	club_assert_status(stack, p.club.order_id, "disputed");
}

/* audit and reconcile say how long the list is, disputes and all. */
static void
test_all_that_wait_are_counted(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE], line[HTTP_VALUE_SIZE];
	struct json_object *rows;
	struct paid p;
	struct run run;

	paid_make(stack, &p);
	bank_does(stack, &p, "dispute", NULL, id);
	COMMAND(stack, &run, 0, "unmatched", "list", "--json");
	rows = json_tokener_parse(run.output);
	snprintf(line, sizeof(line), "%zu wait",
	    json_object_array_length(rows));
	json_object_put(rows);
	run_clear(&run);
	COMMAND(stack, &run, 0, "audit");
	assert_holds(run.output, line);
	run_clear(&run);
	then_does(stack, "disputes", id, "close", "{\"status\":\"won\"}");
}

/* Accepted at Stripe, or lost because nobody answered: it is closed. */
static void
test_closed_disputes_leave(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct paid p;

	paid_make(stack, &p);
	bank_does(stack, &p, "dispute", NULL, id);
	assert_waits(stack, id, "dispute", "answer it at Stripe");
	then_does(stack, "disputes", id, "close", "{\"status\":\"lost\"}");
	assert_gone(stack, id);
	club_assert_status(stack, p.club.order_id, "charged_back");

	paid_make(stack, &p);
	bank_does(stack, &p, "dispute",
	    "{\"status\":\"warning_needs_response\"}", id);
	assert_waits(stack, id, "dispute", "the money is still here");
	then_does(stack, "disputes", id, "close",
	    "{\"status\":\"warning_closed\"}");
	assert_gone(stack, id);
	club_assert_status(stack, p.club.order_id, "paid");
}

/* Nobody can answer when Stripe names no date. */
static void
test_dispute_without_a_date(void **state)
{
	static const char body[] = "{\"type\":\"charge.dispute.created\","
	    "\"livemode\":false,\"object\":{\"id\":\"%s\",\"object\":"
	    "\"dispute\",\"amount\":%d,\"status\":\"needs_response\","
	    "\"payment_intent\":\"%s\",\"evidence_details\":"
	    "{\"due_by\":%s}}}";
	struct stack *stack = *state;
	char text[HTTP_VALUE_SIZE], id[UNIQUE_SIZE], date[WORD_SIZE];
	struct paid p;

	paid_make(stack, &p);
	unique_name("du_test", id);
	snprintf(text, sizeof(text), body, id, 15000, p.intent, "0");
	json_object_put(standin_call(stack, "POST", "events", text));
	events_arrive(stack);
	assert_waits(stack, id, "dispute", "whether it can be answered");
	/* A date alone is news; one that is over is said to be. */
	snprintf(text, sizeof(text), body, id, 15000, p.intent, word_of(date,
	    now_s() - 60));
	json_object_put(standin_call(stack, "POST", "events", text));
	events_arrive(stack);
	assert_waits(stack, id, "dispute", "the time to answer it is over");
}

static void
test_warning_waits_for_a_person(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct paid p;
	struct run run;

	paid_make(stack, &p);
	bank_does(stack, &p, "warn",
	    "{\"fraud_type\":\"made_with_stolen_card\"}", id);
	assert_waits(stack, id, "fraud warning", "refund it at Stripe");
	COMMAND(stack, &run, 0, "unmatched", "show", id);
	assert_holds(run.output, "made with stolen card");
	assert_holds(run.output, p.club.name);
	run_clear(&run);
	COMMAND(stack, &run, 1, "doctor");
	assert_holds(run.output, "FAIL fraud_warnings: 1 early fraud");
	run_clear(&run);
	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, "\nteamdues_fraud_warnings 1\n");
	run_clear(&run);
	club_assert_status(stack, p.club.order_id, "paid");

	books_unmoved(stack, &run, 3, WORDS("unmatched", "dismiss", id,
	    "--reason", "the family knows of it"));
	run_clear(&run);
	done(stack, WORDS("unmatched", "dismiss", id, "--reason",
	    "the family knows of it", "--commit"));
	assert_gone(stack, id);
	done(stack, WORDS("unmatched", "reopen", id, "--commit"));
	assert_waits(stack, id, "fraud warning", "ask the family");
	COMMAND(stack, &run, 0, "order", "show", p.order);
	assert_holds(run.output, "fraud warning");
	run_clear(&run);
	done(stack, WORDS("unmatched", "dismiss", id, "--reason", "again",
	    "--commit"));
	COMMAND(stack, &run, 0, "doctor");
	assert_holds(run.output, "ok fraud_warnings: 0 ");
	run_clear(&run);
	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, "\nteamdues_fraud_warnings 0\n");
	run_clear(&run);
}

static void
test_warnings_leave_by_themselves(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE], other[SESSION_ID_SIZE];
	struct paid p;

	paid_make(stack, &p);
	bank_does(stack, &p, "warn", NULL, id);
	then_does(stack, "warnings", id, "settle", NULL);
	assert_gone(stack, id);

	paid_make(stack, &p);
	bank_does(stack, &p, "warn", NULL, id);
	refund(stack, p.session, 5000, other);
	events_arrive(stack);
	assert_waits(stack, id, "fraud warning", "ask the family");
	refund(stack, p.session, 10000, other);
	events_arrive(stack);
	assert_gone(stack, id);

	paid_make(stack, &p);
	bank_does(stack, &p, "warn", NULL, id);
	bank_does(stack, &p, "dispute", NULL, other);
	assert_gone(stack, id);
	assert_waits(stack, other, "dispute", "answer it");
	then_does(stack, "disputes", other, "close",
	    "{\"status\":\"won\"}");
}

/* What cannot be read as one is for a person, too, as every such event. */
static void
test_odd_warning_is_refused(void **state)
{
	static const char body[] = "{\"type\":"
	    "\"radar.early_fraud_warning.created\",\"livemode\":false,"
	    "\"object\":{\"id\":\"%s\",\"object\":"
	    "\"radar.early_fraud_warning\",\"payment_intent\":%s,"
	    "\"created\":1700000000,\"actionable\":%s}}";
	struct stack *stack = *state;
	char text[HTTP_VALUE_SIZE], id[UNIQUE_SIZE];

	standin_deliver(stack, true);
	unique_name("issfr_", id);
	snprintf(text, sizeof(text), body, id, "\"pi_nobodys\"",
	    "\"maybe\"");
	json_object_put(standin_call(stack, "POST", "events", text));
	events_arrive(stack);
	sql_assert_text(stack, "refused", "select disposition from "
	    "teamdues.stripe_events where object_id = '%s' and reason like "
	    "'%%actionable%%'", id);
	/* Of a charge without a payment intent it is no business of ours. */
	unique_name("issfr_", id);
	snprintf(text, sizeof(text), body, id, "null", "true");
	json_object_put(standin_call(stack, "POST", "events", text));
	events_arrive(stack);
	sql_assert_text(stack, "ignored", "select disposition from "
	    "teamdues.stripe_events where object_id = '%s'", id);
	assert_gone(stack, id);
}

/* Of another business's payment, or of one that nobody knows. */
static void
test_others_are_not_ours(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE], other[SESSION_ID_SIZE];
	struct paid p;

	standin_deliver(stack, true);
	shop_session(stack, "&mode=payment", p.session);
	standin_act(stack, p.session, "pay", NULL);
	events_arrive(stack);
	intent_of(stack, p.session, p.intent);
	done(stack, WORDS("unmatched", "dismiss", p.session, "--reason",
	    "shop", "--not-ours", "--commit"));
	bank_does(stack, &p, "warn", NULL, id);
	bank_does(stack, &p, "dispute", NULL, other);
	assert_gone(stack, id);
	assert_gone(stack, other);
}

/* Without events both come by Stripe's lists; a key that may not read warnings
 * stops nothing. */
static void
test_reconcile_brings_both(void **state)
{
	struct stack *stack = *state;
	char warning[SESSION_ID_SIZE], dispute[SESSION_ID_SIZE];
	char text[HTTP_VALUE_SIZE];
	struct paid p, q;
	struct run run;

	paid_make(stack, &p);
	paid_make(stack, &q);
	standin_deliver(stack, false);
	bank_does(stack, &p, "warn", NULL, warning);
	bank_does(stack, &q, "dispute", NULL, dispute);
	snprintf(text, sizeof(text), "{\"key\":\"%s\",\"denied\":"
	    "[\"early_fraud_warning_read\"]}", stack_setting(stack,
	    "STRIPE_SECRET_KEY"));
	json_object_put(standin_call(stack, "POST", "keys", text));
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_holds(run.output, ": dispute needs_response");
	run_clear(&run);
	assert_waits(stack, dispute, "dispute", "answer it at Stripe, under "
	    "Disputes, until ");
	assert_gone(stack, warning);
	snprintf(text, sizeof(text), "{\"key\":\"%s\",\"denied\":[]}",
	    stack_setting(stack, "STRIPE_SECRET_KEY"));
	json_object_put(standin_call(stack, "POST", "keys", text));
	reconcile_mends(stack, ": early fraud warning");
	assert_waits(stack, warning, "fraud warning", "ask the family");
}

/* Stripe may name the charge alone. */
static void
test_warning_is_found_by_its_charge(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct paid p;

	paid_make(stack, &p);
	standin_deliver(stack, false);
	bank_does(stack, &p, "warn", NULL, id);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/radar/early_fraud_warnings\",\"count\":0,\"lie\":"
	    "{\"data.0.payment_intent\":null}}");
	reconcile_heals(stack, ": early fraud warning");
	assert_waits(stack, id, "fraud warning", "ask the family");
}

static int64_t
gone_on_today(struct stack *stack)
{
	return sql_int(stack, "select (teamdues.desk_money('UTC', 'usd') ->> "
	    "'refunded_cents')::bigint");
}

/* It is not the club's: no page of the desk counts it among what is here. */
static void
test_what_the_bank_keeps(void **state)
{
	struct stack *stack = *state;
	int64_t before = gone_on_today(stack);
	struct desk_browser browser;
	char id[SESSION_ID_SIZE];
	struct paid p;

	paid_make(stack, &p);
	bank_does(stack, &p, "dispute", NULL, id);
	then_does(stack, "disputes", id, "close", "{\"status\":\"lost\"}");
	assert_int_equal(gone_on_today(stack), before + p.club.amount_cents);
	const struct {
		const char *page;
		int64_t id;
		const char *part;
	} pages[] = {
		{ "tournament?tournament_id", p.club.tournament_id,
		    "data-name=\"Given back\">$150.00" },
		{ "family?parent_id", p.club.parent_id,
		    "</span>Given back</dt><dd>$150.00" },
	};
	desk_enter(stack, "viewer", &browser);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char target[HTTP_VALUE_SIZE];
		struct http_answer answer;

		snprintf(target, sizeof(target), "/desk/%s=%lld",
		    pages[i].page, (long long)pages[i].id);
		desk_get(stack, &browser, target, &answer);
		http_assert_status(&answer, 200);
		http_assert_body_has(&answer, pages[i].part);
		http_answer_clear(&answer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_dispute_waits_for_its_answer),
		RECONCILE_TEST(test_all_that_wait_are_counted),
		RECONCILE_TEST(test_closed_disputes_leave),
		RECONCILE_TEST(test_what_the_bank_keeps),
		RECONCILE_TEST(test_dispute_without_a_date),
		RECONCILE_TEST(test_warning_waits_for_a_person),
		RECONCILE_TEST(test_warnings_leave_by_themselves),
		RECONCILE_TEST(test_odd_warning_is_refused),
		RECONCILE_TEST(test_others_are_not_ours),
		RECONCILE_TEST(test_reconcile_brings_both),
		RECONCILE_TEST(test_warning_is_found_by_its_charge),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
