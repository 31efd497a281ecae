/*
 * What people and programs send to the tryout's public form: each mistake is
 * said beside its field, and a refused form changes nothing (invariant 8).
 */
#include <stdio.h>
#include <stdlib.h>

#include "registration.h"
#include "sql.h"

enum { AMOUNT = 2500, FLOOD = 150 };

static const char path[] = "/tryouts/register";

static const struct {
	const char *name;
	const char *value;	/* NULL: not sent at all */
	const char *shown;	/* as HTML; NULL: nothing to show */
} given[] = {
	{ "player_name", "", NULL },
	{ "player_name", "   ", NULL },
	{ "player_name", NULL, NULL },
	{ "player_name", "a\nb", "a\nb" },
	{ "player_name", "You won 500 USD", "You won 500 USD" },
	{ "player_name", "claim at https://evil.example/x",
	    "claim at https://evil.example/x" },
	{ "player_name", "claim at evil.example",
	    "claim at evil.example" },
	{ "player_name", "=HYPERLINK(\"x\")",
	    "=HYPERLINK(&quot;x&quot;)" },
	{ "parent_name", "-2+3", "-2+3" },
	{ "parent_name", "@SUM(A)", "@SUM(A)" },
	{ "parent_name", "<b>Bobby</b>", "&lt;b&gt;Bobby&lt;/b&gt;" },
	{ "parent_name", "Robert'); DROP TABLE players;--",
	    "Robert&#39;); DROP TABLE players;--" },
	{ "birth_date", "", NULL },
	{ "birth_date", NULL, NULL },
	{ "birth_date", "31/05/2014", "31/05/2014" },
	{ "birth_date", "2014-02-30", "2014-02-30" },
	{ "birth_date", "2999-01-01", "2999-01-01" },
	{ "birth_date", "1066-10-14", "1066-10-14" },
	{ "parent_name", "", NULL },
	{ "parent_email", "", NULL },
	{ "parent_email", "<script>alert(1)</script>@x.example",
	    "&lt;script&gt;alert(1)&lt;/script&gt;@x.example" },
	{ "parent_email", "a@b@c", "a@b@c" },
	{ "parent_email", "\xd7\xa9\xd7\x9c@x.example",
	    "\xd7\xa9\xd7\x9c@x.example" },
	{ "parent_phone", "", NULL },
	{ "parent_phone", "call me", "call me" },
	{ "parent_phone", "1'; drop table teamdues.orders; --",
	    "1&#39;; drop table teamdues.orders; --" },
	{ "website", "https://spam.example", "https://spam.example" },
	{ "consent", NULL, NULL },
	{ "consent", "no", NULL },
};

/* Each is refused beside its field, with what was typed kept. */
static void
test_bad_input(void **state)
{
	struct stack *stack = *state;
	int64_t rows = visitor_rows(stack);
	struct registration family;

	registration_make(&family);
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];
		struct http_answer answer;
		char fault[UNIQUE_SIZE];

		form_with(family.pairs, given[i].name, given[i].value, pairs);
		visitor_post(stack, path, pairs, &answer);
		http_assert_status(&answer, 400);
		http_assert_guarded(&answer);
		snprintf(fault, sizeof(fault), "id=\"%s-fault\"",
		    given[i].name);
		http_assert_body_has(&answer, fault);
		http_assert_body_has(&answer, "role=\"alert\"");
		if (given[i].shown != NULL)
			http_assert_body_has(&answer, given[i].shown);
		if (strcmp(given[i].name, "player_name") != 0)
			http_assert_body_has(&answer, family.name);
		http_answer_clear(&answer);
	}
	assert_int_equal(visitor_rows(stack), rows);
}

/* A program is told in its own language. */
static void
test_bad_input_as_json(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	struct http_answer answer;
	struct registration family;

	registration_make(&family);
	form_with(family.pairs, "birth_date", "soon", pairs);
	visitor_post_with(stack, path, pairs, NULL, &answer);
	http_assert_status(&answer, 400);
	http_assert_header(&answer, "Content-Type",
	    "application/problem+json");
	http_assert_body_has(&answer, "birth_date");
	http_answer_clear(&answer);
}

static void
test_too_long(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char *text = malloc(70000);
	int64_t rows = visitor_rows(stack);
	struct http_answer answer;
	struct registration family;

	registration_make(&family);
	memset(text, 'x', 70000);
	text[10000] = '\0';
	form_with(family.pairs, "parent_name", text, pairs);
	visitor_post(stack, path, pairs, &answer);
	http_assert_status(&answer, 400);
	http_assert_body_has(&answer, text);
	http_answer_clear(&answer);
	text[10000] = 'x';
	text[69999] = '\0';
	form_with(family.pairs, "parent_name", text, pairs);
	visitor_post(stack, path, pairs, &answer);
	http_assert_status(&answer, 413);
	http_answer_clear(&answer);
	assert_int_equal(visitor_rows(stack), rows);
	free(text);
}

/* Names of any script are taken as they are. */
static void
test_names_of_all_kinds(void **state)
{
	static const char *const names[] = {
		"J.R. O'Neil-Smith",
		"\xd7\x99\xd7\x94\xd7\x95\xd7\x93\xd7\x94",
		"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf",
		"Zo\xc3\xab \xe5\xbc\xa0",
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];
		char id[SESSION_ID_SIZE];
		struct registration family;
		char *kept;

		registration_make(&family);
		form_with(family.pairs, "player_name", names[i], pairs);
		registration_send(stack, pairs, id);
		kept = sql_text(stack, "select player_name from "
		    "teamdues.order_overview where parent_email = '%s'",
		    family.email);
		assert_string_equal(kept, names[i]);
		free(kept);
	}
}

static void
test_unknown_and_repeated_fields(void **state)
{
	static const char *const bodies[] = { "amount_cents=1",
	    "player_name=a&player_name=b", "player_name=%zz",
	    "player_name=%00", "player_name=%ff" };
	struct stack *stack = *state;
	char address[ADDRESS_SIZE];
	struct http_answer answer;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		visitor_address(address);
		http_send(stack, &(struct http_request){ .method = "POST",
		    .target = path, .from = address, .body = bodies[i],
		    .len = strlen(bodies[i]) }, &answer);
		http_assert_status(&answer, 400);
		http_answer_clear(&answer);
	}
	http_get(stack, "/tryouts/register?order_id=1", &answer);
	http_assert_status(&answer, 400);
	http_assert_body_has(&answer, "order_id");
	http_answer_clear(&answer);
}

static void
test_forms_of_other_sites(void **state)
{
	static const char *const foreign[] = { "Origin: https://evil.example",
	    "Origin: null", "Sec-Fetch-Site: cross-site",
	    "Sec-Fetch-Site: same-site" };
	struct stack *stack = *state;
	int64_t rows = visitor_rows(stack);
	char own[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct registration family;

	registration_make(&family);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		visitor_post_with(stack, path, family.pairs, foreign[i],
		    &answer);
		http_assert_status(&answer, 403);
		http_assert_guarded(&answer);
		http_answer_clear(&answer);
	}
	assert_int_equal(visitor_rows(stack), rows);
	snprintf(own, sizeof(own), "Origin: %s", stack_setting(stack,
	    "SITE_URL"));
	visitor_post_with(stack, path, family.pairs, own, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	visitor_post_with(stack, path, family.pairs,
	    "Sec-Fetch-Site: same-origin", &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	registration_assert_once(stack, &family);
}

/* Half of them each the other's copy, all from one address. */
static void
send_flood(struct stack *stack, const char *marker, int *let_in)
{
	struct http_request requests[FLOOD];
	struct http_answer answers[FLOOD];
	struct {
		char text[512];
	} *bodies = calloc(FLOOD, sizeof(*bodies));

	assert_non_null(bodies);
	for (int i = 0; i < FLOOD; i++) {
		char *body = bodies[i].text;

		snprintf(body, sizeof(bodies[i].text), "player_name=%s-%c%c"
		    "&birth_date=2014-01-01&parent_name=F&parent_email=%s-%d"
		    "%%40flood.example&parent_phone=555-0100&consent=yes",
		    marker, 'a' + i / 2 / 26, 'a' + i / 2 % 26, marker, i / 2);
		requests[i] = (struct http_request){ .method = "POST",
		    .target = path, .from = "127.7.7.7", .body = body,
		    .len = strlen(body) };
	}
	http_send_all(stack, requests, FLOOD, answers);
	for (int i = 0; i < FLOOD; i++) {
		if (answers[i].status != 303)
			http_assert_status(&answers[i], 429);
		*let_in += answers[i].status == 303;
		http_assert_guarded(&answers[i]);
		http_answer_clear(&answers[i]);
	}
	free(bodies);
}

static void
test_a_flood_from_one_address(void **state)
{
	struct stack *stack = *state;
	char marker[UNIQUE_SIZE];
	int64_t started_ms = monotonic_ms();
	int64_t orders;
	int let_in = 0;

	registration_name(marker);
	send_flood(stack, marker, &let_in);
	send_flood(stack, marker, &let_in);
	orders = sql_int(stack, "select count(*) from teamdues.order_overview "
	    "where player_name like '%s-%%'", marker);
	print_message("%d registrations in %lld ms: %d let in, %lld orders\n",
	    2 * FLOOD, (long long)(monotonic_ms() - started_ms), let_in,
	    (long long)orders);
	assert_in_range(let_in, 20, 2 * FLOOD);
	assert_in_range(orders, (let_in + 3) / 4, let_in);
	assert_int_equal(sql_int(stack, "select count(distinct player_name) "
	    "from teamdues.order_overview where player_name like '%s-%%'",
	    marker), orders);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where player_name like '%s-%%' and "
	    "session_id is null", marker), 0);
}

static int
sell_a_tryout(void **state)
{
	if (stack_setup(state) != 0)
		return 1;
	visitor_offer(*state, "tryout", AMOUNT, "");
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_bad_input),
		SYSTEM_TEST(test_bad_input_as_json),
		SYSTEM_TEST(test_too_long),
		SYSTEM_TEST(test_names_of_all_kinds),
		SYSTEM_TEST(test_unknown_and_repeated_fields),
		SYSTEM_TEST(test_forms_of_other_sites),
		SYSTEM_TEST(test_a_flood_from_one_address),
	};

	return cmocka_run_group_tests(tests, sell_a_tryout, stack_teardown);
}
