/*
 * The three ways to match a payment: every signed payment ends in one place
 * (invariants 2 and 3), and only one that explains itself pays an order
 * (invariant 1).
 */
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 15000 };

/* A family, a payment of the right amount in a session that we do not know. */
struct match {
	struct stack *stack;
	struct club club;
	struct json_object *session;
	char order_id[24];
	char *installation_id;
};

static void
match_make(struct stack *stack, struct match *m)
{
	char id[UNIQUE_SIZE];

	m->stack = stack;
	club_make(stack, AMOUNT, &m->club);
	unique_name("cs_test_", id);
	m->session = session_paid(id, AMOUNT);
	snprintf(m->order_id, sizeof(m->order_id), "%lld",
	    (long long)m->club.order_id);
	m->installation_id = sql_text(stack,
	    "select installation_id from teamdues.installation");
}

/* The same, in a session that we have stored. */
static void
match_make_known(struct stack *stack, struct match *m)
{
	char id[UNIQUE_SIZE];

	match_make(stack, m);
	club_store_session(stack, &m->club, id);
	json_set_text(m->session, "id", id);
}

/* The same, unknown, but with all that checkout writes into metadata. */
static void
match_make_named(struct stack *stack, struct match *m)
{
	match_make(stack, m);
	club_name_order(stack, m->session, m->club.order_id);
}

static void
match_clear(struct match *m)
{
	json_object_put(m->session);
	free(m->installation_id);
}

/* Delivers the payment; it must pay the order. */
static void
assert_applied(struct match *m)
{
	webhook_expect(m->stack, m->session, "applied");
	club_assert_paid_by(m->stack, m->club.order_id,
	    json_text_at(m->session, "payment_intent"));
	match_clear(m);
}

/* Delivers it; it must end where outcome says, with the order untouched. */
static void
assert_elsewhere(struct match *m, const char *outcome, const char *reason)
{
	struct json_object *event = event_about("checkout.session.completed",
	    m->session);

	webhook_expect_event(m->stack, event, outcome);
	webhook_assert_overview(m->stack, json_text_at(event, "id"), outcome,
	    reason);
	club_assert_status(m->stack, m->club.order_id, "pending");
	json_object_put(event);
	match_clear(m);
}

/* The incident's sessions had no metadata at all. */
static void
test_known_session_needs_no_metadata(void **state)
{
	struct match m;

	match_make_known(*state, &m);
	assert_applied(&m);
	match_make_known(*state, &m);
	json_set_null(m.session, "metadata");
	assert_applied(&m);
	match_make(*state, &m);
	assert_elsewhere(&m, "unmatched", "session not known");
}

/* An unmatched payment is kept whole, for a person to resolve. */
static void
test_unmatched_payment_is_listed(void **state)
{
	struct match m;
	struct json_object *event;

	match_make(*state, &m);
	event = event_about("checkout.session.completed", m.session);
	webhook_expect_event(*state, event, "unmatched");
	webhook_expect_event(*state, event, "duplicate");
	assert_int_equal(sql_int(*state, "select count(*) from "
	    "teamdues.event_overview where event_id = '%s' and outcome = "
	    "'unmatched' and order_id is null",
	    json_text_at(event, "id")), 1);
	json_object_put(event);
	match_clear(&m);
}

static void
test_metadata_names_the_order(void **state)
{
	struct match m;

	match_make_named(*state, &m);
	assert_applied(&m);
	match_make(*state, &m);
	json_set_text(m.session, "metadata.order_id", m.order_id);
	assert_elsewhere(&m, "unmatched", "somebody else");
	match_make_named(*state, &m);
	json_set_text(m.session, "metadata.order_id", "9999999999");
	assert_elsewhere(&m, "unmatched",
	    "order 9999999999 that is not in these books");
	match_make_named(*state, &m);
	json_set_text(m.session, "metadata.order_id", "WC-12");
	assert_elsewhere(&m, "unmatched", "no reference");
}

static void
test_client_reference_names_the_order(void **state)
{
	struct match m;

	match_make(*state, &m);
	club_name_order(*state, m.session, m.club.order_id);
	json_set_text(m.session, "client_reference_id", m.order_id);
	json_set_null(m.session, "metadata.order_id");
	assert_applied(&m);
	match_make(*state, &m);
	json_set_text(m.session, "client_reference_id", m.order_id);
	assert_elsewhere(&m, "unmatched", "somebody else");
}

/* A customer that we made stands for our own metadata; a stranger's does
 * not. */
static void
test_remembered_customer_vouches(void **state)
{
	struct stack *stack = *state;
	char customer[UNIQUE_SIZE];
	struct club other;
	struct match m;

	match_make(stack, &m);
	club_remember_customer(stack, &m.club, customer);
	json_set_text(m.session, "customer", customer);
	json_set_text(m.session, "metadata.order_id", m.order_id);
	assert_applied(&m);
	match_make(stack, &m);
	club_remember_customer(stack, &m.club, customer);
	json_set_text(m.session, "customer", customer);
	json_set_text(m.session, "client_reference_id", m.order_id);
	assert_applied(&m);
	match_make(stack, &m);
	club_make(stack, AMOUNT, &other);
	club_remember_customer(stack, &other, customer);
	json_set_text(m.session, "customer", customer);
	json_set_text(m.session, "metadata.order_id", m.order_id);
	assert_elsewhere(&m, "unmatched", "somebody else");
}

/* The order that the reference names is suggested to the person who decides. */
static void
test_doubted_reference_is_a_suggestion(void **state)
{
	struct stack *stack = *state;
	struct match m;

	match_make(stack, &m);
	json_set_text(m.session, "metadata.order_id", m.order_id);
	webhook_expect(stack, m.session, "unmatched");
	assert_int_equal(club_suggestion(stack, json_text_at(m.session, "id")),
	    m.club.order_id);
	match_clear(&m);
	match_make(stack, &m);
	webhook_expect(stack, m.session, "unmatched");
	assert_int_equal(club_suggestion(stack, json_text_at(m.session, "id")),
	    0);
	match_clear(&m);
}

/*
 * A database that was restored from a backup gives ids anew: an order that is
 * younger than the session cannot be what was paid for.
 */
static void
test_order_younger_than_session(void **state)
{
	struct match m;

	match_make_named(*state, &m);
	json_set_int(m.session, "created", now_s() - 3600);
	assert_elsewhere(&m, "unmatched", "not in these books");
	match_make_known(*state, &m);
	json_set_int(m.session, "created", now_s() - 3600);
	assert_applied(&m);
}

static void
test_contradictory_references(void **state)
{
	struct stack *stack = *state;
	char other_id[24];
	struct club other;
	struct match m;

	club_make(stack, AMOUNT, &other);
	snprintf(other_id, sizeof(other_id), "%lld", (long long)other.order_id);
	match_make_named(stack, &m);
	json_set_text(m.session, "client_reference_id", other_id);
	assert_elsewhere(&m, "review", "contradictory");
	match_make_known(stack, &m);
	json_set_text(m.session, "metadata.order_id", other_id);
	assert_elsewhere(&m, "review", "contradictory");
	match_make_known(stack, &m);
	json_set_text(m.session, "client_reference_id", other_id);
	assert_elsewhere(&m, "review", "contradictory");
	match_make_known(stack, &m);
	json_set_text(m.session, "client_reference_id", m.order_id);
	json_set_text(m.session, "metadata.order_id", m.order_id);
	assert_applied(&m);
	club_assert_status(stack, other.order_id, "pending");
}

static void
test_other_player_or_product(void **state)
{
	struct match m;

	match_make_known(*state, &m);
	json_set_text(m.session, "metadata.player_id", "999999");
	assert_elsewhere(&m, "review", "metadata names player");
	match_make_known(*state, &m);
	json_set_text(m.session, "metadata.product_id", "999999");
	assert_elsewhere(&m, "review", "metadata names product");
	match_make_named(*state, &m);
	json_set_text(m.session, "metadata.player_id", "999999");
	assert_elsewhere(&m, "review", "metadata names player");
}

/* Invariant 5: what was paid is what was asked for. */
static void
test_wrong_amount_or_currency(void **state)
{
	struct match m;

	match_make_known(*state, &m);
	json_set_int(m.session, "amount_total", AMOUNT - 1);
	assert_elsewhere(&m, "review", "wrong amount: paid 149.99");
	match_make_named(*state, &m);
	json_set_int(m.session, "amount_total", AMOUNT + 1);
	assert_elsewhere(&m, "review", "wrong amount: paid 150.01");
	match_make_known(*state, &m);
	json_set_text(m.session, "currency", "cad");
	assert_elsewhere(&m, "review", "wrong currency: paid in cad");
}

/* A minted session is checked against what it was minted for. */
static void
test_amount_of_the_session_counts(void **state)
{
	struct match m;

	match_make_known(*state, &m);
	sql_run(*state, "update teamdues.orders set amount_cents = 12000 "
	    "where order_id = %s", m.order_id);
	assert_applied(&m);
	match_make_named(*state, &m);
	sql_run(*state, "update teamdues.orders set amount_cents = 20000 "
	    "where order_id = %s", m.order_id);
	assert_elsewhere(&m, "review", "wrong amount");
}

/* Test money pays no order of a live club, nor the reverse. */
static void
test_other_mode(void **state)
{
	struct json_object *event;
	struct match m;

	match_make_known(*state, &m);
	json_set(m.session, "livemode", json_object_new_boolean(1));
	assert_elsewhere(&m, "review", "mode");
	match_make_known(*state, &m);
	event = event_about("checkout.session.completed", m.session);
	json_set(event, "livemode", json_object_new_boolean(1));
	webhook_expect_event(*state, event, "review");
	club_assert_status(*state, m.club.order_id, "pending");
	json_object_put(event);
	match_clear(&m);
}

static void
test_cancelled_order(void **state)
{
	struct stack *stack = *state;
	struct match m;

	match_make_known(stack, &m);
	club_cancel(stack, m.club.order_id);
	webhook_expect(stack, m.session, "review");
	club_assert_status(stack, m.club.order_id, "cancelled");
	match_clear(&m);
}

/* Invariant 2: the second payment of one order is a person's to give back. */
static void
test_second_payment(void **state)
{
	struct stack *stack = *state;
	struct match first;
	struct match second;

	match_make_known(stack, &first);
	webhook_expect(stack, first.session, "applied");
	match_make(stack, &second);
	club_name_order(stack, second.session, first.club.order_id);
	json_set_int(second.session, "created", now_s() + 1);
	webhook_expect(stack, second.session, "review");
	club_assert_paid_by(stack, first.club.order_id,
	    json_text_at(first.session, "payment_intent"));
	assert_int_equal(club_payment_count(stack, first.club.order_id), 1);
	club_assert_status(stack, second.club.order_id, "pending");
	match_clear(&first);
	match_clear(&second);
}

/* One payment intent is one payment, whatever session claims it. */
static void
test_one_intent_in_two_sessions(void **state)
{
	struct stack *stack = *state;
	struct match first;
	struct match second;

	match_make_known(stack, &first);
	webhook_expect(stack, first.session, "applied");
	match_make_known(stack, &second);
	json_set_text(second.session, "payment_intent",
	    json_text_at(first.session, "payment_intent"));
	assert_elsewhere(&second, "review", "payment intent of session");
	club_assert_paid_by(stack, first.club.order_id,
	    json_text_at(first.session, "payment_intent"));
	match_clear(&first);
}

static void
test_foreign_payments(void **state)
{
	struct json_object *event;
	struct match m;

	match_make_named(*state, &m);
	json_set_text(m.session, "metadata.teamdues", "td_another");
	assert_elsewhere(&m, "foreign", "another installation");
	match_make_named(*state, &m);
	json_set_text(m.session, "mode", "subscription");
	json_set_null(m.session, "payment_intent");
	assert_elsewhere(&m, "foreign", "not in payment mode");
	match_make_known(*state, &m);
	event = event_about("checkout.session.completed", m.session);
	json_set_text(event, "account", "acct_1");
	webhook_expect_event(*state, event, "foreign");
	json_object_put(event);
	event = event_about("checkout.session.completed", m.session);
	json_set_text(event, "context", "acct_1");
	webhook_expect_event(*state, event, "foreign");
	json_object_put(event);
	assert_applied(&m);
}

/* A bank debit: complete is not paid. */
static void
test_unpaid_is_processing(void **state)
{
	struct stack *stack = *state;
	struct match m;

	match_make_known(stack, &m);
	json_set_text(m.session, "payment_status", "unpaid");
	webhook_expect(stack, m.session, "applied");
	club_assert_status(stack, m.club.order_id, "processing");
	json_set_text(m.session, "payment_status", "paid");
	assert_applied(&m);
}

static void
test_expired_session(void **state)
{
	struct stack *stack = *state;
	struct json_object *event;
	struct match m;

	match_make_known(stack, &m);
	json_set_text(m.session, "status", "expired");
	json_set_text(m.session, "payment_status", "unpaid");
	json_set_null(m.session, "payment_intent");
	event = event_about("checkout.session.expired", m.session);
	webhook_expect_event(stack, event, "applied");
	sql_assert_text(stack, "expired", "select status from "
	    "teamdues.checkout_sessions where session_id = '%s'",
	    json_text_at(m.session, "id"));
	club_assert_status(stack, m.club.order_id, "pending");
	json_object_put(event);
	match_clear(&m);
}

/* Invariant 7: "expired" that comes late does not undo a payment. */
static void
test_order_of_arrival_does_not_matter(void **state)
{
	struct stack *stack = *state;
	struct json_object *expired;
	struct match m;

	match_make_known(stack, &m);
	webhook_expect(stack, m.session, "applied");
	json_set_text(m.session, "payment_status", "unpaid");
	webhook_expect(stack, m.session, "applied");
	club_assert_status(stack, m.club.order_id, "paid");
	json_set_text(m.session, "status", "expired");
	expired = event_about("checkout.session.expired", m.session);
	webhook_expect_event(stack, expired, "applied");
	json_object_put(expired);
	club_assert_status(stack, m.club.order_id, "paid");
	match_clear(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_known_session_needs_no_metadata),
		SYSTEM_TEST(test_unmatched_payment_is_listed),
		SYSTEM_TEST(test_metadata_names_the_order),
		SYSTEM_TEST(test_client_reference_names_the_order),
		SYSTEM_TEST(test_remembered_customer_vouches),
		SYSTEM_TEST(test_doubted_reference_is_a_suggestion),
		SYSTEM_TEST(test_order_younger_than_session),
		SYSTEM_TEST(test_contradictory_references),
		SYSTEM_TEST(test_other_player_or_product),
		SYSTEM_TEST(test_wrong_amount_or_currency),
		SYSTEM_TEST(test_amount_of_the_session_counts),
		SYSTEM_TEST(test_other_mode),
		SYSTEM_TEST(test_cancelled_order),
		SYSTEM_TEST(test_second_payment),
		SYSTEM_TEST(test_one_intent_in_two_sessions),
		SYSTEM_TEST(test_foreign_payments),
		SYSTEM_TEST(test_unpaid_is_processing),
		SYSTEM_TEST(test_expired_session),
		SYSTEM_TEST(test_order_of_arrival_does_not_matter),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
