/*
 * A click on the link of an order that is settled: the family is told what
 * became of it, and nothing is made at Stripe.
 */
#include <stdarg.h>
#include <stdio.h>

#include "reconcile.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000 };

static void
test_paid_order_leads_to_paid_page(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'paid'", (long long)club.order_id) == 1);
	club_assert_leads_to_paid_page(stack, club.order_id);
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 1);
}

/* The cookie by which paid.html says what this family's link was about. */
static void
assert_slip(const struct http_answer *answer, const char *format, ...)
{
	char expected[HTTP_VALUE_SIZE];
	char cookie[HTTP_VALUE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(expected, sizeof(expected), format, args);
	va_end(args);
	assert_int_equal(http_header(answer, "Set-Cookie", cookie), 1);
	if (strncmp(cookie, expected, strlen(expected)) != 0)
		fail_msg("%s does not begin with %s", cookie, expected);
	assert_non_null(strstr(cookie, "; Path=/paid.html; Max-Age=3600; "
	    "Secure; SameSite=Lax"));
}

static void
test_link_cookie_says_what_is_paid(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click(stack, club.order_id, &answer);
	club_session_of(stack, &answer, id);
	assert_slip(&answer, "__Secure-teamdues=what=Cup%%20%s&who=Player%%20"
	    "%s&session=%s;", club.name, club.name, id);
	http_answer_clear(&answer);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'paid'", (long long)club.order_id) == 1);
	club_click(stack, club.order_id, &answer);
	assert_slip(&answer, "__Secure-teamdues=what=Cup%%20%s&who=Player%%20"
	    "%s&status=paid&cents=15000&currency=usd&paid=%lld&back=0;",
	    club.name, club.name, (long long)sql_int(stack, "select extract("
	    "epoch from paid_at)::bigint from teamdues.orders where order_id "
	    "= %lld", (long long)club.order_id));
	http_answer_clear(&answer);
}

static void
test_cancelled_order_is_gone(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_cancel(stack, club.order_id);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 410);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, stack_setting(stack, "CLUB_NAME"));
	http_assert_body_has(&answer, "this is cancelled: Cup ");
	http_assert_body_has(&answer, club.name);
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 0);
	club_click(stack, 999999999, &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
}

/* Whoever got the money back is told so, and how much. */
static void
test_refunded_order_is_gone(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	char id[SESSION_ID_SIZE];
	char refund_id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'paid'", (long long)club.order_id) == 1);
	refund(stack, id, AMOUNT, refund_id);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'refunded'", (long long)club.order_id) == 1);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 410);
	http_assert_body_has(&answer, "$150.00 has been given back to you: "
	    "Cup ");
	http_answer_clear(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_paid_order_leads_to_paid_page),
		STANDIN_TEST(test_link_cookie_says_what_is_paid),
		STANDIN_TEST(test_cancelled_order_is_gone),
		STANDIN_TEST(test_refunded_order_is_gone),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
