/*
 * Receipts: one for each order that becomes paid, queued with the payment,
 * whoever brings the news; from commands only on demand; none where the club
 * wants none.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "reconcile.h"
#include "sql.h"

static int64_t
receipts(struct stack *stack, const struct club *club)
{
	return sql_int(stack, "select count(*) from teamdues.emails where "
	    "kind = 'receipt' and order_id = %lld",
	    (long long)club->order_id);
}

static int
receipts_setup(void **state)
{
	mailbox_clean(state);
	return reconcile_setup(state);
}

#define RECEIPT_TEST(function) cmocka_unit_test_setup_teardown(function, \
	receipts_setup, books_close)

/* What a receipt says: the amount and what for, and nothing to be clicked. */
static void
test_webhook(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	char address[2 * UNIQUE_SIZE];
	char item[2 * UNIQUE_SIZE];
	struct json_object *mail;
	struct club club;

	paid_session(stack, &club, id);
	assert_int_equal(receipts(stack, &club), 0);
	standin_deliver(stack, true);
	WAIT_UNTIL(10, receipts(stack, &club) == 1);
	club_assert_status(stack, club.order_id, "paid");
	mailer_run(stack, 0);
	snprintf(address, sizeof(address), "%s@example.com", club.name);
	snprintf(item, sizeof(item), "Cup %s", club.name);
	mail = mailbox_only(stack, address);
	mail_assert_says(mail, item);
	mail_assert_says(mail, "$150.00");
	assert_null(strstr(mail_text(mail), "https://"));
	assert_null(strstr(mail_html(mail), "href=\"https://"));
	json_object_put(mail);
}

/* An event that comes again, or others about the same payment. */
static void
test_only_one(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, 15000, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, 15000);
	webhook_expect(stack, session, "applied");
	webhook_expect(stack, session, "duplicate");
	assert_int_equal(receipts(stack, &club), 1);
	json_object_put(session);
	reconcile_heals(stack, "nothing to do");
	assert_int_equal(receipts(stack, &club), 1);
}

static void
test_none_for_what_is_not_paid(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, 15000, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, 14999);
	webhook_expect(stack, session, "review");
	json_object_put(session);
	assert_int_equal(receipts(stack, &club), 0);
}

/* A bank debit is paid for when it has settled. */
static void
test_bank_debit(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	standin_deliver(stack, true);
	open_session(stack, &club, id);
	standin_act(stack, id, "bank", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from teamdues.orders "
	    "where order_id = %lld and status = 'processing'",
	    (long long)club.order_id) == 1);
	assert_int_equal(receipts(stack, &club), 0);
	standin_act(stack, id, "settle", NULL);
	WAIT_UNTIL(10, receipts(stack, &club) == 1);
}

/* The click that finds the session complete. */
static void
test_click(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_session(stack, &club, id);
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() + interval '5 minutes' where session_id = '%s'", id);
	club_assert_leads_to_paid_page(stack, club.order_id);
	assert_int_equal(receipts(stack, &club), 1);
}

static void
test_status(void **state)
{
	struct stack *stack = *state;
	char target[LINK_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	paid_session(stack, &club, id);
	snprintf(target, sizeof(target), "/checkout/status?session_id=%s", id);
	assert_int_equal(http_status_of(stack, target), 200);
	sql_run(stack, "update teamdues.checkout_sessions set polled_at = "
	    "polled_at - interval '6 seconds' where session_id = '%s'", id);
	assert_int_equal(http_status_of(stack, target), 200);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(receipts(stack, &club), 1);
}

static void
test_reconcile_only_on_demand(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club clubs[2];
	struct run run;

	paid_session(stack, &clubs[0], id);
	reconcile_heals(stack, "pending -> paid");
	assert_int_equal(receipts(stack, &clubs[0]), 0);
	paid_session(stack, &clubs[1], id);
	books_unmoved(stack, &run, 3, WORDS("reconcile", "--receipts"));
	run_clear(&run);
	COMMAND(stack, &run, 0, "reconcile", "--receipts", "--commit");
	run_clear(&run);
	assert_int_equal(receipts(stack, &clubs[0]), 0);
	assert_int_equal(receipts(stack, &clubs[1]), 1);
	COMMAND(stack, &run, 0, "reconcile", "--receipts", "--commit");
	run_clear(&run);
	assert_int_equal(receipts(stack, &clubs[1]), 1);
}

/* Cash in hand and a payment that a person attached: nobody is mailed. */
static void
test_commands_queue_none(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	struct club club;
	struct stray stray;
	struct run run;

	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	COMMAND(stack, &run, 0, "order", "record-payment", order, "--source",
	    "cash", "--reference", "envelope", "--commit");
	run_clear(&run);
	assert_int_equal(receipts(stack, &club), 0);
	club_make(stack, 15000, &club);
	stray_of(stack, &club, 15000, &stray);
	word_of(order, club.order_id);
	COMMAND(stack, &run, 0, "unmatched", "attach", stray.event_id, order,
	    "--commit");
	run_clear(&run);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(receipts(stack, &club), 0);
}

/* One for each part, which says what is left, and no other of them twice. */
static void
test_parts(void **state)
{
	struct stack *stack = *state;
	struct json_object *part[2];
	char address[2 * UNIQUE_SIZE];
	struct json_object *mails;
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, 15000, &club);
	club_store_session(stack, &club, id);
	part[0] = session_paid(id, 15000);
	sql_run(stack, "update teamdues.orders set amount_cents = 25000 where "
	    "order_id = %lld", (long long)club.order_id);
	webhook_expect(stack, part[0], "applied");
	club_assert_status(stack, club.order_id, "pending");
	club.amount_cents = 10000;
	club_store_session(stack, &club, id);
	part[1] = session_paid(id, 10000);
	webhook_expect(stack, part[1], "applied");
	club_assert_status(stack, club.order_id, "paid");
	webhook_expect(stack, part[0], "duplicate");
	assert_int_equal(receipts(stack, &club), 2);

	mailer_run(stack, 0);
	snprintf(address, sizeof(address), "%s@example.com", club.name);
	mails = mailbox_of(stack, address);
	assert_int_equal(json_object_array_length(mails), 2);
	mail_assert_says(json_object_array_get_idx(mails, 0), "$150.00");
	mail_assert_says(json_object_array_get_idx(mails, 0), "$100.00 is "
	    "left to be paid");
	mail_assert_says(json_object_array_get_idx(mails, 1), "$100.00");
	mail_assert_says(json_object_array_get_idx(mails, 1), "There is "
	    "nothing more for you to do");
	json_object_put(mails);
	json_object_put(part[0]);
	json_object_put(part[1]);
}

/* The payment is there, whatever becomes of its receipt. */
static void
test_receipt_that_cannot_be_queued(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, 15000, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, 15000);
	sql_run(stack, "alter table teamdues.emails add constraint none check "
	    "(kind <> 'receipt') not valid");
	webhook_expect(stack, session, "applied");
	sql_run(stack, "alter table teamdues.emails drop constraint none");
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(receipts(stack, &club), 0);
	json_object_put(session);
}

/* The webhook's program with RECEIPTS=off, as a CGI of one request. */
static void
deliver_without_receipts(struct stack *stack, struct json_object *event)
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	const char *body = json_object_to_json_string(event);
	char program[STACK_PATH_SIZE];
	char signature[SIGNATURE_SIZE];
	char header[2 * SIGNATURE_SIZE];
	char length[WORD_SIZE * 2];
	struct run run = {
		.argv = (const char *const[]){ program, NULL },
		.environment = (const char *const[]){ "RECEIPTS=off",
		    "REQUEST_METHOD=POST", "SCRIPT_NAME=/webhooks/stripe",
		    "REQUEST_URI=/webhooks/stripe",
		    "CONTENT_TYPE=application/json", length, header, NULL },
		.input = body, .input_len = strlen(body), .role = "webhook",
	};

	stack_path(stack, "state/build/cgi-bin/webhooks/stripe", program);
	webhook_sign(secret, now_s(), "v1", &(struct http_request){
	    .body = body, .len = strlen(body) }, signature);
	snprintf(header, sizeof(header), "HTTP_STRIPE_SIGNATURE=%s",
	    signature);
	snprintf(length, sizeof(length), "CONTENT_LENGTH=%zu", strlen(body));
	run_command(stack, &run);
	assert_holds(run.output, "\"applied\"");
	run_clear(&run);
	free(secret);
}

static void
test_club_that_wants_none(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct json_object *event;
	char id[UNIQUE_SIZE];
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, 15000);
	event = event_about("checkout.session.completed", session);
	deliver_without_receipts(stack, event);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(receipts(stack, &club), 0);
	json_object_put(event);
	json_object_put(session);
	command_run(stack, &run, 2, WORDS("RECEIPTS=off"),
	    WORDS("reconcile", "--receipts"));
	assert_holds(run.errors, "RECEIPTS is off");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECEIPT_TEST(test_webhook),
		RECEIPT_TEST(test_only_one),
		RECEIPT_TEST(test_none_for_what_is_not_paid),
		RECEIPT_TEST(test_bank_debit),
		RECEIPT_TEST(test_click),
		RECEIPT_TEST(test_status),
		RECEIPT_TEST(test_reconcile_only_on_demand),
		RECEIPT_TEST(test_commands_queue_none),
		RECEIPT_TEST(test_parts),
		RECEIPT_TEST(test_receipt_that_cannot_be_queued),
		RECEIPT_TEST(test_club_that_wants_none),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
