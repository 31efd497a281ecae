/*
 * Every status of an order but cancelled, reached by signed events through
 * nginx and left again where that is possible (invariant 1).  A path is read
 * from top to bottom; test_property.c proves that its order does not matter.
 */
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "mail/copy.h"
#include "sql.h"
#include "store/order_status.h"
#include "store/product_kind.h"
#include "webhook.h"

enum { AMOUNT = 15000, STEPS_MAX = 8, ID_SIZE = 2 * UNIQUE_SIZE };

/* What Stripe says, what it is told, and how the order stands then. */
struct step {
	const char *type;
	const char *word;	/* payment_status, or the object's status */
	const char *object;	/* a refund's or dispute's name */
	int64_t cents;		/* of a refund, or in all of a charge */
	const char *outcome;
	const char *status;
};

struct path {
	const char *name;
	struct step steps[STEPS_MAX + 1];	/* type NULL ends them */
};

#define COMPLETED "checkout.session.completed"
#define SUCCEEDED "checkout.session.async_payment_succeeded"
#define FAILED "checkout.session.async_payment_failed"
#define EXPIRED "checkout.session.expired"
#define DISPUTE "charge.dispute."

static const struct path paths[] = {
	{ "by card", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ COMPLETED, "paid", "", 0, "duplicate", "paid" },
		{ EXPIRED, "unpaid", "", 0, "applied", "paid" },
	} },
	{ "by bank debit", {
		{ COMPLETED, "unpaid", "", 0, "applied", "processing" },
		{ SUCCEEDED, "paid", "", 0, "applied", "paid" },
		{ COMPLETED, "unpaid", "", 0, "duplicate", "paid" },
	} },
	{ "by bank debit that fails, and then does not", {
		{ COMPLETED, "unpaid", "", 0, "applied", "processing" },
		{ FAILED, "unpaid", "", 0, "applied", "pending" },
		{ SUCCEEDED, "paid", "", 0, "applied", "paid" },
	} },
	{ "a session that expires", {
		{ EXPIRED, "unpaid", "", 0, "applied", "pending" },
		{ EXPIRED, "unpaid", "", 0, "duplicate", "pending" },
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
	} },
	{ "nothing to pay", {
		{ COMPLETED, "no_payment_required", "", 0, "review",
		    "pending" },
	} },
	{ "a card that is declined", {
		{ "payment_intent.payment_failed", "", "", 0, "applied",
		    "pending" },
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
	} },
	{ "given back in parts, one of which fails", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ "refund.created", "succeeded", "re_a", 5000, "applied",
		    "partially_refunded" },
		{ "charge.refunded", "", "", 5000, "applied",
		    "partially_refunded" },
		{ "refund.created", "pending", "re_b", 10000, "applied",
		    "refunded" },
		{ "refund.failed", "failed", "re_b", 10000, "applied",
		    "partially_refunded" },
		{ "charge.refund.updated", "canceled", "re_a", 5000, "applied",
		    "paid" },
		{ "refund.created", "succeeded", "re_c", AMOUNT, "applied",
		    "refunded" },
	} },
	{ "given back, as the charge alone tells", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ "charge.refunded", "", "", AMOUNT, "applied", "refunded" },
		{ "charge.refunded", "", "", 2000, "duplicate", "refunded" },
	} },
	{ "disputed and won", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ DISPUTE "created", "warning_needs_response", "dp_a", AMOUNT,
		    "applied", "paid" },
		{ DISPUTE "updated", "needs_response", "dp_a", AMOUNT,
		    "applied", "disputed" },
		{ DISPUTE "funds_withdrawn", "needs_response", "dp_a", AMOUNT,
		    "applied", "disputed" },
		{ DISPUTE "closed", "won", "dp_a", AMOUNT, "applied", "paid" },
		{ DISPUTE "funds_reinstated", "won", "dp_a", AMOUNT, "applied",
		    "paid" },
		{ DISPUTE "created", "needs_response", "dp_a", AMOUNT,
		    "duplicate", "paid" },
	} },
	{ "disputed and lost", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ "refund.created", "succeeded", "re_a", 100, "applied",
		    "partially_refunded" },
		{ DISPUTE "created", "under_review", "dp_a", AMOUNT, "applied",
		    "disputed" },
		{ DISPUTE "closed", "lost", "dp_a", AMOUNT, "applied",
		    "charged_back" },
		{ DISPUTE "funds_reinstated", "lost", "dp_a", AMOUNT, "applied",
		    "partially_refunded" },
	} },
	{ "disputed for a part and lost", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ DISPUTE "created", "needs_response", "dp_a", 4000,
		    "applied", "disputed" },
		{ DISPUTE "closed", "lost", "dp_a", 4000, "applied",
		    "partially_refunded" },
		{ "refund.created", "succeeded", "re_a", 11000, "applied",
		    "charged_back" },
	} },
	{ "an inquiry that closes", {
		{ COMPLETED, "paid", "", 0, "applied", "paid" },
		{ DISPUTE "created", "needs_response", "dp_a", AMOUNT,
		    "applied", "disputed" },
		{ DISPUTE "closed", "warning_closed", "dp_a", AMOUNT, "applied",
		    "paid" },
	} },
	{ "the refund comes first", {
		{ "refund.created", "succeeded", "re_a", AMOUNT, "ignored",
		    "pending" },
		{ DISPUTE "created", "needs_response", "dp_a", AMOUNT,
		    "ignored", "pending" },
		{ COMPLETED, "paid", "", 0, "applied", "disputed" },
		{ DISPUTE "closed", "charge_refunded", "dp_a", AMOUNT,
		    "applied", "refunded" },
	} },
};

/* One family on one path. */
struct walk {
	struct stack *stack;
	struct club club;
	char session_id[UNIQUE_SIZE];
	char intent_id[UNIQUE_SIZE];
};

static struct json_object *
session_of(const struct walk *w, const struct step *step)
{
	struct json_object *session = session_paid(w->session_id, AMOUNT);

	json_set_text(session, "payment_intent", w->intent_id);
	json_set_text(session, "payment_status", step->word);
	if (strcmp(step->type, EXPIRED) == 0) {
		json_set_text(session, "status", "expired");
		json_set_null(session, "payment_intent");
	}
	if (strcmp(step->word, "no_payment_required") == 0) {
		json_set_int(session, "amount_total", 0);
		json_set_null(session, "payment_intent");
	}
	return session;
}

static struct json_object *
object_of(const struct walk *w, const struct step *step)
{
	struct json_object *object = json_object_new_object();
	char id[ID_SIZE];

	snprintf(id, sizeof(id), "%s%s", step->object, w->intent_id);
	json_set_text(object, "id", id);
	json_set_text(object, "payment_intent", w->intent_id);
	json_set_text(object, "status", step->word);
	json_set_int(object, "amount", step->cents);
	json_set_int(object, "amount_refunded", step->cents);
	club_name_order(w->stack, object, w->club.order_id);
	json_set_text(object, "last_payment_error.message", "Declined.");
	return object;
}

static void
take_step(struct walk *w, const struct step *step)
{
	struct json_object *object = strncmp(step->type, "checkout.", 9) == 0
	    ? session_of(w, step) : object_of(w, step);
	struct json_object *event = event_about(step->type, object);

	webhook_expect_event(w->stack, event, step->outcome);
	club_assert_status(w->stack, w->club.order_id, step->status);
	json_object_put(event);
	json_object_put(object);
}

static void
test_every_status_is_reached_and_left(void **state)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct walk w = { .stack = *state };

		print_message("%s\n", paths[i].name);
		club_make(*state, AMOUNT, &w.club);
		club_store_session(*state, &w.club, w.session_id);
		unique_name("pi_", w.intent_id);
		for (const struct step *step = paths[i].steps;
		    step->type != NULL; step++)
			take_step(&w, step);
	}
	assert_int_equal(sql_int(*state,
	    "select count(*) from teamdues.audit()"), 0);
}

/* A reason that a person can read stays with the order. */
static void
test_why_a_try_failed_is_kept(void **state)
{
	struct walk w = { .stack = *state };
	const struct step declined = { "payment_intent.payment_failed", "", "",
	    0, "applied", "pending" };

	club_make(*state, AMOUNT, &w.club);
	unique_name("pi_", w.intent_id);
	take_step(&w, &declined);
	sql_assert_text(*state, "Declined.", "select failures -> 0 ->> "
	    "'message' from teamdues.order_detail where order_id = %lld",
	    (long long)w.club.order_id);
}

/*
 * A second payment is review while it holds money; when the first is given
 * back, it is the order's.
 */
static void
test_a_second_payment_takes_the_place_of_the_first(void **state)
{
	const struct step paid = { COMPLETED, "paid", "", 0, "applied",
	    "paid" };
	const struct step again = { COMPLETED, "paid", "", 0, "review",
	    "paid" };
	const struct step back = { "refund.created", "succeeded", "re_a",
	    AMOUNT, "ignored", "paid" };
	struct walk first = { .stack = *state };
	struct walk second;

	club_make(*state, AMOUNT, &first.club);
	club_store_session(*state, &first.club, first.session_id);
	unique_name("pi_", first.intent_id);
	second = first;
	sql_run(*state, "update teamdues.checkout_sessions set status = "
	    "'expired' where session_id = '%s'", first.session_id);
	club_store_session(*state, &second.club, second.session_id);
	unique_name("pi_", second.intent_id);

	take_step(&first, &paid);
	take_step(&second, &again);
	sql_assert_text(*state, "review", "select outcome from "
	    "teamdues.unmatched_overview where session_id = '%s'",
	    second.session_id);
	take_step(&first, &back);
	club_assert_paid_by(*state, first.club.order_id, second.intent_id);
	assert_int_equal(sql_int(*state, "select count(*) from "
	    "teamdues.unmatched_overview where session_id in ('%s', '%s')",
	    first.session_id, second.session_id), 0);
	assert_int_equal(sql_int(*state,
	    "select count(*) from teamdues.audit()"), 0);
}

/* What the schema says of a status, beside what the programs' table says. */
static void
test_programs_and_schema_know_the_same_statuses(void **state)
{
	assert_int_equal(sql_int(*state, "select cardinality("
	    "teamdues.order_statuses())"), ORDER_STATUS_MAX);
	for (int i = 0; i < ORDER_STATUS_MAX; i++) {
		enum order_status status = (enum order_status)i;
		enum order_stage stage = order_status_stage(status);
		const char *name = order_status_names[i];

		sql_assert_text(*state, name, "select "
		    "(teamdues.order_statuses())[%d]", i + 1);
		sql_assert_text(*state, stage == STAGE_OPEN ||
		    i == ORDER_CANCELLED ? "t" : "f",
		    "select teamdues.order_is_unpaid('%s')", name);
		sql_assert_text(*state, stage == STAGE_PAID ||
		    i == ORDER_REFUNDED || i == ORDER_CHARGED_BACK ? "t"
		    : "f", "select teamdues.order_is_paid('%s')", name);
		sql_assert_text(*state, stage == STAGE_OPEN ||
		    stage == STAGE_OVER ? "f" : "t",
		    "select teamdues.order_is_good('%s')", name);
	}
}

static void
test_programs_and_schema_know_the_same_kinds(void **state)
{
	assert_int_equal(sql_int(*state, "select cardinality("
	    "teamdues.product_kinds())"), PRODUCT_KIND_MAX);
	for (int i = 0; i < PRODUCT_KIND_MAX; i++)
		sql_assert_text(*state, product_kind_names[i], "select "
		    "(teamdues.product_kinds())[%d]", i + 1);
	assert_int_equal(sql_int(*state, "select cardinality("
	    "teamdues.mail_kinds())"), MAIL_KIND_MAX);
	for (int i = 0; i < MAIL_KIND_MAX; i++) {
		char *name = sql_text(*state, "select "
		    "(teamdues.mail_kinds())[%d]", i + 1);
		enum mail_kind kind;

		assert_true(mail_kind_parse(name, &kind));
		assert_int_equal(kind, i);
		free(name);
	}
}

/* The constraints ask the same functions. */
static void
test_the_schema_takes_no_other_word(void **state)
{
	assert_string_equal(sql_state_of(*state, "update teamdues.orders set "
	    "status = 'owed'"), "23514");
	assert_string_equal(sql_state_of(*state, "update teamdues.orders set "
	    "status = 'paid' where paid_at is null"), "23514");
	assert_string_equal(sql_state_of(*state, "insert into "
	    "teamdues.products (kind, name, amount_cents, currency) values "
	    "('yacht', 'Yacht', 100, 'usd')"), "23514");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_every_status_is_reached_and_left),
		SYSTEM_TEST(test_why_a_try_failed_is_kept),
		SYSTEM_TEST(test_programs_and_schema_know_the_same_statuses),
		SYSTEM_TEST(test_programs_and_schema_know_the_same_kinds),
		SYSTEM_TEST(test_the_schema_takes_no_other_word),
		SYSTEM_TEST(test_a_second_payment_takes_the_place_of_the_first),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
