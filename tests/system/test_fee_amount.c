/*
 * A click on a first payment's link gives the fee's order the link's amount:
 * what that means for a payment that waits, and which orders keep their own.
 * Invariants 1 and 5.
 */
#include "mailbox.h"
#include "sql.h"
#include "webhook.h"

enum { FEE = 15000 };

static int64_t
open_fee_order(struct stack *stack, const struct family *family,
    int64_t cents)
{
	return sql_int(stack, "select order_id from teamdues.open_fee_order("
	    "%lld, %lld, 'usd')", (long long)family->player_id,
	    (long long)cents);
}

/* Its session was lost with the books, and so was the amount of its link. */
static void
test_payment_that_waits_for_its_amount(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct family family;
	char id[UNIQUE_SIZE];
	int64_t order_id;

	family_make(stack, FEE, &family);
	order_id = open_fee_order(stack, &family, FEE);
	unique_name("cs_test_", id);
	session = session_paid(id, FEE / 2);
	club_name_order(stack, session, order_id);
	webhook_expect(stack, session, "review");
	json_object_put(session);
	open_fee_order(stack, &family, FEE / 2);
	club_assert_status(stack, order_id, "paid");
}

/* The rest was waived, and then the part that had come was taken back. */
static void
test_order_waived_in_part_keeps_its_amount(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char order[WORD_SIZE];
	struct run run;

	family_make(stack, FEE, &family);
	word_of(order, open_fee_order(stack, &family, FEE));
	COMMAND(stack, &run, 0, "order", "record-payment", order, "--source",
	    "cash", "--reference", "envelope", "--amount", "40.00",
	    "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 0, "order", "waive", order, "--reason",
	    "hardship", "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 0, "order", "unrecord-payment", order,
	    "--commit");
	run_clear(&run);
	open_fee_order(stack, &family, FEE / 2);
	assert_int_equal(sql_int(stack, "select left_cents from "
	    "teamdues.order_overview where order_id = %s", order), 4000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_payment_that_waits_for_its_amount),
		BOOKS_TEST(test_order_waived_in_part_keeps_its_amount),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
