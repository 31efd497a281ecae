/*
 * Mails about orders: the pay links of a tournament, and reminders of what was
 * not paid.  By endpoint and by command, which are one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "sql.h"

enum { AMOUNT = 15000 };

/* A tournament's orders, one for each way that an order can stand. */
enum standing {
	PENDING, PROCESSING, PAID, DISPUTED, CANCELLED, REVIEW, NO_ADDRESS,
	STANDINGS
};

struct field {
	struct club club;
	int64_t orders[STANDINGS];
	char emails[STANDINGS][3 * UNIQUE_SIZE];
	char tournament[WORD_SIZE];
};

/* A session of the order's that was paid so much, delivered. */
static void
pay(struct stack *stack, struct field *field, enum standing standing,
    int64_t amount)
{
	struct club club = field->club;
	struct json_object *session;
	char id[UNIQUE_SIZE];

	club.order_id = field->orders[standing];
	club_store_session(stack, &club, id);
	session = session_paid(id, amount);
	webhook_expect(stack, session, amount == AMOUNT ? "applied"
	    : "review");
	json_object_put(session);
}

static void
process(struct stack *stack, struct field *field)
{
	struct club club = field->club;
	struct json_object *session;
	char id[UNIQUE_SIZE];

	club.order_id = field->orders[PROCESSING];
	club_store_session(stack, &club, id);
	session = session_paid(id, AMOUNT);
	json_set_text(session, "payment_status", "unpaid");
	webhook_expect(stack, session, "applied");
	json_object_put(session);
}

/* How the books come to call an order disputed is another test's. */
static void
dispute(struct stack *stack, struct field *field)
{
	pay(stack, field, DISPUTED, AMOUNT);
	sql_run(stack, "update teamdues.orders set status = 'disputed' where "
	    "order_id = %lld", (long long)field->orders[DISPUTED]);
}

static void
field_make(struct stack *stack, struct field *field)
{
	club_make(stack, AMOUNT, &field->club);
	word_of(field->tournament, field->club.tournament_id);
	field->orders[0] = field->club.order_id;
	for (int i = 1; i < STANDINGS; i++)
		field->orders[i] = club_add_order(stack, &field->club);
	for (int i = 0; i < STANDINGS; i++) {
		char *email = sql_text(stack, "select parent_email from "
		    "teamdues.order_overview where order_id = %lld",
		    (long long)field->orders[i]);

		snprintf(field->emails[i], sizeof(field->emails[i]), "%s",
		    email);
		free(email);
	}
	process(stack, field);
	pay(stack, field, PAID, AMOUNT);
	dispute(stack, field);
	club_cancel(stack, field->orders[CANCELLED]);
	pay(stack, field, REVIEW, AMOUNT - 1);
	sql_run(stack, "update teamdues.parents set email = null where email = "
	    "'%s'", field->emails[NO_ADDRESS]);
	sql_run(stack, "update teamdues.emails set state = 'dropped' where "
	    "state = 'queued'");
}

/* The disputed one was only called so. */
static void
field_end(struct stack *stack, const struct field *field)
{
	sql_run(stack, "update teamdues.orders set status = 'paid' where "
	    "order_id = %lld", (long long)field->orders[DISPUTED]);
}

/* The reason that a row of the command's list gives for an order's player. */
static void
assert_reasons(struct stack *stack, const struct field *field,
    struct json_object *rows)
{
	static const char *const reasons[STANDINGS] = {
		[PROCESSING] = "processing", [PAID] = "paid",
		[DISPUTED] = "disputed", [CANCELLED] = "cancelled",
		[REVIEW] = "a payment is under review",
		[NO_ADDRESS] = "parent has no e-mail address",
	};

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		int64_t player = json_int_at(row, "player_id");
		size_t order = 0;

		while (sql_int(stack, "select player_id from teamdues.orders "
		    "where order_id = %lld", (long long)field->orders[order]) !=
		    player)
			order++;
		if (reasons[order] == NULL)
			assert_string_equal(json_text_at(row, "action"),
			    "mail");
		else
			assert_string_equal(json_text_at(row, "reason"),
			    reasons[order]);
	}
}

/* Dry, done, done again: one mail, and nobody else gets any. */
static void
mail_field(struct stack *stack, const char *verb, struct field *field)
{
	struct json_object *rows;
	struct run run;

	books_unmoved(stack, &run, 3, WORDS("email", verb, "--tournament",
	    field->tournament));
	assert_holds(run.errors, "1 mail would be queued, 6 players skipped: "
	    "nothing was done (--commit does it)\n");
	run_clear(&run);
	rows = command_rows(stack, STANDINGS, 3, WORDS("email", verb,
	    "--tournament", field->tournament, "--json"));
	assert_reasons(stack, field, rows);
	json_object_put(rows);
	COMMAND(stack, &run, 0, "email", verb, "--tournament",
	    field->tournament, "--commit");
	assert_holds(run.errors, "1 mail queued, 6 players skipped (batch ");
	run_clear(&run);
	COMMAND(stack, &run, 0, "email", verb, "--tournament",
	    field->tournament, "--commit");
	assert_holds(run.errors, "0 mails queued, 7 players skipped\n");
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 1);
}

/* The mail's link is the order's, to the end of the tournament's day. */
static void
assert_pay_link(struct stack *stack, const struct field *field,
    const char *subject_part)
{
	struct json_object *mail = mailbox_only(stack, field->emails[PENDING]);
	char order[WORD_SIZE];
	char url[LINK_SIZE];
	char printed[LINK_SIZE + 1];
	struct http_answer answer;
	char session[SESSION_ID_SIZE];

	assert_holds(json_text_at(mail, "subject"), subject_part);
	mail_assert_says(mail, "$150.00");
	mail_link(stack, mail, url);
	snprintf(printed, sizeof(printed), "%s\n", url);
	word_of(order, field->orders[PENDING]);
	command_assert_prints(stack, printed, 0, WORDS("link", "tournament",
	    "--order", order));
	http_get(stack, url, &answer);
	club_session_of(stack, &answer, session);
	http_answer_clear(&answer);
	json_object_put(mail);
}

static void
test_tournament(void **state)
{
	struct stack *stack = *state;
	struct field field;

	field_make(stack, &field);
	mail_field(stack, "blast", &field);
	assert_pay_link(stack, &field, "");
	field_end(stack, &field);
}

static void
test_reminder(void **state)
{
	struct stack *stack = *state;
	struct field field;

	field_make(stack, &field);
	mail_field(stack, "remind", &field);
	assert_pay_link(stack, &field, "");
	field_end(stack, &field);
}

static void
test_endpoint(void **state)
{
	struct stack *stack = *state;
	char body[LINK_SIZE];
	struct json_object *answer;
	struct field field;

	field_make(stack, &field);
	snprintf(body, sizeof(body), "{\"tournament_id\":%s,\"dry_run\":true}",
	    field.tournament);
	answer = admin_json(stack, 202, "/admin/email/tournament", body);
	assert_int_equal(json_int_at(answer, "queued"), 1);
	assert_null(json_object_object_get(answer, "batch_id"));
	assert_int_equal(json_object_array_length(json_object_object_get(
	    answer, "skipped")), STANDINGS - 1);
	json_object_put(answer);
	snprintf(body, sizeof(body), "tournament_id=%s", field.tournament);
	answer = admin_json(stack, 202, "/admin/email/tournament", body);
	assert_int_equal(json_int_at(answer, "queued"), 1);
	assert_true(json_int_at(answer, "batch_id") > 0);
	json_object_put(answer);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 1);
	sql_assert_text(stack, "demo", "select actor from teamdues.audit_log "
	    "where action = 'mail tournament' and subject = 'tournament %s'",
	    field.tournament);
	field_end(stack, &field);
}

static void
test_tournament_that_is_over(void **state)
{
	struct stack *stack = *state;
	char tournament[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	sql_run(stack, "update teamdues.tournaments set held_on = current_date "
	    "- 2 where tournament_id = %lld", (long long)club.tournament_id);
	word_of(tournament, club.tournament_id);
	COMMAND(stack, &run, 0, "email", "blast", "--tournament", tournament);
	assert_holds(run.output, "the tournament is over");
	run_clear(&run);
	COMMAND(stack, &run, 1, "email", "blast", "--tournament", "999999999");
	run_clear(&run);
}

/* Paid between the decision and the sending; or so that a person must look. */
static void
assert_dropped_once_paid(struct stack *stack, int64_t amount)
{
	struct field field;
	struct run run;

	field_make(stack, &field);
	COMMAND(stack, &run, 0, "email", "remind", "--tournament",
	    field.tournament, "--commit");
	run_clear(&run);
	pay(stack, &field, PENDING, amount);
	sql_run(stack, "update teamdues.emails set state = 'dropped' where "
	    "kind = 'receipt' and state = 'queued'");
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	sql_assert_text(stack, "dropped", "select state from teamdues.emails "
	    "where kind = 'reminder' and order_id = %lld",
	    (long long)field.orders[PENDING]);
	field_end(stack, &field);
}

static void
test_paid_while_the_mail_waits(void **state)
{
	assert_dropped_once_paid(*state, AMOUNT);
	assert_dropped_once_paid(*state, AMOUNT - 1);
}

static void
ask_first_payment(struct stack *stack, const struct family *family)
{
	char target[LINK_SIZE];

	snprintf(target, sizeof(target), "/admin/email/first-payment?"
	    "skip_proration=true&player_id=%lld",
	    (long long)family->player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
}

static int64_t
open_fee_order(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select order_id from teamdues.open_fee_order("
	    "%lld, %lld, 'usd')", (long long)family->player_id,
	    (long long)family->fee_cents);
}

/* Only who was asked before today and has not paid; what was asked is said
 * again. */
static void
test_first_payments(void **state)
{
	enum { WAITS, PAID_CASH, NOT_ASKED, CANCELS, COUNT };
	struct stack *stack = *state;
	struct family families[COUNT];
	struct json_object *mail;
	char order[WORD_SIZE];
	char asked[LINK_SIZE];
	char again[LINK_SIZE];
	struct run run;

	for (int i = 0; i < COUNT; i++) {
		family_make(stack, AMOUNT, &families[i]);
		if (i != NOT_ASKED)
			ask_first_payment(stack, &families[i]);
	}
	mailer_run(stack, 0);
	mail = mailbox_only(stack, families[WAITS].email);
	mail_link(stack, mail, asked);
	json_object_put(mail);
	word_of(order, open_fee_order(stack, &families[PAID_CASH]));
	COMMAND(stack, &run, 0, "order", "record-payment", order, "--source",
	    "cash", "--reference", "envelope", "--commit");
	run_clear(&run);
	club_cancel(stack, open_fee_order(stack, &families[CANCELS]));
	sql_run(stack, "update teamdues.players set monthly_fee_cents = 99900 "
	    "where player_id = %lld", (long long)families[WAITS].player_id);
	json_object_put(catcher_call(stack, "DELETE", "messages", NULL));
	books_unmoved(stack, &run, 0, WORDS("email", "remind",
	    "--first-payment"));
	assert_holds(run.output, "mailed today already");
	run_clear(&run);
	sql_run(stack, "update teamdues.emails set day = day - 1");
	books_unmoved(stack, &run, 3, WORDS("email", "remind",
	    "--first-payment"));
	assert_holds(run.output, "first payment paid");
	assert_holds(run.output, "first payment cancelled");
	run_clear(&run);
	COMMAND(stack, &run, 0, "email", "remind", "--first-payment",
	    "--commit");
	assert_holds(run.errors, "1 mail queued");
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 1);
	mail = mailbox_only(stack, families[WAITS].email);
	mail_assert_says(mail, "$150.00");
	mail_link(stack, mail, again);
	assert_string_equal(again, asked);
	json_object_put(mail);
}

static void
test_first_payment_under_review(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct club club = { .amount_cents = AMOUNT };
	struct family family;
	char id[UNIQUE_SIZE];
	struct run run;

	family_make(stack, AMOUNT, &family);
	ask_first_payment(stack, &family);
	club.order_id = open_fee_order(stack, &family);
	club_store_session(stack, &club, id);
	session = session_paid(id, AMOUNT + 1);
	webhook_expect(stack, session, "review");
	json_object_put(session);
	COMMAND(stack, &run, 0, "email", "remind", "--first-payment");
	assert_holds(run.output, "a payment is under review");
	run_clear(&run);
	COMMAND(stack, &run, 0, "email", "blast", "--again");
	assert_holds(run.output, "a payment is under review");
	run_clear(&run);
}

static void
test_month_that_is_over(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct run run;

	family_make(stack, AMOUNT, &family);
	ask_first_payment(stack, &family);
	sql_run(stack, "update teamdues.emails set facts = facts || "
	    "'{\"quoted\":\"2026-01-15\"}' where player_id = %lld",
	    (long long)family.player_id);
	COMMAND(stack, &run, 0, "email", "remind", "--first-payment");
	assert_holds(run.output, "the month quoted is over");
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	mail_assert_state(stack, family.email, "dropped", "no longer true");
}

static void
test_usage(void **state)
{
	static const char *const wrong[][4] = {
		{ "remind", NULL },
		{ "remind", "--tournament", "1", "--first-payment" },
		{ "blast", "--tournament", "1", "--again" },
		{ "batch", NULL }, { "retry", "x" }, { "list", "--commit" },
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct run run;

		command_run(stack, &run, 2, NULL, WORDS("email", wrong[i][0],
		    wrong[i][1], wrong[i][2], wrong[i][3]));
		run_clear(&run);
	}
}

/* The outbox as a list, and one batch of it. */
static void
test_list_and_batch(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	struct family family;
	char batch[WORD_SIZE];
	struct run run;

	family_make(stack, AMOUNT, &family);
	COMMAND(stack, &run, 0, "email", "blast", "--skip-proration",
	    "--commit", "--csv");
	assert_holds(run.output,
	    "player_id,recipient,amount_cents,currency,action,reason\n");
	assert_holds(run.output, "@example.com,15000,usd,mail,\n");
	run_clear(&run);
	word_of(batch, sql_int(stack, "select max(batch_id) from "
	    "teamdues.email_batches"));
	rows = command_rows(stack, 1, 0, WORDS("email", "batch", batch,
	    "--json"));
	assert_int_equal(json_int_at(json_object_array_get_idx(rows, 0),
	    "queued"), 1);
	json_object_put(rows);
	COMMAND(stack, &run, 0, "email", "--csv");
	assert_holds(run.output, "email_id,batch_id,player_id,recipient,kind,"
	    "state,attempts,last_error,sent_at\n");
	assert_holds(run.output, ",first_payment,queued,0,,\n");
	run_clear(&run);
	COMMAND(stack, &run, 1, "email", "batch", "999999999");
	run_clear(&run);
	sql_assert_text(stack, "15000", "select facts ->> 'amount_cents' from "
	    "teamdues.emails where player_id = %lld",
	    (long long)family.player_id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_tournament),
		MAIL_TEST(test_reminder),
		MAIL_TEST(test_endpoint),
		MAIL_TEST(test_tournament_that_is_over),
		MAIL_TEST(test_paid_while_the_mail_waits),
		MAIL_TEST(test_first_payments),
		MAIL_TEST(test_first_payment_under_review),
		MAIL_TEST(test_month_that_is_over),
		MAIL_TEST(test_usage),
		MAIL_TEST(test_list_and_batch),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
