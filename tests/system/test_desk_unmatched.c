/*
 * Payments that wait, at the desk: each act is shown, done once, taken back.
 * Invariants 2, 8 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "desk.h"
#include "scene.h"
#include "sql.h"

enum { AMOUNT = 15000, MANY = 32 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

/* A payment that waits, the order of its payer's family, and a browser. */
struct page {
	struct stack *stack;
	struct club club;
	struct stray stray;
	struct desk_browser browser;
	char order[WORD_SIZE];
};

static void
page_of(struct stack *stack, const char *role, int64_t amount_cents,
    struct page *p)
{
	p->stack = stack;
	club_make(stack, AMOUNT, &p->club);
	stray_of(stack, &p->club, amount_cents, &p->stray);
	word_of(p->order, p->club.order_id);
	desk_enter(stack, role, &p->browser);
}

static void
open_page(struct page *p, const char *path, const char *value,
    struct http_answer *answer)
{
	char target[LINK_SIZE];

	snprintf(target, sizeof(target), "%s%s", path, value);
	desk_get(p->stack, &p->browser, target, answer);
	http_assert_status(answer, 200);
}

static void
open_payment(struct page *p, struct http_answer *answer)
{
	open_page(p, "/desk/unmatched/payment?payment=", p->stray.session_id,
	    answer);
}

/* The list's row of the payment: nobody else pays with this address. */
static void
open_row(struct page *p, struct http_answer *answer)
{
	open_page(p, "/desk/unmatched?payer=", p->club.name, answer);
}

static void
assert_lacks(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, answer->body);
}

static void
assert_place(struct page *p, const char *place)
{
	sql_assert_text(p->stack, place, "select place from "
	    "teamdues.payments where session_id = '%s'",
	    p->stray.session_id);
}

/* Done: its page has such words, and the way back, NULL: none. */
static void
does(struct page *p, const char *path, const struct form_pair *pairs,
    const char *words, const char *undo)
{
	struct http_answer answer;
	char token[TOKEN_SIZE];

	desk_request(p->stack, &p->browser, path, pairs, &answer);
	http_assert_body_has(&answer, "<h1>Done</h1>");
	http_assert_body_has(&answer, words);
	if (undo != NULL)
		desk_token(&answer, undo, token);
	http_answer_clear(&answer);
}

/* Shown, and refused in such words; nothing moves. */
static void
is_refused(struct page *p, const char *path, const struct form_pair *pairs,
    int http, const char *words)
{
	char *before = books_hash(p->stack);
	struct http_answer answer;
	char *after;

	desk_post(p->stack, &p->browser, path, pairs, &answer);
	http_assert_status(&answer, http);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
	after = books_hash(p->stack);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void
test_a_candidate_is_given_it_and_back(void **state)
{
	char words[4 * UNIQUE_SIZE], token[TOKEN_SIZE];
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	sql_run(p.stack, "insert into teamdues.charges values ('%s', 'ch_%s', "
	    "'4242')", p.stray.intent_id, p.stray.intent_id);
	open_row(&p, &answer);
	http_assert_body_has(&answer, "1 payment waits, <b>$150.00</b>");
	http_assert_body_has(&answer, "nothing in it names an order");
	http_assert_body_has(&answer, "Same e-mail address and amount");
	http_assert_body_has(&answer, "<dt>Card</dt><dd>ending in 4242</dd>");
	desk_token(&answer, "/desk/unmatched/attach", token);
	http_answer_clear(&answer);
	snprintf(words, sizeof(words), " pays Cup %s for Player %s",
	    p.club.name, p.club.name);
	desk_post(p.stack, &p.browser, "/desk/unmatched/attach", PAIRS(
	    { "payment", p.stray.session_id }, { "order_id", p.order }),
	    &answer);
	http_assert_body_has(&answer, "<b>$150.00 from ");
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
	does(&p, "/desk/unmatched/attach", PAIRS({ "payment",
	    p.stray.session_id }, { "order_id", p.order }), words,
	    "/desk/unmatched/detach");
	club_assert_paid_by(p.stack, p.club.order_id, p.stray.intent_id);
	open_row(&p, &answer);
	http_assert_body_has(&answer, "No payment waits for you.");
	http_answer_clear(&answer);
	open_payment(&p, &answer);
	http_assert_body_has(&answer, "It pays <a href=\"/desk/order?");
	assert_lacks(&answer, "action=\"/desk/unmatched/attach\"");
	http_answer_clear(&answer);
	open_page(&p, "/desk/unmatched/handled", "", &answer);
	http_assert_body_has(&answer, p.stray.session_id);
	http_assert_body_has(&answer, ">Used for Cup club");
	http_answer_clear(&answer);
	open_page(&p, "/desk/log?what=attach&order_id=", p.order, &answer);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
	does(&p, "/desk/unmatched/detach", PAIRS({ "payment",
	    p.stray.session_id }), " no more", NULL);
	assert_place(&p, "unmatched");
	sql_assert_text(p.stack, "pending", "select status from "
	    "teamdues.orders where order_id = %s", p.order);
}

/* What was sent twice is one request; what is stale is none. */
static void
test_twice_and_stale(void **state)
{
	struct form_pair sent[] = { { "payment", NULL }, { "order_id", NULL },
	    { "confirm", "yes" }, { "form", NULL }, { "seen", NULL },
	    { NULL, NULL } };
	struct http_answer answer;
	char token[TOKEN_SIZE];
	struct page p;
	char *seen;

	page_of(*state, "treasurer", AMOUNT, &p);
	seen = sql_text(p.stack, "select teamdues.order_seen(%s)", p.order);
	sent[0].value = p.stray.session_id;
	sent[1].value = p.order;
	sent[3].value = token;
	sent[4].value = seen;
	open_payment(&p, &answer);
	desk_token(&answer, "/desk/unmatched/attach", token);
	http_answer_clear(&answer);
	sql_run(p.stack, "insert into teamdues.audit_log (actor, action, "
	    "order_id) values ('other', 'adjust', %s)", p.order);
	is_refused(&p, "/desk/unmatched/attach", PAIRS({ "payment",
	    p.stray.session_id }, { "order_id", p.order }, { "seen", seen }),
	    409, "look again");
	free(seen);
	seen = sql_text(p.stack, "select teamdues.order_seen(%s)", p.order);
	sent[4].value = seen;
	for (int i = 0; i < 2; i++) {
		desk_post(p.stack, &p.browser, "/desk/unmatched/attach", sent,
		    &answer);
		http_assert_status(&answer, 303);
		http_answer_clear(&answer);
	}
	sql_assert_text(p.stack, "1 1", "select concat_ws(' ', (select "
	    "count(*) from teamdues.attachments where session_id = '%s'), "
	    "(select count(*) from teamdues.desk_requests where order_id = "
	    "%s))", p.stray.session_id, p.order);
	free(seen);
}

/* Somebody else's payment: only for who says so. */
static void
test_a_stranger_s_payment(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	stray_make(p.stack, AMOUNT, NULL, NULL, &p.stray);
	open_payment(&p, &answer);
	http_assert_body_has(&answer, "No family of this name");
	assert_lacks(&answer, "name=\"anyway\"");
	http_answer_clear(&answer);
	desk_post(p.stack, &p.browser, "/desk/unmatched/attach", PAIRS(
	    { "payment", p.stray.session_id }, { "order_id", "999999999" }),
	    &answer);
	assert_lacks(&answer, "name=\"anyway\"");
	http_answer_clear(&answer);
	is_refused(&p, "/desk/unmatched/attach", PAIRS({ "payment",
	    p.stray.session_id }, { "order_id", p.order }), 409,
	    "Tick the box below if you know that it is right.</p>");
	is_refused(&p, "/desk/unmatched/attach", PAIRS({ "payment",
	    p.stray.session_id }, { "order_id", "7b" }), 400,
	    "Please enter the number of an order");
	is_refused(&p, "/desk/unmatched/attach", PAIRS({ "payment",
	    p.stray.session_id }, { "order_id", "999999999" }), 409,
	    "no such order");
	for (int i = 0; i < 2; i++) {
		desk_post(p.stack, &p.browser, "/desk/unmatched/attach",
		    PAIRS({ "payment", p.stray.session_id }, { "order_id",
		    p.order }, { "anyway", i == 0 ? "yes" : "found" }),
		    &answer);
		assert_int_equal(strstr(answer.body, "<dt>I know that it is "
		    "for this order</dt><dd>Yes") != NULL, i == 0);
		http_answer_clear(&answer);
	}
	does(&p, "/desk/unmatched/attach", PAIRS({ "payment",
	    p.stray.session_id }, { "order_id", p.order },
	    { "anyway", "yes" }), " pays ",
	    "/desk/unmatched/detach");
	club_assert_paid_by(p.stack, p.club.order_id, p.stray.intent_id);
}

/* The same family owes another amount: shown, with what stands in the way. */
static void
test_another_amount(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT - 3000, &p);
	open_row(&p, &answer);
	http_assert_body_has(&answer, "Same family; the amount differs");
	http_assert_body_has(&answer, "But paid $120.00, order ");
	assert_lacks(&answer, "action=\"/desk/unmatched/attach\"");
	http_answer_clear(&answer);
}

static void
test_dismiss_and_back(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	is_refused(&p, "/desk/unmatched/dismiss", PAIRS({ "payment",
	    p.stray.session_id }, { "reason", "" }), 400,
	    "Please fill this in.");
	does(&p, "/desk/unmatched/dismiss", PAIRS({ "payment",
	    p.stray.session_id }, { "reason", "a <gift>" }),
	    "The $150.00 stays on the club&#39;s Stripe account, and is not "
	    "the club&#39;s: a &lt;gift&gt;", "/desk/unmatched/reopen");
	assert_place(&p, "settled");
	open_payment(&p, &answer);
	http_assert_body_has(&answer, "Not the club's: dismissed by ");
	assert_lacks(&answer, "class=\"step\"");
	assert_lacks(&answer, "action=\"/desk/unmatched/dismiss\"");
	http_answer_clear(&answer);
	open_page(&p, "/desk/unmatched/handled", "", &answer);
	http_assert_body_has(&answer, "Not the club&#39;s: a "
	    "&lt;gift&gt;");
	http_answer_clear(&answer);
	does(&p, "/desk/unmatched/reopen", PAIRS({ "payment",
	    p.stray.session_id }), "dismissed", NULL);
	assert_place(&p, "unmatched");
}

/* Of a shop's on the same account: first which, then all, then back. */
static void
test_not_ours_and_all_like_it(void **state)
{
	struct http_answer answer;
	struct stray other;
	char *rule_id;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	stray_make(p.stack, 2000, "metadata.shop_order", "7", &other);
	stray_make(p.stack, 3000, "metadata.shop_order", "8", &p.stray);
	open_payment(&p, &answer);
	http_assert_body_has(&answer, "carries \xe2\x80\x9cshop_order"
	    "\xe2\x80\x9d (2 with this one)");
	http_answer_clear(&answer);
	const struct form_pair *pairs = PAIRS({ "payment",
	    p.stray.session_id }, { "not_ours", "yes" },
	    { "like_field", "metadata" }, { "like_key", "shop_order" },
	    { "reason", "the shop's" });
	desk_post(p.stack, &p.browser, "/desk/unmatched/not-ours", pairs,
	    &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "with 1 more like it, $50.00 in all");
	http_assert_body_has(&answer, "<td class=\"money\" "
	    "data-name=\"Amount\">$20.00</td>");
	http_answer_clear(&answer);
	does(&p, "/desk/unmatched/not-ours", pairs, "1 more like it",
	    "/desk/unmatched/reopen");
	assert_place(&p, "foreign");
	sql_assert_text(p.stack, "foreign", "select place from "
	    "teamdues.payments where session_id = '%s'", other.session_id);
	open_page(&p, "/desk/unmatched/handled", "", &answer);
	http_assert_body_has(&answer, "All that carry <b>shop_order</b>");
	http_assert_body_has(&answer, "Not the club&#39;s: the shop&#39;s");
	http_answer_clear(&answer);
	rule_id = sql_text(p.stack, "select rule_id from "
	    "teamdues.foreign_rules where value = 'shop_order' and "
	    "removed_at is null");
	does(&p, "/desk/unmatched/remove-rule", PAIRS({ "rule_id", rule_id }),
	    "metadata:shop_order", NULL);
	free(rule_id);
	sql_assert_text(p.stack, "unmatched", "select place from "
	    "teamdues.payments where session_id = '%s'", other.session_id);
	does(&p, "/desk/unmatched/reopen", PAIRS({ "payment",
	    p.stray.session_id }), "dismissed", NULL);
	assert_place(&p, "unmatched");
}

/* The clerk asks Stripe, which here knows of no such payment. */
static void
test_refund_is_the_clerk_s(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	is_refused(&p, "/desk/unmatched/refund", PAIRS({ "payment",
	    p.stray.session_id }, { "amount", "200" },
	    { "reason", "by mistake" }), 409, "only $150.00 is left");
	is_refused(&p, "/desk/unmatched/refund", PAIRS({ "payment",
	    p.stray.session_id }, { "amount", "1e3" },
	    { "reason", "by mistake" }), 400, "class=\"fault\"");
	desk_do(p.stack, &p.browser, "/desk/unmatched/refund",
	    PAIRS({ "payment", p.stray.session_id }, { "amount", "50" },
	    { "reason", "by mistake" }), &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	sql_assert_text(p.stack, "5000", "select args ->> 'amount_cents' from "
	    "teamdues.desk_requests where action = 'refund' and "
	    "args ->> 'payment' = '%s'", p.stray.session_id);
	WAIT_UNTIL(10, sql_int(p.stack, "select count(*) from "
	    "teamdues.desk_requests where ended_at is null") == 0);
	assert_place(&p, "unmatched");
	open_payment(&p, &answer);
	http_assert_body_has(&answer, ">Give money back</a> <strong "
	    "class=\"due\">did not succeed</strong>: the money did not go "
	    "back: Stripe does not know this payment. Give it back in cash or "
	    "by bank transfer (");
	http_answer_clear(&answer);
}

static void
test_a_viewer_changes_nothing(void **state)
{
	static const char *const acts[] = { "attach", "refund", "dismiss",
	    "detach", "reopen" };
	struct http_answer answer;
	struct page p;

	page_of(*state, "viewer", AMOUNT, &p);
	open_row(&p, &answer);
	http_assert_body_has(&answer, "$150.00 from ");
	assert_lacks(&answer, "action=\"/desk/unmatched/");
	http_answer_clear(&answer);
	open_payment(&p, &answer);
	assert_lacks(&answer, "action=\"/desk/unmatched/");
	http_answer_clear(&answer);
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		char path[LINK_SIZE];

		snprintf(path, sizeof(path), "/desk/unmatched/%s", acts[i]);
		is_refused(&p, path, PAIRS({ "payment", p.stray.session_id }),
		    403, "Nothing was changed");
	}
}

/* Whatever a payer calls themselves is text, in the page and in the file. */
static void
test_hostile_names(void **state)
{
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	sql_run(p.stack, "alter table teamdues.payments disable trigger user");
	sql_run(p.stack, "update teamdues.payments set payer_name = "
	    "'=cmd<script>x</script>' where session_id = '%s'",
	    p.stray.session_id);
	sql_run(p.stack, "alter table teamdues.payments enable trigger user");
	open_row(&p, &answer);
	http_assert_body_has(&answer, "=cmd&lt;script&gt;x&lt;/script&gt;");
	assert_lacks(&answer, "<script>x");
	http_answer_clear(&answer);
	open_page(&p, "/desk/unmatched.csv?payer=", p.club.name, &answer);
	http_assert_body_has(&answer, ",'=cmd<script>x</script>,");
	http_assert_body_has(&answer, ",Not placed yet,");
	http_answer_clear(&answer);
}

/* Many pages, each payment once, and small whatever there is on them. */
static void
test_pages_are_whole(void **state)
{
	char target[LINK_SIZE], word[UNIQUE_SIZE], row[2 * UNIQUE_SIZE];
	struct http_answer answer;
	int seen[MANY] = { 0 };
	bool is_more = true;
	int pages = 0;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	unique_name("many", word);
	for (int i = 0; i < MANY; i++) {
		struct stray stray;

		snprintf(row, sizeof(row), "%d.%s@payer.example", i, word);
		stray_make(p.stack, AMOUNT, "customer_details.email", row,
		    &stray);
	}
	snprintf(target, sizeof(target), "/desk/unmatched?payer=%s", word);
	while (is_more) {
		desk_get(p.stack, &p.browser, target, &answer);
		http_assert_status(&answer, 200);
		assert_true(answer.body_len < 40 * 1024);
		for (int i = 0; i < MANY; i++) {
			snprintf(row, sizeof(row), ">%d.%s@", i, word);
			seen[i] += strstr(answer.body, row) != NULL;
		}
		is_more = desk_next_page(&answer, target);
		http_answer_clear(&answer);
		assert_true(++pages <= 4);
	}
	for (int i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
}

static void
test_bad_input(void **state)
{
	static const char *const targets[] = {
		"/desk/unmatched/payment?payment=cs_none",
		"/desk/unmatched/payment", "/desk/unmatched?place=x&x=1",
		"/desk/unmatched/nothing",
	};
	static const int codes[] = { 404, 404, 400, 405 };
	struct http_answer answer;
	struct page p;

	page_of(*state, "treasurer", AMOUNT, &p);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		desk_get(p.stack, &p.browser, targets[i], &answer);
		http_assert_status(&answer, codes[i]);
		http_answer_clear(&answer);
	}
	desk_browser_make(&p.browser);
	desk_get(p.stack, &p.browser, "/desk/unmatched", &answer);
	http_assert_status(&answer, 401);
	http_answer_clear(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_a_candidate_is_given_it_and_back),
		BOOKS_TEST(test_twice_and_stale),
		BOOKS_TEST(test_a_stranger_s_payment),
		BOOKS_TEST(test_another_amount),
		BOOKS_TEST(test_dismiss_and_back),
		BOOKS_TEST(test_not_ours_and_all_like_it),
		BOOKS_TEST(test_refund_is_the_clerk_s),
		BOOKS_TEST(test_a_viewer_changes_nothing),
		BOOKS_TEST(test_hostile_names),
		BOOKS_TEST(test_pages_are_whole),
		BOOKS_TEST(test_bad_input),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
