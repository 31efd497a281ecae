/*
 * The desk's first page: what waits for the treasurer, and figures that are
 * those of the books.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 15000, PAGE_BYTES_MAX = 40 * 1024 };

/* Signed in, and Today; the caller clears the answer. */
static void
open_today(struct stack *stack, const char *role, struct http_answer *answer)
{
	struct desk_browser browser;
	struct desk_user user;

	desk_user_make(stack, role, &user);
	desk_browser_make(&browser);
	desk_sign_in(stack, &browser, &user);
	desk_get(stack, &browser, "/desk/", answer);
	http_assert_status(answer, 200);
}

/* The page holds a text only the given number of times. */
static void
assert_times(const struct http_answer *answer, const char *text, int times)
{
	const char *at = answer->body;
	int count = 0;

	while ((at = strstr(at, text)) != NULL) {
		at += strlen(text);
		count++;
	}
	if (count != times)
		fail_msg("%d times \"%s\" in:\n%s", count, text, answer->body);
}

static void
test_nothing_waits(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;

	sql_run(stack, "insert into teamdues.runs values ('reconcile', "
	    "now()), ('audit', now()) on conflict (name) do update set "
	    "began_at = now()");
	open_today(stack, "viewer", &answer);
	http_assert_body_has(&answer, "Nothing waits for you.");
	http_assert_body_has(&answer, "You see everything and change nothing.");
	http_assert_body_has(&answer, "No payment came.");
	http_answer_clear(&answer);
}

/* Each with its next step, in words. */
static void
test_what_waits(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;
	struct stray stray;
	struct run run;

	stray_make(stack, 2000, NULL, NULL, &stray);
	COMMAND(stack, &run, 0, "unmatched", "dismiss", stray.event_id,
	    "--reason", "a raffle", "--commit");
	run_clear(&run);
	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	family_make(stack, AMOUNT, &family);
	sql_run(stack, "insert into teamdues.emails (kind, player_id, "
	    "recipient, day, state, last_error) values ('receipt', %lld, "
	    "'%s', now(), 'failed', '550 no such <user>')",
	    (long long)family.player_id, family.email);
	open_today(stack, "treasurer", &answer);
	http_assert_body_has(&answer, "<b>$150.00</b> from ");
	http_assert_body_has(&answer, " is not placed yet.");
	http_assert_body_has(&answer, "Find what it is for");
	http_assert_body_has(&answer, "</b> of it is not placed yet, and does "
	    "not count as paid.");
	http_assert_body_has(&answer, "<b>$150.00</b> of it");
	http_assert_body_has(&answer, "<tr class=\"left-out\">");
	http_assert_body_has(&answer, ">Not the club&#39;s</td>");
	http_assert_body_has(&answer, ">Not placed yet</td>");
	http_assert_body_has(&answer, "did not arrive. The mail server said: "
	    "550 no such &lt;user&gt;");
	http_answer_clear(&answer);
	sql_run(stack, "update teamdues.emails set state = 'dropped'");
}

/* Owed, paid and given back are the sums of the orders, each once. */
static void
test_the_figures(void **state)
{
	struct stack *stack = *state;
	char part[HTTP_VALUE_SIZE], id[UNIQUE_SIZE], *sums;
	struct json_object *session;
	struct http_answer answer;
	struct club paid, owed;

	club_make(stack, AMOUNT, &paid);
	club_make(stack, AMOUNT, &owed);
	club_store_session(stack, &paid, id);
	session = session_paid(id, AMOUNT);
	webhook_expect(stack, session, "applied");
	json_object_put(session);
	sql_run(stack, "update teamdues.players set name = '<i>Dawn</i>' "
	    "where player_id = %lld", (long long)paid.player_id);
	/* No money: it waits, and is in no figure. */
	sql_run(stack, "insert into teamdues.payments (session_id, "
	    "payment_intent_id, livemode, is_our_mode, amount_cents, "
	    "currency, stripe_created, paid_at, place, reason) values "
	    "('cs_live_today', 'pi_live_today', true, false, 77700, 'usd', "
	    "now(), now(), 'review', 'made in live mode')");
	open_today(stack, "viewer", &answer);
	assert_times(&answer, "777.00", 1);
	sums = sql_text(stack, "select concat_ws(' ', to_char(sum("
	    "left_cents) filter (where status = 'pending') / 100.0, "
	    "'FM999,999,990.00'), to_char(sum(paid_cents) / 100.0, "
	    "'FM999,999,990.00')) from teamdues.order_overview where "
	    "currency = 'usd'");
	snprintf(part, sizeof(part), "Owed</dt><dd>$%.*s</dd>",
	    (int)strcspn(sums, " "), sums);
	http_assert_body_has(&answer, part);
	snprintf(part, sizeof(part), "Paid</dt><dd>$%s</dd>",
	    strchr(sums, ' ') + 1);
	http_assert_body_has(&answer, part);
	http_assert_body_has(&answer, "&lt;i&gt;Dawn&lt;/i&gt;");
	assert_null(strstr(answer.body, "<i>"));
	free(sums);
	http_answer_clear(&answer);
}

/* Nothing inline, nothing from elsewhere, nothing kept. */
static void
test_what_the_browser_may_do(void **state)
{
	char policy[HTTP_VALUE_SIZE];
	struct stack *stack = *state;
	struct http_answer answer;

	open_today(stack, "treasurer", &answer);
	assert_true(answer.body_len < PAGE_BYTES_MAX);
	assert_int_equal(http_header(&answer, "Content-Security-Policy",
	    policy), 1);
	assert_string_equal(policy, "default-src 'none'; style-src 'self'; "
	    "script-src 'self'; img-src 'self'; connect-src 'self'; "
	    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
	assert_times(&answer, "<script", 1);
	assert_times(&answer, "<style", 0);
	assert_times(&answer, " style=", 0);
	assert_times(&answer, "onclick", 0);
	http_assert_header(&answer, "Cache-Control", "no-store");
	http_answer_clear(&answer);
}

/* A link from another site brings no cookie: the page asks for itself again. */
static void
test_led_here_from_elsewhere(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;

	http_send(stack, &(struct http_request){ .target = "/desk/",
	    .headers = { "Accept: text/html", "Sec-Fetch-Site: cross-site" },
	    }, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "<meta http-equiv=\"refresh\" "
	    "content=\"0\">");
	http_answer_clear(&answer);
	http_send(stack, &(struct http_request){ .target = "/desk",
	    .headers = { "Accept: text/html" } }, &answer);
	http_assert_status(&answer, 301);
	http_answer_clear(&answer);
}

/* Without a session a program is told so by its status. */
static void
test_a_script_without_a_session(void **state)
{
	struct http_answer answer;

	http_send(*state, &(struct http_request){ .target = "/desk/",
	    .headers = { "Accept: application/json" } }, &answer);
	http_assert_status(&answer, 401);
	http_assert_header(&answer, "Content-Type",
	    "application/problem+json");
	http_answer_clear(&answer);
}

/* What a treasurer has to know, and nothing that is for a family. */
static void
assert_for_staff(const struct http_answer *answer)
{
	char seconds[HTTP_VALUE_SIZE];

	http_assert_status(answer, 503);
	http_assert_guarded(answer);
	assert_int_equal(http_header(answer, "Retry-After", seconds), 1);
	http_assert_body_has(answer, "safe with Stripe");
	http_assert_body_has(answer, "look first whether it was done");
	assert_times(answer, "you need not pay again", 0);
	assert_times(answer, "reply to", 0);
}

static void
let_in(struct stack *stack, int connections)
{
	sql_run(stack, "alter role teamdues_desk connection limit %d",
	    connections);
	sql_run(stack, "select pg_terminate_backend(pid, 5000) from "
	    "pg_stat_activity where usename = 'teamdues_desk'");
}

static void
test_the_books_cannot_be_opened(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;

	desk_browser_make(&browser);
	let_in(stack, 0);
	desk_get(stack, &browser, "/desk/", &answer);
	let_in(stack, -1);
	assert_for_staff(&answer);
	http_answer_clear(&answer);
	desk_get(stack, &browser, "/desk/", &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
}

/* nginx answers in its place; families keep their own words. */
static void
test_the_program_is_away(void **state)
{
	char path[STACK_PATH_SIZE], aside[STACK_PATH_SIZE];
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;

	desk_browser_make(&browser);
	stack_path(stack, "state/socket/desk-index.sock", path);
	stack_path(stack, "state/socket/aside.sock", aside);
	assert_int_equal(rename(path, aside), 0);
	desk_get(stack, &browser, "/desk/", &answer);
	assert_int_equal(rename(aside, path), 0);
	assert_for_staff(&answer);
	http_assert_body_has(&answer, "<a href=\"/desk/\">open the desk</a>");
	http_answer_clear(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_nothing_waits),
		MAIL_TEST(test_what_waits),
		MAIL_TEST(test_the_figures),
		MAIL_TEST(test_what_the_browser_may_do),
		MAIL_TEST(test_led_here_from_elsewhere),
		MAIL_TEST(test_a_script_without_a_session),
		MAIL_TEST(test_the_books_cannot_be_opened),
		MAIL_TEST(test_the_program_is_away),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
