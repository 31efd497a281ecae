/*
 * Signed pay links: nothing in one can be changed, added or repeated, nor can
 * it be used after its day; and who only looks at one mints nothing (invariant
 * 8).
 */
#include <stdio.h>
#include <stdlib.h>

#include "hmac.h"
#include "process.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000, TARGET_SIZE = 256 };

/* An order and the right target of its link, still without a signature. */
struct link_case {
	struct club club;
	char target[TARGET_SIZE];
	char url[LINK_SIZE];
};

static void
link_case_make(struct stack *stack, struct link_case *c)
{
	char word[LINK_WORD_SIZE];

	club_make(stack, AMOUNT, &c->club);
	club_order_word(stack, c->club.order_id, word);
	snprintf(c->target, sizeof(c->target),
	    "/checkout/tournament?order_id=%lld%s&expires=%lld",
	    (long long)c->club.order_id, word, (long long)now_s() + 3600);
	link_sign(stack, c->target, c->url);
}

/* 403 as a page that says what to do, and nothing is minted. */
static void
assert_refused(struct stack *stack, const struct link_case *c,
    const char *url)
{
	struct http_answer answer;

	http_send(stack, &(struct http_request){
		.target = url, .headers = { "Accept: text/html" },
	}, &answer);
	if (answer.status != 403)
		fail_msg("%ld for %s", answer.status, url);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "ask the club for a new link");
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, c->club.order_id, NULL),
	    0);
}

/* The link as it would be with old replaced by new, signature unchanged. */
static void
assert_change_refused(struct stack *stack, const char *old, const char *new)
{
	char changed[2 * LINK_SIZE];
	struct link_case c;
	const char *at;

	link_case_make(stack, &c);
	at = strstr(c.url, old);
	assert_non_null(at);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - c.url),
	    c.url, new, at + strlen(old));
	assert_refused(stack, &c, changed);
}

static void
test_nothing_can_be_changed(void **state)
{
	static const struct {
		const char *old;
		const char *new;
	} changes[] = {
		{ "order_id=", "order_id=1" },
		{ "order_id=", "order_id=%31" },
		{ "order_id=", "Order_id=" },
		{ "&word=", "&word=a" },
		{ "&word=", "&w=" },
		{ "&expires=", "&expires=9" },
		{ "&signature=", "&signature=A" },
		{ "&signature=", "&signature=&x=" },
		{ "&signature=", "&amount_cents=1&signature=" },
		{ "?order_id=", "?order_id=1&order_id=" },
		{ "?order_id=", "?player_id=1&order_id=" },
		{ "&expires=", "&&expires=" },
		{ "&expires=", "&expires=9999999999&expires=" },
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		assert_change_refused(*state, changes[i].old, changes[i].new);
}

static void
test_nothing_can_be_added_after(void **state)
{
	static const char *const added[] = { "&amount_cents=1", "&order_id=1",
	    "&signature=x", "&utm_source=mail&order_id=1", "&%6frder_id=1",
	    "&player_id=1", "&word=1", "&", "%00", "=", "?utm_source=mail" };
	char url[2 * LINK_SIZE];
	struct link_case c;

	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		link_case_make(*state, &c);
		snprintf(url, sizeof(url), "%s%s", c.url, added[i]);
		assert_refused(*state, &c, url);
	}
}

/* What mail programs add behind a link is none of our business. */
static void
test_what_is_added_is_ignored(void **state)
{
	static const char *const added[] = { "&fbclid=IwAR0abc",
	    "&utm_source=mail&utm_campaign=dues", "&gclid=x%2Fy", "&mc_eid=1" };
	char first[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	char url[2 * LINK_SIZE];
	struct link_case c;

	link_case_make(*state, &c);
	club_click_through(*state, c.club.order_id, first);
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		struct http_answer answer;

		snprintf(url, sizeof(url), "%s%s", c.url, added[i]);
		http_get(*state, url, &answer);
		club_session_of(*state, &answer, id);
		assert_string_equal(id, first);
		http_answer_clear(&answer);
	}
}

/* Who comes too late is told so, and not that the link is broken. */
static void
assert_told(struct stack *stack, const char *target, const char *heading)
{
	char url[LINK_SIZE];
	struct http_answer answer;

	link_sign(stack, target, url);
	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "Accept: text/html" } }, &answer);
	http_assert_status(&answer, 403);
	http_assert_body_has(&answer, heading);
	http_assert_body_has(&answer, stack_setting(stack, "CLUB_CONTACT"));
	http_answer_clear(&answer);
}

static void
test_expired_and_broken_are_told_apart(void **state)
{
	assert_told(*state, "/checkout/tournament?order_id=1&expires=1",
	    "<h1>This link has expired</h1>");
	assert_told(*state, "/checkout/tournament?order_id=1",
	    "<h1>This link is broken</h1>");
}

/* The six characters that a person is asked to mention find the log's line. */
static void
test_reference(void **state)
{
	struct stack *stack = *state;
	char path[STACK_PATH_SIZE];
	char line[UNIQUE_SIZE];
	struct http_answer answer;
	const char *at;
	char *log;

	http_send(stack, &(struct http_request){
	    .target = "/checkout/tournament?order_id=1",
	    .headers = { "Accept: text/html" } }, &answer);
	at = strstr(answer.body, "please mention: ");
	assert_non_null(at);
	snprintf(line, sizeof(line), " ref=%.6s ", at + 16);
	stack_path(stack, "state/log/checkout-tournament.log", path);
	log = stack_read_file(path);
	assert_non_null(strstr(log, line));
	free(log);
	http_answer_clear(&answer);
}

static void
test_signature_is_needed(void **state)
{
	struct stack *stack = *state;
	char url[2 * LINK_SIZE];
	struct link_case c;

	link_case_make(stack, &c);
	assert_refused(stack, &c, c.target);
	snprintf(url, sizeof(url), "%s&signature=", c.target);
	assert_refused(stack, &c, url);
	snprintf(url, sizeof(url), "/checkout/tournament?%s",
	    strstr(c.url, "signature="));
	assert_refused(stack, &c, url);
}

static void
test_signature_of_another_secret(void **state)
{
	struct stack *stack = *state;
	char signature[HMAC_BASE64_SIZE];
	char url[2 * LINK_SIZE];
	struct link_case c;

	link_case_make(stack, &c);
	hmac_base64url("0123456789abcdef0123456789abcdef0123456789abcdef",
	    c.target, strlen(c.target), signature);
	snprintf(url, sizeof(url), "%s&signature=%s", c.target, signature);
	assert_refused(stack, &c, url);
}

/* Signed for another path, it is no key to this one. */
static void
test_signature_of_another_path(void **state)
{
	struct stack *stack = *state;
	char target[TARGET_SIZE];
	char url[2 * LINK_SIZE];
	char other[LINK_SIZE];
	struct link_case c;

	link_case_make(stack, &c);
	snprintf(target, sizeof(target), "/tryouts/pay?%s",
	    strchr(c.target, '?') + 1);
	link_sign(stack, target, other);
	snprintf(url, sizeof(url), "/checkout/tournament?%s",
	    strchr(other, '?') + 1);
	assert_refused(stack, &c, url);
}

static void
test_expired_link(void **state)
{
	struct stack *stack = *state;
	char target[TARGET_SIZE];
	char url[LINK_SIZE];
	struct link_case c;

	link_case_make(stack, &c);
	snprintf(target, sizeof(target),
	    "/checkout/tournament?order_id=%lld&expires=%lld",
	    (long long)c.club.order_id, (long long)now_s() - 1);
	link_sign(stack, target, url);
	assert_refused(stack, &c, url);
	snprintf(target, sizeof(target), "/checkout/tournament?order_id=%lld",
	    (long long)c.club.order_id);
	link_sign(stack, target, url);
	assert_refused(stack, &c, url);
}

/* Signed by us and yet not what the program takes: that is our own mistake. */
static void
test_signed_but_unknown_parameter(void **state)
{
	static const char *const extras[] = { "&x=1", "&order_id=2" };
	struct stack *stack = *state;
	struct http_answer answer;
	char target[2 * TARGET_SIZE];
	char url[LINK_SIZE];
	struct link_case c;

	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
		link_case_make(stack, &c);
		snprintf(target, sizeof(target), "%s%s", c.target, extras[i]);
		link_sign(stack, target, url);
		http_get(stack, url, &answer);
		http_assert_status(&answer, 400);
		http_assert_body_has(&answer, i == 0 ? "x" : "order_id");
		http_answer_clear(&answer);
	}
}

static void
assert_only_looks(struct stack *stack, const struct http_request *request,
    const struct link_case *c)
{
	struct http_answer answer;

	http_send(stack, request, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	if (request->method == NULL)
		http_assert_body_has(&answer, "Open this link");
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, c->club.order_id, NULL),
	    0);
}

static void
test_who_only_looks_mints_nothing(void **state)
{
	static const char *const headers[] = {
		"User-Agent: WhatsApp/2.23.20.0",
		"User-Agent: facebookexternalhit/1.1",
		"User-Agent: Slackbot-LinkExpanding 1.0",
		"User-Agent: Mozilla/5.0 (compatible; bingbot/2.0)",
	};
	char id[SESSION_ID_SIZE];
	struct link_case c;

	link_case_make(*state, &c);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		assert_only_looks(*state, &(struct http_request){
			.target = c.url, .headers = { headers[i] } }, &c);
	assert_only_looks(*state, &(struct http_request){
		.method = "HEAD", .target = c.url }, &c);
	/* The family's own browser comes after all of them. */
	club_click_through(*state, c.club.order_id, id);
}

/* A browser would show the page that it got ahead, instead of Stripe's. */
static void
test_prefetch_fails(void **state)
{
	static const char *const headers[] = { "Sec-Purpose: prefetch",
		"Sec-Purpose: prefetch;prerender", "Purpose: prefetch" };
	char id[SESSION_ID_SIZE];
	struct link_case c;

	link_case_make(*state, &c);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct http_answer answer;

		http_send(*state, &(struct http_request){ .target = c.url,
		    .headers = { headers[i], "Accept: text/html" } }, &answer);
		http_assert_status(&answer, 503);
		http_assert_header(&answer, "Cache-Control", "no-store");
		http_assert_guarded(&answer);
		http_answer_clear(&answer);
	}
	assert_int_equal(standin_session_count(*state, c.club.order_id, NULL),
	    0);
	club_click_through(*state, c.club.order_id, id);
}

static void
test_other_methods(void **state)
{
	struct http_answer answer;
	struct link_case c;

	link_case_make(*state, &c);
	http_send(*state, &(struct http_request){
		.method = "POST", .target = c.url, .body = "", .len = 0,
	}, &answer);
	http_assert_status(&answer, 405);
	http_assert_header(&answer, "Allow", "GET, HEAD");
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(*state, c.club.order_id, NULL),
	    0);
}

/* The command's link is the same one, and it works. */
static void
test_link_of_the_command(void **state)
{
	struct stack *stack = *state;
	char command[STACK_PATH_SIZE];
	char order[UNIQUE_SIZE];
	struct http_answer answer;
	char id[SESSION_ID_SIZE];
	struct link_case c;
	struct run run = { .argv = (const char *const[]){ command, "link",
	    "tournament", "--order", order, NULL } };

	link_case_make(stack, &c);
	snprintf(command, sizeof(command), "%s/teamdues", stack->build);
	snprintf(order, sizeof(order), "%lld", (long long)c.club.order_id);
	run_command(stack, &run);
	assert_string_equal(run.errors, "");
	assert_int_equal(run.code, 0);
	assert_ptr_equal(strchr(run.output, '\n'),
	    run.output + strlen(run.output) - 1);
	run.output[strlen(run.output) - 1] = '\0';
	http_get(stack, run.output, &answer);
	club_session_of(stack, &answer, id);
	http_answer_clear(&answer);
	run_clear(&run);
	snprintf(order, sizeof(order), "999999999");
	run_command(stack, &run);
	assert_int_equal(run.code, 1);
	assert_string_equal(run.output, "");
	run_clear(&run);
}

/* Made late in a second, too, a link of 30 days ends no later than that. */
static void
test_end_is_a_whole_second(void **state)
{
	assert_int_equal(sql_int(*state, "select extract(epoch from "
	    "teamdues.link_ends(null, null, to_timestamp(1.9), null))"
	    "::bigint"), 1 + 30 * 86400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_nothing_can_be_changed),
		SYSTEM_TEST(test_nothing_can_be_added_after),
		SYSTEM_TEST(test_what_is_added_is_ignored),
		SYSTEM_TEST(test_expired_and_broken_are_told_apart),
		SYSTEM_TEST(test_reference),
		SYSTEM_TEST(test_signature_is_needed),
		SYSTEM_TEST(test_signature_of_another_secret),
		SYSTEM_TEST(test_signature_of_another_path),
		SYSTEM_TEST(test_expired_link),
		SYSTEM_TEST(test_signed_but_unknown_parameter),
		SYSTEM_TEST(test_who_only_looks_mints_nothing),
		SYSTEM_TEST(test_prefetch_fails),
		SYSTEM_TEST(test_other_methods),
		SYSTEM_TEST(test_end_is_a_whole_second),
		SYSTEM_TEST(test_link_of_the_command),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
