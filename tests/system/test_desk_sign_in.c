/*
 * Signing in at the treasurer's desk: a link that works once, for ten minutes
 * and in the browser that asked for it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"

enum { TIMES = 12 };

static void
assert_refused(struct stack *stack, struct desk_browser *browser,
    const char *path, long status, const char *words)
{
	struct http_answer answer;

	desk_follow(stack, browser, path, &answer);
	http_assert_status(&answer, status);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
	assert_false(desk_is_in(stack, browser));
}

static int64_t
refused(struct stack *stack, const char *kind)
{
	return sql_int(stack, "select coalesce(sum(total), 0)::bigint from "
	    "teamdues.desk_refusals where kind = '%s'", kind);
}

static void
test_the_way_in(void **state)
{
	char path[LINK_SIZE], cookie[HTTP_VALUE_SIZE];
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;
	struct json_object *mail;
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_ask(stack, &browser, user.email);
	desk_link(stack, &user, path);
	mail = mailbox_only(stack, user.email);
	mail_assert_says(mail, "Hello Ruth Ames,");
	mail_assert_says(mail, "works once, and for ten minutes");
	json_object_put(mail);
	desk_follow(stack, &browser, path, &answer);
	http_assert_status(&answer, 303);
	assert_int_equal(http_header(&answer, "Set-Cookie", cookie), 1);
	assert_holds(cookie, "__Host-teamdues=");
	assert_holds(cookie, "; Path=/; Secure; HttpOnly; SameSite=Strict; "
	    "Max-Age=43200");
	http_answer_clear(&answer);
	assert_true(desk_is_in(stack, &browser));
	/* What the browser holds is written nowhere. */
	sql_assert_text(stack, "sha256", "select case when session_hash = "
	    "sha256('%s') then 'sha256' end from teamdues.desk_sessions where "
	    "user_id = %s", browser.session, user.id);
	assert_int_equal(sql_int(stack, "select extract(epoch from ends_at - "
	    "began_at)::bigint from teamdues.desk_sessions where user_id = %s",
	    user.id), 12 * 3600);
}

/* Whoever asks: the same page, as fast, and no mail. */
static void
test_unknown_address(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	int64_t before = refused(stack, "address");
	struct http_answer known, unknown;
	char token[TOKEN_SIZE];
	struct desk_user user;
	int64_t ms[2] = { 0, 0 };

	desk_user_make(stack, "viewer", &user);
	for (int i = 0; i < TIMES; i++) {
		desk_browser_make(&browser);
		desk_get(stack, &browser, "/desk/", &known);
		desk_token(&known, "/desk/sign-in", token);
		http_answer_clear(&known);
		desk_post(stack, &browser, "/desk/sign-in",
		    (const struct form_pair[]){ { "email", user.email },
		    { "form", token }, { NULL, NULL } }, &known);
		user.email[0] ^= 1;
		desk_post(stack, &browser, "/desk/sign-in",
		    (const struct form_pair[]){ { "email", user.email },
		    { "form", token }, { NULL, NULL } }, &unknown);
		user.email[0] ^= 1;
		assert_int_equal(known.status, 200);
		assert_int_equal(unknown.status, 200);
		assert_int_equal(known.body_len, unknown.body_len);
		ms[0] += known.ms;
		ms[1] += unknown.ms;
		http_answer_clear(&known);
		http_answer_clear(&unknown);
	}
	print_message("known %lld ms, unknown %lld ms\n",
	    (long long)ms[0] / TIMES, (long long)ms[1] / TIMES);
	assert_int_equal(refused(stack, "address") - before, TIMES);
	mailer_run(stack, 0);
	/* Five an hour, whoever asks for them. */
	assert_int_equal(mailbox_count(stack), 5);
}

/* A browser that was here before has its own five. */
static void
test_nobody_uses_up_another_s_links(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser, other;
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_sign_in(stack, &browser, &user);
	for (int i = 0; i < 6; i++) {
		desk_browser_make(&other);
		desk_ask(stack, &other, user.email);
	}
	browser.session[0] = '\0';
	desk_sign_in(stack, &browser, &user);
	assert_int_equal(mailbox_count(stack), 7);
}

static void
test_a_link_works_once(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;
	char path[LINK_SIZE], session[COOKIE_SIZE];
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_ask(stack, &browser, user.email);
	desk_link(stack, &user, path);
	desk_follow(stack, &browser, path, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	memcpy(session, browser.session, sizeof(session));
	desk_follow(stack, &browser, path, &answer);
	http_assert_status(&answer, 410);
	http_answer_clear(&answer);
	/* The session that it made is as it was, and no other began. */
	assert_string_equal(browser.session, session);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.desk_sessions where user_id = %s", user.id), 1);
	browser.session[0] = '\0';
	assert_refused(stack, &browser, path, 410, "used already");
}

/* Sent twice at the same moment, it signs in once. */
static void
test_a_double_click(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answers[2];
	char path[LINK_SIZE], token[TOKEN_SIZE], cookie[HTTP_VALUE_SIZE];
	char *body = malloc(FORM_SIZE);
	struct http_request requests[2];
	struct desk_user user;

	assert_non_null(body);
	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_ask(stack, &browser, user.email);
	desk_link(stack, &user, path);
	desk_get(stack, &browser, path, &answers[0]);
	desk_token(&answers[0], "/desk/enter", token);
	http_answer_clear(&answers[0]);
	form_encode((const struct form_pair[]){
	    { "token", strchr(path, '=') + 1 }, { "form", token },
	    { NULL, NULL } }, body);
	snprintf(cookie, sizeof(cookie), "Cookie: __Host-teamdues-asked=%s",
	    browser.asked);
	for (int i = 0; i < 2; i++)
		requests[i] = (struct http_request){ .method = "POST",
		    .target = "/desk/enter", .headers = { cookie,
		    "Accept: text/html" }, .body = body,
		    .len = strlen(body) };
	http_send_all(stack, requests, 2, answers);
	assert_int_equal(answers[0].status + answers[1].status, 303 + 410);
	http_answer_clear(&answers[0]);
	http_answer_clear(&answers[1]);
	free(body);
}

/* A mail scanner, or a forwarded mail: nothing is spent, nobody gets in. */
static void
test_another_browser(void **state)
{
	struct stack *stack = *state;
	int64_t before = refused(stack, "token");
	struct desk_browser browser, other;
	struct http_answer answer;
	char path[LINK_SIZE];
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_ask(stack, &browser, user.email);
	desk_link(stack, &user, path);
	desk_browser_make(&other);
	assert_refused(stack, &other, path, 403,
	    "not the browser that asked");
	/* Without any cookie, and as a link scanner. */
	http_send(stack, &(struct http_request){ .method = "HEAD",
	    .target = path }, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	assert_int_equal(refused(stack, "token") - before, 1);
	desk_follow(stack, &browser, path, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
}

static void
test_forged_and_expired(void **state)
{
	struct stack *stack = *state;
	int64_t before = refused(stack, "token");
	struct desk_browser browser;
	struct http_answer answer;
	char path[LINK_SIZE], forged[LINK_SIZE];
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_ask(stack, &browser, user.email);
	desk_link(stack, &user, path);
	/* Another entry's number, a later end, a signature of nothing. */
	snprintf(forged, sizeof(forged), "/desk/enter?token=9%s",
	    strchr(path, '=') + 1);
	desk_get(stack, &browser, forged, &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	desk_get(stack, &browser, "/desk/enter?token=1.9999999999.", &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	desk_get(stack, &browser, "/desk/enter", &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	assert_int_equal(refused(stack, "token") - before, 3);
	sql_run(stack, "update teamdues.desk_entries set ends_at = now() - "
	    "interval '1 second' where user_id = %s", user.id);
	assert_refused(stack, &browser, path, 410, "has ended");
}

/* No form of another page, of another browser, or without its token. */
static void
test_foreign_forms(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser, other;
	char token[TOKEN_SIZE], cookie[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_get(stack, &browser, "/desk/", &answer);
	desk_token(&answer, "/desk/sign-in", token);
	http_answer_clear(&answer);
	desk_browser_make(&other);
	desk_post(stack, &other, "/desk/sign-in", (const struct form_pair[]){
	    { "email", user.email }, { "form", token }, { NULL, NULL } },
	    &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	desk_post(stack, &browser, "/desk/sign-in", (const struct form_pair[]){
	    { "email", user.email }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	snprintf(cookie, sizeof(cookie), "Cookie: __Host-teamdues-asked=%s",
	    browser.asked);
	http_send(stack, &(struct http_request){ .method = "POST",
	    .target = "/desk/sign-in", .headers = { cookie,
	    "Origin: https://evil.example" }, .body = "email=a%40b.example",
	    .len = 19 }, &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.desk_entries where user_id = %s", user.id), 0);
}

/* What was typed when the session had ended is there again afterwards. */
static void
test_what_was_typed_is_kept(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;
	char token[TOKEN_SIZE];
	struct desk_user user;

	desk_user_make(stack, "treasurer", &user);
	desk_browser_make(&browser);
	desk_get(stack, &browser, "/desk/", &answer);
	desk_token(&answer, "/desk/sign-in", token);
	http_answer_clear(&answer);
	desk_post(stack, &browser, "/desk/sign-in", (const struct form_pair[]){
	    { "email", user.email }, { "form", token },
	    { "kept", "/desk/order/adjust" }, { "kept.reason", "<\"late\">" },
	    { "kept.confirm", "yes" }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "action=\"/desk/order/adjust\"");
	http_assert_body_has(&answer,
	    "name=\"reason\" value=\"&lt;&quot;late&quot;&gt;\"");
	assert_null(strstr(answer.body, "confirm"));
	http_answer_clear(&answer);
	/* It leads nowhere else. */
	desk_post(stack, &browser, "/desk/sign-in", (const struct form_pair[]){
	    { "email", user.email }, { "form", token },
	    { "kept", "/desk/../evil" }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
}

/* Guessing is slow. */
static void
test_the_limit(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;
	struct http_answer answer;
	int answered = 0;

	desk_browser_make(&browser);
	for (int i = 0; i < 40; i++) {
		http_send(stack, &(struct http_request){ .method = "POST",
		    .target = "/desk/enter", .from = browser.address,
		    .body = "token=1", .len = 7 }, &answer);
		answered += answer.status != 429;
		http_answer_clear(&answer);
	}
	assert_in_range(answered, 20, 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_the_way_in),
		MAIL_TEST(test_unknown_address),
		MAIL_TEST(test_nobody_uses_up_another_s_links),
		MAIL_TEST(test_a_link_works_once),
		MAIL_TEST(test_a_double_click),
		MAIL_TEST(test_another_browser),
		MAIL_TEST(test_forged_and_expired),
		MAIL_TEST(test_foreign_forms),
		MAIL_TEST(test_what_was_typed_is_kept),
		MAIL_TEST(test_the_limit),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
