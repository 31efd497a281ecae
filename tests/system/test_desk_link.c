/*
 * The pay link on an order's page at the desk: of the right kind for what is
 * sold, and of use.  Invariant 5.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "scene.h"
#include "sql.h"

enum { FEE = 24000 };

/* The page's link, as the family gets it. */
static void
link_on_page(struct scene *s, struct desk_browser *browser, int64_t order_id,
    char url[LINK_SIZE])
{
	static const char field[] = "<input id=\"pay-link\" readonly value=\"";
	char target[HTTP_VALUE_SIZE];
	struct http_answer answer;
	const char *at;
	size_t len = 0;

	snprintf(target, sizeof(target), "/desk/order?order_id=%lld",
	    (long long)order_id);
	desk_get(s->stack, browser, target, &answer);
	http_assert_status(&answer, 200);
	at = strstr(answer.body, field);
	assert_non_null(at);
	at += strlen(field);
	while (*at != '"' && len < LINK_SIZE - 1) {
		url[len++] = *at;
		at += strncmp(at, "&amp;", 5) == 0 ? 5 : 1;
	}
	url[len] = '\0';
	http_assert_body_has(&answer, "aria-label=\"QR code of the pay link\"");
	http_assert_body_has(&answer, "</b></figcaption>");
	http_answer_clear(&answer);
}

static int64_t
order_of_kind(struct scene *s, const char *kind, int64_t cents)
{
	return sql_int(s->stack, "insert into teamdues.orders (player_id, "
	    "product_id, kind, amount_cents, currency) select %lld, "
	    "p.product_id, p.kind, %lld, 'usd' from teamdues.products p "
	    "where p.kind = '%s' order by p.product_id desc limit 1 "
	    "returning order_id", (long long)s->club.player_id,
	    (long long)cents, kind);
}

/* A click on it asks for the order's money at Stripe. */
static void
assert_leads_to(struct scene *s, const char *url, const char *path,
    int64_t order_id, int64_t cents)
{
	char session[SESSION_ID_SIZE];
	struct http_answer answer;

	if (strstr(url, path) == NULL)
		fail_msg("%s does not lead to %s", url, path);
	http_get(s->stack, url, &answer);
	http_assert_status(&answer, 303);
	club_session_of(s->stack, &answer, session);
	http_answer_clear(&answer);
	assert_int_equal(sql_int(s->stack, "select amount_cents from "
	    "teamdues.checkout_sessions where session_id = '%s' and "
	    "order_id = %lld", session, (long long)order_id), cents);
}

static void
test_each_kind(void **state)
{
	struct desk_browser browser;
	struct http_answer answer;
	char url[LINK_SIZE];
	struct scene s;
	int64_t order_id;

	scene_make(*state, &s);
	desk_enter(s.stack, "treasurer", &browser);
	link_on_page(&s, &browser, s.club.order_id, url);
	assert_leads_to(&s, url, "/checkout/tournament?", s.club.order_id,
	    SCENE_AMOUNT);
	visitor_offer(s.stack, "tryout", 2500, "");
	order_id = order_of_kind(&s, "tryout", 2500);
	link_on_page(&s, &browser, order_id, url);
	assert_leads_to(&s, url, "/tryouts/pay?", order_id, 2500);
	visitor_offer(s.stack, "jersey", 4500, "S,M");
	order_id = order_of_kind(&s, "jersey", 4500);
	link_on_page(&s, &browser, order_id, url);
	assert_non_null(strstr(url, "/checkout/jersey?player_id="));
	http_get(s.stack, url, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	treasurer_leave(&s.ruth);
}

/*
 * A first fee's link carries today's quote on the terms of the mail before, or
 * the treasurer's amount.
 */
static void
test_a_fee(void **state)
{
	struct desk_browser browser;
	char url[LINK_SIZE];
	struct desk_act act;
	struct scene s;
	int64_t order_id;

	scene_make(*state, &s);
	desk_enter(s.stack, "treasurer", &browser);
	sql_run(s.stack, "update teamdues.players set monthly_fee_cents = %d "
	    "where player_id = %lld", FEE, (long long)s.club.player_id);
	order_id = order_of_kind(&s, "fee", FEE);
	link_on_page(&s, &browser, order_id, url);
	assert_null(strstr(url, "prorate=false"));
	sql_run(s.stack, "insert into teamdues.emails (kind, player_id, "
	    "recipient, facts, day, state) values ('first_payment', %lld, "
	    "'a@b.example', '{\"prorate\": false}', current_date, 'dropped')",
	    (long long)s.club.player_id);
	link_on_page(&s, &browser, order_id, url);
	assert_non_null(strstr(url, "&prorate=false"));
	assert_leads_to(&s, url, "/checkout/first-payment?", order_id, FEE);
	act = treasurer_act(&s.ruth, "adjust", order_id);
	act.args = act_cents(12000);
	treasurer_awaits(&s.ruth, treasurer_asks(&s.ruth, &act, DESK_QUEUED,
	    "120.00 usd instead"), DESK_DONE, "120.00 usd instead");
	link_on_page(&s, &browser, order_id, url);
	assert_leads_to(&s, url, "&amount_cents=12000", order_id, 12000);
	treasurer_leave(&s.ruth);
}

/* A link that would not work is none. */
static void
test_a_day_that_is_over(void **state)
{
	struct desk_browser browser;
	char target[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct scene s;

	scene_make(*state, &s);
	desk_enter(s.stack, "treasurer", &browser);
	sql_run(s.stack, "update teamdues.tournaments set held_on = "
	    "current_date - 3 where tournament_id = %lld",
	    (long long)s.club.tournament_id);
	snprintf(target, sizeof(target), "/desk/order?order_id=%lld",
	    (long long)s.club.order_id);
	desk_get(s.stack, &browser, target, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "There is none: its day is over.");
	assert_null(strstr(answer.body, "pay-link"));
	http_answer_clear(&answer);
	treasurer_leave(&s.ruth);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_each_kind),
		RECONCILE_TEST(test_a_fee),
		RECONCILE_TEST(test_a_day_that_is_over),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
