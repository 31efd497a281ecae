/*
 * While Stripe may know of payments that nobody has told us of, no family is
 * asked for money: the lists say why, mails that wait go on waiting, and
 * receipts go.  It is over when Stripe's record was read.  Invariant 10.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "reconcile.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 15000, LINE_SIZE = 256 };

struct asked {
	struct club club;	/* a tournament's order, and who owes it */
	char tournament[WORD_SIZE];
	char *email;
};

static void
asked_make(struct stack *stack, struct asked *a)
{
	club_make(stack, AMOUNT, &a->club);
	word_of(a->tournament, a->club.tournament_id);
	a->email = sql_text(stack, "select parent_email from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)a->club.order_id);
}

static void
run_done(struct stack *stack, const char *const *words)
{
	struct run run;

	command_run(stack, &run, 0, NULL, words);
	run_clear(&run);
}

/* One mail that asks waits, and one that thanks. */
struct waiting {
	struct asked asked;	/* who was decided to be asked before */
	struct asked other;	/* and who is to be, by the lists */
	struct asked payer;
};

static void
waiting_make(struct stack *stack, struct waiting *w)
{
	struct json_object *session;
	char id[UNIQUE_SIZE];

	asked_make(stack, &w->asked);
	asked_make(stack, &w->other);
	asked_make(stack, &w->payer);
	run_done(stack, WORDS("email", "blast", "--tournament",
	    w->asked.tournament, "--commit"));
	club_store_session(stack, &w->payer.club, id);
	session = session_paid(id, AMOUNT);
	webhook_expect(stack, session, "applied");
	json_object_put(session);
	/* It came before whatever a test lets happen. */
	sql_run(stack, "set session_replication_role = replica");
	sql_run(stack, "update teamdues.stripe_events set received_at = "
	    "received_at - interval '2 hours'");
	sql_run(stack, "reset session_replication_role");
}

static void
waiting_clear(struct waiting *w)
{
	free(w->asked.email);
	free(w->other.email);
	free(w->payer.email);
}

/* What the lists of the other tournament say of its one order. */
static void
lists_say(struct stack *stack, const struct waiting *w, int code,
    const char *part)
{
	static const char *const verbs[] = { "blast", "remind" };
	struct run run;

	for (size_t i = 0; i < 2; i++) {
		COMMAND(stack, &run, code, "email", verbs[i],
		    "--tournament", w->other.tournament);
		assert_holds(run.output, part);
		run_clear(&run);
	}
}

static void
nobody_is_asked(struct stack *stack, const struct waiting *w,
    const char *sign)
{
	char fault[LINE_SIZE], line[2 * LINE_SIZE];
	struct run run;

	mailer_run(stack, 0);
	snprintf(fault, sizeof(fault), "Stripe is to be asked first, %s: "
	    "teamdues reconcile --commit", sign);
	lists_say(stack, w, 0, fault);
	mail_assert_state(stack, w->asked.email, "queued", "");
	mail_assert_state(stack, w->payer.email, "sent", "");
	snprintf(line, sizeof(line), "%s,tournament,queued,0,\"%s\"",
	    w->asked.email, fault);
	COMMAND(stack, &run, 0, "email", "--csv");
	assert_holds(run.output, line);
	assert_null(strstr(run.output, "receipt,queued,0,\"Stripe"));
	run_clear(&run);
}

static void
all_are_asked(struct stack *stack, const struct waiting *w)
{
	lists_say(stack, w, 3, "  mail");
	mailer_run(stack, 0);
	mail_assert_state(stack, w->asked.email, "sent", "");
}

static void
is_held(struct stack *stack, struct waiting *w, const char *sign)
{
	nobody_is_asked(stack, w, sign);
	run_done(stack, WORDS("reconcile", "--commit"));
	all_are_asked(stack, w);
	waiting_clear(w);
}

static bool
is_refused(struct stack *stack)
{
	struct http_answer answer;

	webhook_post(stack, "{}", 2, "t=1,v1=00", &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	return sql_int(stack, "select count(*) from "
	    "teamdues.refused_signatures") == 1;
}

/* Of those in one second only the first is counted, the last test's maybe. */
static void
post_unsigned(struct stack *stack)
{
	WAIT_UNTIL(10, is_refused(stack));
}

static int
setup(void **state)
{
	struct stack *stack = *state;

	if (reconcile_setup(state) != 0 || mailbox_clean(state) != 0)
		return -1;
	sql_run(stack, "truncate teamdues.stripe_sights, "
	    "teamdues.refused_signatures, teamdues.runs");
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() + interval '1 day' where status = 'open'");
	return 0;
}

#define UNHEARD_TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, books_close)

static void
test_nothing_is_wrong(void **state)
{
	struct waiting w;

	waiting_make(*state, &w);
	all_are_asked(*state, &w);
	waiting_clear(&w);
}

static void
test_refused_signatures(void **state)
{
	struct waiting w;

	waiting_make(*state, &w);
	post_unsigned(*state);
	is_held(*state, &w, "signatures are refused");
}

/* Somebody else's post: what Stripe signs is taken all the same. */
static void
test_a_stranger_posts(void **state)
{
	struct stack *stack = *state;
	struct waiting w, later;

	waiting_make(stack, &w);
	post_unsigned(stack);
	waiting_make(stack, &later);
	sql_run(stack, "update teamdues.refused_signatures set newest_at = "
	    "newest_at - interval '3 hours'");
	all_are_asked(stack, &w);
	waiting_clear(&w);
	waiting_clear(&later);
}

/* However often somebody posts, mails go out where watch runs. */
static void
test_stripe_was_asked_just_now(void **state)
{
	struct stack *stack = *state;
	struct waiting w;

	waiting_make(stack, &w);
	run_done(stack, WORDS("reconcile", "--commit"));
	sql_run(stack, "update teamdues.runs set read_until = now() - "
	    "interval '10 minutes'");
	post_unsigned(stack);
	all_are_asked(stack, &w);
	waiting_clear(&w);
}

/* A run that reads the last hour only says nothing of the days before. */
static void
test_a_part_of_the_record_is_not_enough(void **state)
{
	struct stack *stack = *state;
	struct waiting w;

	waiting_make(stack, &w);
	run_done(stack, WORDS("reconcile", "--commit"));
	sql_run(stack, "update teamdues.runs set read_until = now() - "
	    "interval '2 days'");
	post_unsigned(stack);
	run_done(stack, WORDS("reconcile", "--since", "1h", "--commit"));
	is_held(stack, &w, "signatures are refused");
}

/* Neither that a session ended nor that it was paid was heard. */
static void
test_session_that_ought_to_have_ended(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct waiting w;
	struct club club;

	waiting_make(stack, &w);
	standin_deliver(stack, false);
	open_session(stack, &club, id);
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() - interval '20 minutes' where session_id = '%s'", id);
	lists_say(stack, &w, 3, "  mail");
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() - interval '40 minutes' where session_id = '%s'", id);
	is_held(stack, &w, "sessions have ended unheard of");
}

/* The mailer looks itself, since nobody need run watch. */
static void
test_webhook_that_is_down(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, "webhooks-stripe");
	struct waiting w;

	waiting_make(stack, &w);
	process_stop(pid);
	nobody_is_asked(stack, &w, "the webhook program is down");
	assert_int_equal(kill(pid, SIGCONT), 0);
	is_held(stack, &w, "the webhook program is down");
}

static void
test_what_watch_has_seen(void **state)
{
	static const char *const seen[][2] = {
		{ "paid_unseen", "the books lack payments" },
		{ "undelivered", "its events do not arrive" },
		{ "webhook_down", "the webhook program is down" },
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < 3; i++) {
		struct waiting w;

		waiting_make(stack, &w);
		sql_run(stack, "truncate teamdues.stripe_sights, "
		    "teamdues.runs");
		sql_run(stack, "insert into teamdues.stripe_sights "
		    "(name, value, seen_at) values ('%s', 0, now())",
		    seen[i][0]);
		lists_say(stack, &w, 3, "  mail");
		sql_run(stack, "update teamdues.stripe_sights "
		    "set value = 1, seen_at = now()");
		is_held(stack, &w, seen[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNHEARD_TEST(test_nothing_is_wrong),
		UNHEARD_TEST(test_refused_signatures),
		UNHEARD_TEST(test_a_stranger_posts),
		UNHEARD_TEST(test_stripe_was_asked_just_now),
		UNHEARD_TEST(test_a_part_of_the_record_is_not_enough),
		UNHEARD_TEST(test_session_that_ought_to_have_ended),
		UNHEARD_TEST(test_webhook_that_is_down),
		UNHEARD_TEST(test_what_watch_has_seen),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
