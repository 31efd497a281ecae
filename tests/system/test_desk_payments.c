/*
 * The book of money at the desk: every way in which money comes and goes is a
 * line of its own, and its sums are what the lines add up to.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "reconcile.h"
#include "sql.h"

enum { MANY = 60 };

static bool
page_has(struct stack *stack, const char *target, const char *part)
{
	struct desk_browser browser;
	struct http_answer answer;
	bool has;

	desk_enter(stack, "viewer", &browser);
	desk_get(stack, &browser, target, &answer);
	http_assert_status(&answer, 200);
	has = strstr(answer.body, part) != NULL;
	http_answer_clear(&answer);
	return has;
}

static void
assert_page(struct stack *stack, const char *path, const char *filter,
    const char *const *parts)
{
	struct desk_browser browser;
	struct http_answer answer;
	char target[LINK_SIZE];

	desk_enter(stack, "viewer", &browser);
	snprintf(target, sizeof(target), "%s%s", path, filter);
	desk_get(stack, &browser, target, &answer);
	http_assert_status(&answer, 200);
	for (; *parts != NULL; parts++)
		http_assert_body_has(&answer, *parts);
	http_answer_clear(&answer);
}

static void
assert_list(struct stack *stack, const char *filter, const char *const *parts)
{
	assert_page(stack, "/desk/payments", filter, parts);
}

static void
record(struct stack *stack, const char *order, const char *source,
    const char *amount)
{
	struct run run;

	command_run(stack, &run, 0, NULL, WORDS("order", "record-payment",
	    order, "--source", source, "--amount", amount, "--reference",
	    "=envelope 7", "--commit"));
	run_clear(&run);
}

/*
 * 150.00 by card, of which 20.00 go back; a cheque of 25.00; 40.00 in cash,
 * which were none, are told of and are in no sum.
 */
static void
test_all_that_comes_and_goes(void **state)
{
	struct stack *stack = *state;
	struct club club;
	char session[SESSION_ID_SIZE], refund_id[SESSION_ID_SIZE];
	char order[WORD_SIZE];
	struct run run;

	standin_deliver(stack, true);
	paid_session(stack, &club, session);
	events_arrive(stack);
	refund(stack, session, 2000, refund_id);
	events_arrive(stack);
	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	record(stack, order, "cash", "40.00");
	command_run(stack, &run, 0, NULL, WORDS("order", "unrecord-payment",
	    order, "--commit"));
	run_clear(&run);
	record(stack, order, "cheque", "25.00");
	assert_list(stack, "", WORDS("Card: 2</th>\n<td class=\"money\" "
	    "data-name=\"In\">$150.00</td>", "Cheque: 1</th>",
	    "Cash: 0</th>\n<td class=\"money nil\" data-name=\"In\">$0.00",
	    "data-name=\"Payer\">Parent ", "Times are of the club's zone, ",
	    "In all: 3</th>\n<td class=\"money\" data-name=\"In\">$175.00"
	    "</td>\n<td class=\"money\" data-name=\"Out\">$20.00</td>",
	    "Taken back: 1</th>\n<td class=\"money\" data-name=\"In\">"
	    "$40.00</td>", ">Given back</td>", "<tr class=\"left-out\">",
	    ">Paid, taken back</td>"));
	assert_list(stack, "?how=card", WORDS("In all: 2</th>",
	    "<tfoot>\n<tr>\n", ">$150.00</td>", ">$20.00</td>"));
	assert_list(stack, "?how=cash", WORDS(">1 found<", ">cash</td>",
	    "<tfoot>\n<tr class=\"part\">\n"));
	assert_list(stack, "?until=2001-01-01", WORDS("No money came or went",
	    "1\u00a0Jan\u00a02001 to 1\u00a0Jan\u00a02001",
	    "name=\"from\" type=\"date\" value=\"2001-01-01\""));
	assert_list(stack, ".csv", WORDS("When,What,How,In,Out,Not counted,"
	    "Because,Currency,", ",Paid,cash,,,40.00,taken back,usd,",
	    ",'=envelope 7\r\n", "\r\n\r\n,Sum,card,150.00,20.00,,,usd,",
	    ",Sum,cheque,25.00,0.00,,,usd,",
	    ",Sum,,175.00,20.00,,,usd,", ",Sum,,,,40.00,taken back,usd,"));
}

/* What was taken back is offered as it was; not to who only looks. */
static void
test_what_was_wrong_is_recorded_again(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE], target[LINK_SIZE];
	struct desk_browser browser;
	struct http_answer answer;
	struct club club;

	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	record(stack, order, "cheque", "25.00");
	desk_enter(stack, "treasurer", &browser);
	desk_post(stack, &browser, "/desk/order/unrecord-payment",
	    (const struct form_pair[]){ { "order_id", order },
	    { "reference", "=envelope 7" }, { NULL, NULL } }, &answer);
	http_assert_body_has(&answer, "<summary>Change the reason</summary>");
	http_answer_clear(&answer);
	desk_request(stack, &browser, "/desk/order/unrecord-payment",
	    (const struct form_pair[]){ { "order_id", order },
	    { "reference", "=envelope 7" }, { NULL, NULL } }, &answer);
	http_assert_body_has(&answer, "action=\"/desk/order/record-payment\"");
	http_assert_body_has(&answer, "autocomplete=\"off\" value=\"25.00\"");
	http_assert_body_has(&answer, "<option value=\"cheque\" selected>");
	http_assert_body_has(&answer, "value=\"=envelope 7\"");
	http_answer_clear(&answer);
	snprintf(target, sizeof(target), "/desk/request?request_id=%lld",
	    (long long)sql_int(stack, "select max(request_id) from "
	    "teamdues.desk_requests where order_id = %s", order));
	assert_true(page_has(stack, target, "is owed again"));
	assert_false(page_has(stack, target, "Record it again"));
}

/* What came on another day than today counts on that day. */
static void
test_the_day_on_which_it_came(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE], filter[LINK_SIZE];
	char *day, *day_ago, *words;
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	day = sql_text(stack, "select (now() - interval '1 year')::date");
	words = sql_text(stack, "select to_char(date '%s', 'FMDD Mon YYYY')",
	    day);
	command_run(stack, &run, 1, NULL, WORDS("order", "record-payment",
	    order, "--source", "cash", "--date", "2101-01-01", "--commit"));
	assert_holds(run.errors, "1 Jan 2101 is still to come");
	run_clear(&run);
	command_run(stack, &run, 0, NULL, WORDS("order", "record-payment",
	    order, "--source", "transfer", "--reference", "SEPA", "--amount",
	    "12.34", "--date", day, "--commit"));
	assert_holds(run.output, ", received on ");
	run_clear(&run);
	command_run(stack, &run, 0, NULL, WORDS("order", "show", order));
	assert_holds(run.output, words);
	run_clear(&run);
	snprintf(filter, sizeof(filter), "?from=%s&until=%s", day, day);
	assert_list(stack, filter, WORDS("In all: 1</th>", ">$12.34</td>",
	    words));
	snprintf(filter, sizeof(filter), ".csv?from=%s&until=%s", day, day);
	assert_list(stack, filter, WORDS(day, ",Paid,transfer,12.34,"));
	assert_list(stack, "?how=transfer", WORDS("No money came or went"));
	snprintf(filter, sizeof(filter), "?order_id=%s", order);
	assert_page(stack, "/desk/order", filter, WORDS("by bank transfer, "
	    "recorded by ", words, "received on "));
	assert_false(page_has(stack, "/desk/", ">transfer<"));
	day_ago = sql_text(stack, "select (now() - interval '3 days')::date");
	command_run(stack, &run, 0, NULL, WORDS("order", "record-payment",
	    order, "--source", "transfer", "--reference", "SEPA 2", "--date",
	    day_ago, "--commit"));
	run_clear(&run);
	assert_true(page_has(stack, "/desk/", ">transfer<"));
	free(day_ago);
	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	command_run(stack, &run, 0, NULL, WORDS("order", "record-payment",
	    order, "--source", "cash", "--date", day, "--commit"));
	run_clear(&run);
	assert_page(stack, "/desk/", "", WORDS(">Before</th>"));
	sql_assert_text(stack, "15000", "select x ->> 'paid_cents' from "
	    "jsonb_array_elements(teamdues.desk_money('UTC', 'usd') -> "
	    "'months') x where x ->> 'label' = 'Before'");
	free(day);
	free(words);
}

/* Of a shop on the club's account: where somebody said so, no sum has it. */
static void
test_what_is_not_the_clubs(void **state)
{
	struct stack *stack = *state;
	char shop[SESSION_ID_SIZE];
	struct run run;

	standin_deliver(stack, true);
	shop_session(stack, "&mode=payment", shop);
	standin_act(stack, shop, "pay", NULL);
	events_arrive(stack);
	assert_list(stack, "", WORDS(">Not placed yet</td>",
	    "</b> of it is not placed yet, and does not count as paid."));
	command_run(stack, &run, 0, NULL, WORDS("unmatched", "dismiss", shop,
	    "--reason", "raffle", "--commit"));
	run_clear(&run);
	assert_list(stack, "", WORDS(">No order</td>",
	    ">Paid, not the club&#39;s</td>", "Not the club&#39;s: 1</th>"));
	assert_false(page_has(stack, "/desk/payments", "of it is not placed"));
	assert_list(stack, ".csv", WORDS(",Paid,card,,,",
	    ",not the club's,usd,"));
}

/* How often the file of what Stripe moved has a line of such words. */
static int
count_lines(struct stack *stack, const char *words)
{
	struct desk_browser browser;
	struct http_answer answer;
	const char *at;
	int count = 0;

	desk_enter(stack, "viewer", &browser);
	desk_get(stack, &browser, "/desk/payments.csv?how=card", &answer);
	http_assert_status(&answer, 200);
	at = answer.body;
	while ((at = strstr(at, words)) != NULL) {
		at++;
		count++;
	}
	http_answer_clear(&answer);
	return count;
}

/* What the bank does with a payment, or with an object that it made. */
static void
bank_does(struct stack *stack, const char *kind, char id[SESSION_ID_SIZE],
    const char *verb, const char *body)
{
	struct json_object *made = control(stack, kind, id, verb, body);

	snprintf(id, SESSION_ID_SIZE, "%s", json_text_at(made, "id"));
	json_object_put(made);
	events_arrive(stack);
}

/* What failed after all is no line, and what a lost dispute took is one. */
static void
test_what_fails_and_what_is_lost(void **state)
{
	struct stack *stack = *state;
	struct club club;
	char session[SESSION_ID_SIZE], id[SESSION_ID_SIZE];

	standin_deliver(stack, true);
	paid_session(stack, &club, session);
	events_arrive(stack);
	refund(stack, session, 1234, id);
	events_arrive(stack);
	assert_int_equal(count_lines(stack, ",Given back,card,,12.34,"), 1);
	bank_does(stack, "refunds", id, "fail", NULL);
	assert_int_equal(count_lines(stack, ",Given back,card,,12.34,"), 0);
	intent_of(stack, session, id);
	bank_does(stack, "payment_intents", id, "dispute",
	    "{\"amount\":4321}");
	assert_int_equal(count_lines(stack, ",Charged back,"), 0);
	bank_does(stack, "disputes", id, "close", "{\"status\":\"lost\"}");
	assert_int_equal(count_lines(stack, ",Charged back,card,,43.21,"),
	    1);
}

/* Each line once, though many are of one moment. */
static void
test_pages_are_whole(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;
	char target[LINK_SIZE] = "/desk/payments?how=cheque", row[WORD_SIZE];
	int seen[MANY] = { 0 };
	int pages = 0;
	bool is_more = true;
	struct club club;

	club_make(stack, 100 * MANY, &club);
	sql_run(stack, "insert into teamdues.recorded_payments (order_id, "
	    "source, reference, actor, amount_cents) select %lld, 'cheque', "
	    "n, 'test', 100 + n from generate_series(0, %d) n",
	    (long long)club.order_id, MANY - 1);
	desk_enter(stack, "treasurer", &browser);
	while (is_more) {
		desk_get(stack, &browser, target, &answer);
		http_assert_status(&answer, 200);
		for (int i = 0; i < MANY; i++) {
			snprintf(row, sizeof(row), "$1.%02d</td>", i);
			seen[i] += strstr(answer.body, row) != NULL;
		}
		is_more = desk_next_page(&answer, target);
		http_answer_clear(&answer);
		assert_true(++pages <= 2);
	}
	assert_int_equal(pages, 2);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
	sql_run(stack, "update teamdues.recorded_payments set taken_back_at = "
	    "now() where order_id = %lld", (long long)club.order_id);
}

static void
test_bad_input(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;

	desk_enter(stack, "viewer", &browser);
	desk_assert_status(stack, &browser, "/desk/payments?from=may", 400);
	desk_assert_status(stack, &browser, "/desk/payments?until=2026-02-30",
	    400);
	desk_assert_status(stack, &browser, "/desk/payments?since=x", 400);
	desk_browser_make(&browser);
	desk_assert_status(stack, &browser, "/desk/payments", 401);
	desk_assert_status(stack, &browser, "/desk/payments.csv", 401);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_all_that_comes_and_goes),
		BOOKS_TEST(test_what_was_wrong_is_recorded_again),
		BOOKS_TEST(test_the_day_on_which_it_came),
		BOOKS_TEST(test_what_is_not_the_clubs),
		BOOKS_TEST(test_what_fails_and_what_is_lost),
		BOOKS_TEST(test_pages_are_whole),
		BOOKS_TEST(test_bad_input),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
