/*
 * Random histories of one order: a family with two parents clicks, comes back
 * and pays, in pages of ours and in sessions that something else made, which
 * name the order or know of none, and people act on it in every way, while
 * events come or do not.  What must hold: once the order needs no money and its
 * strays are ended, no page of ours can be paid; no more counts for the order
 * than was owed; and each cent beside that stands in a row for a person.
 * TEAMDUES_SEED and TEAMDUES_FAMILIES choose what is tried.  Invariants 1, 2
 * and 9.
 */
#include <stdio.h>
#include <stdlib.h>

#include "history.h"
#include "incident.h"
#include "mailbox.h"
#include "seed.h"
#include "sql.h"

enum { FAMILIES = 3, STEPS = 16, PAGES_MAX = STEPS, STRANGE_MAX = 3,
	MINUTE_S = 60, PART_CENTS = 5000 };

struct family_history {
	struct stack *stack;
	struct chance chance;
	struct incident incident;	/* of one order */
	long long order_id;
	char pages[PAGES_MAX][SESSION_ID_SIZE];
	int page_count;
	/* Of another making: they know of no order, name it, and name it as
	 * ours do. */
	const char *strange[STRANGE_MAX];
	char named[STRANGE_MAX - 1][SESSION_ID_SIZE];
	char paid[STEPS + STRANGE_MAX][SESSION_ID_SIZE];
	int paid_count;
	int64_t charged_cents;		/* what Stripe took */
	bool is_delivering;
};

/* Sessions of a script's that name the order, one as ours do. */
static void
make_strange(struct family_history *h)
{
	char *installation = sql_text(h->stack, "select installation_id from "
	    "teamdues.installation");
	char form[HTTP_VALUE_SIZE];

	snprintf(form, sizeof(form), "&mode=payment&metadata[order_id]=%lld",
	    h->order_id);
	shop_session(h->stack, form, h->named[0]);
	snprintf(form + strlen(form), sizeof(form) - strlen(form),
	    "&metadata[teamdues]=%s", installation);
	shop_session(h->stack, form, h->named[1]);
	h->strange[0] = h->incident.sessions[0];
	h->strange[1] = h->named[0];
	h->strange[2] = h->named[1];
	free(installation);
}

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

/* Of the session that a control call answers with. */
static int64_t
amount_of(const struct http_answer *answer)
{
	struct json_object *json = json_tokener_parse(answer->body);
	int64_t cents = json_object_get_int64(json_object_object_get(json,
	    "amount_total"));

	assert_true(cents > 0);
	json_object_put(json);
	return cents;
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
	if (is_taken) {
		h->charged_cents += amount_of(&answer);
		snprintf(h->paid[h->paid_count++], SESSION_ID_SIZE, "%s",
		    session_id);
	} else {
		http_assert_status(&answer, 409);
	}
	print_message("  pay %s: %ld\n", session_id, answer.status);
	http_answer_clear(&answer);
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
	print_message("  %s: %s%s", words, run.output, run.errors);
	run_clear(&run);
}

static const char *
any_strange(struct family_history *h)
{
	return h->strange[chance_below(&h->chance, STRANGE_MAX)];
}

/* Any session that a person may mean, mostly one that was paid. */
static const char *
any_session(struct family_history *h)
{
	if (h->paid_count == 0 || chance_percent(&h->chance, 10))
		return any_strange(h);
	return h->paid[chance_below(&h->chance, h->paid_count)];
}

static void
attach(struct family_history *h)
{
	act(h, "unmatched attach %s %lld%s", any_session(h), h->order_id,
	    chance_percent(&h->chance, 70) ? " --anyway" : "");
}

static void
attach_by_admin(struct family_history *h)
{
	char target[HTTP_VALUE_SIZE], body[64];
	struct http_answer answer;

	snprintf(target, sizeof(target), "/admin/unmatched/%s/attach",
	    any_session(h));
	snprintf(body, sizeof(body), "order_id=%lld%s", h->order_id,
	    chance_percent(&h->chance, 70) ? "&anyway=true" : "");
	admin_ask(h->stack, "POST", target, body, &answer);
	assert_in_range(answer.status, 200, 499);
	http_answer_clear(&answer);
}

static void
import(struct family_history *h)
{
	char line[HTTP_VALUE_SIZE];

	snprintf(line, sizeof(line), "%lld,%s\n", h->order_id,
	    any_strange(h));
	incident_list(&h->incident, line);
	act(h, "import sessions %s%s", h->incident.file,
	    chance_percent(&h->chance, 70) ? " --anyway" : "");
}

/* The payer's browser asks how it stands, in time for us to ask Stripe. */
static void
come_back(struct family_history *h)
{
	char target[HTTP_VALUE_SIZE];

	if (h->page_count == 0)
		return;
	snprintf(target, sizeof(target), "/checkout/status?session_id=%s",
	    h->pages[chance_below(&h->chance, h->page_count)]);
	assert_int_equal(http_status_of(h->stack, target), 200);
	sql_run(h->stack, "update teamdues.checkout_sessions set polled_at = "
	    "polled_at - interval '6 seconds', asked_at = null where order_id "
	    "= %lld", h->order_id);
	assert_int_equal(http_status_of(h->stack, target), 200);
}

static void
record_payment(struct family_history *h)
{
	act(h, "order record-payment %lld --source cash --reference x%d%s",
	    h->order_id, chance_below(&h->chance, 1000),
	    chance_percent(&h->chance, 60) ? " --amount 50" : "");
}

/* What a person decides about the order, or takes back. */
static void
decide(struct family_history *h)
{
	static const char *const acts[] = { "order waive %lld --reason x",
	    "order reopen %lld", "order cancel %lld --reason x",
	    "order unrecord-payment %lld", "order adjust %lld --amount 180 "
	    "--reason x" };

	act(h, acts[chance_below(&h->chance, 5)], h->order_id);
}

/* And about a payment. */
static void
decide_payment(struct family_history *h)
{
	if (chance_percent(&h->chance, 60))
		act(h, "unmatched detach %s", any_session(h));
	else
		act(h, "unmatched reopen %s", any_session(h));
}

static void
repair(struct family_history *h)
{
	if (chance_percent(&h->chance, 50))
		act(h, "regenerate --tournament-id %s",
		    h->incident.tournament);
	else
		act(h, "reconcile");
}

static void
pay_strange(struct family_history *h)
{
	(void)pay(h, any_strange(h));
}

static void
deliver(struct family_history *h)
{
	h->is_delivering = chance_percent(&h->chance, 75);
	standin_deliver(h->stack, h->is_delivering);
}

/* What is on its way arrives, unless it is held. */
static void
let_time_pass(struct family_history *h)
{
	if (h->is_delivering)
		events_arrive(h->stack);
}

static void
step(struct family_history *h)
{
	static void (*const steps[])(struct family_history *) = { click,
	    click, click, click, pay_page, pay_page, pay_page, pay_page,
	    pay_strange, pay_strange, pay_strange, pay_strange, come_back,
	    attach, attach, attach_by_admin, import, record_payment, decide,
	    decide, decide_payment, repair, deliver, deliver, let_time_pass,
	    let_time_pass, let_time_pass, let_time_pass };

	steps[chance_below(&h->chance, sizeof(steps) / sizeof(steps[0]))](h);
}

/* Each cent that Stripe took counts for the order, or stands in a row. */
static void
assert_explained(struct family_history *h)
{
	int64_t counted = sql_int(h->stack, "select coalesce(sum("
	    "amount_cents), 0) from teamdues.payments where matched_order_id "
	    "= %lld and place = 'order'", h->order_id);
	int64_t waiting = sql_int(h->stack, "select coalesce(sum("
	    "u.amount_cents), 0) from teamdues.unmatched_overview u where "
	    "u.session_id in ('%s', '%s', '%s') or u.session_id in (select "
	    "s.session_id from teamdues.checkout_sessions s where s.order_id "
	    "= %lld and s.session_id not in ('%s', '%s', '%s'))",
	    h->strange[0], h->strange[1], h->strange[2], h->order_id,
	    h->strange[0], h->strange[1], h->strange[2]);

	assert_int_equal(counted + waiting, h->charged_cents);
	if (sql_int(h->stack, "select paid_cents + waived_cents - "
	    "amount_cents from teamdues.orders where order_id = %lld",
	    h->order_id) > 0)
		fail_msg("more counts for order %lld than was owed",
		    h->order_id);
}

static void
live(struct stack *stack, uint64_t seed)
{
	struct family_history h = { .stack = stack, .chance = { seed } };

	print_message("history %llu\n", (unsigned long long)seed);
	/* What others left at Stripe would be read again each time. */
	reconcile_setup((void *[]){ stack });
	incident_make(stack, 1, &h.incident);
	h.order_id = h.incident.orders[0];
	make_strange(&h);
	deliver(&h);
	for (int i = 0; i < STEPS; i++)
		step(&h);
	standin_deliver(stack, true);
	act(&h, "reconcile");
	WAIT_UNTIL(MINUTE_S, sql_int(stack, "select count(*) from "
	    "teamdues.stray_sessions where order_id = %lld", h.order_id) ==
	    0);
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
