/* A tournament at the desk: who has paid, the list for the gate, reminders. */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"

enum { FEE = 15000, PATH_SIZE = 256 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

/* Two players: the club's own owes, the other's order is as the test makes it;
 * and a treasurer's browser. */
struct cup {
	struct stack *stack;
	struct club club;
	int64_t other_id;
	struct desk_browser browser;
	char id[WORD_SIZE];
};

static void
cup_make(struct stack *stack, struct cup *cup)
{
	cup->stack = stack;
	club_make(stack, FEE, &cup->club);
	cup->other_id = club_add_order(stack, &cup->club);
	word_of(cup->id, cup->club.tournament_id);
	desk_enter(stack, "treasurer", &cup->browser);
}

/* PATH is below /desk/tournament, up to the tournament's number. */
static void
get(struct cup *cup, const char *path, long status, struct http_answer *answer)
{
	char target[PATH_SIZE];

	snprintf(target, sizeof(target), "/desk/tournament%stournament_id=%s",
	    path, cup->id);
	desk_get(cup->stack, &cup->browser, target, answer);
	http_assert_status(answer, status);
}

static void
assert_lacks(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, answer->body);
}

static void
call_other(const struct cup *cup, const char *name)
{
	sql_run(cup->stack, "update teamdues.players set name = '%s' where "
	    "player_id = (select player_id from teamdues.orders where "
	    "order_id = %lld)", name, (long long)cup->other_id);
}

static void
test_who_has_paid(void **state)
{
	struct http_answer answer;
	struct cup cup;
	char link[PATH_SIZE];

	cup_make(*state, &cup);
	club_cancel(cup.stack, cup.other_id);
	sql_run(cup.stack, "update teamdues.parents set phone = '555 7' where "
	    "parent_id = %lld", (long long)cup.club.parent_id);
	sql_run(cup.stack, "insert into teamdues.emails (kind, order_id, "
	    "player_id, recipient, day, state, sent_at) values "
	    "('tournament', %lld, %lld, 'a@b.example', current_date, 'sent', "
	    "now())",
	    (long long)cup.club.order_id, (long long)cup.club.player_id);
	snprintf(link, sizeof(link), "/desk/order?order_id=%lld",
	    (long long)cup.club.order_id);
	get(&cup, "?", 200, &answer);
	http_assert_body_has(&answer, link);
	http_assert_body_has(&answer, "In all: 1");
	http_assert_body_has(&answer, "Cancelled (1)");
	http_assert_body_has(&answer, "&amp;status=pending\">1 owe $");
	http_assert_body_has(&answer, "<tr class=\"owing\">");
	http_assert_body_has(&answer, ">555 7</td>");
	http_assert_body_has(&answer, ">mailed ");
	http_answer_clear(&answer);
	get(&cup, "?status=&", 200, &answer);
	http_assert_body_has(&answer, link);
	http_answer_clear(&answer);
	get(&cup, "?status=cancelled&", 200, &answer);
	assert_lacks(&answer, link);
	assert_lacks(&answer, "class=\"owing\"");
	http_assert_body_has(&answer, "In all: 1");
	http_answer_clear(&answer);
	word_of(cup.id, 999999999);
	get(&cup, "?", 404, &answer);
	http_answer_clear(&answer);
}

/* A name is a name, whatever is in it. */
static void
test_hostile_names(void **state)
{
	struct http_answer answer;
	struct cup cup;

	cup_make(*state, &cup);
	call_other(&cup, "=cmd|<script>alert(1)</script>");
	get(&cup, "?", 200, &answer);
	http_assert_body_has(&answer, "=cmd|&lt;script&gt;");
	assert_lacks(&answer, "<script>alert");
	http_answer_clear(&answer);
	get(&cup, "/gate?", 200, &answer);
	assert_lacks(&answer, "<script>alert");
	http_answer_clear(&answer);
	get(&cup, ".csv?", 200, &answer);
	http_assert_body_has(&answer, ",'=cmd|<script>");
	http_answer_clear(&answer);
}

/* Names and whether they may play; no figures, and nobody who is not in it. */
static void
test_gate(void **state)
{
	struct http_answer answer;
	struct cup cup;

	cup_make(*state, &cup);
	call_other(&cup, "Zoe Waived");
	sql_run(cup.stack, "set client_min_messages = warning; "
	    "select teamdues.change_order(%lld, "
	    "'{\"action\": \"waive\", \"reason\": \"x\"}', 'test', true)",
	    (long long)cup.other_id);
	get(&cup, "/gate?", 200, &answer);
	http_assert_body_has(&answer, "2 players");
	http_assert_body_has(&answer, "<span>Not paid</span>");
	http_assert_body_has(&answer, "<b>Zoe Waived</b> <small></small> "
	    "<span>Nothing to pay</span>");
	assert_lacks(&answer, "150");
	http_answer_clear(&answer);
	club_cancel(cup.stack, cup.club.order_id);
	get(&cup, "/gate?", 200, &answer);
	http_assert_body_has(&answer, "1 players");
	http_answer_clear(&answer);
}

/* How the newest request stands. */
static void
assert_head(struct cup *cup, const char *head)
{
	char target[PATH_SIZE];
	struct http_answer answer;

	snprintf(target, sizeof(target), "/desk/request?request_id=%lld",
	    (long long)sql_int(cup->stack, "select max(request_id) from "
	    "teamdues.desk_requests"));
	desk_get(cup->stack, &cup->browser, target, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, head);
	http_answer_clear(&answer);
}

/* Whom a reminder of all would go to. */
static void
see_reminders(struct cup *cup, struct http_answer *answer)
{
	char target[PATH_SIZE];

	snprintf(target, sizeof(target), "/desk/mails/send?"
	    "what=tournament_reminders&tournament_id=%s", cup->id);
	desk_get(cup->stack, &cup->browser, target, answer);
	http_assert_status(answer, 200);
}

/* All who owe, after a look at who they are. */
static void
test_remind_all(void **state)
{
	struct http_answer answer;
	struct cup cup;

	cup_make(*state, &cup);
	club_cancel(cup.stack, cup.other_id);
	see_reminders(&cup, &answer);
	http_assert_body_has(&answer, "gets the mail; has had no bill yet");
	http_answer_clear(&answer);
	desk_request(cup.stack, &cup.browser, "/desk/mails/send",
	    PAIRS({ "what", "tournament_reminders" },
	    { "tournament_id", cup.id }), &answer);
	http_assert_body_has(&answer, "1 mail goes out");
	http_answer_clear(&answer);
	assert_head(&cup, "<h1>On their way</h1>");
	mailer_run(cup.stack, 0);
	assert_head(&cup, "<h1>Done</h1>");
	sql_run(cup.stack, "update teamdues.emails set day = day - 1");
	see_reminders(&cup, &answer);
	http_assert_body_has(&answer, "gets the mail");
	assert_lacks(&answer, "no bill yet");
	http_answer_clear(&answer);
	sql_run(cup.stack, "update teamdues.emails set day = day + 1");
	desk_get(cup.stack, &cup.browser, "/desk/log", &answer);
	http_assert_body_has(&answer, "Had a reminder mailed");
	http_assert_body_has(&answer, "the families of Cup");
	http_answer_clear(&answer);
	assert_int_equal(sql_int(cup.stack, "select count(*) from "
	    "teamdues.emails where kind = 'reminder' and order_id = %lld",
	    (long long)cup.club.order_id), 1);
	desk_post(cup.stack, &cup.browser, "/desk/mails/send",
	    PAIRS({ "what", "tournament_reminders" },
	    { "tournament_id", cup.id }), &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "mailed today already");
	http_answer_clear(&answer);
}

/* Sends it, or looks at what is refused. */
static void
send_bill(struct cup *cup, long status, const char *words)
{
	static const char path[] = "/desk/mails/send";
	const struct form_pair *pairs = PAIRS({ "what", "tournament" },
	    { "tournament_id", cup->id });
	struct http_answer answer;

	if (status == 200)
		desk_request(cup->stack, &cup->browser, path, pairs, &answer);
	else
		desk_post(cup->stack, &cup->browser, path, pairs, &answer);
	http_assert_status(&answer, status);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
}

/* Who had the bill today is none of those whom a reminder of all goes to, at
 * the desk or by the command. */
static void
test_billed_today(void **state)
{
	const struct form_pair *all;
	struct http_answer answer;
	struct cup cup;
	char order[WORD_SIZE];
	struct run run;

	cup_make(*state, &cup);
	all = PAIRS({ "what", "tournament_reminders" },
	    { "tournament_id", cup.id });
	word_of(order, cup.club.order_id);
	desk_request(cup.stack, &cup.browser, "/desk/order/remind",
	    PAIRS({ "order_id", order }), &answer);
	http_answer_clear(&answer);
	COMMAND(cup.stack, &run, 3, "email", "remind", "--tournament", cup.id);
	assert_holds(run.output, "mailed today already");
	assert_holds(run.errors, "1 mail would be queued, 1 player skipped");
	run_clear(&run);
	desk_post(cup.stack, &cup.browser, "/desk/mails/send", all, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "mailed today already");
	http_assert_body_has(&answer, "<b>1</b> of these has had no bill yet");
	http_answer_clear(&answer);
	desk_request(cup.stack, &cup.browser, "/desk/mails/send", all, &answer);
	http_assert_body_has(&answer, "<b>1 mail goes out now</b>");
	http_answer_clear(&answer);
	assert_int_equal(sql_int(cup.stack, "select count(*) from "
	    "teamdues.emails where order_id = %s", order), 1);
}

/* Who was asked before is reminded, and not billed again on another day. */
static void
test_first_bill(void **state)
{
	struct http_answer answer;
	struct cup cup;

	cup_make(*state, &cup);
	get(&cup, "?", 200, &answer);
	http_assert_body_has(&answer, "Mail the first bill to those not asked "
	    "yet");
	http_answer_clear(&answer);
	send_bill(&cup, 200, "<b>2 mails go out now</b>");
	sql_run(cup.stack, "update teamdues.emails e set day = e.day - 3 "
	    "from teamdues.orders o where o.order_id = e.order_id and "
	    "o.tournament_id = %s", cup.id);
	send_bill(&cup, 409, "asked on ");
	club_add_order(cup.stack, &cup.club);
	send_bill(&cup, 200, "<b>1 mail goes out now</b>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_who_has_paid),
		MAIL_TEST(test_hostile_names),
		MAIL_TEST(test_gate),
		MAIL_TEST(test_remind_all),
		MAIL_TEST(test_billed_today),
		MAIL_TEST(test_first_bill),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
