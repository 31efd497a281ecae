/*
 * Each act of a person is one line of the log as well: a restored backup has
 * forgotten the last acts, and they can be read and done again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "mailbox.h"
#include "sql.h"

enum { AMOUNT = 15000, LINE_SIZE = 1024 };

static const char begins[] = "info act at=20";

static size_t
count_lines(const char *log)
{
	size_t count = 0;

	for (; (log = strstr(log, begins)) != NULL; log++)
		count++;
	return count;
}

static int64_t
acts_kept(struct stack *stack)
{
	return sql_int(stack, "select count(*) from teamdues.audit_log");
}

/* A line for each row that the command adds to the audit log; they say this. */
static void
tells(struct stack *stack, const char *part, const char *const *words)
{
	int64_t before = acts_kept(stack);
	struct run run;

	command_run(stack, &run, 0, NULL, words);
	if (acts_kept(stack) == before)
		fail_msg("no act was kept of: %s", part);
	assert_int_equal(count_lines(run.errors), acts_kept(stack) - before);
	assert_holds(run.errors, " by=");
	assert_holds(run.errors, part);
	run_clear(&run);
}

static void
is_silent(struct stack *stack, int code, const char *const *words)
{
	struct run run;

	command_run(stack, &run, code, NULL, words);
	assert_int_equal(count_lines(run.errors), 0);
	run_clear(&run);
}

struct owed {
	struct club club;
	char order[WORD_SIZE];
	char player[WORD_SIZE];
	char who[LINE_SIZE];	/* as a line says what an act was about */
};

static void
owed_make(struct stack *stack, struct owed *o)
{
	char *item;

	club_make(stack, AMOUNT, &o->club);
	word_of(o->order, o->club.order_id);
	word_of(o->player, o->club.player_id);
	item = sql_text(stack, "select name from teamdues.tournaments "
	    "where tournament_id = %lld", (long long)o->club.tournament_id);
	snprintf(o->who, sizeof(o->who), " order=%s player=%s item=%s%s%s "
	    "amount=\"150.00 usd\" ", o->order, o->player,
	    strchr(item, ' ') != NULL ? "\"" : "", item,
	    strchr(item, ' ') != NULL ? "\"" : "");
	free(item);
}

static void
test_orders(void **state)
{
	struct stack *stack = *state;
	struct owed o;

	owed_make(stack, &o);
	tells(stack, o.who, WORDS("order", "cancel", o.order, "--reason",
	    "moved away", "--commit"));
	tells(stack, "what=reopen order=", WORDS("order", "reopen", o.order,
	    "--reason", "stays", "--commit"));
	tells(stack, "detail=\"150.00 usd: hard times\"", WORDS("order",
	    "waive", o.order, "--reason", "hard times", "--commit"));
	tells(stack, "detail=\"150.00 usd of order ", WORDS("order", "reopen",
	    o.order, "--reason", "paid after all", "--commit"));
	tells(stack, "detail=\"100.00 of 150.00 usd by cash, reference 17\"",
	    WORDS("order", "record-payment", o.order, "--source", "cash",
	    "--reference", "17", "--amount", "100.00", "--commit"));
	tells(stack, "what=\"unrecord payment\" ", WORDS("order",
	    "unrecord-payment", o.order, "--commit"));
	tells(stack, "detail=\"150.00 to 120.00 usd: sibling\"", WORDS("order",
	    "adjust", o.order, "--amount", "120.00", "--reason", "sibling",
	    "--commit"));
}

static void
test_payments(void **state)
{
	struct stack *stack = *state;
	struct stray stray, shop;
	struct owed o;

	owed_make(stack, &o);
	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	stray_make(stack, AMOUNT - 1, "payment_link", "plink_told", &shop);
	tells(stack, o.who, WORDS("unmatched", "attach", stray.event_id,
	    o.order, "--anyway", "--commit"));
	tells(stack, stray.intent_id, WORDS("unmatched", "detach",
	    stray.event_id, "--commit"));
	tells(stack, "amount=\"150.00 usd\" subject=", WORDS("unmatched",
	    "dismiss", stray.event_id, "--reason", "a friend", "--commit"));
	tells(stack, "what=reopen ", WORDS("unmatched", "reopen",
	    stray.event_id, "--commit"));
	tells(stack, "what=\"add rule\" ", WORDS("unmatched", "dismiss",
	    shop.event_id, "--reason", "the shop's", "--not-ours", "--like",
	    "payment_link", "--commit"));
}

static void
test_rules(void **state)
{
	struct stack *stack = *state;
	char rule[WORD_SIZE];

	word_of(rule, sql_int(stack, "insert into teamdues.foreign_rules "
	    "(field, value, actor) values ('metadata', 'told', 'a test') "
	    "returning rule_id"));
	tells(stack, "what=\"remove rule\" ", WORDS("unmatched", "rules",
	    "remove", rule, "--commit"));
}

static void
test_club(void **state)
{
	static const char add[] = "n=$(date +%s%N); \"$0\" product add "
	    "--name \"Told $n\" --kind tournament --amount 90.00 --json "
	    ">/dev/null";
	static const char roster[] = "printf 'parent_name,parent_email,"
	    "parent_phone,player_name,team,monthly_fee\\n"
	    "Told One,told1@families.example,,Told Kid,ToldTeam,50.00\\n' | "
	    "\"$0\" import roster /dev/stdin --commit";
	struct stack *stack = *state;
	char product[WORD_SIZE], tournament[WORD_SIZE], player[WORD_SIZE];
	struct run run;

	command_shell(stack, &run, 0, add);
	assert_holds(run.errors, "what=\"product add\" subject=\"product ");
	assert_holds(run.errors, ", tournament, 90.00 usd\"");
	run_clear(&run);
	word_of(product, sql_int(stack, "select max(product_id) from "
	    "teamdues.products"));
	tells(stack, "what=\"tournament add\" ", WORDS("tournament", "add",
	    "--name", "Told Cup", "--date", "2099-05-01", "--product",
	    product));
	word_of(tournament, sql_int(stack, "select max(tournament_id) from "
	    "teamdues.tournaments"));
	command_shell(stack, &run, 0, roster);
	assert_holds(run.errors, "what=\"import roster\" detail=\"1 new, 0 "
	    "changed\"");
	run_clear(&run);
	word_of(player, sql_int(stack, "select max(player_id) from "
	    "teamdues.players"));
	tells(stack, "team ToldTeam: order ", WORDS("tournament",
	    "roster", tournament, "--team", "ToldTeam", "--commit"));
	is_silent(stack, 0, WORDS("tournament", "roster", tournament,
	    "--team", "ToldTeam", "--commit"));
	tells(stack, "what=\"player leave\" ", WORDS("player", "leave",
	    player, "--commit"));
	tells(stack, "what=\"player return\" ", WORDS("player", "return",
	    player, "--commit"));
}

static void
test_sessions_made_elsewhere(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_int_equal(count_lines(run.errors), 1);
	assert_holds(run.errors, "what=\"adopt session\" order=");
	assert_holds(run.errors, incident.sessions[0]);
	run_clear(&run);
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_int_equal(count_lines(run.errors), 0);
	run_clear(&run);
	incident_clear(&incident);
}

static void
test_mails(void **state)
{
	struct stack *stack = *state;
	char tournament[WORD_SIZE], mail[WORD_SIZE];
	struct owed o;

	owed_make(stack, &o);
	word_of(tournament, o.club.tournament_id);
	tells(stack, "what=\"mail tournament\" ", WORDS("email", "blast",
	    "--tournament", tournament, "--commit"));
	word_of(mail, sql_int(stack, "select max(email_id) from "
	    "teamdues.emails"));
	tells(stack, "what=\"mail again\" ", WORDS("email", "retry", mail));
	tells(stack, "what=\"mail drop\" ", WORDS("email", "drop", mail));
}

/* Nothing was done: nothing is told. */
static void
test_what_is_not_done(void **state)
{
	struct stack *stack = *state;
	struct stray stray;
	struct owed o;

	owed_make(stack, &o);
	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	is_silent(stack, 3, WORDS("order", "cancel", o.order, "--reason",
	    "moved"));
	is_silent(stack, 3, WORDS("unmatched", "attach", stray.event_id,
	    o.order, "--anyway"));
	is_silent(stack, 1, WORDS("order", "reopen", o.order, "--commit"));
	is_silent(stack, 0, WORDS("orders"));
}

/* An admin's act is in the log of the program that did it. */
static void
test_admin(void **state)
{
	struct stack *stack = *state;
	char target[LINE_SIZE], body[LINE_SIZE];
	struct http_answer answer;
	struct stray stray;
	struct owed o;

	owed_make(stack, &o);
	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	snprintf(target, sizeof(target), "/admin/unmatched/%s/attach",
	    stray.event_id);
	snprintf(body, sizeof(body), "{\"order_id\":%s,"
	    "\"anyway\":true}", o.order);
	admin_ask(stack, "POST", target, body, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	snprintf(body, sizeof(body), "by=demo what=attach order=%s ",
	    o.order);
	WAIT_UNTIL(5, stack_count_logged(stack, "admin-orders", body) == 1);
}

/* What a person types is kept by syslog, since nobody keeps the terminal. */
static void
test_journal(void **state)
{
	struct stack *stack = *state;
	char preload[LINE_SIZE], kept[LINE_SIZE], path[STACK_PATH_SIZE];
	struct owed o;
	struct run run;
	char *journal;

	owed_make(stack, &o);
	stack_path(stack, "journal", path);
	snprintf(preload, sizeof(preload),
	    "LD_PRELOAD=%s/tests/system/preload/journal.so", stack->build);
	snprintf(kept, sizeof(kept), "TEAMDUES_TEST_JOURNAL=%s", path);
	command_run(stack, &run, 0, WORDS(preload, kept), WORDS("order",
	    "cancel", o.order, "--reason", "moved away", "--commit"));
	journal = stack_read_file(path);
	assert_int_equal(count_lines(journal), 1);
	assert_holds(journal, o.who);
	assert_holds(journal, "detail=\"moved away\"\n");
	free(journal);
	run_clear(&run);
	assert_int_equal(remove(path), 0);
}

/* What is kept without being told would be seen. */
static void
test_the_count_can_fail(void **state)
{
	struct stack *stack = *state;
	int64_t before = acts_kept(stack);
	struct owed o;

	owed_make(stack, &o);
	sql_run(stack, "alter table teamdues.audit_log disable trigger told");
	is_silent(stack, 0, WORDS("order", "cancel", o.order, "--reason",
	    "moved", "--commit"));
	sql_run(stack, "alter table teamdues.audit_log enable trigger told");
	assert_int_equal(acts_kept(stack), before + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_orders),
		MAIL_TEST(test_payments),
		MAIL_TEST(test_rules),
		MAIL_TEST(test_club),
		MAIL_TEST(test_sessions_made_elsewhere),
		MAIL_TEST(test_mails),
		MAIL_TEST(test_what_is_not_done),
		MAIL_TEST(test_admin),
		MAIL_TEST(test_journal),
		MAIL_TEST(test_the_count_can_fail),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
