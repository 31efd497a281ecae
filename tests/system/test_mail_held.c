/*
 * Nobody is mailed for money that may be here: a payment that waits for a
 * person holds back what its family would be asked, in every list and at the
 * mailer's last look.  Invariant 10.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "sql.h"

enum { AMOUNT = 15000 };

static const char held[] = "150.00 usd that may be theirs is not placed yet: "
	"see unmatched";

struct asked {
	struct club club;	/* a tournament's order, and who owes it */
	char tournament[WORD_SIZE];
	char email[2 * UNIQUE_SIZE];
};

static void
asked_make(struct stack *stack, struct asked *a)
{
	char *email;

	club_make(stack, AMOUNT, &a->club);
	word_of(a->tournament, a->club.tournament_id);
	email = sql_text(stack, "select parent_email from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)a->club.order_id);
	snprintf(a->email, sizeof(a->email), "%s", email);
	free(email);
}

/* What both lists of the tournament say of its one order. */
static void
assert_lists_say(struct stack *stack, const struct asked *a, int code,
    const char *part)
{
	static const char *const verbs[] = { "blast", "remind" };
	struct run run;

	for (size_t i = 0; i < 2; i++) {
		books_unmoved(stack, &run, code, WORDS("email", verbs[i],
		    "--tournament", a->tournament));
		assert_holds(run.output, part);
		run_clear(&run);
	}
}

static void
dismiss(struct stack *stack, const struct stray *stray)
{
	struct run run;

	COMMAND(stack, &run, 0, "unmatched", "dismiss", stray->session_id,
	    "--reason", "a scarf", "--commit");
	run_clear(&run);
}

/* It may be for a part of the order, or for more than the order. */
static void
test_same_address(void **state)
{
	static const struct {
		int64_t cents;
		const char *reason;
	} cases[] = {
		{ AMOUNT, held },
		{ 100, "1.00 usd that may be theirs is not placed yet" },
		{ 2 * AMOUNT + 1, "300.01 usd that may be theirs is not "
		    "placed yet" },
	};
	struct stack *stack = *state;
	struct asked a;
	struct stray strays[3];

	asked_make(stack, &a);
	assert_lists_say(stack, &a, 3, "  mail");
	for (size_t i = 0; i < 3; i++) {
		stray_make(stack, cases[i].cents, "customer_details.email",
		    a.email, &strays[i]);
		assert_lists_say(stack, &a, 0, cases[i].reason);
		dismiss(stack, &strays[i]);
		assert_lists_say(stack, &a, 3, "  mail");
	}
}

/* What is said to be for one child's order may be for both children's. */
static void
test_for_another_order(void **state)
{
	struct stack *stack = *state;
	struct asked a;
	struct club sister;
	struct stray stray;

	asked_make(stack, &a);
	club_make(stack, AMOUNT / 2, &sister);
	sql_run(stack, "update teamdues.players set parent_id = %lld where "
	    "player_id = %lld", (long long)a.club.parent_id,
	    (long long)sister.player_id);
	stray_make(stack, AMOUNT, "metadata.order_id",
	    word_of((char[WORD_SIZE]){ "" }, sister.order_id), &stray);
	assert_lists_say(stack, &a, 0, held);
}

/* It may be this club's, of before its database was lost. */
static void
test_of_an_installation_that_nobody_knows(void **state)
{
	struct stack *stack = *state;
	char installation[UNIQUE_SIZE], id[UNIQUE_SIZE];
	struct json_object *session;
	struct asked a;
	struct run run;

	asked_make(stack, &a);
	unique_name("td_", installation);
	unique_name("cs_test_", id);
	session = session_paid(id, AMOUNT);
	json_set_text(session, "customer_details.email", a.email);
	json_set_text(session, "metadata.teamdues", installation);
	webhook_expect(stack, session, "foreign");
	json_object_put(session);
	assert_lists_say(stack, &a, 0, "a payment of another installation may "
	    "be theirs: see installation show");
	COMMAND(stack, &run, 0, "installation", "disown", installation,
	    "--commit");
	run_clear(&run);
	assert_lists_say(stack, &a, 3, "  mail");
}

/* A bank's money that no order expects is days on its way. */
static void
test_on_its_way(void **state)
{
	struct stack *stack = *state;
	char id[UNIQUE_SIZE];
	struct json_object *session;
	struct asked a;

	asked_make(stack, &a);
	unique_name("cs_test_", id);
	session = session_paid(id, AMOUNT);
	json_set_text(session, "customer_details.email", a.email);
	json_set_text(session, "payment_status", "unpaid");
	webhook_expect(stack, session, "ignored");
	assert_lists_say(stack, &a, 0, "a bank payment that may be theirs is "
	    "on its way");
	json_object_put(session);
}

/* What was paid before the order was made was paid for something else. */
static void
test_older_than_the_order(void **state)
{
	struct stack *stack = *state;
	struct asked a;
	struct stray stray;

	asked_make(stack, &a);
	sql_run(stack, "update teamdues.orders set created_at = now() + "
	    "interval '1 minute' where order_id = %lld",
	    (long long)a.club.order_id);
	stray_make(stack, AMOUNT, "customer_details.email", a.email, &stray);
	assert_lists_say(stack, &a, 3, "  mail");
}

/* Of the parent's own customer any amount may be meant for it. */
static void
test_same_customer(void **state)
{
	struct stack *stack = *state;
	char customer[UNIQUE_SIZE];
	struct asked a;
	struct stray stray;

	asked_make(stack, &a);
	club_remember_customer(stack, &a.club, customer);
	stray_make(stack, AMOUNT - 1, "customer", customer, &stray);
	assert_lists_say(stack, &a, 0, "149.99 usd that may be theirs is not "
	    "placed yet");
}

/* A family without an order yet is asked by the fee alone. */
static void
test_first_payment(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct stray stray;
	struct run run;

	family_make(stack, AMOUNT, &family);
	stray_make(stack, AMOUNT, "customer_details.email", family.email,
	    &stray);
	books_unmoved(stack, &run, 0, WORDS("email", "blast"));
	assert_holds(run.output, held);
	run_clear(&run);
	dismiss(stack, &stray);
	books_unmoved(stack, &run, 3, WORDS("email", "blast"));
	run_clear(&run);
}

/* It came after the mail was decided: the mailer looks once more. */
static void
test_last_look(void **state)
{
	struct stack *stack = *state;
	struct asked a;
	struct stray stray;
	struct run run;

	asked_make(stack, &a);
	COMMAND(stack, &run, 0, "email", "blast", "--tournament",
	    a.tournament, "--commit");
	run_clear(&run);
	stray_make(stack, AMOUNT, "customer_details.email", a.email, &stray);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	mail_assert_state(stack, a.email, "dropped", held);
}

/*
 * The child is another family's by the time that the mail goes: who has it now
 * is asked, and their money is looked for.
 */
static void
test_of_another_family_by_now(void **state)
{
	struct stack *stack = *state;
	struct asked a;
	struct family now;
	struct stray stray;
	struct run run;

	asked_make(stack, &a);
	family_make(stack, AMOUNT, &now);
	COMMAND(stack, &run, 0, "email", "blast", "--tournament",
	    a.tournament, "--commit");
	run_clear(&run);
	sql_run(stack, "update teamdues.players set parent_id = %lld where "
	    "player_id = %lld", (long long)now.parent_id,
	    (long long)a.club.player_id);
	stray_make(stack, AMOUNT, "customer_details.email", a.email, &stray);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 1);
	json_object_put(mailbox_only(stack, now.email));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_same_address),
		MAIL_TEST(test_for_another_order),
		MAIL_TEST(test_of_an_installation_that_nobody_knows),
		MAIL_TEST(test_on_its_way),
		MAIL_TEST(test_older_than_the_order),
		MAIL_TEST(test_same_customer),
		MAIL_TEST(test_first_payment),
		MAIL_TEST(test_last_look),
		MAIL_TEST(test_of_another_family_by_now),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
