/*
 * A click while money waits that may be the order's: what has come is shown
 * first, and a button goes on, so that no stranger's payment blocks a family.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "mailbox.h"
#include "sql.h"
#include "visitor.h"

enum { AMOUNT = 15000 };

static const char shown[] = "A payment of $150.00 from ma...@example.com on ";

/* The address is not the family's own: its customer paid with it. */
static void
money_comes(struct stack *stack, const struct club *club, struct stray *stray)
{
	char customer[UNIQUE_SIZE];

	club_remember_customer(stack, club, customer);
	stray_make(stack, AMOUNT, "customer", customer, stray);
	sql_run(stack, "begin; set local session_replication_role = replica; "
	    "update teamdues.payments set email = 'mallory@example.com' where "
	    "session_id = '%s'; commit", stray->session_id);
}

/* Nothing is minted, and the page shows what has come. */
static void
assert_asks(struct stack *stack, const char *url, const char *action)
{
	struct http_answer answer;

	http_get(stack, url, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, shown);
	http_assert_body_has(&answer, " is being looked into.");
	http_assert_body_has(&answer, "mallory@" + 7);
	assert_null(strstr(answer.body, "mallory"));
	http_assert_body_has(&answer, action);
	http_assert_body_has(&answer, "name=\"anyway\" value=\"yes\"");
	http_answer_clear(&answer);
}

/* What the button asks for: the link, and its word behind the signature. */
static void
assert_goes_on(struct stack *stack, const char *url)
{
	char id[SESSION_ID_SIZE];
	char more[LINK_SIZE + 32];
	struct http_answer answer;

	snprintf(more, sizeof(more), "%s&anyway=yes", url);
	http_get(stack, more, &answer);
	http_assert_status(&answer, 303);
	club_session_of(stack, &answer, id);
	http_answer_clear(&answer);
}

static void
test_tournament(void **state)
{
	struct stack *stack = *state;
	struct stray stray;
	struct club club;
	char url[LINK_SIZE];

	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	club_link(stack, club.order_id, url);
	assert_asks(stack, url, "<form method=\"get\" novalidate action="
	    "\"/checkout/tournament\">");
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 0);
	assert_goes_on(stack, url);
	assert_asks(stack, url, "Pay anyway");
}

/* As long as a person has not decided; then the link is as it was. */
static void
test_until_it_is_dismissed(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE], url[LINK_SIZE];
	struct stray stray;
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	club_link(stack, club.order_id, url);
	assert_asks(stack, url, "Pay anyway");
	COMMAND(stack, &run, 0, "unmatched", "dismiss", stray.event_id,
	    "--reason", "a scarf", "--commit");
	run_clear(&run);
	club_click_through(stack, club.order_id, id);
}

/* The word stands behind the signature; anywhere else it is no word of ours. */
static void
test_only_the_buttons_word(void **state)
{
	static const char *const others[] = { "&anyway=no", "&anyway",
	    "&anyway=yesterday", "&xanyway=yes" };
	struct stack *stack = *state;
	char more[LINK_SIZE + 32], url[LINK_SIZE];
	struct stray stray;
	struct club club;

	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	club_link(stack, club.order_id, url);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(more, sizeof(more), "%s%s", url, others[i]);
		assert_asks(stack, more, "Pay anyway");
	}
	snprintf(more, sizeof(more), "%.*s&anyway=yes%s",
	    (int)(strstr(url, "&signature=") - url), url,
	    strstr(url, "&signature="));
	assert_int_equal(http_status_of(stack, more), 403);
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 0);
}

/* Who only looks at the link sees as little as ever. */
static void
test_preview_and_prefetch(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct stray stray;
	struct club club;
	char url[LINK_SIZE];

	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	club_link(stack, club.order_id, url);
	http_send(stack, &(struct http_request){ .method = "HEAD",
	    .target = url }, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "User-Agent: WhatsApp/2.23" } }, &answer);
	http_assert_status(&answer, 200);
	assert_null(strstr(answer.body, "looked into"));
	http_answer_clear(&answer);
	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "Sec-Purpose: prefetch" } }, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
}

static void
test_first_payment(void **state)
{
	struct stack *stack = *state;
	char target[LINK_SIZE], url[LINK_SIZE], word[LINK_WORD_SIZE];
	struct stray stray;
	struct club club;

	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	club_player_word(stack, club.player_id, word);
	snprintf(target, sizeof(target), "/checkout/first-payment?player_id="
	    "%lld%s&prorate=false&quoted=2026-11-03&amount_cents=%d&expires="
	    "9999999999", (long long)club.player_id, word, AMOUNT);
	link_sign(stack, target, url);
	assert_asks(stack, url, "name=\"quoted\" value=\"2026-11-03\"");
	assert_goes_on(stack, url);
}

/* A form keeps what was entered. */
static void
test_jersey(void **state)
{
	struct form_pair pairs[] = { { "player_id", NULL }, { "expires",
	    "9999999999" }, { "signature", NULL }, { "word", NULL },
	    { "size", "M" }, { "number", "7" },
	    { "name_on_jersey", "Jo & Co" }, { "anyway", "yes" },
	    { NULL, NULL } };
	char word[LINK_WORD_SIZE];
	struct stack *stack = *state;
	char target[LINK_SIZE], url[LINK_SIZE], player[WORD_SIZE];
	struct http_answer answer;
	struct stray stray;
	struct club club;

	(void)visitor_offer(stack, "jersey", AMOUNT, "S,M");
	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	club_player_word(stack, club.player_id, word);
	snprintf(target, sizeof(target), "/checkout/jersey?player_id=%lld%s"
	    "&expires=9999999999", (long long)club.player_id, word);
	link_sign(stack, target, url);
	pairs[0].value = word_of(player, club.player_id);
	pairs[2].value = strstr(url, "&signature=") + strlen("&signature=");
	pairs[3].value = word + strlen("&word=");
	pairs[7].name = NULL;
	visitor_post(stack, "/checkout/jersey", pairs, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, shown);
	http_assert_body_has(&answer, "<form method=\"post\" novalidate "
	    "action=\"/checkout/jersey\">");
	http_assert_body_has(&answer, "value=\"Jo &amp; Co\"");
	http_answer_clear(&answer);
	pairs[7].name = "anyway";
	visitor_post(stack, "/checkout/jersey", pairs, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
}

/* A script is told as a click is, and goes on when it says so. */
static void
test_create_session(void **state)
{
	static const struct {
		const char *more;
		long status;
	} cases[] = {
		{ "", 409 }, { ",\"anyway\":false", 409 },
		{ ",\"anyway\":\"yes\"", 400 }, { ",\"anyway\":true", 200 },
		{ "", 409 },
	};
	struct stack *stack = *state;
	struct http_answer answer;
	char json[LINK_SIZE];
	struct stray stray;
	struct club club;

	club_make(stack, AMOUNT, &club);
	money_comes(stack, &club, &stray);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(json, sizeof(json), "{\"player_id\":%lld,"
		    "\"product_id\":%lld,\"quantity\":1%s}",
		    (long long)club.player_id, (long long)club.product_id,
		    cases[i].more);
		admin_ask(stack, "POST", "/checkout/create-session", json,
		    &answer);
		http_assert_status(&answer, cases[i].status);
		if (cases[i].status == 409) {
			http_assert_body_has(&answer, shown);
			assert_null(strstr(answer.body, "mallory"));
		}
		http_answer_clear(&answer);
	}
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_tournament),
		BOOKS_TEST(test_until_it_is_dismissed),
		BOOKS_TEST(test_only_the_buttons_word),
		BOOKS_TEST(test_preview_and_prefetch),
		BOOKS_TEST(test_first_payment),
		BOOKS_TEST(test_jersey),
		BOOKS_TEST(test_create_session),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
