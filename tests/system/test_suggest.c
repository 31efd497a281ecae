/*
 * `import sessions --suggest`: whose the paid sessions of Stripe's list are,
 * how sure that is and why, written as the list that `import sessions` reads.
 * Invariant 8: it changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "sql.h"

enum { LINE_SIZE = 1024 };

/* The parent's or the player's name, address or so of an order. */
static void
told(struct stack *stack, int64_t order_id, const char *column,
    char text[UNIQUE_SIZE])
{
	char *value = sql_text(stack, "select %s from "
	    "teamdues.order_overview where order_id = %lld", column,
	    (long long)order_id);

	snprintf(text, UNIQUE_SIZE, "%s", value);
	free(value);
}

static void
pay_as(struct stack *stack, const char *session_id, const char *name,
    const char *email)
{
	char body[LINE_SIZE];

	snprintf(body, sizeof(body), "{\"name\":\"%s\",\"email\":\"%s\"}",
	    name, email);
	standin_act(stack, session_id, "pay", body);
}

/* The line of a session, with what stands before and after its id. */
static void
assert_line(const char *text, int64_t order_id, const char *session_id,
    const char *after)
{
	char line[LINE_SIZE];

	snprintf(line, sizeof(line), "\n%lld,%s,%s,", (long long)order_id,
	    session_id, after);
	assert_holds(text, line);
}

static void
assert_left_out(const char *text, const char *session_id, const char *why)
{
	char start[LINE_SIZE];
	const char *line;
	const char *end;

	snprintf(start, sizeof(start), "left out: %s  $150.00  ", session_id);
	line = strstr(text, start);
	if (line == NULL)
		fail_msg("%s is not left out in: %s", session_id, text);
	end = strchr(line, '\n');
	snprintf(start, sizeof(start), "%.*s", (int)(end - line), line);
	assert_holds(start, why);
}

static void
ask(struct stack *stack, const struct incident *incident, struct run *run)
{
	char *before = incident_stripe_state(stack);
	char *after;

	books_unmoved(stack, run, 0, WORDS("import", "sessions", "--suggest",
	    "--tournament-id", incident->tournament));
	after = incident_stripe_state(stack);
	assert_string_equal(before, after);
	free(after);
	free(before);
}

/* Six orders; four are paid, each payer known less well, one of them twice, and
 * a shop sells to a family at the very price. */
struct night {
	struct incident incident;
	char twice[SESSION_ID_SIZE];
	char shop[SESSION_ID_SIZE];
	char stranger[SESSION_ID_SIZE];
};

static void
night_make(struct stack *stack, struct night *n)
{
	const struct incident *incident = &n->incident;
	char name[UNIQUE_SIZE], email[UNIQUE_SIZE], grandma[2 * UNIQUE_SIZE];
	int64_t then;

	incident_make(stack, 6, &n->incident);
	/* Of two that are known as well the first one has the order. */
	then = now_s();
	WAIT_UNTIL(10, now_s() > then + 1);
	shop_session(stack, "&mode=payment", n->twice);
	shop_session(stack, "&mode=payment&metadata[shop_order]=12", n->shop);
	shop_session(stack, "&mode=payment", n->stranger);
	standin_act(stack, incident->sessions[0], "pay", NULL);
	standin_act(stack, incident->sessions[1], "pay", NULL);
	told(stack, incident->orders[2], "parent_name", name);
	pay_as(stack, incident->sessions[2], name, "work@example.com");
	told(stack, incident->orders[3], "player_name", name);
	snprintf(grandma, sizeof(grandma), "Grandma%s", strrchr(name, ' '));
	pay_as(stack, incident->sessions[3], grandma, "old@example.com");
	told(stack, incident->orders[0], "parent_email", email);
	pay_as(stack, n->twice, "Late", email);
	told(stack, incident->orders[4], "parent_email", email);
	pay_as(stack, n->shop, "Shopper", email);
	pay_as(stack, n->stranger, "Total Stranger", "who@example.com");
}

static void
test_suggests_and_says_how_sure(void **state)
{
	struct stack *stack = *state;
	struct night n;
	struct run run;

	night_make(stack, &n);
	ask(stack, &n.incident, &run);
	assert_memory_equal(run.output, "order_id,session_id,sure,why,", 29);
	assert_line(run.output, n.incident.orders[0], n.incident.sessions[0],
	    "sure,the parent's address");
	assert_line(run.output, n.incident.orders[1], n.incident.sessions[1],
	    "sure,the parent's address");
	assert_line(run.output, n.incident.orders[2], n.incident.sessions[2],
	    "likely,the parent's name");
	assert_line(run.output, n.incident.orders[3], n.incident.sessions[3],
	    "guess,the family's surname");
	assert_null(strstr(run.output, n.incident.sessions[4]));
	assert_left_out(run.errors, n.twice, "paid twice?");
	assert_left_out(run.errors, n.shop, "probably another business's: it "
	    "carries shop_order");
	assert_left_out(run.errors, n.stranger, "no family that owes this");
	assert_holds(run.errors, "suggested 4, left out 3\n");
	run_clear(&run);
	incident_clear(&n.incident);
}

/* What is sure is taken as it is; the rest asks for a person's word. */
static void
test_is_read_back(void **state)
{
	struct stack *stack = *state;
	char line[LINE_SIZE];
	struct night n;
	struct run run;

	night_make(stack, &n);
	snprintf(line, sizeof(line), "\"$0\" import sessions --suggest "
	    "--tournament-id %s >%s && \"$0\" import sessions %s --commit",
	    n.incident.tournament, n.incident.file, n.incident.file);
	command_shell(stack, &run, 1, line);
	assert_holds(run.output, "adopt 2 (end 0 of them), same 0, refused 2 "
	    "(--anyway adopts them)");
	run_clear(&run);
	club_assert_status(stack, n.incident.orders[0], "paid");
	club_assert_status(stack, n.incident.orders[1], "paid");
	club_assert_status(stack, n.incident.orders[2], "pending");
	COMMAND(stack, &run, 0, "import", "sessions", n.incident.file,
	    "--anyway", "--commit");
	run_clear(&run);
	club_assert_status(stack, n.incident.orders[3], "paid");

	/* What is known now is not suggested again. */
	ask(stack, &n.incident, &run);
	assert_holds(run.errors, "suggested 0, left out 3\n");
	assert_left_out(run.errors, n.twice,
	    "already: probably twice");
	run_clear(&run);
	incident_clear(&n.incident);
}

/* Two children of one family: either order may be meant. */
static void
test_siblings_are_not_sure(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 2, &incident);
	sql_run(stack, "update teamdues.players y set parent_id = %lld from "
	    "teamdues.orders o where o.player_id = y.player_id and "
	    "o.order_id = %lld", (long long)incident.club.parent_id,
	    (long long)incident.orders[1]);
	standin_act(stack, incident.sessions[0], "pay", NULL);
	ask(stack, &incident, &run);
	assert_line(run.output, incident.orders[0], incident.sessions[0],
	    "likely,the parent's address (one of 2 orders)");
	assert_holds(run.errors, "suggested 1, left out 0\n");
	run_clear(&run);
	incident_clear(&incident);
}

/* Our own sessions tell themselves whose they are, and so do those of a
 * business that somebody has told of. */
static void
test_only_what_is_homeless(void **state)
{
	struct stack *stack = *state;
	char minted[SESSION_ID_SIZE], email[UNIQUE_SIZE];
	struct incident incident;
	struct run run;

	incident_make(stack, 2, &incident);
	club_click_through(stack, incident.orders[0], minted);
	standin_act(stack, minted, "pay", NULL);
	told(stack, incident.orders[1], "parent_email", email);
	standin_deliver(stack, true);
	pay_as(stack, incident.sessions[1], "Pat", email);
	events_arrive(stack);
	ask(stack, &incident, &run);
	assert_line(run.output, incident.orders[1], incident.sessions[1],
	    "sure,the parent's address");
	assert_holds(run.errors, "suggested 1, left out 0\n");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "dismiss", incident.sessions[1],
	    "--reason", "shop", "--not-ours", "--commit");
	run_clear(&run);
	ask(stack, &incident, &run);
	assert_holds(run.errors, "suggested 0, left out 0\n");
	run_clear(&run);
	incident_clear(&incident);
}

/* What an installation before made waits for an attachment: its words name an
 * order of lost books, and no list can adopt it for another. */
static void
test_not_what_was_made_before_a_loss(void **state)
{
	struct stack *stack = *state;
	char form[LINE_SIZE], before[UNIQUE_SIZE], email[UNIQUE_SIZE];
	char session_id[SESSION_ID_SIZE];
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	told(stack, incident.orders[0], "parent_email", email);
	unique_name("td_", before);
	snprintf(form, sizeof(form), "&mode=payment&metadata[teamdues]=%s"
	    "&metadata[order_id]=%lld&metadata[teamdues_word]=0123456789",
	    before, (long long)incident.orders[0] + 1000);
	shop_session(stack, form, session_id);
	standin_deliver(stack, true);
	pay_as(stack, session_id, "Pat", email);
	events_arrive(stack);
	COMMAND(stack, &run, 0, "installation", "adopt", before, "--commit");
	assert_holds(run.output, "1 for a person");
	run_clear(&run);
	ask(stack, &incident, &run);
	assert_holds(run.errors, "suggested 0, left out 0\n");
	run_clear(&run);
	incident_clear(&incident);
}

static void
test_usage(void **state)
{
	struct stack *stack = *state;
	struct run run;

	COMMAND(stack, &run, 2, "import", "sessions");
	run_clear(&run);
	COMMAND(stack, &run, 2, "import", "sessions", "x.csv", "--suggest",
	    "--tournament-id", "1");
	run_clear(&run);
	COMMAND(stack, &run, 2, "import", "sessions", "--suggest");
	run_clear(&run);
	COMMAND(stack, &run, 2, "import", "sessions", "x.csv",
	    "--tournament-id", "1");
	run_clear(&run);
	COMMAND(stack, &run, 2, "import", "sessions", "--suggest",
	    "--tournament-id", "1", "--commit");
	assert_holds(run.errors, "nothing to commit");
	run_clear(&run);
	COMMAND(stack, &run, 1, "import", "sessions", "--suggest",
	    "--tournament-id", "999999999");
	assert_holds(run.errors, "no tournament 999999999");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_suggests_and_says_how_sure),
		INCIDENT_TEST(test_is_read_back),
		INCIDENT_TEST(test_siblings_are_not_sure),
		INCIDENT_TEST(test_only_what_is_homeless),
		INCIDENT_TEST(test_not_what_was_made_before_a_loss),
		INCIDENT_TEST(test_usage),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
