/*
 * Each thing that can break without a word, one at a time: doctor fails, a mail
 * comes to MAIL_ALERTS once, and another when it is over.
 */
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "noticed.h"
#include "sql.h"

enum { LINE_SIZE = 512, DAY_S = 86400 };

/* The id of the charge that paid a payment intent. */
static void
charge_of(struct stack *stack, const char *intent, char id[SESSION_ID_SIZE])
{
	char header[HTTP_VALUE_SIZE];
	char url[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct json_object *json;

	snprintf(url, sizeof(url), "%s/v1/payment_intents/%s",
	    stack_setting(stack, "STRIPE_API_BASE"), intent);
	snprintf(header, sizeof(header), "Authorization: Bearer %s",
	    stack_setting(stack, "STRIPE_SECRET_KEY"));
	http_send(stack, &(struct http_request){ .method = "GET",
	    .target = url, .headers = { header } }, &answer);
	json = json_tokener_parse(answer.body);
	snprintf(id, SESSION_ID_SIZE, "%s", json_text_at(json,
	    "latest_charge"));
	json_object_put(json);
	http_answer_clear(&answer);
}

/* Paid so many seconds ago, as Stripe shows it. */
static void
pay_ago(struct stack *stack, struct club *club, char id[SESSION_ID_SIZE],
    int ago_s)
{
	char charge[SESSION_ID_SIZE];
	struct json_object *session;
	char text[LINE_SIZE];

	open_session(stack, club, id);
	session = control(stack, "sessions", id, "pay", "{}");
	charge_of(stack, json_text_at(session, "payment_intent"), charge);
	snprintf(text, sizeof(text), "{\"created\":%lld}",
	    (long long)now_s() - ago_s);
	json_object_put(control(stack, "charges", charge, "alter", text));
	json_object_put(session);
}

/* A mail that asks a family for money, in the outbox. */
static void
ask(struct stack *stack, struct family *family)
{
	char target[LINK_SIZE];

	family_make(stack, 8000, family);
	snprintf(target, sizeof(target), "/admin/email/first-payment?"
	    "player_id=%lld", (long long)family->player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
}

static void
test_paid_and_not_heard_of(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	standin_deliver(stack, false);
	pay_ago(stack, &club, id, 0);
	doctor_is_content(stack);
	pay_ago(stack, &club, id, 300);
	doctor_finds(stack, "paid_unseen");
	is_mailed(stack, "paid_unseen", 0);
	club_assert_status(stack, club.order_id, "paid");
	is_over(stack, "paid_unseen");
}

/* It comes and goes: within the hour nobody is mailed again. */
static void
test_at_most_one_mail_an_hour(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	standin_deliver(stack, false);
	for (int i = 0; i < 3; i++) {
		pay_ago(stack, &club, id, 300);
		watch_once(stack, 0);
		watch_once(stack, 0);
	}
	assert_int_equal(mails_about(stack, "paid_unseen", ""), 2);
	sql_run(stack, "update teamdues.alarms set mailed_at = mailed_at - "
	    "interval '1 hour'");
	pay_ago(stack, &club, id, 300);
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, "paid_unseen", ""), 3);
}

/* What lasts is said again the next day. */
static void
test_it_is_said_once_a_day(void **state)
{
	struct stack *stack = *state;

	books_assert_sound(stack);
	sql_run(stack, "update teamdues.runs set began_at = now() - interval "
	    "'27 hours' where name = 'audit'");
	is_noticed(stack, "audit");
	sql_run(stack, "update teamdues.alarms set mailed_at = mailed_at - "
	    "interval '1 day'");
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, "audit", "To do, "), 2);
	books_assert_sound(stack);
	doctor_is_content(stack);
}

/* No backup is good for ever, and one that is not is said at once. */
static void
test_a_backup_that_nobody_tried(void **state)
{
	struct stack *stack = *state;

	sql_run(stack, "select teamdues.note_backup(true)");
	doctor_is_content(stack);
	sql_run(stack, "update teamdues.runs set began_at = now() - interval "
	    "'9 days' where name = 'backup'");
	is_noticed(stack, "backup");
	sql_run(stack, "select teamdues.note_backup(true)");
	is_over(stack, "backup");
	sql_run(stack, "select teamdues.note_backup(false)");
	doctor_finds(stack, "backup");
	sql_run(stack, "select teamdues.note_backup(true)");
	doctor_is_content(stack);
}

static void
test_events_that_stripe_cannot_deliver(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	standin_deliver(stack, false);
	paid_session(stack, &club, id);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":\"/v1/events\","
	    "\"count\":0,\"lie\":{\"data.0.created\":%lld}}",
	    (long long)now_s() - 1200);
	is_noticed(stack, "undelivered");
	standin_mend(stack);
	standin_deliver(stack, true);
	json_object_put(standin_call(stack, "POST", "deliveries/flush", "{}"));
	is_over(stack, "undelivered");
}

static void
post_unsigned(struct stack *stack)
{
	struct http_answer answer;

	webhook_post(stack, "{}", 2, "t=1,v1=00", &answer);
	assert_int_equal(answer.status, 400);
	http_answer_clear(&answer);
}

/* Of a stranger, while Stripe is heard, it is worth a warning. */
static void
test_signatures_that_are_refused(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;
	struct run run;

	post_unsigned(stack);
	is_noticed(stack, "signatures");
	pay_and_hear(stack, &club, id);
	is_over(stack, "signatures");
	COMMAND(stack, &run, 0, "doctor");
	assert_holds(run.output, "warn signatures: ");
	run_clear(&run);
}

/* A mistyped address is nothing; twenty are. */
static void
test_sign_ins_that_are_refused(void **state)
{
	struct stack *stack = *state;

	sql_run(stack, "insert into teamdues.desk_refusals values "
	    "(date_trunc('hour', now()), 'address', 19)");
	doctor_is_content(stack);
	sql_run(stack, "select teamdues.desk_count_refusal('token')");
	is_noticed(stack, "sign_ins");
	sql_run(stack, "update teamdues.desk_refusals set hour = hour - "
	    "interval '2 hours'");
	is_over(stack, "sign_ins");
}

/* It could not be ended at Stripe: whoever has it open can pay it again. */
static void
test_session_open_for_a_settled_order(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	standin_deliver(stack, false);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/checkout/"
	    "sessions/:id/expire\",\"count\":0,\"status\":500}");
	open_session(stack, &club, id);
	sql_run(stack, "update teamdues.orders set cancelled_at = now() "
	    "where order_id = %lld", (long long)club.order_id);
	sql_run(stack, "select teamdues.refresh_orders(array[%lld])",
	    (long long)club.order_id);
	doctor_is_content(stack);
	sql_run(stack, "update teamdues.checkout_sessions set stray_at = "
	    "stray_at - interval '61 seconds' where session_id = '%s'", id);
	doctor_finds(stack, "open_sessions");
	is_mailed(stack, "open_sessions", 1);
	standin_mend(stack);
	watch_once(stack, 0);
	is_over(stack, "open_sessions");
	assert_at_stripe(stack, id, "expired");
}

static void
test_mails_that_do_not_go_out(void **state)
{
	struct stack *stack = *state;
	struct family family;

	ask(stack, &family);
	doctor_is_content(stack);
	sql_run(stack, "update teamdues.emails set created_at = now() - "
	    "interval '20 minutes' where player_id = %lld",
	    (long long)family.player_id);
	is_noticed(stack, "outbox");
	mailer_run(stack, 0);
	is_over(stack, "outbox");
}

static void
test_mails_that_failed(void **state)
{
	struct stack *stack = *state;
	struct family family;

	ask(stack, &family);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"code\":550}");
	mailer_run(stack, 0);
	json_object_put(catcher_call(stack, "DELETE", "faults", NULL));
	is_noticed(stack, "failed_mails");
	sql_run(stack, "update teamdues.emails set created_at = now() - "
	    "interval '25 hours' where player_id = %lld",
	    (long long)family.player_id);
	is_over(stack, "failed_mails");
}

static void
test_dispute(void **state)
{
	struct stack *stack = *state;
	char intent[SESSION_ID_SIZE];
	char dispute_id[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct json_object *json;
	struct club club;

	pay_and_hear(stack, &club, id);
	intent_of(stack, id, intent);
	json = control(stack, "payment_intents", intent, "dispute", "{}");
	snprintf(dispute_id, sizeof(dispute_id), "%s", json_text_at(json,
	    "id"));
	json_object_put(json);
	is_noticed(stack, "disputes");
	json = mailbox_only(stack, TREASURER);
	mail_assert_says(json, "1 wait for an answer, the first until 20");
	mail_assert_says(json, "days are left");
	mail_assert_says(json, "runbook/monitoring.md");
	json_object_put(json);
	json_object_put(control(stack, "disputes", dispute_id, "close",
	    "{\"status\":\"won\"}"));
	is_over(stack, "disputes");
}

static void
test_payment_that_waits_for_a_person(void **state)
{
	struct stack *stack = *state;
	struct stray stray;
	struct run run;

	stray_make(stack, 15000, NULL, NULL, &stray);
	is_noticed(stack, "unresolved");
	COMMAND(stack, &run, 0, "unmatched", "dismiss", stray.event_id,
	    "--reason", "a test", "--commit");
	run_clear(&run);
	is_over(stack, "unresolved");
}

/* What cannot be read at Stripe is said, and so is what follows from it. */
static void
test_reconcile_that_cannot_be_run(void **state)
{
	struct stack *stack = *state;

	watch_once(stack, 0);
	sql_run(stack, "update teamdues.runs set began_at = now() - interval "
	    "'27 hours' where name = 'reconcile'");
	standin_fault(stack, "{\"method\":\"GET\",\"path\":\"/v1/disputes\","
	    "\"count\":0,\"status\":403}");
	doctor_finds(stack, "reconcile");
	doctor_finds(stack, "stripe_reads");
	is_mailed(stack, "stripe_reads", 1);
	assert_int_equal(mails_about(stack, "reconcile", ""), 1);
	assert_int_equal(mails_about(stack, "stripe_reads", ""), 1);
	standin_mend(stack);
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, "reconcile", "is over"), 1);
	assert_int_equal(mails_about(stack, "stripe_reads", "is over"), 1);
	doctor_is_content(stack);
}

/* A mail server that is away: nothing is remembered as mailed. */
static void
test_alarm_is_mailed_when_it_can_be(void **state)
{
	struct stack *stack = *state;
	struct run run;

	post_unsigned(stack);
	command_run(stack, &run, 1, WORDS("MAIL_ALERTS=" TREASURER,
	    "SMTP_URL=smtp://127.0.0.1:9"), WORDS("watch", "--commit"));
	run_clear(&run);
	COMMAND(stack, &run, 0, "watch");
	assert_holds(run.output, "signatures: wrong: ");
	run_clear(&run);
	assert_int_equal(mailbox_count(stack), 0);
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, "signatures", ""), 1);
	sql_run(stack, "delete from teamdues.refused_signatures");
	is_over(stack, "signatures");
}

/* Money that may be here is asked of nobody until Stripe's record was read. */
static void
test_mails_wait_for_stripes_record(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char id[SESSION_ID_SIZE];
	struct club club;

	ask(stack, &family);
	standin_deliver(stack, false);
	pay_ago(stack, &club, id, 300);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":\"/v1/disputes\","
	    "\"count\":0,\"status\":403}");
	watch_once(stack, 1);
	mailer_run(stack, 0);
	mail_assert_state(stack, family.email, "queued", "");
	standin_mend(stack);
	watch_once(stack, 0);
	mailer_run(stack, 0);
	mail_assert_state(stack, family.email, "sent", "");
	doctor_is_content(stack);
}

/* A line that a dry run prints, and nothing moves. */
static void
test_dry_run(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;
	struct run run;

	standin_deliver(stack, false);
	pay_ago(stack, &club, id, 300);
	books_unmoved(stack, &run, 3, WORDS("watch"));
	assert_holds(run.output, "paid_unseen: wrong: 1 payments at Stripe "
	    "are not in the books, the oldest of 5 minutes ago\n");
	run_clear(&run);
	assert_int_equal(sql_int(stack, "select (select count(*) from "
	    "teamdues.alarms) + (select count(*) from teamdues.stripe_sights)"
	    ), 0);
	assert_int_equal(mailbox_count(stack), 0);
	reconcile_heals(stack, "pending -> paid");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_TEST(test_paid_and_not_heard_of),
		WATCH_TEST(test_at_most_one_mail_an_hour),
		WATCH_TEST(test_it_is_said_once_a_day),
		WATCH_TEST(test_a_backup_that_nobody_tried),
		WATCH_TEST(test_events_that_stripe_cannot_deliver),
		WATCH_TEST(test_signatures_that_are_refused),
		WATCH_TEST(test_sign_ins_that_are_refused),
		WATCH_TEST(test_session_open_for_a_settled_order),
		WATCH_TEST(test_mails_that_do_not_go_out),
		WATCH_TEST(test_mails_that_failed),
		WATCH_TEST(test_dispute),
		WATCH_TEST(test_payment_that_waits_for_a_person),
		WATCH_TEST(test_reconcile_that_cannot_be_run),
		WATCH_TEST(test_alarm_is_mailed_when_it_can_be),
		WATCH_TEST(test_mails_wait_for_stripes_record),
		WATCH_TEST(test_dry_run),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
