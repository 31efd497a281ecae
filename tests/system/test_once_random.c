/*
 * Random histories of one order: a family with two parents clicks and pays, in
 * pages of ours and in a session that knows of no order, and people act, while
 * events come or do not.  What must hold: once the order needs no money and its
 * strays are ended, no page of ours can be paid; and what was paid beside one
 * payment is a row for a person.  TEAMDUES_SEED and TEAMDUES_FAMILIES choose
 * what is tried.  Invariants 1, 2 and 9.
 */
#include <stdio.h>
#include <stdlib.h>

#include "history.h"
#include "incident.h"
#include "seed.h"
#include "sql.h"

enum { FAMILIES = 3, STEPS = 8, PAGES_MAX = STEPS, MINUTE_S = 60 };

struct family_history {
	struct stack *stack;
	struct chance chance;
	struct incident incident;	/* of one order */
	long long order_id;
	char pages[PAGES_MAX][SESSION_ID_SIZE];
	int page_count;
	int charged;			/* payments that Stripe took */
};

/* Who was told of money that waits goes on now and then. */
static void
click(struct family_history *h)
{
	char url[LINK_SIZE], more[LINK_SIZE + 16];
	struct http_answer answer;

	club_link(h->stack, h->order_id, url);
	snprintf(more, sizeof(more), "%s%s", url,
	    chance_percent(&h->chance, 50) ? "&anyway=yes" : "");
	http_get(h->stack, more, &answer);
	if (answer.status == 303 && strstr(answer.headers, "paid.html") ==
	    NULL)
		club_session_of(h->stack, &answer,
		    h->pages[h->page_count++]);
	else
		assert_in_range(answer.status, 200, 499);
	http_answer_clear(&answer);
}

/* Whether Stripe takes a payment in this session. */
static bool
pay(struct family_history *h, const char *session_id)
{
	char url[HTTP_VALUE_SIZE];
	struct http_answer answer;
	bool is_taken;

	snprintf(url, sizeof(url), "%s/_control/sessions/%s/pay",
	    stack_setting(h->stack, "STRIPE_API_BASE"), session_id);
	http_send(h->stack, &(struct http_request){ .method = "POST",
	    .target = url, .headers = { "Content-Type: application/json" },
	    .body = "{}", .len = 2 }, &answer);
	is_taken = answer.status == 200;
	if (!is_taken)
		http_assert_status(&answer, 409);
	http_answer_clear(&answer);
	h->charged += is_taken;
	return is_taken;
}

/* It needs no money any more, and nothing is left on the work list. */
static bool
is_settled(struct family_history *h)
{
	return sql_int(h->stack, "select count(*) from teamdues.orders o "
	    "where o.order_id = %lld and o.status <> 'pending' and not exists "
	    "(select from teamdues.checkout_sessions s where s.order_id = "
	    "o.order_id and s.status = 'open')", h->order_id) == 1;
}

static void
pay_page(struct family_history *h)
{
	bool was_settled;
	int page;

	if (h->page_count == 0)
		return;
	page = chance_below(&h->chance, h->page_count);
	was_settled = is_settled(h);
	if (pay(h, h->pages[page]) && was_settled)
		fail_msg("%s was paid though order %lld is settled",
		    h->pages[page], h->order_id);
}

/* Done or refused, as it comes. */
static void
act(struct family_history *h, const char *format, ...)
{
	char words[HTTP_VALUE_SIZE], line[2 * HTTP_VALUE_SIZE];
	struct run run;
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	snprintf(line, sizeof(line), "\"$0\" %s --commit || true", words);
	command_shell(h->stack, &run, 0, line);
	run_clear(&run);
}

static void
step(struct family_history *h)
{
	const struct incident *incident = &h->incident;

	switch (chance_below(&h->chance, 12)) {
	case 0:
		act(h, "unmatched attach %s %lld", incident->sessions[0],
		    h->order_id);
		break;
	case 1:
		act(h, "import sessions %s", incident->file);
		break;
	case 2:
		act(h, "order record-payment %lld --source cash --reference x",
		    h->order_id);
		break;
	case 3:
		act(h, "regenerate --tournament-id %s", incident->tournament);
		break;
	case 4:
		act(h, "reconcile");
		break;
	case 5:
		(void)pay(h, incident->sessions[0]);
		break;
	case 6:
		standin_deliver(h->stack, chance_percent(&h->chance, 60));
		break;
	case 7:
	case 8:
		pay_page(h);
		break;
	default:
		click(h);
	}
}

/* Each payment that Stripe took is the order's one, or a row for a person. */
static void
assert_explained(struct family_history *h)
{
	int64_t counted = sql_int(h->stack, "select count(*) from "
	    "teamdues.payments where matched_order_id = %lld and place = "
	    "'order'", h->order_id);
	int64_t waiting = sql_int(h->stack, "select count(*) from "
	    "teamdues.unmatched_overview u where u.session_id = '%s' or "
	    "u.session_id in (select s.session_id from "
	    "teamdues.checkout_sessions s where s.order_id = %lld and "
	    "s.session_id <> '%s')", h->incident.sessions[0], h->order_id,
	    h->incident.sessions[0]);

	assert_in_range(counted, 0, 1);
	assert_int_equal(counted + waiting, h->charged);
}

static void
live(struct stack *stack, uint64_t seed)
{
	struct family_history h = { .stack = stack, .chance = { seed } };

	print_message("history %llu\n", (unsigned long long)seed);
	incident_make(stack, 1, &h.incident);
	h.order_id = h.incident.orders[0];
	for (int i = 0; i < STEPS; i++)
		step(&h);
	standin_deliver(stack, true);
	act(&h, "reconcile");
	WAIT_UNTIL(MINUTE_S, sql_int(stack, "select count(*) from "
	    "teamdues.stray_sessions where order_id = %lld", h.order_id)
	    == 0);
	if (is_settled(&h))
		for (int i = 0; i < h.page_count; i++)
			assert_false(pay(&h, h.pages[i]));
	assert_explained(&h);
	incident_clear(&h.incident);
}

static void
test_histories(void **state)
{
	uint64_t seed = seed_first();
	uint64_t families = seed_setting("TEAMDUES_FAMILIES", FAMILIES);

	for (uint64_t i = 0; i < families; i++)
		live(*state, seed + i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_histories),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
