/*
 * The jersey's form: one pending order per player and product, changed in place
 * until it is paid; a number that is taken is said before any money moves.
 * Invariants 4 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "sql.h"
#include "standin.h"
#include "visitor.h"

enum { AMOUNT = 4500, AT_ONCE = 20 };

static const char path[] = "/checkout/jersey";

/* A player's family with its link, and what it types. */
struct family {
	struct club club;
	char player_id[WORD_SIZE], expires[WORD_SIZE];
	char url[LINK_SIZE];
	char word[LINK_WORD_SIZE];
	struct form_pair pairs[FORM_PAIRS_MAX];
};

static void
family_sign(struct stack *stack, struct family *family)
{
	char target[LINK_SIZE];
	const struct form_pair pairs[] = {
		{ "player_id", family->player_id },
		{ "expires", family->expires },
		{ "signature", NULL },
		{ "word", family->word + strlen("&word=") },
		{ "size", "M" }, { "number", "7" },
		{ "name_on_jersey", "ALVAREZ" },
		{ NULL, NULL },
	};

	word_of(family->player_id, family->club.player_id);
	word_of(family->expires, now_s() + 3600);
	club_player_word(stack, family->club.player_id, family->word);
	snprintf(target, sizeof(target), "%s?player_id=%s%s&expires=%s", path,
	    family->player_id, family->word, family->expires);
	link_sign(stack, target, family->url);
	memcpy(family->pairs, pairs, sizeof(pairs));
	family->pairs[2].value = strstr(family->url, "&signature=") + 11;
}

static void
family_make(struct stack *stack, struct family *family)
{
	club_make(stack, AMOUNT, &family->club);
	family_sign(stack, family);
}

/* Another player of the same team. */
static void
family_of_team_mate(struct stack *stack, const struct family *mate,
    struct family *family)
{
	family_make(stack, family);
	sql_run(stack, "update teamdues.players set team = 'Team %s' where "
	    "player_id = %lld", mate->club.name,
	    (long long)family->club.player_id);
}

static int64_t
order_of(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select order_id from teamdues.orders where "
	    "kind = 'jersey' and player_id = %lld",
	    (long long)family->club.player_id);
}

static int64_t
orders_of(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select count(*) from teamdues.orders where "
	    "kind = 'jersey' and player_id = %lld",
	    (long long)family->club.player_id);
}

static void
assert_details(struct stack *stack, const struct family *family,
    const char *expected)
{
	sql_assert_text(stack, expected, "select concat_ws(' ', size, number, "
	    "name_on_jersey) from teamdues.jersey_details where order_id = "
	    "%lld", (long long)order_of(stack, family));
}

static void
order_through(struct stack *stack, const struct form_pair *pairs,
    char session_id[SESSION_ID_SIZE])
{
	struct http_answer answer;

	visitor_post(stack, path, pairs, &answer);
	club_session_of(stack, &answer, session_id);
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
}

static void
pay(struct stack *stack, const struct family *family, const char *session_id)
{
	standin_act(stack, session_id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from teamdues.orders "
	    "where kind = 'jersey' and player_id = %lld and status = 'paid'",
	    (long long)family->club.player_id) >= 1);
}

static void
test_the_form(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct family family;
	struct run run;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L,\"XL\" & more");
	family_make(stack, &family);
	COMMAND(stack, &run, 0, "link", "jersey", "--player",
	    family.player_id);
	run.output[strcspn(run.output, "\n")] = '\0';
	http_get(stack, run.output, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, family.club.name);
	http_assert_body_has(&answer, "$45.00");
	http_assert_body_has(&answer, "<option>&quot;XL&quot; &amp; more");
	assert_int_equal(orders_of(stack, &family), 0);
	http_answer_clear(&answer);
	run_clear(&run);

	/* Later it shows what was ordered and is not paid. */
	order_through(stack, family.pairs, id);
	http_get(stack, family.url, &answer);
	http_assert_body_has(&answer, "<option selected>M</option>");
	http_assert_body_has(&answer, "value=\"7\"");
	http_assert_body_has(&answer, "value=\"ALVAREZ\"");
	http_answer_clear(&answer);
}

static void
test_ordered_once_and_minted(void **state)
{
	struct stack *stack = *state;
	struct json_object *calls;
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	struct family family;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	order_through(stack, family.pairs, id);
	order_through(stack, family.pairs, again);
	assert_string_equal(id, again);
	assert_int_equal(orders_of(stack, &family), 1);
	assert_details(stack, &family, "M 7 ALVAREZ");
	calls = visitor_assert_minted(stack, order_of(stack, &family));
	assert_int_equal(json_object_array_length(calls), 1);
	assert_string_equal(visitor_param(calls, 0,
	    "line_items[0][price_data][unit_amount]"), "4500");
	json_object_put(calls);
}

/* What is to be printed can be read where the order is. */
static void
test_shown_to_the_operator(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	char order[WORD_SIZE];
	struct family family;
	struct run run;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	order_through(stack, family.pairs, id);
	COMMAND(stack, &run, 0, "order", "show", word_of(order,
	    order_of(stack, &family)));
	assert_holds(run.output, "\njersey\n");
	assert_holds(run.output, "ALVAREZ");
	run_clear(&run);
}

static void
test_changed_in_place_until_paid(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	struct family family;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	order_through(stack, family.pairs, id);
	form_with(family.pairs, "number", "00", pairs);
	order_through(stack, pairs, id);
	assert_details(stack, &family, "M 00 ALVAREZ");
	form_with(family.pairs, "number", "0", pairs);
	order_through(stack, pairs, id);
	assert_details(stack, &family, "M 0 ALVAREZ");
	assert_int_equal(orders_of(stack, &family), 1);
	pay(stack, &family, id);

	/* From then on another one is another order. */
	order_through(stack, family.pairs, id);
	assert_int_equal(orders_of(stack, &family), 2);
	sql_assert_text(stack, "0", "select d.number from "
	    "teamdues.jersey_details d join teamdues.orders o using "
	    "(order_id) where o.player_id = %lld and o.status = 'paid'",
	    (long long)family.club.player_id);
}

static void
test_sent_at_once(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];
	char addresses[AT_ONCE][ADDRESS_SIZE];
	char *body = malloc(FORM_SIZE);
	char first[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct family family;

	assert_non_null(body);
	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	form_encode(family.pairs, body);
	for (int i = 0; i < AT_ONCE; i++) {
		visitor_address(addresses[i]);
		requests[i] = (struct http_request){ .method = "POST",
		    .target = path, .from = addresses[i], .body = body,
		    .len = strlen(body) };
	}
	http_send_all(stack, requests, AT_ONCE, answers);
	club_session_of(stack, &answers[0], first);
	for (int i = 0; i < AT_ONCE; i++) {
		club_session_of(stack, &answers[i], id);
		assert_string_equal(id, first);
		http_answer_clear(&answers[i]);
	}
	assert_int_equal(orders_of(stack, &family), 1);
	free(body);
}

/* A team-mate has paid for it: said at once, and nothing is written. */
static void
test_number_that_is_taken(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct family first;
	struct family mate;
	struct family stranger;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &first);
	family_of_team_mate(stack, &first, &mate);
	order_through(stack, first.pairs, id);
	pay(stack, &first, id);
	visitor_post(stack, path, mate.pairs, &answer);
	http_assert_status(&answer, 409);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "id=\"number-fault\"");
	http_assert_body_has(&answer, "taken");
	http_assert_body_has(&answer, "value=\"ALVAREZ\"");
	assert_null(strstr(answer.body, first.club.name));
	http_answer_clear(&answer);
	visitor_post_with(stack, path, mate.pairs, NULL, &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "number: ");
	http_answer_clear(&answer);
	assert_int_equal(orders_of(stack, &mate), 0);
	form_with(mate.pairs, "number", "8", pairs);
	order_through(stack, pairs, id);
	family_make(stack, &stranger);
	order_through(stack, stranger.pairs, id);
}

static void
test_bad_input(void **state)
{
	static const struct {
		const char *name;
		const char *value;	/* NULL: not sent at all */
		const char *shown;	/* as HTML */
	} cases[] = {
		{ "size", "", "" }, { "size", NULL, "" },
		{ "size", "XXL", "" }, { "size", "m", "" },
		{ "size", "'; drop table teamdues.orders; --", "" },
		{ "number", "", "" }, { "number", NULL, "" },
		{ "number", "100", "value=\"100\"" },
		{ "number", "-1", "value=\"-1\"" },
		{ "number", "07", "value=\"07\"" },
		{ "number", "seven", "value=\"seven\"" },
		{ "number", "\xd9\xa7", "value=\"\xd9\xa7\"" },
		{ "name_on_jersey", "", "" }, { "name_on_jersey", NULL, "" },
		{ "name_on_jersey", "A\r\nB", "" },
		{ "name_on_jersey", "<script>alert(document.cookie)</script>",
		    "&lt;script&gt;alert(document.cookie)&lt;/script&gt;" },
	};
	struct stack *stack = *state;
	struct family family;
	int64_t rows;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	rows = visitor_rows(stack);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];
		struct http_answer answer;
		char fault[UNIQUE_SIZE];

		form_with(family.pairs, cases[i].name, cases[i].value, pairs);
		visitor_post(stack, path, pairs, &answer);
		http_assert_status(&answer, 400);
		snprintf(fault, sizeof(fault), "id=\"%s-fault\"",
		    cases[i].name);
		http_assert_body_has(&answer, fault);
		http_assert_body_has(&answer, cases[i].shown);
		http_answer_clear(&answer);
	}
	assert_int_equal(visitor_rows(stack), rows);
}

/* What is printed is what was typed, in any script. */
static void
test_names_of_all_kinds(void **state)
{
	static const char *const names[] = { "<b>O'Neil</b>", "'; drop--",
	    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xf0\x9f\x8f\x86 Zo\xc3\xab" };
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct family family;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];
		char expected[UNIQUE_SIZE];

		form_with(family.pairs, "name_on_jersey", names[i], pairs);
		order_through(stack, pairs, id);
		snprintf(expected, sizeof(expected), "M 7 %s", names[i]);
		assert_details(stack, &family, expected);
	}
}

/* The three fields stand for the link: nothing of them may be changed. */
static void
test_signature_is_checked_first(void **state)
{
	static const struct {
		const char *name;
		const char *value;
	} cases[] = {
		{ "player_id", "1" }, { "player_id", "x" },
		{ "player_id", NULL }, { "expires", "9999999999" },
		{ "expires", NULL }, { "signature", "x" },
		{ "signature", "" }, { "signature", NULL },
		{ "word", NULL }, { "word", "another1" },
	};
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	struct http_answer answer;
	struct family family;
	int64_t rows;

	family_make(stack, &family);
	rows = visitor_rows(stack);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		form_with(family.pairs, cases[i].name, cases[i].value, pairs);
		visitor_post(stack, path, pairs, &answer);
		http_assert_status(&answer, 403);
		http_answer_clear(&answer);
	}
	/* Repeated, even with the same value; and over. */
	memcpy(pairs, family.pairs, sizeof(pairs));
	pairs[7] = pairs[0];
	pairs[8] = (struct form_pair){ NULL, NULL };
	visitor_post(stack, path, pairs, &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	pairs[7] = (struct form_pair){ "amount_cents", "1" };
	visitor_post_with(stack, path, pairs, NULL, &answer);
	http_assert_status(&answer, 400);
	http_assert_body_has(&answer, "amount_cents");
	http_answer_clear(&answer);
	assert_int_equal(visitor_rows(stack), rows);
}

static void
test_forms_of_other_sites(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	visitor_post_with(stack, path, family.pairs,
	    "Origin: https://evil.example", &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
	assert_int_equal(orders_of(stack, &family), 0);
}

/* What a script ordered for the player is more than this form is for. */
static void
test_order_of_several_is_left_alone(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;
	int64_t order_id;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	order_id = sql_int(stack, "select order_id from "
	    "teamdues.place_order(%lld, (teamdues.newest_product('jersey'))"
	    ".product_id, 3, 'UTC')", (long long)family.club.player_id);
	visitor_post(stack, path, family.pairs, &answer);
	http_assert_status(&answer, 409);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "several");
	http_answer_clear(&answer);
	assert_int_equal(orders_of(stack, &family), 1);
	sql_assert_text(stack, "3 13500 0", "select quantity || ' ' || "
	    "amount_cents || ' ' || (select count(*) from "
	    "teamdues.jersey_details d where d.order_id = o.order_id) from "
	    "teamdues.orders o where order_id = %lld", (long long)order_id);
}

/* Whoever only looks is not shown whose link it is. */
static void
test_previews(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;

	visitor_offer(stack, "jersey", AMOUNT, "S,M,L");
	family_make(stack, &family);
	http_send(stack, &(struct http_request){ .target = family.url,
	    .headers = { "User-Agent: WhatsApp/2" } }, &answer);
	http_assert_status(&answer, 200);
	assert_null(strstr(answer.body, family.club.name));
	http_answer_clear(&answer);
}

/* One without sizes has no question about them. */
static void
test_jersey_without_sizes(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct family family;

	visitor_offer(stack, "jersey", AMOUNT, "");
	family_make(stack, &family);
	http_get(stack, family.url, &answer);
	assert_null(strstr(answer.body, "<select"));
	http_answer_clear(&answer);
	form_with(family.pairs, "size", NULL, pairs);
	order_through(stack, pairs, id);
	assert_details(stack, &family, " 7 ALVAREZ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_the_form),
		STANDIN_TEST(test_ordered_once_and_minted),
		STANDIN_TEST(test_shown_to_the_operator),
		STANDIN_TEST(test_changed_in_place_until_paid),
		STANDIN_TEST(test_sent_at_once),
		STANDIN_TEST(test_number_that_is_taken),
		STANDIN_TEST(test_bad_input),
		STANDIN_TEST(test_names_of_all_kinds),
		STANDIN_TEST(test_signature_is_checked_first),
		STANDIN_TEST(test_forms_of_other_sites),
		STANDIN_TEST(test_order_of_several_is_left_alone),
		STANDIN_TEST(test_previews),
		STANDIN_TEST(test_jersey_without_sizes),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
