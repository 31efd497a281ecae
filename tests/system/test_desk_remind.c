/*
 * One reminder of all that a family owes: seen before it goes, one mail with a
 * link for each, and each as true as if it went alone.  Invariant 6.
 */
#include <stdio.h>

#include "desk.h"
#include "sql.h"

enum { FEE = 15000, PART_SIZE = 256 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

static const char path[] = "/desk/family/remind";

/* A family with two children, each in a cup of its own that is not paid. */
struct two {
	struct stack *stack;
	struct club club, other;
	struct desk_browser browser;
	char id[WORD_SIZE];
	char email[PART_SIZE];
};

static void
two_make(struct stack *stack, struct two *two)
{
	two->stack = stack;
	club_make(stack, FEE, &two->club);
	club_make(stack, FEE, &two->other);
	sql_run(stack, "update teamdues.players set parent_id = %lld where "
	    "player_id = %lld", (long long)two->club.parent_id,
	    (long long)two->other.player_id);
	snprintf(two->email, sizeof(two->email), "%s@example.com",
	    two->club.name);
	word_of(two->id, two->club.parent_id);
	desk_enter(stack, "treasurer", &two->browser);
}

static void
remind(struct two *two, const char *words)
{
	struct http_answer answer;

	desk_request(two->stack, &two->browser, path,
	    PAIRS({ "parent_id", two->id }), &answer);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
}

static void
is_refused(struct two *two, const char *target, struct form_pair pair,
    const char *words)
{
	struct http_answer answer;

	desk_post(two->stack, &two->browser, target, PAIRS(pair), &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
}

static void
assert_states(struct two *two, const char *states)
{
	sql_assert_text(two->stack, states, "select string_agg(state, ' ' "
	    "order by email_id) from teamdues.emails where order_id in (%lld, "
	    "%lld)", (long long)two->club.order_id,
	    (long long)two->other.order_id);
}

/* Both bodies ask for the order by its own link, or do not. */
static void
assert_asks(struct json_object *mail, const struct club *club, bool does)
{
	char link[PART_SIZE];

	snprintf(link, sizeof(link), "/checkout/tournament?order_id=%lld&",
	    (long long)club->order_id);
	assert_int_equal(strstr(mail_text(mail), link) != NULL, does);
	snprintf(link, sizeof(link), "/checkout/tournament?order_id=%lld&amp;",
	    (long long)club->order_id);
	assert_int_equal(strstr(mail_html(mail), link) != NULL, does);
}

/* Of so many of the two orders the family's page offers to send the bill; to
 * remind of all once one has had its bill. */
static void
assert_bills(struct two *two, int wanted)
{
	static const char offer[] = "Mail the bill</a>";
	char target[LINK_SIZE];
	struct http_answer answer;
	int count = 0;

	snprintf(target, sizeof(target), "/desk/family?parent_id=%s", two->id);
	desk_get(two->stack, &two->browser, target, &answer);
	http_assert_status(&answer, 200);
	for (const char *at = strstr(answer.body, offer); at != NULL;
	    at = strstr(at + 1, offer))
		count++;
	assert_int_equal(count, wanted);
	assert_int_equal(strstr(answer.body, path) != NULL, wanted < 2);
	http_answer_clear(&answer);
}

static void
test_one_mail_for_all(void **state)
{
	static const char subject[] = "Reminder: 2 payments, $300.00";
	char order[WORD_SIZE];
	struct http_answer answer;
	struct json_object *mail;
	struct two two;

	two_make(*state, &two);
	assert_bills(&two, 2);
	desk_post(two.stack, &two.browser, path, PAIRS({ "parent_id", two.id }),
	    &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, subject);
	http_assert_body_has(&answer, "it asks for $150.00 and $150.00</b>");
	http_answer_clear(&answer);
	remind(&two, " now; it asks for $150.00 and $150.00</b>");
	mailer_run(two.stack, 0);
	mail = mailbox_only(two.stack, two.email);
	assert_string_equal(mail_header(mail, "subject"), subject);
	assert_asks(mail, &two.club, true);
	assert_asks(mail, &two.other, true);
	json_object_put(mail);
	assert_states(&two, "sent sent");
	assert_bills(&two, 0);
	is_refused(&two, path, (struct form_pair){ "parent_id", two.id },
	    "mailed today already");
	word_of(order, two.other.order_id);
	is_refused(&two, "/desk/order/remind", (struct form_pair){ "order_id",
	    order }, "mailed today already");
}

/* What was reminded today is left out, and what is settled meanwhile, too. */
static void
test_each_by_itself(void **state)
{
	char order[WORD_SIZE];
	struct http_answer answer;
	struct json_object *mail;
	struct two two;

	two_make(*state, &two);
	remind(&two, "it asks for $150.00 and $150.00");
	club_cancel(two.stack, two.other.order_id);
	mailer_run(two.stack, 0);
	mail = mailbox_only(two.stack, two.email);
	assert_asks(mail, &two.club, true);
	assert_asks(mail, &two.other, false);
	json_object_put(mail);
	assert_states(&two, "sent dropped");
	is_refused(&two, path, (struct form_pair){ "parent_id", two.id },
	    "mailed today already");
	two_make(*state, &two);
	word_of(order, two.club.order_id);
	assert_bills(&two, 2);
	desk_request(two.stack, &two.browser, "/desk/order/remind",
	    PAIRS({ "order_id", order }), &answer);
	http_answer_clear(&answer);
	assert_bills(&two, 1);
	remind(&two, "it asks for $150.00; left out: mailed today already<");
	club_cancel(two.stack, two.club.order_id);
	club_cancel(two.stack, two.other.order_id);
	is_refused(&two, path, (struct form_pair){ "parent_id", two.id },
	    "nothing is owed");
}

/* A first month has no order before its link was followed. */
static void
test_with_a_first_month(void **state)
{
	struct json_object *mail;
	struct two two;

	two_make(*state, &two);
	sql_run(two.stack, "update teamdues.players set monthly_fee_cents = "
	    "9000 where player_id = %lld", (long long)two.club.player_id);
	sql_run(two.stack, "insert into teamdues.emails (kind, player_id, "
	    "recipient, facts, day, state, sent_at) values ('first_payment', "
	    "%lld, '%s', jsonb_build_object('quoted', current_date + 1, "
	    "'prorate', false, 'amount_cents', 9000, 'currency', 'usd'), "
	    "current_date - 3, 'sent', now())",
	    (long long)two.club.player_id, two.email);
	remind(&two, "it asks for $150.00 and $150.00 and $90.00<");
	mailer_run(two.stack, 0);
	mail = mailbox_only(two.stack, two.email);
	mail_assert_says(mail, "/checkout/first-payment?player_id=");
	assert_asks(mail, &two.other, true);
	json_object_put(mail);
}

/* The server's answer is of each, and what it refuses is tried again as one. */
static void
test_refused_by_the_server(void **state)
{
	struct json_object *mail;
	struct two two;

	two_make(*state, &two);
	remind(&two, "it asks for $150.00 and $150.00");
	catcher_fault(two.stack, "{\"phase\":\"rcpt\",\"to\":\"%s\","
	    "\"code\":450}", two.email);
	mailer_run(two.stack, 0);
	assert_states(&two, "queued queued");
	sql_run(two.stack, "update teamdues.emails set not_before = now() "
	    "where state = 'queued'");
	mailer_run(two.stack, 0);
	mail = mailbox_only(two.stack, two.email);
	assert_asks(mail, &two.other, true);
	json_object_put(mail);
	assert_states(&two, "sent sent");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_one_mail_for_all),
		MAIL_TEST(test_each_by_itself),
		MAIL_TEST(test_with_a_first_month),
		MAIL_TEST(test_refused_by_the_server),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
