/*
 * The tryout's public form and its second chance: exactly one parent, player and
 * order however often it is sent (invariant 8: a refused form changes nothing),
 * and nothing of anyone else's is shown or changed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "door.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 2500, AT_ONCE = 20, FLOOD = 150 };

static const char path[] = "/tryouts/register";

/* A family that nobody has heard of, and what it types. */
struct family {
	char name[UNIQUE_SIZE];
	char email[2 * UNIQUE_SIZE];
	struct form_pair pairs[FORM_PAIRS_MAX];
};

static void
family_make(struct family *family)
{
	const struct form_pair pairs[] = {
		{ "player_name", family->name },
		{ "birth_date", "2014-05-31" },
		{ "parent_name", "Jo O'Neil" },
		{ "parent_email", family->email },
		{ "parent_phone", "+1 (303) 555-0100" },
		{ "website", "" },
		{ "consent", "yes" },
		{ NULL, NULL },
	};

	unique_name("Player", family->name);
	snprintf(family->email, sizeof(family->email), "%s@families.example",
	    family->name);
	memcpy(family->pairs, pairs, sizeof(pairs));
}

static int64_t
order_of(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select order_id from teamdues.order_overview "
	    "where player_name = '%s'", family->name);
}

/* One of each, whatever happened. */
static void
assert_once(struct stack *stack, const struct family *family)
{
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where lower(email) = lower('%s')",
	    family->email), 1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.players where lower(name) = lower('%s')", family->name),
	    1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where player_name = '%s'", family->name),
	    1);
	assert_int_equal(standin_session_count(stack, order_of(stack, family),
	    "open"), 1);
}

static void
register_through(struct stack *stack, const struct form_pair *pairs,
    char session_id[SESSION_ID_SIZE])
{
	struct http_answer answer;

	door_post(stack, path, pairs, &answer);
	club_session_of(stack, &answer, session_id);
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
}

static void
test_registers_once_and_pays(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	struct http_answer answer;
	struct family family;

	family_make(&family);
	register_through(stack, family.pairs, id);
	register_through(stack, family.pairs, again);
	assert_string_equal(id, again);
	assert_once(stack, &family);
	json_object_put(door_assert_minted(stack, order_of(stack, &family)));
	sql_assert_text(stack, "2014-05-31 Jo O'Neil +1 (303) 555-0100",
	    "select concat_ws(' ', y.birth_date, t.parent_name, "
	    "t.parent_phone) from teamdues.tryout_registrations t join "
	    "teamdues.orders o using (order_id) join teamdues.players y using "
	    "(player_id) where y.name = '%s' and t.consent like 'I consent%%' "
	    "and t.consented_at > now() - interval '1 minute'", family.name);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'paid'", (long long)order_of(stack, &family)) == 1);
	door_post(stack, path, family.pairs, &answer);
	http_assert_status(&answer, 303);
	assert_non_null(strstr(answer.headers, "/paid.html"));
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, order_of(stack, &family),
	    NULL), 1);
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

	family_make(&family);
	form_encode(family.pairs, body);
	for (int i = 0; i < AT_ONCE; i++) {
		door_address(addresses[i]);
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
	assert_once(stack, &family);
	free(body);
}

/* The parent is known by e-mail in any case, and stays as known. */
static void
test_known_parent_is_not_renamed(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char email[2 * UNIQUE_SIZE];
	char known[SESSION_ID_SIZE];
	struct http_answer answers[2];
	struct family family;
	struct club club;

	club_make(stack, AMOUNT, &club);
	family_make(&family);
	snprintf(email, sizeof(email), "%s@EXAMPLE.com", club.name);
	form_with(family.pairs, "parent_email", email, pairs);
	door_post(stack, path, pairs, &answers[0]);
	club_session_of(stack, &answers[0], known);
	sql_assert_text(stack, "1 +13035550100", "select count(*) || ' ' || "
	    "min(phone) from teamdues.parents where lower(email) = "
	    "lower('%s') and name = 'Parent %s'", email, club.name);
	assert_int_equal(sql_int(stack, "select parent_id from "
	    "teamdues.players where name = '%s'", family.name),
	    club.parent_id);

	/* An unknown family is told the very same. */
	family_make(&family);
	door_post(stack, path, family.pairs, &answers[1]);
	http_assert_status(&answers[1], 303);
	assert_string_equal(answers[0].body, answers[1].body);
	assert_null(strstr(answers[0].headers, club.name));
	http_answer_clear(&answers[0]);
	http_answer_clear(&answers[1]);
}

/* A typing mistake is corrected by sending the form again. */
static void
test_sent_again_corrects(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	struct family family;

	family_make(&family);
	form_with(family.pairs, "birth_date", "2004-05-31", pairs);
	register_through(stack, pairs, id);
	register_through(stack, family.pairs, id);
	assert_once(stack, &family);
	sql_assert_text(stack, "2014-05-31 2014-05-31", "select y.birth_date "
	    "|| ' ' || t.birth_date from teamdues.tryout_registrations t join "
	    "teamdues.orders o using (order_id) join teamdues.players y using "
	    "(player_id) where y.name = '%s'", family.name);
}

/* Each is refused beside its field, with what was typed kept. */
static void
test_bad_input(void **state)
{
	static const struct {
		const char *name;
		const char *value;	/* NULL: not sent at all */
		const char *shown;	/* as HTML; NULL: nothing to show */
	} cases[] = {
		{ "player_name", "", NULL },
		{ "player_name", "   ", NULL },
		{ "player_name", NULL, NULL },
		{ "player_name", "a\nb", "a\nb" },
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
	struct stack *stack = *state;
	int64_t rows = door_rows(stack);
	struct family family;

	family_make(&family);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];
		struct http_answer answer;
		char fault[UNIQUE_SIZE];

		form_with(family.pairs, cases[i].name, cases[i].value, pairs);
		door_post(stack, path, pairs, &answer);
		http_assert_status(&answer, 400);
		http_assert_guarded(&answer);
		snprintf(fault, sizeof(fault), "id=\"%s-fault\"",
		    cases[i].name);
		http_assert_body_has(&answer, fault);
		http_assert_body_has(&answer, "role=\"alert\"");
		if (cases[i].shown != NULL)
			http_assert_body_has(&answer, cases[i].shown);
		if (strcmp(cases[i].name, "player_name") != 0)
			http_assert_body_has(&answer, family.name);
		http_answer_clear(&answer);
	}
	assert_int_equal(door_rows(stack), rows);
}

/* A program is told in its own language. */
static void
test_bad_input_as_json(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	struct http_answer answer;
	struct family family;

	family_make(&family);
	form_with(family.pairs, "birth_date", "soon", pairs);
	door_post_with(stack, path, pairs, NULL, &answer);
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
	int64_t rows = door_rows(stack);
	struct http_answer answer;
	struct family family;

	family_make(&family);
	memset(text, 'x', 70000);
	text[10000] = '\0';
	form_with(family.pairs, "parent_name", text, pairs);
	door_post(stack, path, pairs, &answer);
	http_assert_status(&answer, 400);
	http_assert_body_has(&answer, text);
	http_answer_clear(&answer);
	text[10000] = 'x';
	text[69999] = '\0';
	form_with(family.pairs, "parent_name", text, pairs);
	door_post(stack, path, pairs, &answer);
	http_assert_status(&answer, 413);
	http_answer_clear(&answer);
	assert_int_equal(door_rows(stack), rows);
	free(text);
}

/* Names of any script are taken as they are. */
static void
test_names_of_all_kinds(void **state)
{
	static const char *const names[] = {
		"<b onmouseover=alert(1)>Bobby</b>",
		"Robert'); DROP TABLE teamdues.players;--",
		"\xd7\x99\xd7\x94\xd7\x95\xd7\x93\xd7\x94",
		"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf \xe2\x80\xae" "abc",
		"Zo\xc3\xab \xf0\x9f\x8f\x86\xf0\x9f\x91\xa9\xe2\x80\x8d"
		    "\xf0\x9f\x91\xa7",
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];
		char id[SESSION_ID_SIZE];
		struct family family;
		char *kept;

		family_make(&family);
		form_with(family.pairs, "player_name", names[i], pairs);
		register_through(stack, pairs, id);
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
		door_address(address);
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
	int64_t rows = door_rows(stack);
	char own[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct family family;

	family_make(&family);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		door_post_with(stack, path, family.pairs, foreign[i], &answer);
		http_assert_status(&answer, 403);
		http_assert_guarded(&answer);
		http_answer_clear(&answer);
	}
	assert_int_equal(door_rows(stack), rows);
	snprintf(own, sizeof(own), "Origin: %s", stack_setting(stack,
	    "SITE_URL"));
	door_post_with(stack, path, family.pairs, own, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	door_post_with(stack, path, family.pairs,
	    "Sec-Fetch-Site: same-origin", &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	assert_once(stack, &family);
}

/* Half of them each the other's copy, all from one address. */
static void
send_flood(struct stack *stack, const char *marker, int *let_in)
{
	struct http_request requests[FLOOD];
	struct http_answer answers[FLOOD];
	char (*bodies)[512] = calloc(FLOOD, sizeof(*bodies));

	assert_non_null(bodies);
	for (int i = 0; i < FLOOD; i++) {
		snprintf(bodies[i], sizeof(bodies[i]), "player_name=%s-%d&"
		    "birth_date=2014-01-01&parent_name=F&parent_email=%s-%d"
		    "%%40flood.example&parent_phone=555-0100&consent=yes",
		    marker, i / 2, marker, i / 2);
		requests[i] = (struct http_request){ .method = "POST",
		    .target = path, .from = "127.7.7.7", .body = bodies[i],
		    .len = strlen(bodies[i]) };
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

	unique_name("flood", marker);
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

/* The second call site: the same order by the mailed link. */
static void
test_second_chance(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	struct http_answer answer;
	struct family family;
	struct run run;

	family_make(&family);
	register_through(stack, family.pairs, id);
	standin_act(stack, id, "expire", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where session_id = '%s' and status = "
	    "'expired'", id) == 1);
	COMMAND(stack, &run, 0, "link", "tryout", "--order",
	    word_of(order, order_of(stack, &family)));
	run.output[strcspn(run.output, "\n")] = '\0';
	http_get(stack, run.output, &answer);
	club_session_of(stack, &answer, again);
	assert_string_not_equal(id, again);
	http_answer_clear(&answer);
	run_clear(&run);
	assert_once(stack, &family);
	json_object_put(door_assert_minted(stack, order_of(stack, &family)));
	http_get(stack, "/tryouts/pay?order_id=1&expires=9999999999&signature="
	    "x", &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
}

static void
test_link_of_another_kind_is_refused(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	COMMAND(stack, &run, 1, "link", "tryout", "--order",
	    word_of(order, club.order_id));
	assert_holds(run.errors, "is for a tournament, not for a tryout");
	run_clear(&run);
	COMMAND(stack, &run, 1, "link", "tryout", "--order", "999999999");
	run_clear(&run);
}

static void
test_the_form(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;

	http_send(stack, &(struct http_request){ .target = path,
	    .headers = { "Accept: text/html" } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "<label for=\"player_name\">");
	http_assert_body_has(&answer, "$25.00");
	assert_null(strstr(answer.body, "role=\"alert\""));
	http_answer_clear(&answer);
	http_get(stack, "/", &answer);
	http_assert_body_has(&answer, "href=\"/tryouts/register\"");
	http_assert_body_has(&answer, "$25.00");
	http_answer_clear(&answer);
}

static void
test_nothing_sold(void **state)
{
	struct http_answer answer;
	struct family family;

	family_make(&family);
	http_send(*state, &(struct http_request){ .target = path }, &answer);
	http_assert_status(&answer, 404);
	http_assert_body_has(&answer, "no tryout can be booked");
	http_answer_clear(&answer);
	door_post(*state, path, family.pairs, &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
	door_sell(*state, "tryout", AMOUNT, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		/* First: from then on one is sold. */
		STANDIN_TEST(test_nothing_sold),
		STANDIN_TEST(test_the_form),
		STANDIN_TEST(test_registers_once_and_pays),
		STANDIN_TEST(test_sent_at_once),
		STANDIN_TEST(test_known_parent_is_not_renamed),
		STANDIN_TEST(test_sent_again_corrects),
		STANDIN_TEST(test_bad_input),
		STANDIN_TEST(test_bad_input_as_json),
		STANDIN_TEST(test_too_long),
		STANDIN_TEST(test_names_of_all_kinds),
		STANDIN_TEST(test_unknown_and_repeated_fields),
		STANDIN_TEST(test_forms_of_other_sites),
		STANDIN_TEST(test_a_flood_from_one_address),
		STANDIN_TEST(test_second_chance),
		STANDIN_TEST(test_link_of_another_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
