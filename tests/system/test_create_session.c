/*
 * POST /checkout/create-session: the catalogue's price for a quantity, by a
 * family's signature or an admin's token.  Invariants 4, 5 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "sql.h"
#include "standin.h"
#include "visitor.h"

enum { PRICE = 1500, JSON_SIZE = 1024 };

static const char path[] = "/checkout/create-session";

/* A player's family, what it may sign with, and what is to be bought. */
struct family {
	struct club club;
	int64_t product_id, expires;
	char word[LINK_WORD_SIZE];
	char signature[UNIQUE_SIZE];
};

static void
family_make(struct stack *stack, struct family *family)
{
	char target[LINK_SIZE], url[LINK_SIZE];

	club_make(stack, PRICE, &family->club);
	club_player_word(stack, family->club.player_id, family->word);
	family->product_id = visitor_offer(stack, "jersey", PRICE, "");
	family->expires = now_s() + 3600;
	snprintf(target, sizeof(target), "%s?player_id=%lld%s&expires=%lld",
	    path, (long long)family->club.player_id, family->word,
	    (long long)family->expires);
	link_sign(stack, target, url);
	snprintf(family->signature, sizeof(family->signature), "%s",
	    strstr(url, "&signature=") + 11);
}

static void
ask(struct stack *stack, const struct family *family, int64_t product_id,
    int quantity, struct http_answer *answer)
{
	char json[JSON_SIZE];

	snprintf(json, sizeof(json), "{\"player_id\":%lld,\"product_id\":%lld,"
	    "\"quantity\":%d,\"word\":\"%s\",\"expires\":%lld,\"signature\""
	    ":\"%s\"}", (long long)family->club.player_id,
	    (long long)product_id, quantity, family->word + strlen("&word="),
	    (long long)family->expires, family->signature);
	visitor_post_json(stack, path, json, NULL, answer);
}

/* The caller puts the answer. */
static struct json_object *
ask_well(struct stack *stack, const struct family *family,
    int64_t product_id, int quantity)
{
	struct http_answer answer;
	struct json_object *json;

	ask(stack, family, product_id, quantity, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	http_assert_header(&answer, "Content-Type", "application/json");
	json = json_tokener_parse(answer.body);
	assert_int_equal(json_object_object_length(json), 6);
	http_answer_clear(&answer);
	return json;
}

static int64_t
int_at(struct json_object *json, const char *name)
{
	return json_object_get_int64(json_object_object_get(json, name));
}

static void
test_catalogue_price_times_quantity(void **state)
{
	struct stack *stack = *state;
	struct json_object *calls;
	struct json_object *json;
	struct family family;
	char *name;
	char expected[2 * UNIQUE_SIZE];

	family_make(stack, &family);
	json = ask_well(stack, &family, family.product_id, 2);
	assert_int_equal(int_at(json, "amount_cents"), 2 * PRICE);
	assert_string_equal(json_text_at(json, "currency"), "usd");
	assert_true(int_at(json, "expires_at") > now_s() + 3600);
	assert_non_null(strstr(json_text_at(json, "url"),
	    json_text_at(json, "session_id")));
	calls = visitor_assert_minted(stack, int_at(json, "order_id"));
	assert_string_equal(visitor_param(calls, 0,
	    "line_items[0][price_data][unit_amount]"), "3000");
	assert_string_equal(visitor_param(calls, 0, "line_items[0][quantity]"),
	    "1");
	name = sql_text(stack, "select name from teamdues.products where "
	    "product_id = %lld", (long long)family.product_id);
	snprintf(expected, sizeof(expected), "2 \xc3\x97 %s", name);
	assert_string_equal(visitor_param(calls, 0,
	    "line_items[0][price_data][product_data][name]"), expected);
	free(name);
	json_object_put(calls);
	json_object_put(json);
}

/* The order stays, its amount follows, and one session is open. */
static void
test_quantity_changes_in_place(void **state)
{
	static const int quantities[] = { 1, 20, 20, 3 };
	struct stack *stack = *state;
	int64_t order_id = 0;
	struct family family;

	family_make(stack, &family);
	for (size_t i = 0; i < 4; i++) {
		struct json_object *json = ask_well(stack, &family,
		    family.product_id, quantities[i]);

		if (i > 0)
			assert_int_equal(int_at(json, "order_id"), order_id);
		order_id = int_at(json, "order_id");
		assert_int_equal(int_at(json, "amount_cents"),
		    quantities[i] * PRICE);
		json_object_put(json);
	}
	assert_int_equal(standin_session_count(stack, order_id, "open"), 1);
	assert_int_equal(standin_session_count(stack, order_id, NULL), 3);
	assert_int_equal(sql_int(stack, "select quantity from teamdues.orders "
	    "where order_id = %lld", (long long)order_id), 3);
}

/* Paid while its webhook was held: found when the quantity was to change. */
static void
test_paid_meanwhile(void **state)
{
	struct stack *stack = *state;
	struct json_object *json;
	struct http_answer answer;
	struct family family;
	int64_t order_id;

	family_make(stack, &family);
	json = ask_well(stack, &family, family.product_id, 1);
	order_id = int_at(json, "order_id");
	standin_deliver(stack, false);
	standin_act(stack, json_text_at(json, "session_id"), "pay", NULL);
	ask(stack, &family, family.product_id, 2, &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "paid");
	http_answer_clear(&answer);
	json_object_put(json);
	club_assert_status(stack, order_id, "paid");
	assert_int_equal(sql_int(stack, "select amount_cents from "
	    "teamdues.orders where order_id = %lld", (long long)order_id),
	    PRICE);

	/* Another time it is another order. */
	json = ask_well(stack, &family, family.product_id, 2);
	assert_true(int_at(json, "order_id") != order_id);
	json_object_put(json);
}

static void
assert_refused(struct stack *stack, const struct family *family,
    int64_t product_id, int quantity, long status)
{
	struct http_answer answer;

	ask(stack, family, product_id, quantity, &answer);
	http_assert_status(&answer, status);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "quantity");
	http_answer_clear(&answer);
}

static void
adjust(struct stack *stack, int64_t order_id, const char *amount)
{
	char order[WORD_SIZE];
	struct run run;

	COMMAND(stack, &run, 0, "order", "adjust", word_of(order, order_id),
	    "--amount", amount, "--reason", "help", "--commit");
	run_clear(&run);
}

/* What the treasurer made of an order stands, up or down, whatever is asked. */
static void
test_adjusted_amount_stands(void **state)
{
	static const char *const amounts[] = { "20.00", "50.00" };
	struct stack *stack = *state;

	for (size_t i = 0; i < 2; i++) {
		struct json_object *json;
		struct family family;

		family_make(stack, &family);
		json = ask_well(stack, &family, family.product_id, 2);
		adjust(stack, int_at(json, "order_id"), amounts[i]);
		json_object_put(json);
		assert_refused(stack, &family, family.product_id, 1, 409);
		assert_refused(stack, &family, family.product_id, 3, 409);
		json = ask_well(stack, &family, family.product_id, 2);
		assert_int_equal(int_at(json, "amount_cents"),
		    100 * atoi(amounts[i]));
		json_object_put(json);
	}
}

/* A player enters a tournament once: the mailed link stays for one entry. */
static void
test_one_only(void **state)
{
	struct stack *stack = *state;
	struct family family;

	family_make(stack, &family);
	assert_refused(stack, &family, family.club.product_id, 2, 400);
	assert_refused(stack, &family, visitor_offer(stack, "tryout", 2500, ""),
	    2, 400);
	adjust(stack, family.club.order_id, "180.00");
	assert_refused(stack, &family, family.club.product_id, 20, 400);
	json_object_put(ask_well(stack, &family, family.club.product_id, 1));
	assert_int_equal(sql_int(stack, "select amount_cents from "
	    "teamdues.orders where order_id = %lld and quantity = 1",
	    (long long)family.club.order_id), 18000);
}

/* Another tournament of the same product; the player's order of it, or 0. */
static int64_t
add_tournament(struct stack *stack, const struct club *club, int days,
    bool is_entered)
{
	return sql_int(stack, "with t as (insert into teamdues.tournaments "
	    "(name, held_on, product_id) values ('Cup', current_date + %d, "
	    "%lld) returning tournament_id), o as (insert into teamdues.orders "
	    "(player_id, product_id, kind, tournament_id, amount_cents, "
	    "currency) select %lld, %lld, 'tournament', tournament_id, %d, "
	    "'usd' from t where %s returning order_id) select "
	    "coalesce((select order_id from o), 0)", days,
	    (long long)club->product_id, (long long)club->player_id,
	    (long long)club->product_id, PRICE, is_entered ? "true" : "false");
}

static void
assert_sells(struct stack *stack, const struct family *family,
    int64_t order_id)
{
	struct json_object *json = ask_well(stack, family,
	    family->club.product_id, 1);

	assert_int_equal(int_at(json, "order_id"), order_id);
	json_object_put(json);
}

/* Of several pending orders the one of the nearest tournament to come. */
static void
test_tournaments_to_come(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;
	int64_t nearer;

	family_make(stack, &family);
	sql_run(stack, "update teamdues.tournaments set held_on = current_date "
	    "- 20 where tournament_id = %lld",
	    (long long)family.club.tournament_id);
	ask(stack, &family, family.club.product_id, 1, &answer);
	http_assert_status(&answer, 409);
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, family.club.order_id,
	    NULL), 0);
	assert_sells(stack, &family, add_tournament(stack, &family.club, 40,
	    true));
	nearer = add_tournament(stack, &family.club, 10, true);
	assert_sells(stack, &family, nearer);
	add_tournament(stack, &family.club, 5, false);
	assert_sells(stack, &family, nearer);
}

static void
test_tournament_s_pending_order(void **state)
{
	struct stack *stack = *state;
	struct json_object *json;
	struct http_answer answer;
	struct family family;

	family_make(stack, &family);
	json = ask_well(stack, &family, family.club.product_id, 1);
	assert_int_equal(int_at(json, "order_id"), family.club.order_id);
	json_object_put(json);
	/* Cancelled by a person, it is not made anew by a click. */
	family_make(stack, &family);
	club_cancel(stack, family.club.order_id);
	ask(stack, &family, family.club.product_id, 1, &answer);
	http_assert_status(&answer, 409);
	http_answer_clear(&answer);
	/* One who was never in it is entered. */
	club_forget_order(stack, &family.club);
	json = ask_well(stack, &family, family.club.product_id, 1);
	sql_assert_text(stack, "1", "select count(*) from teamdues.orders "
	    "where order_id = %lld and tournament_id = %lld",
	    (long long)int_at(json, "order_id"),
	    (long long)family.club.tournament_id);
	json_object_put(json);
}

static void
test_what_is_refused(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;
	int64_t rows;

	family_make(stack, &family);
	rows = visitor_rows(stack);
	ask(stack, &family, sql_int(stack, "select product_id from "
	    "teamdues.products where kind = 'fee'"), 1, &answer);
	http_assert_status(&answer, 400);
	http_assert_body_has(&answer, "product_id");
	http_answer_clear(&answer);
	ask(stack, &family, 999999999, 1, &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
	for (int quantity = 0; quantity <= 21; quantity += 21) {
		ask(stack, &family, family.product_id, quantity, &answer);
		http_assert_status(&answer, 400);
		http_assert_body_has(&answer, "quantity");
		http_answer_clear(&answer);
	}
	ask(stack, &family, visitor_offer(stack, "jersey", 99999999, ""), 2,
	    &answer);
	http_assert_status(&answer, 400);
	http_assert_body_has(&answer, "quantity");
	http_answer_clear(&answer);
	assert_int_equal(visitor_rows(stack), rows);
}

/* Bodies of an admin, with what each is answered and what that names. */
static void
test_bad_bodies(void **state)
{
	static const struct {
		const char *json;
		const char *named;
	} cases[] = {
		{ "", "JSON" }, { "[]", "JSON" }, { "{", "JSON" },
		{ "player_id=1", "JSON" }, { "{\"player_id\":1}{}", "JSON" },
		{ "{}", "player_id" },
		{ "{\"player_id\":\"1\",\"product_id\":1,\"quantity\":1}",
		    "player_id" },
		{ "{\"player_id\":1,\"product_id\":1.5,\"quantity\":1}",
		    "product_id" },
		{ "{\"player_id\":1,\"product_id\":1,\"quantity\":null}",
		    "quantity" },
		{ "{\"player_id\":1,\"product_id\":1}", "quantity" },
		{ "{\"player_id\":-1,\"product_id\":1,\"quantity\":1}",
		    "player_id" },
		{ "{\"player_id\":99999999999999999999,\"product_id\":1,"
		    "\"quantity\":1}", "player_id" },
		{ "{\"player_id\":1,\"product_id\":1,\"quantity\":1,"
		    "\"amount_cents\":1}", "amount_cents" },
		{ "{\"player_id\":1,\"product_id\":1,\"quantity\":1,"
		    "\"quantity\":2}", "quantity" },
	};
	struct stack *stack = *state;
	int64_t rows = visitor_rows(stack);
	char header[UNIQUE_SIZE * 4];

	snprintf(header, sizeof(header), "Authorization: Bearer %s",
	    stack_setting(stack, "TEAMDUES_ADMIN_TOKEN"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_answer answer;

		visitor_post_json(stack, path, cases[i].json, header, &answer);
		http_assert_status(&answer, 400);
		http_assert_guarded(&answer);
		http_assert_header(&answer, "Content-Type",
		    "application/problem+json");
		http_assert_body_has(&answer, cases[i].named);
		http_answer_clear(&answer);
	}
	assert_int_equal(visitor_rows(stack), rows);
}

static void
assert_answers(struct stack *stack, const char *json, const char *header,
    long status)
{
	struct http_answer answer;

	visitor_post_json(stack, path, json, header, &answer);
	http_assert_status(&answer, status);
	http_answer_clear(&answer);
}

static void
test_who_may(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct family other;
	char json[JSON_SIZE];
	char header[UNIQUE_SIZE * 4];

	family_make(stack, &family);
	family_make(stack, &other);
	snprintf(json, sizeof(json), "{\"player_id\":%lld,\"product_id\":%lld,"
	    "\"quantity\":1}", (long long)family.club.player_id,
	    (long long)family.product_id);
	assert_answers(stack, json, NULL, 403);
	assert_answers(stack, json, "Authorization: Bearer wrong", 401);
	assert_answers(stack, json, "Authorization: Basic eDp5", 401);
	snprintf(header, sizeof(header), "Authorization: Bearer %s",
	    stack_setting(stack, "TEAMDUES_ADMIN_TOKEN"));
	assert_answers(stack, json, header, 200);
	/* One family's signature is no key to another's player. */
	snprintf(json, sizeof(json), "{\"player_id\":%lld,\"product_id\":%lld,"
	    "\"quantity\":1,\"expires\":%lld,\"signature\":\"%s\"}",
	    (long long)family.club.player_id, (long long)family.product_id,
	    (long long)other.expires, other.signature);
	assert_answers(stack, json, NULL, 403);
	other.club.player_id = 999999999;
	snprintf(json, sizeof(json), "{\"player_id\":999999999,"
	    "\"product_id\":%lld,\"quantity\":1}",
	    (long long)family.product_id);
	assert_answers(stack, json, header, 404);
}

/* The command prints what the family's page sends. */
static void
test_link(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct run run;
	char player[WORD_SIZE];
	char *at;

	family_make(stack, &family);
	COMMAND(stack, &run, 0, "link", "create-session", "--player",
	    word_of(player, family.club.player_id));
	at = strstr(run.output, "&expires=");
	assert_non_null(at);
	family.expires = strtoll(at + 9, &at, 10);
	assert_in_range(family.expires - now_s(), 30 * 86400 - 10,
	    30 * 86400);
	at += strlen("&signature=");
	at[strcspn(at, "\n")] = '\0';
	snprintf(family.signature, sizeof(family.signature), "%s", at);
	run_clear(&run);
	json_object_put(ask_well(stack, &family, family.product_id, 1));
	COMMAND(stack, &run, 1, "link", "create-session", "--player",
	    "999999999");
	run_clear(&run);
}

static void
test_other_methods(void **state)
{
	struct http_answer answer;

	http_get(*state, path, &answer);
	http_assert_status(&answer, 405);
	http_assert_header(&answer, "Allow", "POST");
	http_answer_clear(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_catalogue_price_times_quantity),
		STANDIN_TEST(test_quantity_changes_in_place),
		STANDIN_TEST(test_paid_meanwhile),
		STANDIN_TEST(test_adjusted_amount_stands),
		STANDIN_TEST(test_one_only),
		STANDIN_TEST(test_tournaments_to_come),
		STANDIN_TEST(test_tournament_s_pending_order),
		STANDIN_TEST(test_what_is_refused),
		STANDIN_TEST(test_bad_bodies),
		STANDIN_TEST(test_who_may),
		STANDIN_TEST(test_link),
		STANDIN_TEST(test_other_methods),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
