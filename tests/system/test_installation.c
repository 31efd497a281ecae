/*
 * Payments of another installation of teamdues on the same Stripe account: they
 * are told, and become ours when a person says so, and only then (invariants 8
 * and 11).
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "reconcile.h"
#include "sql.h"

enum { LINE_SIZE = 400 };

/* A payment in a session that another installation made for an order. */
struct stranger {
	char installation_id[UNIQUE_SIZE];
	char session_id[SESSION_ID_SIZE];
};

/* more: what else is in the form; NULL: no deliveries, and nobody knows. */
static void
stranger_make(struct stack *stack, int64_t order_id, struct stranger *s)
{
	char form[HTTP_VALUE_SIZE];

	unique_name("td_", s->installation_id);
	snprintf(form, sizeof(form), "&mode=payment&metadata[order_id]=%lld"
	    "&metadata[teamdues]=%s&metadata[teamdues_word]=0123456789"
	    "&metadata[teamdues_player]=Jo&metadata[teamdues_product]=Entry"
	    "&metadata[teamdues_tournament]=Cup, 2027-05-03",
	    (long long)order_id, s->installation_id);
	shop_session(stack, form, s->session_id);
	standin_deliver(stack, false);
	standin_act(stack, s->session_id, "pay", NULL);
}

static void
assert_place(struct stack *stack, const struct stranger *s, const char *place)
{
	sql_assert_text(stack, place, "select place from teamdues.payments "
	    "where session_id = '%s'", s->session_id);
}

/* What reconcile says of its payments. */
static void
assert_told(struct stack *stack, const struct stranger *s, bool commit,
    bool is_told)
{
	char line[LINE_SIZE];
	struct run run;

	command_run(stack, &run, 0, NULL, commit
	    ? WORDS("reconcile", "--since", "1d", "--commit")
	    : WORDS("reconcile", "--since", "1d"));
	snprintf(line, sizeof(line), "1 paid session, $150.00, of installation "
	    "%s: `teamdues installation adopt %s --commit` if it is this "
	    "club's, `teamdues installation disown %s --commit` if another's\n",
	    s->installation_id, s->installation_id, s->installation_id);
	if (is_told)
		assert_holds(run.output, line);
	else
		assert_null(strstr(run.output, s->installation_id));
	run_clear(&run);
}

static void
decide(struct stack *stack, const char *verb, const struct stranger *s,
    int code, const char *says)
{
	struct run run;

	COMMAND(stack, &run, code, "installation", verb, s->installation_id,
	    "--commit");
	assert_holds(code == 0 ? run.output : run.errors, says);
	run_clear(&run);
}

static void
test_it_is_told_and_nothing_else(void **state)
{
	struct stack *stack = *state;
	struct stranger s;
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	stranger_make(stack, club.order_id, &s);
	books_unmoved(stack, &run, 0, WORDS("reconcile", "--since", "1d"));
	assert_holds(run.output, s.installation_id);
	run_clear(&run);
	assert_told(stack, &s, false, true);
	assert_told(stack, &s, true, true);
	assert_place(stack, &s, "foreign");
	club_assert_status(stack, club.order_id, "pending");
	/* And as long as nobody has said whose it is. */
	assert_told(stack, &s, true, true);
	COMMAND(stack, &run, 0, "audit");
	assert_holds(run.output, "of installations that nobody has decided on: "
	    "`teamdues installation show`");
	run_clear(&run);
	COMMAND(stack, &run, 0, "installation");
	assert_holds(run.output, s.installation_id);
	assert_holds(run.output, "not decided");
	run_clear(&run);
	decide(stack, "disown", &s, 0, "Done: disown");
	assert_told(stack, &s, true, false);
}

static void
test_what_a_person_adopts(void **state)
{
	struct stack *stack = *state;
	struct json_object *row;
	char line[LINE_SIZE], order[WORD_SIZE];
	struct stranger s;
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	stranger_make(stack, club.order_id, &s);
	assert_told(stack, &s, true, true);
	snprintf(line, sizeof(line), "Would adopt: %s: 1 payments, 150.00 usd: "
	    "0 on their orders, 1 for a person, 0 of another installation.",
	    s.installation_id);
	books_unmoved(stack, &run, 3, WORDS("installation", "adopt",
	    s.installation_id));
	assert_holds(run.output, line);
	run_clear(&run);
	decide(stack, "adopt", &s, 0, "Done: adopt");
	decide(stack, "adopt", &s, 0, "Nothing to do");
	assert_place(stack, &s, "unmatched");
	club_assert_status(stack, club.order_id, "pending");
	row = unmatched_row(stack, s.session_id);
	assert_member_holds(row, "paid_for", "Entry, Cup, 2027-05-03 for Jo");
	assert_member_holds(row, "reason", "that is not in these books");
	json_object_put(row);
	COMMAND(stack, &run, 3, "unmatched", "attach", s.session_id,
	    word_of(order, club.order_id), "--anyway");
	assert_holds(run.output, "Entry, Cup, 2027-05-03 for Jo\n");
	run_clear(&run);
	COMMAND(stack, &run, 0, "audit");
	assert_holds(run.output, "for a person: `teamdues unmatched list`\n");
	run_clear(&run);
	assert_told(stack, &s, true, false);
	sql_assert_text(stack, "adopt installation", "select action from "
	    "teamdues.audit_log where subject = '%s'", s.installation_id);
	/* And the way back. */
	decide(stack, "disown", &s, 0, "1 of another installation");
	assert_place(stack, &s, "foreign");
	decide(stack, "adopt", &s, 0, "reconcile has passed its sessions over");
	assert_place(stack, &s, "unmatched");
}

/* What comes after it was adopted, by whatever way, is ours at once. */
static void
test_payments_of_one_that_was_adopted(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct stranger s;
	struct club club;
	char id[UNIQUE_SIZE];

	club_make(stack, 15000, &club);
	stranger_make(stack, club.order_id, &s);
	decide(stack, "adopt", &s, 0, "no payment of it is known here");
	reconcile_heals(stack, "no order: unmatched");
	assert_place(stack, &s, "unmatched");
	/* An order's word vouches for it, as in books that were restored. */
	unique_name("cs_test_", id);
	session = session_paid(id, 15000);
	club_name_order(stack, session, club.order_id);
	json_set_text(session, "metadata.teamdues", s.installation_id);
	webhook_expect(stack, session, "applied");
	json_object_put(session);
}

/* An old order of ours has no word, and neither has the other's payment. */
static void
test_no_word_vouches_for_nothing(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct stranger s;
	struct club club;
	char id[UNIQUE_SIZE];

	club_make(stack, 15000, &club);
	stranger_make(stack, club.order_id, &s);
	decide(stack, "adopt", &s, 0, "Done: adopt");
	unique_name("cs_test_", id);
	session = session_paid(id, 15000);
	club_name_order(stack, session, club.order_id);
	sql_run(stack, "update teamdues.orders set word = null where order_id "
	    "= %lld", (long long)club.order_id);
	json_set_text(session, "metadata.teamdues", s.installation_id);
	json_set_null(session, "metadata.teamdues_word");
	webhook_expect(stack, session, "unmatched");
	club_assert_status(stack, club.order_id, "pending");
	json_object_put(session);
}

/* A jersey's order that such a payment has paid, and the next one, not paid. */
static void
test_what_would_be_owed_twice(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct stranger s;
	struct club club;
	int64_t order_id;
	char id[UNIQUE_SIZE];

	club_make(stack, 15000, &club);
	stranger_make(stack, club.order_id, &s);
	decide(stack, "adopt", &s, 0, "Done: adopt");
	order_id = sql_int(stack, "with p as (insert into teamdues.products "
	    "(kind, name, amount_cents, currency) values ('jersey', "
	    "'Jersey %s', 15000, 'usd') returning product_id) "
	    "insert into teamdues.orders (player_id, product_id, kind, "
	    "amount_cents, currency) select %lld, product_id, 'jersey', 15000, "
	    "'usd' from p returning order_id", club.name,
	    (long long)club.player_id);
	unique_name("cs_test_", id);
	session = session_paid(id, 15000);
	club_name_order(stack, session, order_id);
	json_set_text(session, "metadata.teamdues", s.installation_id);
	webhook_expect(stack, session, "applied");
	json_object_put(session);
	sql_run(stack, "insert into teamdues.orders (player_id, product_id, "
	    "kind, amount_cents, currency) select player_id, product_id, kind, "
	    "amount_cents, currency from teamdues.orders where order_id = %lld",
	    (long long)order_id);
	decide(stack, "disown", &s, 1, "cannot be owed again");
	club_assert_status(stack, order_id, "paid");
}

static void
test_what_is_refused(void **state)
{
	struct stack *stack = *state;
	char *ours = sql_text(stack,
	    "select installation_id from teamdues.installation");
	struct run run;

	COMMAND(stack, &run, 1, "installation", "adopt", ours, "--commit");
	assert_holds(run.errors, "refused: it is this very installation");
	run_clear(&run);
	COMMAND(stack, &run, 2, "installation", "adopt");
	run_clear(&run);
	free(ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_it_is_told_and_nothing_else),
		STANDIN_TEST(test_what_a_person_adopts),
		STANDIN_TEST(test_payments_of_one_that_was_adopted),
		STANDIN_TEST(test_no_word_vouches_for_nothing),
		STANDIN_TEST(test_what_would_be_owed_twice),
		STANDIN_TEST(test_what_is_refused),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
