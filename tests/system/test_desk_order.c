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
	static const char *const all[] = { "record-payment", "bill",
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
	assert_offers(&p, WORDS("record-payment", "bill", "adjust", "waive",
	    "cancel", "ask-stripe"));
	does(&p, "/desk/order/record-payment", PAIRS({ "order_id", p.id },
	    { "amount", "50" }, { "source", "cash" }, { "reference", "box" }),
	    "$50.00 of $150.00 is recorded as paid in cash (box)",
	    "/desk/order/unrecord-payment");
	scene_assert_status(&p.s, "pending");
	assert_offers(&p, WORDS("record-payment", "bill", "adjust", "waive",
	    "unrecord-payment", "ask-stripe"));
	does(&p, "/desk/order/record-payment", PAIRS({ "order_id", p.id },
	    { "amount", "100.0" }, { "source", "cheque" },
	    { "reference", "7" }), "$100.00 of $150.00 is recorded "
	    "as paid by cheque",
	    "/desk/order/unrecord-payment");
	scene_assert_status(&p.s, "paid");
	does(&p, "/desk/order/unrecord-payment", PAIRS({ "order_id", p.id },
	    { "reference", "7" }, { "reason", "it bounced" }),
	    "by cheque (7), is owed again: it bounced",
	    "/desk/order/record-payment");
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
		assert_offers(&p, WORDS("reopen", "ask-stripe"));
		does(&p, "/desk/order/reopen", PAIRS({ "order_id", p.id },
		    { "reason", "stays" }), "as before it was", NULL);
		scene_assert_status(&p.s, "pending");
	}
	page_leave(&p);
}

/* Its undo begins with the amount of before. */
static void
test_adjust_and_back(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	desk_request(p.s.stack, &p.browser, "/desk/order/adjust", PAIRS(
	    { "order_id", p.id }, { "amount", "120" },
	    { "reason", "a sibling" }), &answer);
	http_assert_body_has(&answer, "$120.00 instead of $150.00: a sibling");
	http_assert_body_has(&answer, "<button class=\"quiet\">Undo");
	http_assert_body_has(&answer, " value=\"150.00\">");
	http_assert_body_has(&answer, " value=\"taken back\">");
	http_answer_clear(&answer);
	does(&p, "/desk/order/adjust", PAIRS({ "order_id", p.id },
	    { "amount", "150.00" }, { "reason", "none" }),
	    "$150.00 instead of $120.00: none", "/desk/order/adjust");
	page_leave(&p);
}

/* The first mail about an order is its bill; on another day it is a reminder.
 */
static void
test_remind(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	desk_post(p.s.stack, &p.browser, "/desk/order/remind",
	    PAIRS({ "order_id", p.id }), &answer);
	http_assert_body_has(&answer, "<dt>Subject</dt><dd>");
	assert_lacks(&answer, "Reminder: ");
	http_assert_body_has(&answer, "/checkout/tournament?order_id=");
	http_answer_clear(&answer);
	does(&p, "/desk/order/remind", PAIRS({ "order_id", p.id }),
	    " now; it asks for $150.00", NULL);
	get_order(&p, &answer);
	http_assert_body_has(&answer, "Mail a reminder</summary>");
	http_answer_clear(&answer);
	desk_post(p.s.stack, &p.browser, "/desk/order/remind",
	    PAIRS({ "order_id", p.id }), &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "mailed today already");
	assert_lacks(&answer, "<dt>Subject</dt>");
	http_answer_clear(&answer);
	sql_run(p.s.stack, "update teamdues.emails set day = day - 1 "
	    "where order_id = %s", p.id);
	desk_post(p.s.stack, &p.browser, "/desk/order/remind",
	    PAIRS({ "order_id", p.id }), &answer);
	http_assert_body_has(&answer, "<dt>Subject</dt><dd>Reminder: ");
	http_assert_body_has(&answer, "has not reached us yet.");
	http_answer_clear(&answer);
	page_leave(&p);
}

/* As treasurers write money; anything else is told so beside its field. */
static void
test_amounts(void **state)
{
	static const char *const good[] = { "120", "120.0", "120.00",
	    " 120.00 ", "1,200.00" };
	static const char *const bad[] = { "", "0", "-5", "1e3", "1.500,00",
	    "12,00", "1,2000", "150 usd", "0x10", "1000000",
	    "<b>150</b>" };
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		desk_post(p.s.stack, &p.browser, "/desk/order/adjust", PAIRS(
		    { "order_id", p.id }, { "amount", good[i] },
		    { "reason", "as agreed" }), &answer);
		http_assert_status(&answer, 200);
		http_assert_body_has(&answer, i < 4
		    ? "$120.00 instead of $150.00"
		    : "$1,200.00 instead of $150.00");
		http_answer_clear(&answer);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		desk_post(p.s.stack, &p.browser, "/desk/order/adjust", PAIRS(
		    { "order_id", p.id }, { "amount", bad[i] },
		    { "reason", "kept" }, { "confirm", "yes" }), &answer);
		http_assert_status(&answer, 400);
		http_assert_body_has(&answer, i == 1
		    ? "Please enter more than 0."
		    : "Please enter an amount such as 150 or 1,500.00.");
		http_assert_body_has(&answer, "value=\"kept\"");
		http_assert_body_has(&answer, i + 1 < sizeof(bad)
		    / sizeof(bad[0]) ? bad[i] : "&lt;b&gt;150&lt;/b&gt;");
		assert_lacks(&answer, "<b>150</b>");
		http_answer_clear(&answer);
	}
	scene_assert_logged(&p.s, "adjust", 0);
	page_leave(&p);
}

/* Sends a form that was shown before, with its token; where it leads. */
static void
sends(struct page *p, const char *path, const struct form_pair *pairs,
    char location[HTTP_VALUE_SIZE])
{
	struct http_answer answer;

	desk_post(p->s.stack, &p->browser, path, pairs, &answer);
	http_assert_status(&answer, 303);
	http_header(&answer, "Location", location);
	http_answer_clear(&answer);
}

static void
test_a_double_click(void **state)
{
	char once[HTTP_VALUE_SIZE], twice[HTTP_VALUE_SIZE], token[TOKEN_SIZE];
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	desk_post(p.s.stack, &p.browser, "/desk/order/record-payment", PAIRS(
	    { "order_id", p.id }, { "amount", "50" }, { "source", "cash" },
	    { "reference", "box" }), &answer);
	desk_token(&answer, "/desk/order/record-payment", token);
	http_answer_clear(&answer);
	const struct form_pair *pairs = PAIRS({ "order_id", p.id },
	    { "amount", "50" }, { "source", "cash" }, { "reference", "box" },
	    { "form", token }, { "confirm", "yes" });
	sends(&p, "/desk/order/record-payment", pairs, once);
	sends(&p, "/desk/order/record-payment", pairs, twice);
	assert_string_equal(once, twice);
	assert_int_equal(sql_int(p.s.stack, "select count(*) from "
	    "teamdues.recorded_payments where order_id = %s", p.id), 1);
	/* The token is of this act alone: another is only shown. */
	desk_post(p.s.stack, &p.browser, "/desk/order/waive", PAIRS(
	    { "order_id", p.id }, { "reason", "x" }, { "form", token },
	    { "confirm", "yes" }), &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	scene_assert_status(&p.s, "pending");
	page_leave(&p);
}

/* What the page showed is not so any more, before or after it asks again. */
static void
test_a_stale_page(void **state)
{
	char token[TOKEN_SIZE], location[HTTP_VALUE_SIZE];
	char *seen;
	struct http_answer answer;
	struct desk_act other;
	struct page p;

	page_of(*state, "treasurer", &p);
	seen = sql_text(p.s.stack, "select teamdues.order_seen(%s)", p.id);
	desk_post(p.s.stack, &p.browser, "/desk/order/waive", PAIRS(
	    { "order_id", p.id }, { "reason", "kept" }, { "seen", seen }),
	    &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, seen);
	desk_token(&answer, "/desk/order/waive", token);
	http_answer_clear(&answer);
	other = scene_act(&p.s, "adjust");
	other.args = act_cents(12000);
	treasurer_asks(&p.s.ruth, &other, DESK_DONE, "120.00");
	sends(&p, "/desk/order/waive", PAIRS({ "order_id", p.id },
	    { "reason", "kept" }, { "seen", seen }, { "form", token },
	    { "confirm", "yes" }), location);
	desk_get(p.s.stack, &p.browser, strstr(location, "/desk/"), &answer);
	http_assert_body_has(&answer, "<h1>It was not done</h1>");
	http_assert_body_has(&answer, "; look again");
	http_answer_clear(&answer);
	/* Shown before it is done, it is refused, and what was typed kept. */
	desk_post(p.s.stack, &p.browser, "/desk/order/waive", PAIRS(
	    { "order_id", p.id }, { "reason", "kept" }, { "seen", seen }),
	    &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, " changed at ");
	http_assert_body_has(&answer, "value=\"kept\"");
	http_assert_body_has(&answer, "$120.00");
	assert_lacks(&answer, "name=\"confirm\"");
	http_answer_clear(&answer);
	scene_assert_status(&p.s, "pending");
	free(seen);
	page_leave(&p);
}

/* It offers nothing, and whatever is sent nevertheless is refused. */
static void
test_a_viewer(void **state)
{
	static const char *const paths[] = { "record-payment", "adjust",
	    "waive", "cancel", "reopen", "refund", "remind", "ask-stripe",
	    "unrecord-payment" };
	struct http_answer answer;
	struct page p;
	int64_t before;

	page_of(*state, "viewer", &p);
	assert_offers(&p, WORDS(NULL));
	get_order(&p, &answer);
	assert_lacks(&answer, "/checkout/tournament");
	http_answer_clear(&answer);
	before = sql_int(p.s.stack, "select count(*) from "
	    "teamdues.desk_requests");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char path[HTTP_VALUE_SIZE];

		snprintf(path, sizeof(path), "/desk/order/%s", paths[i]);
		desk_post(p.s.stack, &p.browser, path, PAIRS(
		    { "order_id", p.id }), &answer);
		http_assert_status(&answer, 403);
		http_assert_body_has(&answer, "You may look, but not change");
		http_answer_clear(&answer);
	}
	assert_int_equal(sql_int(p.s.stack, "select count(*) from "
	    "teamdues.desk_requests"), before);
	page_leave(&p);
}

/* What was typed is in the sign-in form, to be sent again from there. */
static void
test_a_session_that_ends_meanwhile(void **state)
{
	char token[TOKEN_SIZE];
	struct http_answer answer;
	struct desk_browser back;
	struct page p;

	page_of(*state, "treasurer", &p);
	desk_post(p.s.stack, &p.browser, "/desk/order/waive", PAIRS(
	    { "order_id", p.id }, { "reason", "moved <away>" }), &answer);
	desk_token(&answer, "/desk/order/waive", token);
	http_answer_clear(&answer);
	sql_run(p.s.stack, "update teamdues.desk_sessions set ended_at = "
	    "now()");
	const struct form_pair *pairs = PAIRS({ "order_id", p.id },
	    { "reason", "moved <away>" }, { "form", token },
	    { "confirm", "yes" });
	desk_post(p.s.stack, &p.browser, "/desk/order/waive", pairs, &answer);
	http_assert_status(&answer, 401);
	http_assert_body_has(&answer, "What you typed is kept");
	http_assert_body_has(&answer, "name=\"kept\" value=\""
	    "/desk/order/waive\"");
	http_assert_body_has(&answer, "name=\"kept.reason\" value=\"moved "
	    "&lt;away&gt;\"");
	http_answer_clear(&answer);
	/* In again, the old page's button shows it first. */
	desk_enter(p.s.stack, "treasurer", &back);
	desk_post(p.s.stack, &back, "/desk/order/waive", pairs, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "moved &lt;away&gt;");
	http_answer_clear(&answer);
	scene_assert_status(&p.s, "pending");
	page_leave(&p);
}

static void
test_hostile_names(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	sql_run(p.s.stack, "update teamdues.players set name = "
	    "'</title><script>alert(1)</script>\"&\xe2\x80\xae' "
	    "where player_id = %lld", (long long)p.s.club.player_id);
	sql_run(p.s.stack, "update teamdues.tournaments set name = "
	    "'<img src=x onerror=alert(1)>' where tournament_id = %lld",
	    (long long)p.s.club.tournament_id);
	does(&p, "/desk/order/cancel", PAIRS({ "order_id", p.id },
	    { "reason", "<svg onload=alert(1)>" }),
	    "&lt;svg onload=alert(1)&gt;", "/desk/order/reopen");
	get_order(&p, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "&lt;/title&gt;&lt;script&gt;");
	http_assert_body_has(&answer, "&lt;img src=x");
	http_assert_body_has(&answer, "&lt;svg onload");
	assert_lacks(&answer, "<script>");
	assert_lacks(&answer, "<img src=x");
	assert_lacks(&answer, "<svg onload");
	assert_lacks(&answer, "\xe2\x80\xae");
	http_answer_clear(&answer);
	page_leave(&p);
}

static void
test_no_such_thing(void **state)
{
	static const struct {
		const char *target;
		long status;
		const char *words;
	} pages[] = {
		{ "/desk/order", 404, "This address names no order." },
		{ "/desk/order?order_id=", 404, "This address names no or" },
		{ "/desk/order?order_id=0", 404, "look for it there." },
		{ "/desk/order?order_id=1&x=1", 400, "Nothing was changed" },
		{ "/desk/order?order_id=999999999", 404, "href=\"/desk/\"" },
		{ "/desk/request?request_id=999999999", 404, "look for it " },
		{ "/desk/request?request_id=-1", 404, "look for it " },
		{ "/desk/tournament/gate?tournament_id=", 404, "no tourn" },
		{ "/desk/family?parent_id=x", 404, "names no family" },
		{ "/desk/tournament?tournament_id=x", 404, "names no " },
		{ "/desk/product?product_id=x", 404, "names no product" },
	};
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", &p);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		desk_get(p.s.stack, &p.browser, pages[i].target, &answer);
		http_assert_status(&answer, pages[i].status);
		http_assert_body_has(&answer, pages[i].words);
		http_answer_clear(&answer);
	}
	desk_post(p.s.stack, &p.browser, "/desk/order/burn", PAIRS(
	    { "order_id", p.id }), &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
	desk_post(p.s.stack, &p.browser, "/desk/order/waive", PAIRS(
	    { "order_id", "999999999" }, { "reason", "x" }), &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
	page_leave(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_cash_and_back),
		RECONCILE_TEST(test_waive_cancel_and_back),
		RECONCILE_TEST(test_adjust_and_back),
		RECONCILE_TEST(test_remind),
		RECONCILE_TEST(test_amounts),
		RECONCILE_TEST(test_a_double_click),
		RECONCILE_TEST(test_a_stale_page),
		RECONCILE_TEST(test_a_viewer),
		RECONCILE_TEST(test_a_session_that_ends_meanwhile),
		RECONCILE_TEST(test_hostile_names),
		RECONCILE_TEST(test_no_such_thing),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
