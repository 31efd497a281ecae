/*
 * The tryout's public form and its second chance: exactly one parent, player
 * and order however often it is sent, and nothing of anyone else's is shown or
 * changed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "registration.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 2500, AT_ONCE = 20 };

static const char path[] = "/tryouts/register";

/* For those who do not finish: a quarter of an hour later, once. */
static void
assert_second_chance_queued(struct stack *stack,
    const struct registration *family)
{
	sql_assert_text(stack, "1 00:15:00", "select count(*) || ' ' || "
	    "min(date_trunc('second', not_before - created_at)) from "
	    "teamdues.emails where order_id = %lld and kind = 'tryout' and "
	    "state = 'queued' and recipient = '%s'",
	    (long long)registration_order(stack, family), family->email);
}

static void
test_registers_once_and_pays(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	struct http_answer answer;
	struct registration family;

	registration_make(&family);
	registration_send(stack, family.pairs, id);
	registration_send(stack, family.pairs, again);
	assert_string_equal(id, again);
	registration_assert_once(stack, &family);
	assert_second_chance_queued(stack, &family);
	json_object_put(visitor_assert_minted(stack, registration_order(stack,
	    &family)));
	sql_assert_text(stack, "2014-05-31 Jo O'Neil +1 (303) 555-0100",
	    "select concat_ws(' ', y.birth_date, t.parent_name, "
	    "t.parent_phone) from teamdues.tryout_registrations t join "
	    "teamdues.orders o using (order_id) join teamdues.players y using "
	    "(player_id) where y.name = '%s' and t.consent like 'I consent%%' "
	    "and t.consented_at > now() - interval '1 minute'", family.name);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'paid'", (long long)registration_order(stack, &family)) == 1);
	visitor_post(stack, path, family.pairs, &answer);
	http_assert_status(&answer, 303);
	assert_non_null(strstr(answer.headers, "/paid.html"));
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, registration_order(stack,
	    &family), NULL), 1);
}

static void
test_sent_at_once(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];
	char addresses[AT_ONCE][ADDRESS_SIZE];
	char *body = malloc(FORM_SIZE);
	char first[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct registration family;

	registration_make(&family);
	form_encode(family.pairs, body);
	for (int i = 0; i < AT_ONCE; i++) {
		visitor_address(addresses[i]);
		requests[i] = (struct http_request){ .method = "POST",
		    .target = path, .from = addresses[i], .body = body,
		    .len = strlen(body) };
	}
	http_send_all(stack, requests, AT_ONCE, answers);
	club_session_of(stack, &answers[0], first);
	for (int i = 0; i < AT_ONCE; i++) {
		club_session_of(stack, &answers[i], id);
		assert_string_equal(id, first);
		http_answer_clear(&answers[i]);
	}
	registration_assert_once(stack, &family);
	free(body);
}

/* The parent is known by e-mail in any case, and stays as known. */
static void
test_known_parent_is_not_renamed(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char email[2 * UNIQUE_SIZE];
	char known[SESSION_ID_SIZE];
	struct http_answer answers[2];
	struct registration family;
	struct club club;

	club_make(stack, AMOUNT, &club);
	registration_make(&family);
	snprintf(email, sizeof(email), "%s@EXAMPLE.com", club.name);
	form_with(family.pairs, "parent_email", email, pairs);
	visitor_post(stack, path, pairs, &answers[0]);
	club_session_of(stack, &answers[0], known);
	sql_assert_text(stack, "1 +13035550100", "select count(*) || ' ' || "
	    "min(phone) from teamdues.parents where lower(email) = "
	    "lower('%s') and name = 'Parent %s'", email, club.name);
	assert_int_equal(sql_int(stack, "select parent_id from "
	    "teamdues.players where name = '%s'", family.name),
	    club.parent_id);

	/* An unknown family is told the very same. */
	registration_make(&family);
	visitor_post(stack, path, family.pairs, &answers[1]);
	http_assert_status(&answers[1], 303);
	assert_string_equal(answers[0].body, answers[1].body);
	assert_null(strstr(answers[0].headers, club.name));
	http_answer_clear(&answers[0]);
	http_answer_clear(&answers[1]);
}

/* A typing mistake is corrected by sending the form again. */
static void
test_sent_again_corrects(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	struct registration family;

	registration_make(&family);
	form_with(family.pairs, "birth_date", "2004-05-31", pairs);
	registration_send(stack, pairs, id);
	registration_send(stack, family.pairs, id);
	registration_assert_once(stack, &family);
	sql_assert_text(stack, "2014-05-31 2014-05-31", "select y.birth_date "
	    "|| ' ' || t.birth_date from teamdues.tryout_registrations t join "
	    "teamdues.orders o using (order_id) join teamdues.players y using "
	    "(player_id) where y.name = '%s'", family.name);
}

/* The second call site: the same order by the mailed link. */
static void
test_second_chance(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	struct http_answer answer;
	struct registration family;
	struct run run;

	registration_make(&family);
	registration_send(stack, family.pairs, id);
	standin_act(stack, id, "expire", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where session_id = '%s' and status = "
	    "'expired'", id) == 1);
	COMMAND(stack, &run, 0, "link", "tryout", "--order",
	    word_of(order, registration_order(stack, &family)));
	run.output[strcspn(run.output, "\n")] = '\0';
	http_get(stack, run.output, &answer);
	club_session_of(stack, &answer, again);
	assert_string_not_equal(id, again);
	http_answer_clear(&answer);
	run_clear(&run);
	registration_assert_once(stack, &family);
	json_object_put(visitor_assert_minted(stack, registration_order(stack,
	    &family)));
	http_get(stack, "/tryouts/pay?order_id=1&expires=9999999999&signature="
	    "x", &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
}

static void
test_link_of_another_kind_is_refused(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	COMMAND(stack, &run, 1, "link", "tryout", "--order",
	    word_of(order, club.order_id));
	assert_holds(run.errors, "is for a tournament, not for a tryout");
	run_clear(&run);
	COMMAND(stack, &run, 1, "link", "tryout", "--order", "999999999");
	run_clear(&run);
}

static void
test_the_form(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;

	http_send(stack, &(struct http_request){ .target = path,
	    .headers = { "Accept: text/html" } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "<label for=\"player_name\">");
	http_assert_body_has(&answer, "$25.00");
	assert_null(strstr(answer.body, "role=\"alert\""));
	http_answer_clear(&answer);
	http_get(stack, "/", &answer);
	http_assert_body_has(&answer, "href=\"/tryouts/register\"");
	http_assert_body_has(&answer, "$25.00");
	http_answer_clear(&answer);
}

/* A visitor sees when the tournaments are. */
static void
test_home_page(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct club club;
	char *day;

	club_make(stack, AMOUNT, &club);
	day = sql_text(stack, "select to_char(held_on, '<p>FMDD FMMonth "
	    "YYYY</p>') from teamdues.tournaments where tournament_id = %lld",
	    (long long)club.tournament_id);
	http_get(stack, "/", &answer);
	http_assert_body_has(&answer, club.name);
	http_assert_body_has(&answer, day);
	http_assert_body_has(&answer, "<title>Payments of ");
	assert_null(strstr(answer.body, " - "));
	http_answer_clear(&answer);
	free(day);
}

static void
test_nothing_sold(void **state)
{
	struct http_answer answer;
	struct registration family;

	registration_make(&family);
	http_send(*state, &(struct http_request){ .target = path }, &answer);
	http_assert_status(&answer, 404);
	http_assert_body_has(&answer, "no tryout can be booked");
	http_answer_clear(&answer);
	visitor_post(*state, path, family.pairs, &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
	visitor_offer(*state, "tryout", AMOUNT, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		/* First: from then on one is sold. */
		STANDIN_TEST(test_nothing_sold),
		STANDIN_TEST(test_the_form),
		STANDIN_TEST(test_home_page),
		STANDIN_TEST(test_registers_once_and_pays),
		STANDIN_TEST(test_sent_at_once),
		STANDIN_TEST(test_known_parent_is_not_renamed),
		STANDIN_TEST(test_sent_again_corrects),
		STANDIN_TEST(test_second_chance),
		STANDIN_TEST(test_link_of_another_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
