/*
 * An order's page at the desk, and each act that it offers: shown, then done,
 * once.  Invariants 8 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "scene.h"
#include "sql.h"

/* A browser beside the scene, and the order's number as forms send it. */
struct page {
	struct scene s;
	struct desk_browser browser;
	char id[WORD_SIZE];
};

static void
page_of(struct stack *stack, const char *role, struct page *p)
{
	scene_make(stack, &p->s);
	desk_enter(stack, role, &p->browser);
	word_of(p->id, p->s.club.order_id);
}

static void
page_leave(struct page *p)
{
	treasurer_leave(&p->s.ruth);
}

static void
get_order(struct page *p, struct http_answer *answer)
{
	char target[HTTP_VALUE_SIZE];

	snprintf(target, sizeof(target), "/desk/order?order_id=%s", p->id);
	desk_get(p->s.stack, &p->browser, target, answer);
}

static void
assert_lacks(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, answer->body);
}

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

/* Done, its page says so with such words, and how to take it back. */
static void
does(struct page *p, const char *path, const struct form_pair *pairs,
    const char *words, const char *undo)
{
	struct http_answer answer;
	char token[TOKEN_SIZE];

	desk_request(p->s.stack, &p->browser, path, pairs, &answer);
	http_assert_body_has(&answer, "<h1>Done</h1>");
	http_assert_body_has(&answer, words);
	if (undo != NULL)
		desk_token(&answer, undo, token);
	else
		assert_lacks(&answer, "Undo");
	http_answer_clear(&answer);
}

static void
assert_offers(struct page *p, const char *const *paths)
{
	static const char *const all[] = { "record-payment", "remind",
	    "adjust", "waive", "cancel", "refund", "unrecord-payment",
	    "reopen", "ask-stripe" };
	struct http_answer answer;

	get_order(p, &answer);
	http_assert_status(&answer, 200);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char form[HTTP_VALUE_SIZE];
		bool is_wanted = false;

		for (const char *const *path = paths; *path != NULL; path++)
			is_wanted = is_wanted || strcmp(*path, all[i]) == 0;
		snprintf(form, sizeof(form), "action=\"/desk/order/%s\"",
		    all[i]);
		if ((strstr(answer.body, form) != NULL) != is_wanted)
			fail_msg("%s is%s offered:\n%s", all[i],
			    is_wanted ? " not" : "", answer.body);
	}
	http_answer_clear(&answer);
}

static void
test_cash_and_back(void **state)
{
	struct page p;

	page_of(*state, "treasurer", &p);
	assert_offers(&p, WORDS("record-payment", "remind", "adjust", "waive",
	    "cancel"));
	does(&p, "/desk/order/record-payment", PAIRS({ "order_id", p.id },
	    { "amount", "50" }, { "source", "cash" }, { "reference", "box" }),
	    "50.00 of 150.00 usd by cash", "/desk/order/unrecord-payment");
	scene_assert_status(&p.s, "pending");
	assert_offers(&p, WORDS("record-payment", "remind", "adjust", "waive",
	    "unrecord-payment"));
	does(&p, "/desk/order/record-payment", PAIRS({ "order_id", p.id },
	    { "amount", "100.0" }, { "source", "cheque" },
	    { "reference", "7" }), "100.00 of 150.00 usd by cheque",
	    "/desk/order/unrecord-payment");
	scene_assert_status(&p.s, "paid");
	does(&p, "/desk/order/unrecord-payment", PAIRS({ "order_id", p.id },
	    { "reference", "7" }, { "reason", "it bounced" }),
	    "by cheque, reference 7", NULL);
	scene_assert_status(&p.s, "pending");
	page_leave(&p);
}

static void
test_waive_cancel_and_back(void **state)
{
	static const char *const acts[] = { "waive", "cancel" };
	static const char *const statuses[] = { "waived", "cancelled" };
	struct page p;

	page_of(*state, "treasurer", &p);
	for (int i = 0; i < 2; i++) {
		char path[HTTP_VALUE_SIZE];

		snprintf(path, sizeof(path), "/desk/order/%s", acts[i]);
		does(&p, path, PAIRS({ "order_id", p.id },
		    { "reason", "moved away" }), "moved away",
		    "/desk/order/reopen");
		scene_assert_status(&p.s, statuses[i]);
		assert_offers(&p, WORDS("reopen"));
		does(&p, "/desk/order/reopen", PAIRS({ "order_id", p.id },
		    { "reason", "stays" }), "which was", NULL);
		scene_assert_status(&p.s, "pending");
	}
	page_leave(&p);
}

static void
test_remind(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	does(&p, "/desk/order/remind", PAIRS({ "order_id", p.id }),
	    "150.00 usd asked of ", NULL);
	desk_post(p.s.stack, &p.browser, "/desk/order/remind",
	    PAIRS({ "order_id", p.id }), &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "mailed today already");
	http_answer_clear(&answer);
	page_leave(&p);
}

/* As a script asks after a request. */
static void
assert_json(struct page *p, const char *location, const char *part)
{
	char cookies[HTTP_VALUE_SIZE];
	struct http_answer answer;

	snprintf(cookies, sizeof(cookies), "Cookie: __Host-teamdues=%s",
	    p->browser.session);
	http_send(p->s.stack, &(struct http_request){ .target = location,
	    .headers = { "Accept: application/json", cookies } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
}

static void
test_refund(void **state)
{
	char location[HTTP_VALUE_SIZE], intent[SESSION_ID_SIZE];
	struct http_answer answer;
	struct page p;
	int64_t cents;

	page_of(*state, "treasurer", &p);
	club_click_through(p.s.stack, p.s.club.order_id, p.s.session);
	standin_act(p.s.stack, p.s.session, "pay", NULL);
	events_arrive(p.s.stack);
	assert_offers(&p, WORDS("refund", "ask-stripe"));
	desk_do(p.s.stack, &p.browser, "/desk/order/refund",
	    PAIRS({ "order_id", p.id }, { "amount", "20" },
	    { "reason", "a sibling" }), &answer);
	http_assert_status(&answer, 303);
	http_header(&answer, "Location", location);
	http_answer_clear(&answer);
	WAIT_UNTIL(30, sql_int(p.s.stack, "select count(*) from "
	    "teamdues.desk_requests where order_id = %s and state = 'done'",
	    p.id) == 1);
	assert_json(&p, location, "{\"state\":\"done\",\"words\":\"20.00 usd");
	intent_of(p.s.stack, p.s.session, intent);
	assert_int_equal(standin_refund_count(p.s.stack, intent, &cents), 1);
	assert_int_equal(cents, 2000);
	events_arrive(p.s.stack);
	scene_assert_status(&p.s, "partially_refunded");
	page_leave(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_cash_and_back),
		RECONCILE_TEST(test_waive_cancel_and_back),
		RECONCILE_TEST(test_remind),
		RECONCILE_TEST(test_refund),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
