/*
 * What waits for a person, and the person's answers.  Invariants 2 (a payment
 * stands in one place) and 8 (nothing is changed by a dry run or a refusal).
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "books.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000 };

/* A payment that waits, and the order that it is for. */
struct waiting {
	struct club club;
	struct stray stray;
	char order[WORD_SIZE];
};

static void
waiting_make(struct stack *stack, struct waiting *w)
{
	club_make(stack, AMOUNT, &w->club);
	word_of(w->order, w->club.order_id);
	stray_of(stack, &w->club, AMOUNT, &w->stray);
}

static void
assert_waits(struct stack *stack, const char *event_id, bool waits)
{
	struct json_object *row = unmatched_row(stack, event_id);

	if ((row != NULL) != waits)
		fail_msg("%s %s", event_id, waits ? "does not wait"
		    : "still waits");
	json_object_put(row);
}

static void
test_attach_pays_the_order(void **state)
{
	struct stack *stack = *state;
	struct waiting w;
	struct run run;

	waiting_make(stack, &w);
	assert_waits(stack, w.stray.event_id, true);
	books_unmoved(stack, &run, 3, WORDS("unmatched", "attach",
	    w.stray.event_id, w.order));
	assert_holds(run.output, "Would attach: 150.00 usd of pi_");
	run_clear(&run);

	COMMAND(stack, &run, 0, "unmatched", "attach", w.stray.event_id,
	    w.order, "--commit");
	assert_holds(run.output, "Done: attach: 150.00 usd of pi_");
	run_clear(&run);
	club_assert_paid_by(stack, w.club.order_id, w.stray.intent_id);
	assert_waits(stack, w.stray.event_id, false);
	webhook_assert_overview(stack, w.stray.event_id, "applied", "");

	/* Twice is harmless. */
	books_unmoved(stack, &run, 0, WORDS("unmatched", "attach",
	    w.stray.session_id, w.order, "--commit"));
	assert_holds(run.output, "Nothing to do: the payment counts for order");
	run_clear(&run);
}

/* The audit log and `show` name who did it. */
static void
test_attach_is_signed(void **state)
{
	const struct passwd *user = getpwuid(getuid());
	struct stack *stack = *state;
	struct waiting w;
	struct run run;

	waiting_make(stack, &w);
	command_run(stack, &run, 0, WORDS("SUDO_USER="), WORDS("unmatched",
	    "attach", w.stray.event_id, w.order, "--commit"));
	run_clear(&run);
	assert_non_null(user);
	sql_assert_text(stack, user->pw_name, "select actor from "
	    "teamdues.audit_log where action = 'attach' and order_id = %s",
	    w.order);
	COMMAND(stack, &run, 0, "unmatched", "show", w.stray.session_id);
	assert_holds(run.output, w.stray.event_id);
	assert_holds(run.output, user->pw_name);
	assert_holds(run.output, "attach");
	run_clear(&run);
	if (getuid() != 0)
		return;
	waiting_make(stack, &w);
	command_run(stack, &run, 0, WORDS("SUDO_USER=treasurer"), WORDS(
	    "unmatched", "attach", w.stray.event_id, w.order, "--commit"));
	run_clear(&run);
	sql_assert_text(stack, "treasurer", "select actor from "
	    "teamdues.audit_log where action = 'attach' and order_id = %s",
	    w.order);
}

/* Whoever it is given to must owe just that, and have nothing yet. */
static void
test_attach_is_refused_with_figures(void **state)
{
	struct stack *stack = *state;
	char other[WORD_SIZE];
	struct waiting w;
	struct club dear;
	struct run run;

	waiting_make(stack, &w);
	club_make(stack, AMOUNT - 3000, &dear);
	word_of(other, dear.order_id);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    w.stray.event_id, other, "--commit"));
	assert_holds(run.errors, "refused: paid 150.00, order ");
	assert_holds(run.errors, " is 120.00 usd");
	run_clear(&run);

	COMMAND(stack, &run, 0, "unmatched", "attach", w.stray.event_id,
	    w.order, "--commit");
	run_clear(&run);
	word_of(other, club_add_order(stack, &w.club));
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    w.stray.event_id, other, "--commit"));
	assert_holds(run.errors, "counts for order");
	run_clear(&run);

	stray_of(stack, &w.club, AMOUNT, &w.stray);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    w.stray.event_id, w.order, "--commit"));
	assert_holds(run.errors, "is paid by another payment");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    "evt_nobodys", w.order, "--commit"));
	assert_holds(run.errors, "no payment stands under evt_nobodys");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    w.stray.event_id, "999999999", "--commit"));
	assert_holds(run.errors, "no such order");
	run_clear(&run);
}

static void
test_show_says_what_to_do(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	struct waiting w;
	struct run run;

	club_make(stack, AMOUNT, &w.club);
	word_of(w.order, w.club.order_id);
	stray_make(stack, AMOUNT, "metadata.order_id", w.order, &w.stray);
	COMMAND(stack, &run, 0, "unmatched", "show", w.stray.event_id);
	assert_holds(run.output, "$150.00\n");
	assert_holds(run.output, "named by somebody else");
	assert_holds(run.output, "attach it to order ");
	assert_holds(run.output, w.club.name);
	run_clear(&run);
	rows = command_rows(stack, 1, 0, WORDS("unmatched", "show",
	    w.stray.session_id, "--json"));
	assert_member_holds(json_object_array_get_idx(rows, 0), "event_id",
	    w.stray.event_id);
	json_object_put(rows);
	COMMAND(stack, &run, 1, "unmatched", "show", "evt_nobodys");
	assert_holds(run.errors, "nothing stands under evt_nobodys");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "--csv");
	assert_holds(run.output, "event_id,outcome,reason,session_id,");
	assert_holds(run.output, w.stray.event_id);
	run_clear(&run);
}

static void
test_dismiss_closes_with_a_reason(void **state)
{
	struct stack *stack = *state;
	struct waiting w;
	struct run run;

	waiting_make(stack, &w);
	books_unmoved(stack, &run, 3, WORDS("unmatched", "dismiss",
	    w.stray.event_id, "--reason", "paid back in cash"));
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "dismiss", w.stray.event_id,
	    "--reason", "paid back in cash", "--commit");
	run_clear(&run);
	assert_waits(stack, w.stray.event_id, false);
	webhook_assert_overview(stack, w.stray.event_id, "ignored",
	    ": paid back in cash");
	books_unmoved(stack, &run, 0, WORDS("unmatched", "dismiss",
	    w.stray.event_id, "--reason", "again", "--commit"));
	run_clear(&run);
	COMMAND(stack, &run, 1, "unmatched", "dismiss", "evt_nobodys",
	    "--reason", "x", "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 2, "unmatched", "dismiss", w.stray.event_id,
	    "--commit");
	run_clear(&run);
}

/* The rule that holds for a value; its id. */
static void
rule_of(struct stack *stack, const char *value, char id[WORD_SIZE])
{
	word_of(id, sql_int(stack, "select rule_id from teamdues.rule_overview"
	    " where value = '%s'", value));
}

/* Another business's payments are told by a rule, and told no more without. */
static void
test_rule_comes_and_goes(void **state)
{
	struct stack *stack = *state;
	char link[UNIQUE_SIZE], rule[WORD_SIZE];
	struct stray first, second;
	struct json_object *session;
	struct run run;

	unique_name("plink_", link);
	stray_make(stack, AMOUNT, "payment_link", link, &first);
	stray_make(stack, AMOUNT, "payment_link", link, &second);
	books_unmoved(stack, &run, 3, WORDS("unmatched", "dismiss",
	    first.event_id, "--reason", "web shop", "--not-ours", "--like",
	    "payment_link"));
	assert_holds(run.output, "web shop (with 1 more like it, "
	    "300.00 usd in all)");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "dismiss", first.event_id,
	    "--reason", "web shop", "--not-ours", "--like", "payment_link",
	    "--commit");
	assert_holds(run.output, "web shop (with 1 more like it, "
	    "300.00 usd in all)");
	run_clear(&run);
	webhook_assert_overview(stack, first.event_id, "foreign", "web shop");
	webhook_assert_overview(stack, second.event_id, "foreign", link);
	session = session_paid("cs_test_later", AMOUNT);
	json_set_text(session, "id", link + 2);
	json_set_text(session, "payment_link", link);
	webhook_expect(stack, session, "foreign");
	json_object_put(session);

	COMMAND(stack, &run, 0, "unmatched", "rules");
	assert_holds(run.output, link);
	run_clear(&run);
	rule_of(stack, link, rule);
	books_unmoved(stack, &run, 3, WORDS("unmatched", "rules", "remove",
	    rule));
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "rules", "remove", rule,
	    "--commit");
	run_clear(&run);
	webhook_assert_overview(stack, first.event_id, "foreign", "web shop");
	assert_waits(stack, second.event_id, true);
	COMMAND(stack, &run, 1, "unmatched", "rules", "remove", rule,
	    "--commit");
	run_clear(&run);
}

static void
test_rule_by_metadata(void **state)
{
	struct stack *stack = *state;
	char key[UNIQUE_SIZE], path[UNIQUE_SIZE + 16], like[UNIQUE_SIZE + 16];
	struct stray stray;
	struct run run;

	unique_name("shop_", key);
	snprintf(path, sizeof(path), "metadata.%s", key);
	snprintf(like, sizeof(like), "metadata:%s", key);
	stray_make(stack, AMOUNT, path, "WC-12", &stray);
	COMMAND(stack, &run, 1, "unmatched", "dismiss", stray.event_id,
	    "--reason", "shop", "--not-ours", "--like", "metadata:order_id",
	    "--commit");
	assert_holds(run.errors, "order_id is a key of ours");
	run_clear(&run);
	COMMAND(stack, &run, 1, "unmatched", "dismiss", stray.event_id,
	    "--reason", "shop", "--not-ours", "--like", "metadata:other",
	    "--commit");
	assert_holds(run.errors, "has no metadata key other");
	run_clear(&run);
	COMMAND(stack, &run, 2, "unmatched", "dismiss", stray.event_id,
	    "--reason", "shop", "--like", like, "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 2, "unmatched", "dismiss", stray.event_id,
	    "--reason", "shop", "--not-ours", "--like", "colour", "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "dismiss", stray.event_id,
	    "--reason", "shop", "--not-ours", "--like", like, "--commit");
	run_clear(&run);
	webhook_assert_overview(stack, stray.event_id, "foreign", "shop");
	stray_make(stack, AMOUNT, NULL, NULL, &stray);
}

/* How often the webhook's log speaks of this event; each time at error. */
static int
alarms(struct stack *stack, const char *event_id)
{
	char path[STACK_PATH_SIZE];
	int count = 0;
	char *log;

	stack_path(stack, "state/log/webhooks-stripe.log", path);
	log = stack_read_file(path);
	for (char *line = strtok(log, "\n"); line != NULL;
	    line = strtok(NULL, "\n")) {
		if (strstr(line, event_id) == NULL)
			continue;
		assert_memory_equal(line, "error event ", 12);
		count++;
	}
	free(log);
	return count;
}

static int64_t
metric(struct stack *stack, const char *name)
{
	const char *at;
	struct run run;
	int64_t value;

	COMMAND(stack, &run, 0, "metrics");
	assert_string_equal(run.output + strlen(run.output) - 6, "# EOF\n");
	at = strstr(run.output, name);
	assert_non_null(at);
	value = strtoll(at + strlen(name), NULL, 10);
	run_clear(&run);
	return value;
}

static void
dismiss_all(struct stack *stack)
{
	struct json_object *rows;
	struct run run;

	COMMAND(stack, &run, 0, "unmatched", "--json");
	rows = json_tokener_parse(run.output);
	run_clear(&run);
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		COMMAND(stack, &run, 0, "unmatched", "dismiss", json_text_at(
		    json_object_array_get_idx(rows, i), "event_id"),
		    "--reason", "tidying up", "--commit");
		run_clear(&run);
	}
	json_object_put(rows);
}

/* The bell rings once; doctor and metrics go on until somebody has looked. */
static void
test_alarm_sounds_until_resolved(void **state)
{
	static const char name[] = "teamdues_unresolved{outcome=\"unmatched\"}";
	struct stack *stack = *state;
	struct stray stray;
	struct run run;

	dismiss_all(stack);
	assert_int_equal(metric(stack, name), 0);
	COMMAND(stack, &run, 0, "doctor");
	assert_holds(run.output, "ok unresolved: ");
	run_clear(&run);

	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	assert_int_equal(alarms(stack, stray.event_id), 1);
	assert_int_equal(metric(stack, name), 1);
	COMMAND(stack, &run, 1, "doctor");
	assert_holds(run.output, "FAIL unresolved: 1 payments or events");
	assert_holds(run.output, "teamdues unmatched list");
	run_clear(&run);

	dismiss_all(stack);
	assert_int_equal(metric(stack, name), 0);
	assert_int_equal(alarms(stack, stray.event_id), 1);
	COMMAND(stack, &run, 0, "doctor");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_attach_pays_the_order),
		BOOKS_TEST(test_attach_is_signed),
		BOOKS_TEST(test_attach_is_refused_with_figures),
		BOOKS_TEST(test_show_says_what_to_do),
		BOOKS_TEST(test_dismiss_closes_with_a_reason),
		BOOKS_TEST(test_rule_comes_and_goes),
		BOOKS_TEST(test_rule_by_metadata),
		BOOKS_TEST(test_alarm_sounds_until_resolved),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
