/*
 * What the work list advises can be done, and a refusal says what must come
 * first.
 */
#include <stdio.h>

#include "books.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 17500, LESS = 14000, LINE_SIZE = 160 };

/* An order, and a payment that waits and names it. */
struct named {
	struct club club;
	char order[WORD_SIZE];
	char event_id[UNIQUE_SIZE];
};

static void
named_make(struct stack *stack, int64_t cents, const char *currency,
    struct named *n)
{
	struct json_object *session;
	struct json_object *event;
	char id[UNIQUE_SIZE], email[2 * UNIQUE_SIZE];

	club_make(stack, AMOUNT, &n->club);
	word_of(n->order, n->club.order_id);
	unique_name("cs_test_", id);
	snprintf(email, sizeof(email), "%s@example.com", n->club.name);
	session = session_paid(id, cents);
	json_set_text(session, "customer_details.email", email);
	json_set_text(session, "metadata.order_id", n->order);
	json_set_text(session, "currency", currency);
	event = event_about("checkout.session.completed", session);
	snprintf(n->event_id, sizeof(n->event_id), "%s", json_text_at(event,
	    "id"));
	webhook_expect_event(stack, event, "unmatched");
	json_object_put(event);
	json_object_put(session);
}

/* before and after: the words around the order's id. */
static void
assert_advised(struct stack *stack, const struct named *n, const char *before,
    const char *after)
{
	struct json_object *row = unmatched_row(stack, n->event_id);
	char advice[LINE_SIZE];

	snprintf(advice, sizeof(advice), "%sorder %s%s", before, n->order,
	    after);
	assert_member_holds(row, "advice", advice);
	json_object_put(row);
}

static void
assert_refused(struct stack *stack, const struct named *n, const char *words)
{
	struct run run;

	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    n->event_id, n->order, "--commit"));
	assert_holds(run.errors, words);
	run_clear(&run);
}

static void
commit(struct stack *stack, const char *const *words)
{
	struct run run;

	command_run(stack, &run, 0, NULL, words);
	run_clear(&run);
}

static void
adjust_and_attach(struct stack *stack, const struct named *n,
    const char *amount)
{
	commit(stack, WORDS("order", "adjust", n->order, "--amount", amount,
	    "--reason", "promotion", "--commit"));
	assert_advised(stack, n, "attach it to ", " of ");
	commit(stack, WORDS("unmatched", "attach", n->event_id, n->order,
	    "--commit"));
	club_assert_status(stack, n->club.order_id, "paid");
}

static void
test_discount_is_adjusted_first(void **state)
{
	struct stack *stack = *state;
	struct named n;

	named_make(stack, LESS, "usd", &n);
	assert_advised(stack, &n, "adjust ", " to 140.00 of ");
	assert_refused(stack, &n, " to 140.00 first, or refund it at Stripe");
	adjust_and_attach(stack, &n, "140.00");
}

/* The parts that came before count too. */
static void
test_discount_on_the_rest(void **state)
{
	struct stack *stack = *state;
	struct named n;

	named_make(stack, LESS, "usd", &n);
	commit(stack, WORDS("order", "record-payment", n.order, "--source",
	    "cash", "--reference", "envelope", "--amount", "25.00",
	    "--commit"));
	assert_advised(stack, &n, "adjust ", " to 165.00 of ");
	adjust_and_attach(stack, &n, "165.00");
}

static void
test_discount_on_a_cancelled_order(void **state)
{
	struct stack *stack = *state;
	struct named n;

	named_make(stack, LESS, "usd", &n);
	commit(stack, WORDS("order", "cancel", n.order, "--reason", "moved",
	    "--commit"));
	assert_advised(stack, &n, "reopen ", " and adjust it to 140.00 ");
	assert_refused(stack, &n, " and adjust it to 140.00 first");
	commit(stack, WORDS("order", "reopen", n.order, "--reason", "came",
	    "--commit"));
	adjust_and_attach(stack, &n, "140.00");
}

/* Nothing can be attached then, so nobody is told to. */
static void
test_nothing_to_attach(void **state)
{
	struct stack *stack = *state;
	struct json_object *row;
	struct named n;

	named_make(stack, 0, "usd", &n);
	row = unmatched_row(stack, n.event_id);
	assert_member_holds(row, "advice", "nothing was paid: dismiss it");
	json_object_put(row);
	assert_refused(stack, &n, "refused: nothing was paid");

	named_make(stack, AMOUNT, "eur", &n);
	assert_advised(stack, &n, "paid in eur, ", " is in usd: refund it");

	named_make(stack, AMOUNT, "usd", &n);
	assert_advised(stack, &n, "attach it to ", " of ");
	commit(stack, WORDS("order", "record-payment", n.order, "--source",
	    "cash", "--reference", "envelope", "--commit"));
	assert_advised(stack, &n, " has paid ", " already: probably twice: "
	    "refund it at Stripe");
}

/* A payment of the family's address, made some days ago, that names nothing. */
static void
bare_make(struct stack *stack, const struct club *club, int days,
    const char *key, char event_id[UNIQUE_SIZE])
{
	char id[UNIQUE_SIZE], email[2 * UNIQUE_SIZE], path[UNIQUE_SIZE];
	struct json_object *session, *event;

	unique_name("cs_test_", id);
	snprintf(email, sizeof(email), "%s@example.com", club->name);
	session = session_paid(id, AMOUNT);
	json_set_text(session, "customer_details.email", email);
	json_set_int(session, "created", now_s() - days * 86400);
	if (key != NULL) {
		snprintf(path, sizeof(path), "metadata.%s", key);
		json_set_text(session, path, "WC-12");
	}
	event = event_about("checkout.session.completed", session);
	snprintf(event_id, UNIQUE_SIZE, "%s", json_text_at(event, "id"));
	webhook_expect_event(stack, event, "unmatched");
	json_object_put(event);
	json_object_put(session);
}

/* What of it was paid long before, or after, is another thing. */
static void
test_probably_paid_twice(void **state)
{
	struct stack *stack = *state;
	char advice[LINE_SIZE];
	struct json_object *row;
	struct named n;

	club_make(stack, AMOUNT, &n.club);
	word_of(n.order, n.club.order_id);
	commit(stack, WORDS("order", "record-payment", n.order, "--source",
	    "cash", "--reference", "envelope", "--commit"));
	bare_make(stack, &n.club, 3, NULL, n.event_id);
	snprintf(advice, sizeof(advice), "Player %s has paid order %s already: "
	    "probably twice: refund it at Stripe", n.club.name, n.order);
	row = unmatched_row(stack, n.event_id);
	assert_member_holds(row, "advice", advice);
	assert_member_holds(row, "suggested_why",
	    "the parent's address paid its amount again");
	assert_member_holds(row, "payer_name", "Pat Payer");
	json_object_put(row);

	bare_make(stack, &n.club, 40, NULL, n.event_id);
	row = unmatched_row(stack, n.event_id);
	assert_member_holds(row, "advice", "attach it to its order, refund");
	json_object_put(row);
}

/* Even when the family owes just that; keys of ours tell nothing. */
static void
test_probably_another_business(void **state)
{
	struct stack *stack = *state;
	struct json_object *row;
	struct named n;

	club_make(stack, AMOUNT, &n.club);
	word_of(n.order, n.club.order_id);
	bare_make(stack, &n.club, 0, "shop_order", n.event_id);
	row = unmatched_row(stack, n.event_id);
	assert_member_holds(row, "advice", "carries shop_order: probably "
	    "another business's: dismiss --not-ours --like "
	    "metadata:shop_order; if it is not: attach it to order ");
	json_object_put(row);
	commit(stack, WORDS("unmatched", "dismiss", n.event_id, "--reason",
	    "shop", "--not-ours", "--commit"));

	bare_make(stack, &n.club, 0, "parent_id", n.event_id);
	assert_advised(stack, &n, "attach it to ", " of Player ");
}

static void
test_oldest_is_first(void **state)
{
	struct stack *stack = *state;
	char late[UNIQUE_SIZE], early[UNIQUE_SIZE];
	const char *first, *second;
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	bare_make(stack, &club, 1, NULL, late);
	bare_make(stack, &club, 2, NULL, early);
	COMMAND(stack, &run, 0, "unmatched", "list");
	first = strstr(run.output, early);
	second = strstr(run.output, late);
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first < second);
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_discount_is_adjusted_first),
		BOOKS_TEST(test_discount_on_the_rest),
		BOOKS_TEST(test_discount_on_a_cancelled_order),
		BOOKS_TEST(test_nothing_to_attach),
		BOOKS_TEST(test_probably_paid_twice),
		BOOKS_TEST(test_probably_another_business),
		BOOKS_TEST(test_oldest_is_first),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
