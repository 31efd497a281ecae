/*
 * What the club sells and where its teams go, kept at the desk: shown, then
 * done, once; what families owe already stays.  Invariants 5 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

/* A tournament with one player in it, and a treasurer's browser. */
struct page {
	struct stack *stack;
	struct desk_browser browser;
	struct club club;
	char tournament_id[WORD_SIZE];
	char product_id[WORD_SIZE];
};

static void
page_make(struct stack *stack, const char *role, struct page *p)
{
	*p = (struct page){ .stack = stack };
	desk_enter(stack, role, &p->browser);
	club_make(stack, 15000, &p->club);
	word_of(p->tournament_id, p->club.tournament_id);
	word_of(p->product_id, p->club.product_id);
}

static void
assert_lacks(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, answer->body);
}

/* Shown first, without any change; done by the button. */
static void
does(struct page *p, const char *path, const struct form_pair *pairs,
    const char *words)
{
	struct http_answer answer;

	desk_request(p->stack, &p->browser, path, pairs, &answer);
	http_assert_body_has(&answer, "<h1>Done</h1>");
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
}

static void
refuses(struct page *p, const char *path, const struct form_pair *pairs,
    long status, const char *words)
{
	struct http_answer answer;

	desk_post(p->stack, &p->browser, path, pairs, &answer);
	if (answer.status != status)
		fail_msg("%ld from %s:\n%s", answer.status, path, answer.body);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
}

static void
page_has(struct page *p, const char *target, const char *part)
{
	struct http_answer answer;

	desk_get(p->stack, &p->browser, target, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
}

static void
add_player(struct page *p, const char *first, const char *team)
{
	sql_run(p->stack, "insert into teamdues.players (name, team, "
	    "monthly_fee_cents) values ('%s %s', '%s %s', 0)", first,
	    p->club.name, team, p->club.name);
}

static int64_t
count_orders(const struct page *p)
{
	return sql_int(p->stack, "select count(*) from teamdues.orders where "
	    "tournament_id = %s", p->tournament_id);
}

static void
test_tournament_added_and_changed(void **state)
{
	char name[HTTP_VALUE_SIZE], target[HTTP_VALUE_SIZE];
	struct page p;

	page_make(*state, "treasurer", &p);
	snprintf(name, sizeof(name), "<b>Fall %s", p.club.name);
	does(&p, "/desk/tournament/add", PAIRS({ "name", name },
	    { "date", "2030-10-05" }, { "product_id", p.product_id }),
	    "on 5 Oct 2030 is added: $150.00 a player");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", name },
	    { "date", "2030-10-05" }, { "product_id", p.product_id }), 409,
	    "there is one of that name on that day already");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", "x" },
	    { "date", "5.10.2030" }, { "product_id", p.product_id }), 400,
	    "Please enter a day as 2026-05-31.");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", "" },
	    { "date", "2030-10-05" }, { "product_id", "1" }), 400,
	    "Please choose one.");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", "x" },
	    { "date", "2030-10-05" }), 400,
	    "Please fill in this or the next field.");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", "x" },
	    { "date", "2030-10-05" }, { "fee", "90" },
	    { "product_id", p.product_id }), 400, "not both.");
	page_has(&p, "/desk/tournaments?when=coming", "&lt;b&gt;Fall ");
	page_has(&p, "/desk/tournaments.csv", "2030-10-05");
	snprintf(target, sizeof(target),
	    "/desk/tournament/change?tournament_id=%s", p.tournament_id);
	page_has(&p, target, "Change the tournament");
	does(&p, "/desk/tournament/change", PAIRS(
	    { "tournament_id", p.tournament_id }, { "name", "Winter Cup" },
	    { "date", "2031-01-02" }, { "product_id", p.product_id }),
	    "links that were mailed end when they would have");
	sql_assert_text(p.stack, "Winter Cup 2031-01-02", "select name || ' ' "
	    "|| held_on from teamdues.tournaments where tournament_id = %s",
	    p.tournament_id);
	assert_int_equal(sql_int(p.stack, "select count(*) from "
	    "teamdues.audit_log where action = 'tournament change' and "
	    "subject = 'tournament %s' and actor like '%% (desk)'",
	    p.tournament_id), 1);
	refuses(&p, "/desk/tournament/change", PAIRS(
	    { "tournament_id", p.tournament_id }, { "name", "Winter Cup" },
	    { "date", "2031-01-02" }, { "product_id", p.product_id }), 409,
	    "nothing of it would change");
}

/* Of whom the last request entered one has paid something meanwhile. */
static void
take_them_out(struct page *p)
{
	char entered[WORD_SIZE];

	sql_run(p->stack, "select teamdues.change_order(max(order_id), "
	    "'{\"action\":\"record payment\",\"source\":\"cash\","
	    "\"amount_cents\":5000}', 'test', true) from teamdues.orders "
	    "where tournament_id = %s", p->tournament_id);
	word_of(entered, sql_int(p->stack, "select max(request_id) from "
	    "teamdues.desk_requests where action = 'tournament_enter'"));
	const struct form_pair *back = PAIRS(
	    { "tournament_id", p->tournament_id }, { "entered", entered });
	does(p, "/desk/tournament/leave", back,
	    "2 players are off the list again, and owe nothing for it; 1 not, "
	    "as something came of it since");
	assert_int_equal(sql_int(p->stack, "select count(*) from "
	    "teamdues.orders where tournament_id = %s and status = "
	    "'cancelled'", p->tournament_id), 2);
	refuses(p, "/desk/tournament/leave", back, 409,
	    "each of them has paid, or was changed since");
}

/* The fee makes its product, and the team is in, by one act; once. */
static void
test_a_tournament_with_its_team(void **state)
{
	char name[HTTP_VALUE_SIZE], team[HTTP_VALUE_SIZE], id[WORD_SIZE];
	struct page p;

	page_make(*state, "treasurer", &p);
	add_player(&p, "Max", "U10");
	add_player(&p, "Zoe", "U10");
	snprintf(name, sizeof(name), "Winter <i> %s", p.club.name);
	snprintf(team, sizeof(team), "U10 %s", p.club.name);
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", name },
	    { "date", "2030-10-05" }, { "fee", "1e3" }, { "team", team }),
	    400, "Please enter an amount such as");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", name },
	    { "date", "2030-10-05" }, { "fee", "0.10" }), 409,
	    "Stripe charges $0.50 or more");
	refuses(&p, "/desk/tournament/add", PAIRS({ "name", name },
	    { "date", "2030-10-05" }, { "fee", "90" }, { "team", "U99" }),
	    400, "Please choose one.");
	does(&p, "/desk/tournament/add", PAIRS({ "name", name },
	    { "date", "2030-10-05" }, { "fee", "90" }, { "team", team }),
	    "is added: $90.00 a player; 2 players of U10 ");
	word_of(p.tournament_id, sql_int(p.stack, "select t.tournament_id "
	    "from teamdues.tournaments t join teamdues.products p using "
	    "(product_id) where t.name = '%s' and p.name = '%s entry' and "
	    "p.amount_cents = 9000", name, name));
	assert_int_equal(count_orders(&p), 2);
	/* Another fee is typed likewise; who is in owes what they owe. */
	refuses(&p, "/desk/tournament/change", PAIRS(
	    { "tournament_id", p.tournament_id }, { "name", name },
	    { "date", "2030-10-05" }, { "product_id", p.product_id },
	    { "fee", "1e3" }), 400, "Please enter an amount such as");
	does(&p, "/desk/tournament/change", PAIRS(
	    { "tournament_id", p.tournament_id }, { "name", name },
	    { "date", "2030-10-05" }, { "product_id", p.product_id },
	    { "fee", "95" }), "entry: $95.00; 2 players are in, and owe");
	assert_int_equal(sql_int(p.stack, "select p.amount_cents from "
	    "teamdues.tournaments join teamdues.products p using (product_id) "
	    "where tournament_id = %s", p.tournament_id), 9500);
	word_of(id, sql_int(p.stack, "select max(request_id) from "
	    "teamdues.desk_requests where action = 'tournament_add'"));
	does(&p, "/desk/tournament/leave", PAIRS(
	    { "tournament_id", p.tournament_id }, { "entered", id }),
	    "2 players are off the list again");
}

static void
test_a_team_enters(void **state)
{
	char team[HTTP_VALUE_SIZE];
	struct http_answer shown, answer;
	char token[TOKEN_SIZE];
	struct page p;
	char seen[TOKEN_SIZE], kim[WORD_SIZE];
	const char *at;

	page_make(*state, "treasurer", &p);
	add_player(&p, "Max", "U10");
	add_player(&p, "Zoe", "U10");
	snprintf(team, sizeof(team), "U10 %s", p.club.name);
	const struct form_pair *pairs = PAIRS(
	    { "tournament_id", p.tournament_id }, { "team", team });
	desk_post(p.stack, &p.browser, "/desk/tournament/enter", pairs,
	    &shown);
	http_assert_status(&shown, 200);
	http_assert_body_has(&shown, "2 players are entered in ");
	http_assert_body_has(&shown, "Max ");
	assert_int_equal(count_orders(&p), 1);
	/* Somebody joins the team after the list was shown. */
	add_player(&p, "Kim", "U10");
	desk_token(&shown, "/desk/tournament/enter", token);
	at = strstr(shown.body, "name=\"seen\" value=\"");
	assert_non_null(at);
	at += strlen("name=\"seen\" value=\"");
	snprintf(seen, sizeof(seen), "%.*s", (int)strcspn(at, "\""), at);
	desk_post(p.stack, &p.browser, "/desk/tournament/enter", PAIRS(
	    { "form", token }, { "seen", seen }, { "confirm", "yes" },
	    { "tournament_id", p.tournament_id }, { "team", team }), &answer);
	http_answer_clear(&answer);
	assert_int_equal(count_orders(&p), 1);
	/* Of somebody else the page has shown nothing. */
	word_of(kim, sql_int(p.stack, "select player_id from "
	    "teamdues.players where name = 'Kim %s'", p.club.name));
	desk_post(p.stack, &p.browser, "/desk/tournament/enter", PAIRS(
	    { "seen", seen }, { "tournament_id", p.tournament_id },
	    { "players", kim }), &answer);
	http_assert_body_has(&answer, ", and owes $150.00");
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	does(&p, "/desk/tournament/enter", pairs,
	    ", and each owes $150.00: Kim ");
	assert_int_equal(count_orders(&p), 4);
	refuses(&p, "/desk/tournament/enter", pairs, 409,
	    "all of them are in it already");
	take_them_out(&p);
}

static void
test_players_enter_by_name(void **state)
{
	char names[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct page p;

	page_make(*state, "treasurer", &p);
	add_player(&p, "Max", "U10");
	add_player(&p, "Zoe", "U10");
	add_player(&p, "Zoe", "U12");
	snprintf(names, sizeof(names), "max %s, Zoe %s", p.club.name,
	    p.club.name);
	refuses(&p, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id }, { "players", names }), 409,
	    "2 players are called Zoe ");
	/* By a part of the name, where only one has it. */
	refuses(&p, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id },
	    { "players", p.club.name }), 409, "players are called ");
	add_player(&p, "Quirin%", "U10");
	desk_post(p.stack, &p.browser, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id }, { "players", "qUIRIN%" }),
	    &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, ", and owes $150.00");
	http_assert_body_has(&answer, "Quirin% ");
	http_answer_clear(&answer);
	snprintf(names, sizeof(names), "max %s, %lld", p.club.name,
	    (long long)sql_int(p.stack, "select min(player_id) from "
	    "teamdues.players where name = 'Zoe %s'", p.club.name));
	does(&p, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id }, { "players", names }),
	    "2 players are entered in ");
	refuses(&p, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id }, { "players", "Nobody" }),
	    409, "nobody who is active is called Nobody");
	refuses(&p, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id }), 409,
	    "choose a team, or name players");
	assert_int_equal(count_orders(&p), 3);
}

static void
test_product_added(void **state)
{
	char name[HTTP_VALUE_SIZE];
	struct page p;

	page_make(*state, "treasurer", &p);
	snprintf(name, sizeof(name), "Away shirt %s", p.club.name);
	does(&p, "/desk/product/add", PAIRS({ "name", name },
	    { "kind", "jersey" }, { "amount", "1,045.50" },
	    { "sizes", "S, M,L" }),
	    "is on offer: $1,045.50");
	assert_int_equal(sql_int(p.stack, "select count(*) from "
	    "teamdues.products where name = '%s' and amount_cents = 104550 "
	    "and sizes = '{S,M,L}'", name), 1);
	page_has(&p, "/desk/products?show=sold", name);
	refuses(&p, "/desk/product/add", PAIRS({ "name", name },
	    { "kind", "jersey" }, { "amount", "10" }, { "sizes", "S,M,S" }),
	    409, "a size is there twice");
	refuses(&p, "/desk/product/add", PAIRS({ "name", name },
	    { "kind", "tryout" }, { "amount", "10" }, { "sizes", "S" }), 409,
	    "only a jersey has sizes");
	refuses(&p, "/desk/product/add", PAIRS({ "name", name },
	    { "kind", "tryout" }, { "amount", "0.10" }), 409,
	    "Stripe charges $0.50 or more");
	refuses(&p, "/desk/product/add", PAIRS({ "name", name },
	    { "kind", "fee" }, { "amount", "-5" }), 400,
	    "Please choose one.");
	refuses(&p, "/desk/product/add", PAIRS({ "name", name },
	    { "kind", "tryout" }, { "amount", "10" }, { "currency", "eur" }),
	    400, "currency");
}

/* Orders keep their price; tournaments that are to come take the new one. */
static void
test_product_changed_and_withdrawn(void **state)
{
	char target[HTTP_VALUE_SIZE], product_id[WORD_SIZE];
	struct page p;

	page_make(*state, "treasurer", &p);
	does(&p, "/desk/product/change", PAIRS(
	    { "product_id", p.product_id }, { "name", "Entry 2" },
	    { "amount", "160" }),
	    "1 orders of it wait to be paid and stay as they are, with their "
	    "links; 1 tournaments to come take the new one");
	assert_int_equal(sql_int(p.stack, "select amount_cents from "
	    "teamdues.orders where order_id = %lld",
	    (long long)p.club.order_id), 15000);
	word_of(product_id, sql_int(p.stack, "select product_id from "
	    "teamdues.tournaments where tournament_id = %s",
	    p.tournament_id));
	sql_assert_text(p.stack, "16000", "select amount_cents from "
	    "teamdues.products where product_id = %s", product_id);
	refuses(&p, "/desk/product/change", PAIRS(
	    { "product_id", p.product_id }, { "name", "Entry 3" },
	    { "amount", "170" }), 409, "it is not sold any more");
	does(&p, "/desk/product/withdraw", PAIRS({ "product_id", product_id }),
	    "/desk/product/return");
	refuses(&p, "/desk/product/withdraw", PAIRS(
	    { "product_id", product_id }), 409, " is withdrawn");
	snprintf(target, sizeof(target), "/desk/product?product_id=%s",
	    product_id);
	page_has(&p, target, "Offer it again");
	does(&p, "/desk/product/return", PAIRS({ "product_id", product_id }),
	    "/desk/product/withdraw");
	refuses(&p, "/desk/product/change", PAIRS(
	    { "product_id", product_id }, { "name", "Entry 3" },
	    { "amount", "1e3" }), 400, "field");
}

/* Between the look and the button another treasurer was there. */
static void
test_changed_meanwhile(void **state)
{
	struct page p;

	page_make(*state, "treasurer", &p);
	refuses(&p, "/desk/product/withdraw", PAIRS(
	    { "product_id", p.product_id }, { "seen", "another" }), 409,
	    "changed meanwhile; look again");
	refuses(&p, "/desk/tournament/change", PAIRS(
	    { "tournament_id", p.tournament_id }, { "name", "x" },
	    { "date", "2031-01-02" }, { "product_id", p.product_id },
	    { "seen", "another" }), 409, "changed meanwhile; look again");
}

static void
test_who_may(void **state)
{
	struct http_answer answer;
	struct page p;

	page_make(*state, "viewer", &p);
	desk_get(p.stack, &p.browser, "/desk/products", &answer);
	http_assert_status(&answer, 200);
	assert_lacks(&answer, "Add a product");
	http_answer_clear(&answer);
	refuses(&p, "/desk/product/withdraw", PAIRS(
	    { "product_id", p.product_id }), 403, "You may look");
	refuses(&p, "/desk/tournament/enter", PAIRS(
	    { "tournament_id", p.tournament_id }, { "players", "x" }), 403,
	    "You may look");
	desk_browser_make(&p.browser);
	desk_get(p.stack, &p.browser, "/desk/tournaments", &answer);
	http_assert_status(&answer, 401);
	http_answer_clear(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tournament_added_and_changed),
		cmocka_unit_test(test_a_tournament_with_its_team),
		cmocka_unit_test(test_a_team_enters),
		cmocka_unit_test(test_players_enter_by_name),
		cmocka_unit_test(test_product_added),
		cmocka_unit_test(test_product_changed_and_withdrawn),
		cmocka_unit_test(test_changed_meanwhile),
		cmocka_unit_test(test_who_may),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
