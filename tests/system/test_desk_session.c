/*
 * Sessions at the treasurer's desk: whose they are, how they end, and what the
 * database refuses by itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"

/* A session that somebody else has put into the browser is none, and is not
 * made one. */
static void
test_fixation(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	char planted[COOKIE_SIZE];
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	memset(planted, 'A', 43);
	planted[43] = '\0';
	memcpy(browser.session, planted, sizeof(planted));
	assert_false(desk_is_in(stack, &browser));
	desk_sign_in(stack, &browser, &user);
	assert_string_not_equal(browser.session, planted);
	memcpy(browser.session, planted, sizeof(planted));
	assert_false(desk_is_in(stack, &browser));
}

static void
sign_out(struct stack *stack, struct desk_browser *browser,
    const char *everywhere)
{
	struct http_answer answer;
	char token[TOKEN_SIZE];

	desk_get(stack, browser, "/desk/", &answer);
	desk_token(&answer, "/desk/sign-out", token);
	http_answer_clear(&answer);
	desk_post(stack, browser, "/desk/sign-out", (const struct form_pair[]){
	    { "form", token }, { everywhere, "yes" }, { NULL, NULL } },
	    &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	assert_string_equal(browser->session, "");
}

static void
test_signing_out(void **state)
{
	struct stack *stack = *state;
	struct desk_browser first, second, kept;
	struct http_answer answer;
	struct desk_user user;

	desk_user_make(stack, "viewer", &user);
	desk_browser_make(&first);
	desk_browser_make(&second);
	desk_sign_in(stack, &first, &user);
	desk_sign_in(stack, &second, &user);
	/* Not without the form's token. */
	desk_post(stack, &first, "/desk/sign-out", (const struct form_pair[]){
	    { "form", "a.b" }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	kept = first;
	sign_out(stack, &first, NULL);
	assert_false(desk_is_in(stack, &kept));
	assert_true(desk_is_in(stack, &second));
	desk_sign_in(stack, &first, &user);
	sign_out(stack, &first, "everywhere");
	assert_false(desk_is_in(stack, &second));
}

static void
test_how_a_session_ends(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser, other;
	struct http_answer answer;
	struct desk_user user;
	char path[LINK_SIZE];
	struct run run;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_sign_in(stack, &browser, &user);
	sql_run(stack, "update teamdues.desk_sessions set ends_at = now() "
	    "where user_id = %s", user.id);
	assert_false(desk_is_in(stack, &browser));
	desk_sign_in(stack, &browser, &user);
	/* A link that is under way is of no more use either. */
	desk_browser_make(&other);
	desk_ask(stack, &other, user.email);
	desk_link(stack, &user, path);
	COMMAND(stack, &run, 0, "desk", "remove", user.email);
	assert_holds(run.output, "one session was ended");
	run_clear(&run);
	assert_false(desk_is_in(stack, &browser));
	desk_follow(stack, &other, path, &answer);
	http_assert_status(&answer, 410);
	http_answer_clear(&answer);
	assert_false(desk_is_in(stack, &other));
}

/* The operator ends them all; whoever is a user signs in again. */
static void
test_all_sign_in_again(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browsers[2];
	struct desk_user user;
	struct run run;

	desk_user_make(stack, "treasurer", &user);
	for (size_t i = 0; i < 2; i++) {
		desk_browser_make(&browsers[i]);
		desk_sign_in(stack, &browsers[i], &user);
	}
	COMMAND(stack, &run, 0, "desk", "sign-out");
	assert_holds(run.output, "Sessions ended: ");
	run_clear(&run);
	for (size_t i = 0; i < 2; i++)
		assert_false(desk_is_in(stack, &browsers[i]));
	COMMAND(stack, &run, 0, "desk", "sign-out");
	assert_string_equal(run.output, "Sessions ended: 0.\n");
	run_clear(&run);
	desk_sign_in(stack, &browsers[0], &user);
	assert_true(desk_is_in(stack, &browsers[0]));
}

/* A viewer's session reads, and is refused by what changes something. */
static void
test_a_viewer(void **state)
{
	static const char *const roles[] = { "viewer", "treasurer" };
	struct stack *stack = *state;
	struct desk_browser browser;
	struct desk_user user;

	for (size_t i = 0; i < 2; i++) {
		desk_user_make(stack, roles[i], &user);
		desk_browser_make(&browser);
		desk_sign_in(stack, &browser, &user);
		sql_assert_text(stack, user.email, "select email from "
		    "teamdues.desk_reader(sha256('%s'))", browser.session);
		assert_string_equal(sql_state_of(stack, "select "
		    "teamdues.desk_writer(sha256('%s'))", browser.session),
		    i == 0 ? "TD403" : "");
	}
}

/* As role desk, by SQL: nothing is read without a session. */
static void
test_the_database_itself(void **state)
{
	struct stack *stack = *state;
	PGconn *desk = sql_connect_as(stack, "desk");
	PGresult *result = PQexec(desk, "select teamdues.desk_today("
	    "sha256('nobody'), 'UTC', 'usd')");

	assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE),
	    "TD401");
	PQclear(result);
	result = PQexec(desk, "select teamdues.desk_today(null, 'UTC', "
	    "'usd')");
	assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE),
	    "TD401");
	PQclear(result);
	result = PQexec(desk, "select teamdues.desk_reader(null)");
	assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE),
	    "42501");
	PQclear(result);
	PQfinish(desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_fixation),
		MAIL_TEST(test_signing_out),
		MAIL_TEST(test_how_a_session_ends),
		MAIL_TEST(test_all_sign_in_again),
		MAIL_TEST(test_a_viewer),
		MAIL_TEST(test_the_database_itself),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
