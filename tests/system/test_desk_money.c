/*
 * Money that moves at Stripe, as an order's page and a request's tell of it:
 * under way, on its way back, given back, come to nothing, disputed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "scene.h"
#include "sql.h"

struct paid {
	struct scene s;
	struct desk_browser browser;
	char id[WORD_SIZE];
	char intent[SESSION_ID_SIZE];
};

static void
paid_make(struct stack *stack, struct paid *p)
{
	scene_open(stack, &p->s);
	standin_act(stack, p->s.session, "pay", NULL);
	events_arrive(stack);
	intent_of(stack, p->s.session, p->intent);
	desk_enter(stack, "treasurer", &p->browser);
	word_of(p->id, p->s.club.order_id);
}

static void
get_order(struct paid *p, struct http_answer *answer)
{
	char target[HTTP_VALUE_SIZE];

	snprintf(target, sizeof(target), "/desk/order?order_id=%s", p->id);
	desk_get(p->s.stack, &p->browser, target, answer);
	http_assert_status(answer, 200);
}

static void
page_says(struct paid *p, const char *part)
{
	struct http_answer answer;

	get_order(p, &answer);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
}

static void
refund_of(struct paid *p, const char *amount, struct http_answer *answer)
{
	desk_request(p->s.stack, &p->browser, "/desk/order/refund",
	    (const struct form_pair[]){ { "order_id", p->id },
	    { "amount", amount }, { "reason", "a sibling" }, { NULL, NULL } },
	    answer);
}

/* Asks for 20.00, and gives the request's page as it is then. */
static void
refund_20(struct paid *p, struct http_answer *answer)
{
	refund_of(p, "20", answer);
}

static void
await_request(struct paid *p)
{
	WAIT_UNTIL(30, sql_int(p->s.stack, "select count(*) from "
	    "teamdues.desk_requests where order_id = %s and state in "
	    "('queued', 'working')", p->id) == 0);
}

/* As a script asks after a request. */
static void
assert_json(struct paid *p, const char *state)
{
	char cookies[HTTP_VALUE_SIZE], target[HTTP_VALUE_SIZE];
	struct http_answer answer;

	snprintf(cookies, sizeof(cookies), "Cookie: __Host-teamdues=%s",
	    p->browser.session);
	snprintf(target, sizeof(target), "/desk/request?request_id=%lld",
	    (long long)sql_int(p->s.stack, "select max(request_id) from "
	    "teamdues.desk_requests where order_id = %s", p->id));
	http_send(p->s.stack, &(struct http_request){ .target = target,
	    .headers = { "Accept: application/json", cookies } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_header(&answer, "Content-Type", "application/json");
	http_assert_body_has(&answer, state);
	http_assert_body_has(&answer, ",\"words\":\"20.00 usd");
	http_answer_clear(&answer);
}

/* Until Stripe has answered the pages look again by themselves. */
static void
test_under_way(void **state)
{
	struct http_answer answer;
	struct paid p;
	int64_t cents;

	paid_make(*state, &p);
	standin_fault(p.s.stack, "{\"method\":\"POST\",\"path\":\"/v1/refunds"
	    "\",\"delay_ms\":1500}");
	refund_20(&p, &answer);
	http_assert_body_has(&answer, "<noscript><meta http-equiv=\"refresh\" "
	    "content=\"2\"></noscript>");
	http_assert_body_has(&answer, "data-request=\"/desk/request?");
	http_assert_body_has(&answer, "$20.00 goes back");
	assert_null(strstr(answer.body, "Undo"));
	http_answer_clear(&answer);
	page_says(&p, "is under way: ");
	await_request(&p);
	assert_json(&p, "{\"state\":\"done\"");
	assert_int_equal(standin_refund_count(p.s.stack, p.intent, &cents), 1);
	assert_int_equal(cents, 2000);
	events_arrive(p.s.stack);
	scene_assert_status(&p.s, "partially_refunded");
	get_order(&p, &answer);
	http_assert_body_has(&answer, "Paid; a part of it is given back.");
	http_assert_body_has(&answer, "<b>$20.00</b> was given back.");
	http_assert_body_has(&answer, "</b> was given back <small>by ");
	assert_null(strstr(answer.body, "The refund was written down"));
	assert_null(strstr(answer.body, "is under way: "));
	http_answer_clear(&answer);
	treasurer_leave(&p.s.ruth);
}

/* It is not told as given back before it is; if it fails, Today says so. */
static void
test_on_its_way_back(void **state)
{
	struct http_answer answer;
	struct paid p;
	char *refund_id;

	paid_make(*state, &p);
	json_object_put(standin_call(p.s.stack, "POST", "settings",
	    "{\"refund_status\":\"pending\"}"));
	refund_20(&p, &answer);
	http_answer_clear(&answer);
	await_request(&p);
	events_arrive(p.s.stack);
	get_order(&p, &answer);
	http_assert_body_has(&answer, "<b>$20.00</b> are on the way back.");
	http_assert_body_has(&answer, "On its way back</dt><dd>$20.00</dd>");
	assert_null(strstr(answer.body, "was given back."));
	http_answer_clear(&answer);
	refund_id = sql_text(p.s.stack, "select min(refund_id) from "
	    "teamdues.refund_facts where payment_intent_id = '%s'", p.intent);
	json_object_put(control(p.s.stack, "refunds", refund_id, "fail", "{}"));
	free(refund_id);
	events_arrive(p.s.stack);
	get_order(&p, &answer);
	assert_null(strstr(answer.body, "are on the way back."));
	http_assert_body_has(&answer, "<b>$20.00</b> could not be given back");
	http_answer_clear(&answer);
	desk_get(p.s.stack, &p.browser, "/desk/", &answer);
	http_assert_body_has(&answer, "could not be given back to ");
	http_assert_body_has(&answer, "href=\"/desk/order?order_id=");
	http_answer_clear(&answer);
	json_object_put(standin_call(p.s.stack, "POST", "settings",
	    "{\"refund_status\":\"succeeded\"}"));
	treasurer_leave(&p.s.ruth);
}

/* A refund beside a dispute would be paid twice: it is neither offered nor
 * taken. */
static void
test_disputed(void **state)
{
	struct http_answer answer;
	struct paid p;

	paid_make(*state, &p);
	sql_run(p.s.stack, "insert into teamdues.charges values ('%s', "
	    "'ch_%s', '4242') on conflict (payment_intent_id) do update set "
	    "card_last4 = '4242'", p.intent, p.s.club.name);
	page_says(&p, "action=\"/desk/order/refund\"");
	page_says(&p, "<p>Last: <span class=\"time\">");
	page_says(&p, "&gt;, card ending in 4242</small>");
	page_says(&p, "<small class=\"id\">card ending in 4242, pi_");
	json_object_put(control(p.s.stack, "payment_intents", p.intent,
	    "dispute", "{}"));
	events_arrive(p.s.stack);
	get_order(&p, &answer);
	http_assert_body_has(&answer, "Disputed: the bank has taken the money");
	http_assert_body_has(&answer, "Note: the payment is disputed");
	assert_null(strstr(answer.body, "action=\"/desk/order/refund\""));
	http_answer_clear(&answer);
	desk_post(p.s.stack, &p.browser, "/desk/order/refund",
	    (const struct form_pair[]){ { "order_id", p.id },
	    { "reason", "x" }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "do not refund it");
	http_answer_clear(&answer);
	treasurer_leave(&p.s.ruth);
}

static void
today_says(struct paid *p, const char *part, bool is)
{
	struct http_answer answer;

	desk_get(p->s.stack, &p->browser, "/desk/", &answer);
	http_assert_status(&answer, 200);
	assert_int_equal(strstr(answer.body, part) != NULL, is);
	http_answer_clear(&answer);
}

/* Today leads to what Stripe refused, until it is done after all. */
static void
test_a_refund_that_stripe_refuses(void **state)
{
	char href[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct paid p;

	paid_make(*state, &p);
	standin_fault(p.s.stack, "{\"method\":\"POST\",\"path\":"
	    "\"/v1/refunds\",\"status\":402}");
	refund_20(&p, &answer);
	http_answer_clear(&answer);
	await_request(&p);
	snprintf(href, sizeof(href), "/desk/request?request_id=%lld",
	    (long long)sql_int(p.s.stack, "select max(request_id) from "
	    "teamdues.desk_requests where order_id = %s", p.id));
	today_says(&p, href, true);
	today_says(&p, "$20.00 goes back", true);
	desk_get(p.s.stack, &p.browser, href, &answer);
	http_assert_body_has(&answer, "did not go back: Stripe refused it. "
	    "Show this page to whoever looks after the server (");
	assert_null(strstr(answer.body, "ask again"));
	http_answer_clear(&answer);
	/* Another amount is not what was asked for. */
	refund_of(&p, "10", &answer);
	http_answer_clear(&answer);
	await_request(&p);
	events_arrive(p.s.stack);
	today_says(&p, href, true);
	refund_20(&p, &answer);
	http_answer_clear(&answer);
	await_request(&p);
	events_arrive(p.s.stack);
	scene_assert_status(&p.s, "partially_refunded");
	today_says(&p, href, false);
	treasurer_leave(&p.s.ruth);
}

/* Of the request, by the button of its own page: what is said of it. */
static void
act_on_request(struct paid *p, const char *path, const char *request_id,
    const char *words)
{
	struct http_answer answer;

	desk_request(p->s.stack, &p->browser, path, (const struct form_pair[]){
	    { "request_id", request_id }, { NULL, NULL } }, &answer);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
}

/* Seen, it is put away from Today, kept in the log, and can come back. */
static void
test_what_failed_is_put_away(void **state)
{
	static const char away[] = "/desk/request/put-away";
	char id[WORD_SIZE], href[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct paid p;

	paid_make(*state, &p);
	standin_fault(p.s.stack, "{\"method\":\"POST\",\"path\":"
	    "\"/v1/refunds\",\"status\":402}");
	refund_20(&p, &answer);
	http_answer_clear(&answer);
	await_request(&p);
	word_of(id, sql_int(p.s.stack, "select max(request_id) from "
	    "teamdues.desk_requests where order_id = %s", p.id));
	snprintf(href, sizeof(href), "/desk/request?request_id=%s", id);
	/* Money that may still have to go back is not forgotten by itself. */
	sql_run(p.s.stack, "update teamdues.desk_requests set ended_at = "
	    "now() - interval '20 days' where request_id = %s", id);
	today_says(&p, href, true);
	today_says(&p, away, true);
	act_on_request(&p, away, id, "that is still to do: refund it again, "
	    "or give it back another way");
	today_says(&p, href, false);
	desk_post(p.s.stack, &p.browser, away, (const struct form_pair[]){
	    { "request_id", id }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "it was put away already");
	http_answer_clear(&answer);
	desk_get(p.s.stack, &p.browser, "/desk/log?what=put+away", &answer);
	http_assert_body_has(&answer, "did not go back: Stripe refused it");
	http_answer_clear(&answer);
	act_on_request(&p, "/desk/request/bring-back", id, "on Today again");
	today_says(&p, href, true);
	act_on_request(&p, away, id, "is put away");
	word_of(id, sql_int(p.s.stack, "select max(request_id) from "
	    "teamdues.desk_requests"));
	desk_post(p.s.stack, &p.browser, away, (const struct form_pair[]){
	    { "request_id", id }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "nothing failed under that number");
	http_answer_clear(&answer);
	treasurer_leave(&p.s.ruth);
}

/* Asks Stripe about the order, and awaits the answer. */
static void
ask(struct paid *p)
{
	struct http_answer answer;

	desk_request(p->s.stack, &p->browser, "/desk/order/ask-stripe",
	    (const struct form_pair[]){ { "order_id", p->id },
	    { NULL, NULL } }, &answer);
	http_answer_clear(&answer);
	await_request(p);
}

/* The page that the family has open is told of, and Stripe asked at a click. */
static void
test_what_stripe_says(void **state)
{
	struct paid p;

	scene_open(*state, &p.s);
	desk_enter(p.s.stack, "treasurer", &p.browser);
	word_of(p.id, p.s.club.order_id);
	page_says(&p, "It is <b>open</b> until ");
	standin_deliver(p.s.stack, false);
	standin_act(p.s.stack, p.s.session, "pay", NULL);
	ask(&p);
	page_says(&p, "It was <b>completed</b>.");
	page_says(&p, "Asked last on ");
	page_says(&p, "the order is paid");
	standin_deliver(p.s.stack, true);
	treasurer_leave(&p.s.ruth);
}

/*
 * The family paid somewhere else, no event told of it, and nobody has opened a
 * page of the order: asked by the family's address, Stripe knows of it.
 */
static void
test_what_the_family_paid(void **state)
{
	char form[HTTP_VALUE_SIZE], shop[SESSION_ID_SIZE];
	struct paid p;

	scene_make(*state, &p.s);
	desk_enter(p.s.stack, "treasurer", &p.browser);
	word_of(p.id, p.s.club.order_id);
	ask(&p);
	page_says(&p, "Stripe has no payment for this order or by ");
	page_says(&p, "the books agree; nothing was paid, and $150.00 is "
	    "still owed.");
	standin_deliver(p.s.stack, false);
	snprintf(form, sizeof(form), "&mode=payment&customer_email="
	    "%s@example.com", p.s.club.name);
	shop_session(p.s.stack, form, shop);
	ask(&p);
	page_says(&p, "Stripe has no payment for this order or by ");
	standin_act(p.s.stack, shop, "pay", NULL);
	ask(&p);
	page_says(&p, "Stripe has one payment for this order or by ");
	page_says(&p, ": $150.00 on ");
	page_says(&p, "what was missing is in the books now");
	assert_int_equal(sql_int(p.s.stack, "select count(*) from "
	    "teamdues.payments where session_id = '%s' and place = "
	    "'unmatched'", shop), 1);
	scene_assert_status(&p.s, "pending");
	ask(&p);
	page_says(&p, "the books agree");
	standin_deliver(p.s.stack, true);
	treasurer_leave(&p.s.ruth);
}

static void
payment_says(struct paid *p, const char *payment, const char *part)
{
	char target[HTTP_VALUE_SIZE];
	struct http_answer answer;

	snprintf(target, sizeof(target), "/desk/unmatched/payment?payment=%s",
	    payment);
	desk_get(p->s.stack, &p->browser, target, &answer);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
}

/* Whether the family may be asked for the order's money. */
static void
assert_may_be_asked(struct paid *p, bool may)
{
	sql_assert_text(p->s.stack, may ? "t" : "f", "select "
	    "teamdues.money_fault(o, %lld) is null from teamdues.orders "
	    "o where o.order_id = %s", (long long)p->s.club.parent_id, p->id);
}

/* An order of the whole amount would count as paid, with less of it here. */
static void
assert_says_what_lacks(struct paid *p, const char *payment)
{
	struct http_answer answer;
	char id[WORD_SIZE];
	struct club whole;

	club_make(p->s.stack, 15000, &whole);
	word_of(id, whole.order_id);
	desk_post(p->s.stack, &p->browser, "/desk/unmatched/attach",
	    (const struct form_pair[]){ { "payment", payment },
	    { "order_id", id }, { "anyway", "yes" }, { NULL, NULL } },
	    &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "; $70.00 of it is not here any more, "
	    "and nobody is asked for that");
	http_answer_clear(&answer);
}

/*
 * Who pays more than a fee: the rest goes back, and what is left pays it.
 * Invariant 10: what is left may be what the family owes.
 */
static void
test_more_than_is_owed(void **state)
{
	char form[HTTP_VALUE_SIZE], shop[SESSION_ID_SIZE];
	struct http_answer answer;
	struct paid p = { .s.stack = *state };
	struct stray stray;

	standin_deliver(p.s.stack, true);
	club_make(p.s.stack, 8000, &p.s.club);
	desk_enter(p.s.stack, "treasurer", &p.browser);
	word_of(p.id, p.s.club.order_id);
	snprintf(form, sizeof(form), "&mode=payment&customer_email="
	    "%s@example.com", p.s.club.name);
	shop_session(p.s.stack, form, shop);
	standin_act(p.s.stack, shop, "pay", NULL);
	events_arrive(p.s.stack);
	assert_may_be_asked(&p, false);
	const struct form_pair *given = (const struct form_pair[]){
	    { "payment", shop }, { "order_id", p.id }, { NULL, NULL } };
	payment_says(&p, shop, "Give $70.00 back, then use $80.00 for Cup ");
	payment_says(&p, shop, "name=\"amount\" value=\"70.00\"");
	desk_post(p.s.stack, &p.browser, "/desk/unmatched/attach", given,
	    &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "$150.00 is more than the $80.00 that "
	    "is owed. Give $70.00 back, then use the rest.");
	http_answer_clear(&answer);
	desk_request(p.s.stack, &p.browser, "/desk/unmatched/refund",
	    (const struct form_pair[]){ { "payment", shop },
	    { "amount", "70.00" }, { "reason", "more than was owed" },
	    { NULL, NULL } }, &answer);
	http_answer_clear(&answer);
	WAIT_UNTIL(30, sql_int(p.s.stack, "select count(*) from "
	    "teamdues.desk_requests where ended_at is null") == 0);
	snprintf(form, sizeof(form), "/desk/request?request_id=%lld",
	    (long long)sql_int(p.s.stack, "select max(request_id) from "
	    "teamdues.desk_requests"));
	stray_make(p.s.stack, 12345, NULL, NULL, &stray);
	desk_get(p.s.stack, &p.browser, form, &answer);
	http_assert_body_has(&answer, ">Next: use the $80.00 that is left<");
	http_answer_clear(&answer);
	events_arrive(p.s.stack);
	assert_may_be_asked(&p, false);
	payment_says(&p, shop, "<h1>$80.00 of $150.00 is left, from ");
	payment_says(&p, shop, "<dt>Given back</dt><dd>$70.00</dd>");
	payment_says(&p, shop, "Same e-mail address and amount");
	assert_says_what_lacks(&p, shop);
	desk_request(p.s.stack, &p.browser, "/desk/unmatched/attach", given,
	    &answer);
	http_assert_body_has(&answer, "$80.00 of $150.00 from ");
	http_assert_body_has(&answer, ">Next that waits (");
	http_answer_clear(&answer);
	scene_assert_status(&p.s, "partially_refunded");
	page_says(&p, "Came $150.00, $70.00 given back, $80.00 used.</h2>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_under_way),
		RECONCILE_TEST(test_on_its_way_back),
		RECONCILE_TEST(test_disputed),
		RECONCILE_TEST(test_a_refund_that_stripe_refuses),
		RECONCILE_TEST(test_what_failed_is_put_away),
		RECONCILE_TEST(test_what_stripe_says),
		RECONCILE_TEST(test_what_the_family_paid),
		RECONCILE_TEST(test_more_than_is_owed),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
