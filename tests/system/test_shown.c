/*
 * Who pays and for whom is shown before a payment is given to an order, and
 * what looks wrong is refused until somebody insists: another's address, an
 * order that needs no payment.  Invariants 2 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "mailbox.h"
#include "sql.h"

enum { AMOUNT = 15000 };

/* A family's order, and a payment that waits. */
struct pair {
	struct club club;
	char order[WORD_SIZE];
	struct stray stray;
};

static void
stranger_make(struct stack *stack, struct pair *p)
{
	club_make(stack, AMOUNT, &p->club);
	word_of(p->order, p->club.order_id);
	stray_make(stack, AMOUNT, NULL, NULL, &p->stray);
}

static void
assert_shown(const char *output, const struct pair *p)
{
	assert_holds(output, "payer_name        Pat Payer\n");
	assert_holds(output, "payer_email       payer@example.com\n");
	assert_holds(output, "amount            $150.00\n");
	assert_holds(output, "order_status      pending\n");
	assert_holds(output, "player_name       Player club");
	assert_holds(output, "team              Team club");
	assert_holds(output, "parent_name       Parent club");
	assert_holds(output, "product_name      Entry club");
	assert_holds(output, p->club.name);
}

static void
test_attach_shows_and_asks(void **state)
{
	struct stack *stack = *state;
	char words[6 * UNIQUE_SIZE];
	struct pair p;
	struct run run;

	stranger_make(stack, &p);
	snprintf(words, sizeof(words), "refused: the payer is Pat Payer "
	    "<payer@example.com>, order %s is for Player %s of Parent %s "
	    "<%s@example.com> (`anyway` does it all the same)", p.order,
	    p.club.name, p.club.name, p.club.name);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    p.stray.event_id, p.order));
	assert_shown(run.output, &p);
	assert_holds(run.errors, words);
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    p.stray.event_id, p.order, "--commit"));
	assert_shown(run.output, &p);
	assert_holds(run.errors, words);
	run_clear(&run);

	books_unmoved(stack, &run, 3, WORDS("unmatched", "attach",
	    p.stray.event_id, p.order, "--anyway"));
	assert_holds(run.output, "Would attach: 150.00 usd of pi_");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "attach", p.stray.event_id,
	    p.order, "--anyway", "--commit");
	assert_shown(run.output, &p);
	run_clear(&run);
	club_assert_paid_by(stack, p.club.order_id, p.stray.intent_id);
}

static void
attached(struct stack *stack, const struct pair *p)
{
	struct run run;

	COMMAND(stack, &run, 0, "unmatched", "attach", p->stray.event_id,
	    p->order, "--commit");
	run_clear(&run);
	club_assert_paid_by(stack, p->club.order_id, p->stray.intent_id);
}

/* Whatever the case of the address; and the parent's customer, whoever's card
 * it is. */
static void
test_family_is_known(void **state)
{
	struct stack *stack = *state;
	char email[2 * UNIQUE_SIZE], customer[UNIQUE_SIZE];
	struct pair p;

	club_make(stack, AMOUNT, &p.club);
	word_of(p.order, p.club.order_id);
	snprintf(email, sizeof(email), "%s@EXAMPLE.com", p.club.name);
	stray_make(stack, AMOUNT, "customer_details.email", email, &p.stray);
	attached(stack, &p);

	club_make(stack, AMOUNT, &p.club);
	word_of(p.order, p.club.order_id);
	club_remember_customer(stack, &p.club, customer);
	stray_make(stack, AMOUNT, "customer", customer, &p.stray);
	attached(stack, &p);
}

/* It goes under the order then, and is given back from there. */
static void
test_paid_order_asks_too(void **state)
{
	struct stack *stack = *state;
	struct pair p;
	struct run run;

	club_make(stack, AMOUNT, &p.club);
	word_of(p.order, p.club.order_id);
	COMMAND(stack, &run, 0, "order", "record-payment", p.order,
	    "--source", "cash", "--reference", "envelope", "--commit");
	run_clear(&run);
	stray_of(stack, &p.club, AMOUNT, &p.stray);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    p.stray.event_id, p.order, "--commit"));
	assert_holds(run.output, "order_status      paid\n");
	assert_holds(run.errors, " is paid by another payment (`anyway` ");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "attach", p.stray.event_id,
	    p.order, "--anyway", "--commit");
	run_clear(&run);
	club_assert_status(stack, p.club.order_id, "paid");
	sql_assert_text(stack, "review", "select place from "
	    "teamdues.payments where session_id = '%s'", p.stray.session_id);
}

/* One of less could not stand in for what paid it, were that given back. */
static void
test_paid_order_takes_no_less(void **state)
{
	struct stack *stack = *state;
	struct pair p;
	struct run run;

	club_make(stack, AMOUNT, &p.club);
	word_of(p.order, p.club.order_id);
	stray_of(stack, &p.club, AMOUNT, &p.stray);
	attached(stack, &p);
	stray_of(stack, &p.club, AMOUNT - 1, &p.stray);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    p.stray.event_id, p.order, "--anyway", "--commit"));
	assert_holds(run.errors, " is paid and was for more: refund it at ");
	run_clear(&run);
}

/* Where it waits it stays until somebody detaches it. */
static void
test_attached_payment_is_detached_first(void **state)
{
	struct stack *stack = *state;
	char other[WORD_SIZE];
	struct pair p;
	struct run run;

	club_make(stack, AMOUNT, &p.club);
	word_of(p.order, p.club.order_id);
	word_of(other, club_add_order(stack, &p.club));
	COMMAND(stack, &run, 0, "order", "record-payment", p.order,
	    "--source", "cash", "--reference", "envelope", "--commit");
	run_clear(&run);
	stray_of(stack, &p.club, AMOUNT, &p.stray);
	COMMAND(stack, &run, 0, "unmatched", "attach", p.stray.event_id,
	    p.order, "--anyway", "--commit");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    p.stray.event_id, other, "--anyway"));
	assert_holds(run.errors, ": detach it first");
	run_clear(&run);
	books_unmoved(stack, &run, 1, WORDS("unmatched", "attach",
	    p.stray.event_id, other, "--anyway", "--commit"));
	assert_holds(run.errors, ": detach it first");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "detach", p.stray.event_id,
	    "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 0, "unmatched", "attach", p.stray.event_id,
	    other, "--anyway", "--commit");
	run_clear(&run);
}

/* Two families' sessions, each paid, and listed for the other's order; and a
 * third one, as it should be. */
static void
swapped_make(struct stack *stack, struct incident *incident)
{
	char lines[3 * HTTP_VALUE_SIZE];

	incident_make(stack, 3, incident);
	standin_deliver(stack, false);
	for (int i = 0; i < 3; i++)
		standin_act(stack, incident->sessions[i], "pay", NULL);
	snprintf(lines, sizeof(lines), "%lld,%s\n%lld,%s\n%lld,%s\n",
	    (long long)incident->orders[0], incident->sessions[1],
	    (long long)incident->orders[1], incident->sessions[0],
	    (long long)incident->orders[2], incident->sessions[2]);
	incident_list(incident, lines);
}

static void
assert_swap_is_seen(const struct incident *incident, const char *output)
{
	char payer[2 * UNIQUE_SIZE];

	snprintf(payer, sizeof(payer), "<%s@example.com>",
	    incident->club.name);
	assert_holds(output, payer);
	assert_holds(output, "  refuse  ");
	assert_holds(output, "  $150.00  ");
	assert_holds(output, "Player club");
	assert_holds(output, "the payer is ");
	assert_holds(output, "adopt 1 (end 0 of them), same 0, refused 2 "
	    "(--anyway adopts them)");
}

static void
test_swapped_list_is_refused(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	swapped_make(stack, &incident);
	books_unmoved(stack, &run, 1, WORDS("import", "sessions",
	    incident.file));
	assert_swap_is_seen(&incident, run.output);
	run_clear(&run);
	incident_import(stack, &incident, &run, 1, "--commit");
	assert_swap_is_seen(&incident, run.output);
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "pending");
	club_assert_status(stack, incident.orders[1], "pending");
	club_assert_status(stack, incident.orders[2], "paid");

	books_unmoved(stack, &run, 3, WORDS("import", "sessions",
	    incident.file, "--anyway"));
	run_clear(&run);
	COMMAND(stack, &run, 0, "import", "sessions", incident.file,
	    "--anyway", "--commit");
	assert_holds(run.output, "adopt 2 (end 0 of them), same 1: done\n");
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "paid");
	incident_clear(&incident);
}

/* The order's second payment is left where it is until somebody insists. */
static void
test_second_payment_is_refused(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	COMMAND(stack, &run, 0, "order", "record-payment", word_of(
	    (char[WORD_SIZE]){ 0 }, incident.orders[0]), "--source", "cash",
	    "--reference", "envelope", "--commit");
	run_clear(&run);
	standin_act(stack, incident.sessions[0], "pay", NULL);
	incident_import(stack, &incident, &run, 1, "--commit");
	assert_holds(run.output, " is paid by another payment");
	assert_holds(run.output, "refused 1 (--anyway adopts them)");
	run_clear(&run);
	incident_import(stack, &incident, &run, 3, "--anyway");
	run_clear(&run);
	incident_clear(&incident);
}

/* Known while it was open; then somebody else paid in it. */
static void
test_regenerate_asks_who_paid(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_adopted(stack, 2, &incident);
	standin_deliver(stack, false);
	standin_act(stack, incident.sessions[0], "pay",
	    "{\"email\":\"other@example.com\",\"name\":\"Otto Other\"}");
	standin_act(stack, incident.sessions[1], "pay", NULL);
	incident_finds(stack, &incident, 1, "  pending       Otto Other");
	incident_finds(stack, &incident, 1, "  other@example.com");
	incident_repairs(stack, &incident, 1, "refused: the payer is Otto "
	    "Other <other@example.com>, order ");
	club_assert_status(stack, incident.orders[0], "pending");
	club_assert_status(stack, incident.orders[1], "paid");
	incident_regenerate(stack, &incident, &run, 0, WORDS("--anyway",
	    "--commit"));
	assert_holds(run.output, "fulfilled: ");
	assert_holds(run.output, "Player club");
	assert_holds(run.output, "Team club");
	assert_holds(run.output, "Entry club");
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "paid");
	incident_clear(&incident);
}

static void
admin_attach(struct stack *stack, const struct pair *p, const char *more,
    struct http_answer *answer)
{
	char target[HTTP_VALUE_SIZE], body[WORD_SIZE + 32];

	snprintf(target, sizeof(target), "/admin/unmatched/%s/attach",
	    p->stray.event_id);
	snprintf(body, sizeof(body), "order_id=%s%s", p->order, more);
	admin_ask(stack, "POST", target, body, answer);
}

static void
test_admin_is_asked_too(void **state)
{
	struct stack *stack = *state;
	struct json_object *json;
	struct http_answer answer;
	struct pair p;

	stranger_make(stack, &p);
	admin_attach(stack, &p, "", &answer);
	http_assert_status(&answer, 409);
	assert_holds(answer.body, "the payer is Pat Payer <payer@example.com>");
	assert_holds(answer.body, p.club.name);
	http_answer_clear(&answer);
	club_assert_status(stack, p.club.order_id, "pending");
	admin_attach(stack, &p, "&anyway=maybe", &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	admin_attach(stack, &p, "&anyway=true", &answer);
	http_assert_status(&answer, 200);
	json = json_tokener_parse(answer.body);
	assert_string_equal(json_text_at(json, "facts.payer_name"),
	    "Pat Payer");
	assert_string_equal(json_text_at(json, "facts.order_status"),
	    "pending");
	assert_holds(json_text_at(json, "facts.parent_email"), p.club.name);
	json_object_put(json);
	http_answer_clear(&answer);
	club_assert_paid_by(stack, p.club.order_id, p.stray.intent_id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_attach_shows_and_asks),
		BOOKS_TEST(test_family_is_known),
		BOOKS_TEST(test_paid_order_asks_too),
		BOOKS_TEST(test_paid_order_takes_no_less),
		BOOKS_TEST(test_attached_payment_is_detached_first),
		INCIDENT_TEST(test_swapped_list_is_refused),
		INCIDENT_TEST(test_second_payment_is_refused),
		INCIDENT_TEST(test_regenerate_asks_who_paid),
		BOOKS_TEST(test_admin_is_asked_too),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
