/*
 * A family at the desk: shown whole, added and changed, and a child of it.
 * Invariants 8 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "desk.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 43217, TARGET_SIZE = 512, TEXT_SIZE = 512 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

static void
assert_lacks(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, answer->body);
}

static void
get_family(struct stack *stack, struct desk_browser *browser,
    int64_t parent_id, struct http_answer *answer)
{
	char target[TARGET_SIZE];

	snprintf(target, sizeof(target), "/desk/family?parent_id=%lld",
	    (long long)parent_id);
	desk_get(stack, browser, target, answer);
}

static void
test_the_page(void **state)
{
	struct stack *stack = *state;
	char id[UNIQUE_SIZE];
	struct json_object *session;
	struct desk_browser browser, viewer;
	struct http_answer answer;
	struct stray stray;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, AMOUNT);
	webhook_expect(stack, session, "applied");
	json_object_put(session);
	sql_run(stack, "update teamdues.players set name = '<b>Ann</b>' "
	    "where player_id = %lld", (long long)club.player_id);
	desk_enter(stack, "treasurer", &browser);
	get_family(stack, &browser, club.parent_id, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "Paid</dt><dd>$432.17</dd>");
	http_assert_body_has(&answer, "Owed</dt><dd>$0.00</dd>");
	http_assert_body_has(&answer, "Paid <b>$432.17</b>");
	http_assert_body_has(&answer, "&lt;b&gt;Ann&lt;/b&gt;");
	assert_lacks(&answer, "<b>Ann");
	http_assert_body_has(&answer, "action=\"/desk/family/change\"");
	assert_lacks(&answer, "not placed yet");
	http_assert_body_has(&answer, "\">Give money back</a>");
	http_answer_clear(&answer);
	stray_of(stack, &club, AMOUNT / 2, &stray);
	get_family(stack, &browser, club.parent_id, &answer);
	http_assert_body_has(&answer, " is not placed yet.</strong>");
	http_assert_body_has(&answer, stray.session_id);
	http_answer_clear(&answer);
	desk_enter(stack, "viewer", &viewer);
	get_family(stack, &viewer, club.parent_id, &answer);
	http_assert_status(&answer, 200);
	assert_lacks(&answer, "action=\"/desk/family/");
	assert_lacks(&answer, "Give money back");
	http_answer_clear(&answer);
	get_family(stack, &viewer, INT64_C(999999999), &answer);
	http_assert_status(&answer, 404);
	http_answer_clear(&answer);
}

/* "I paid": the page says what Stripe said, and asks it again. */
static void
test_an_open_order(void **state)
{
	struct stack *stack = *state;
	char id[UNIQUE_SIZE], token[TOKEN_SIZE], target[TARGET_SIZE];
	struct desk_browser browser;
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	desk_enter(stack, "treasurer", &browser);
	get_family(stack, &browser, club.parent_id, &answer);
	http_assert_body_has(&answer, "Nobody has opened a payment page");
	desk_token(&answer, "/desk/order/ask-stripe", token);
	http_answer_clear(&answer);

	club_store_session(stack, &club, id);
	get_family(stack, &browser, club.parent_id, &answer);
	http_assert_body_has(&answer, "<b>$432.17</b> is owed.");
	http_assert_body_has(&answer, "It is <b>open</b> until");
	desk_token(&answer, "/desk/order/ask-stripe", token);
	http_assert_body_has(&answer, "Says it is paid? Ask Stripe");
	snprintf(target, sizeof(target), "/desk/order/record-payment?"
	    "order_id=%lld", (long long)club.order_id);
	http_assert_body_has(&answer, target);
	http_answer_clear(&answer);
	desk_get(stack, &browser, target, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, " required autofocus type=\"text\"");
	http_answer_clear(&answer);
}

/* Sends it; the request's page says Done and such words. */
static void
does(struct stack *stack, struct desk_browser *browser, const char *path,
    const struct form_pair *pairs, const char *words, bool is_undone)
{
	struct http_answer answer;

	desk_request(stack, browser, path, pairs, &answer);
	http_assert_body_has(&answer, "<h1>Done</h1>");
	http_assert_body_has(&answer, words);
	assert_int_equal(strstr(answer.body, "Undo") != NULL, is_undone);
	http_answer_clear(&answer);
}

/* The page that shows it refuses, with such words; nothing is written. */
static void
refuses(struct stack *stack, struct desk_browser *browser, const char *path,
    const struct form_pair *pairs, long status, const char *words)
{
	static const char rows[] = "select (select count(*) from "
	    "teamdues.parents) + (select count(*) from teamdues.players) + "
	    "(select count(*) from teamdues.audit_log)";
	int64_t before = sql_int(stack, rows);
	struct http_answer answer;

	desk_post(stack, browser, path, pairs, &answer);
	http_assert_status(&answer, status);
	http_assert_body_has(&answer, words);
	http_answer_clear(&answer);
	assert_int_equal(sql_int(stack, rows), before);
}

/* The button pressed twice makes one family, with its child. */
static void
adds_once(struct stack *stack, struct desk_browser *browser,
    const struct form_pair *pairs)
{
	struct form_pair sent[FORM_PAIRS_MAX] = { { NULL, NULL } };
	static const char rows[] = "select (select count(*) from "
	    "teamdues.parents) + (select count(*) from teamdues.players)";
	int64_t before = sql_int(stack, rows);
	struct http_answer answer;
	char token[TOKEN_SIZE], location[HTTP_VALUE_SIZE];
	const char *site = stack_setting(stack, "SITE_URL");
	size_t count = 0;

	desk_post(stack, browser, "/desk/family/add", pairs, &answer);
	http_assert_status(&answer, 200);
	desk_token(&answer, "/desk/family/add", token);
	http_answer_clear(&answer);
	for (; pairs[count].name != NULL; count++)
		sent[count] = pairs[count];
	sent[count++] = (struct form_pair){ "form", token };
	sent[count++] = (struct form_pair){ "confirm", "yes" };
	for (int i = 0; i < 2; i++) {
		desk_post(stack, browser, "/desk/family/add", sent, &answer);
		http_assert_status(&answer, 303);
		http_header(&answer, "Location", location);
		http_answer_clear(&answer);
	}
	assert_int_equal(sql_int(stack, rows), before + 2);
	desk_get(stack, browser, location + strlen(site), &answer);
	http_assert_body_has(&answer, "&lt;b&gt;Paul is added: U9 ");
	http_assert_body_has(&answer, ", $150.00 a month");
	http_assert_body_has(&answer, "\">Open O&#39;Neil");
	http_assert_body_has(&answer, "Undo");
	http_answer_clear(&answer);
}

/* As long as it has no other child it can be taken back. */
static void
is_removed(struct stack *stack, struct desk_browser *browser,
    const char *email)
{
	char id[WORD_SIZE], child[WORD_SIZE];
	int64_t player_id;

	word_of(id, sql_int(stack, "select parent_id from teamdues.parents "
	    "where email = '%s'", email));
	player_id = sql_int(stack, "insert into teamdues.players (name, "
	    "parent_id) values ('Max', %s) returning player_id", id);
	word_of(child, sql_int(stack, "select player_id from teamdues.players "
	    "where parent_id = %s and name = '<b>Paul'", id));
	refuses(stack, browser, "/desk/family/remove", PAIRS(
	    { "parent_id", id }, { "player_id", child }), 409,
	    "it has children");
	sql_run(stack, "delete from teamdues.players where player_id = %lld",
	    (long long)player_id);
	does(stack, browser, "/desk/family/remove", PAIRS(
	    { "parent_id", id }, { "player_id", child }),
	    "is not there any more", false);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where email = '%s'", email), 0);
}

static void
test_add_a_family(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], email[TEXT_SIZE], name[TEXT_SIZE];
	char team[TEXT_SIZE];
	struct desk_browser browser, viewer;

	unique_name("new", word);
	snprintf(email, sizeof(email), "%s@families.example", word);
	snprintf(name, sizeof(name), "O'Neil-%s <b>", word);
	desk_enter(stack, "treasurer", &browser);
	desk_enter(stack, "viewer", &viewer);
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", "" },
	    { "email", email }, { "phone", "" }), 400,
	    "Please fill this in.");
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", name },
	    { "email", "no address" }, { "phone", "" }), 400,
	    "Please enter an address such as");
	refuses(stack, &viewer, "/desk/family/add", PAIRS({ "name", name },
	    { "email", email }, { "phone", "" }), 403, "You may look");
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", name },
	    { "email", email }, { "new_team", "U9" }), 409,
	    "write the first child&#39;s name too");
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", "Kim" },
	    { "email", "" }), 200, "Kim is added, without an address</b>");
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", name },
	    { "player_name", "Paul" }, { "monthly_fee", "1e3" }), 400,
	    "Please enter an amount");
	sql_run(stack, "insert into teamdues.players (name, team) values "
	    "('%s', 'U9 %s')", word, word);
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", name },
	    { "player_name", "Paul" }, { "team", "U9" }), 400,
	    "Please choose one.");
	snprintf(team, sizeof(team), "u9  %s", word);
	adds_once(stack, &browser, PAIRS({ "name", name },
	    { "email", email }, { "phone", "555 1" },
	    { "player_name", "<b>Paul" }, { "new_team", team },
	    { "monthly_fee", "150" }));
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.players y join teamdues.parents r using (parent_id) "
	    "where r.email = '%s' and y.name = '<b>Paul' and y.team = 'U9 %s' "
	    "and y.monthly_fee_cents = 15000 and y.active", email, word), 1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where email = '%s' and phone = '555 1'", email),
	    1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where action = 'add family' and detail like "
	    "'%%%s%%'", email), 1);
	refuses(stack, &browser, "/desk/family/add", PAIRS({ "name", "Other" },
	    { "email", email }, { "phone", "" }), 409, "is that of the family");
	is_removed(stack, &browser, email);
}

/* The version that the family's or the child's form has now. */
static void
version_of(struct stack *stack, const char *what, int64_t id,
    char version[TEXT_SIZE])
{
	char *text = sql_text(stack, "select teamdues.%s_version(%lld)", what,
	    (long long)id);

	snprintf(version, TEXT_SIZE, "%s", text);
	free(text);
}

/* A child of whom no parent is known is found, and given its family. */
static void
test_a_child_without_a_parent(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], id[WORD_SIZE], player[WORD_SIZE];
	char version[TEXT_SIZE], *email;
	struct desk_browser browser;
	struct http_answer answer;
	struct club club;
	int64_t player_id;

	unique_name("alone", word);
	club_make(stack, AMOUNT, &club);
	player_id = sql_int(stack, "insert into teamdues.players (name) "
	    "values ('%s') returning player_id", word);
	word_of(player, player_id);
	word_of(id, -player_id);
	desk_enter(stack, "treasurer", &browser);
	get_family(stack, &browser, -player_id, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "No parent is known");
	http_answer_clear(&answer);
	version_of(stack, "child", player_id, version);
	email = sql_text(stack, "select email from teamdues.parents where "
	    "parent_id = %lld", (long long)club.parent_id);
	does(stack, &browser, "/desk/family/child", PAIRS(
	    { "parent_id", id }, { "player_id", player },
	    { "version", version }, { "player_name", word },
	    { "plays", "yes" }, { "parent_email", email }), "family: ", true);
	free(email);
	assert_int_equal(sql_int(stack, "select parent_id from "
	    "teamdues.players where player_id = %s", player), club.parent_id);
}

static void
test_change_a_family(void **state)
{
	struct stack *stack = *state;
	char id[WORD_SIZE], version[TEXT_SIZE], email[TEXT_SIZE];
	struct desk_browser browser;
	struct club club, other;

	club_make(stack, AMOUNT, &club);
	club_make(stack, AMOUNT, &other);
	word_of(id, club.parent_id);
	version_of(stack, "family", club.parent_id, version);
	snprintf(email, sizeof(email), "new.%s@families.example", club.name);
	desk_enter(stack, "treasurer", &browser);
	does(stack, &browser, "/desk/family/change", PAIRS(
	    { "parent_id", id }, { "version", version }, { "name", "Ruth" },
	    { "email", email }, { "phone", "" }), "name: Ruth instead of",
	    true);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where parent_id = %s and name = 'Ruth' and "
	    "email = '%s' and customer_attempt = 1", id, email), 1);
	refuses(stack, &browser, "/desk/family/change", PAIRS(
	    { "parent_id", id }, { "version", version }, { "name", "Ann" },
	    { "email", email }, { "phone", "" }), 409,
	    "was changed meanwhile; look again");
	version_of(stack, "family", club.parent_id, version);
	refuses(stack, &browser, "/desk/family/change", PAIRS(
	    { "parent_id", id }, { "version", version }, { "name", "Ruth" },
	    { "email", email }, { "phone", "" }), 409, "it is so already");
	char *taken = sql_text(stack, "select upper(email) from "
	    "teamdues.parents where parent_id = %lld",
	    (long long)other.parent_id);
	refuses(stack, &browser, "/desk/family/change", PAIRS(
	    { "parent_id", id }, { "version", version }, { "name", "Ruth" },
	    { "email", taken }, { "phone", "" }), 409,
	    "is that of the family");
	free(taken);
}

/* What a hidden or typed field of the page's first form to path holds. */
static void
field_of(const struct http_answer *page, const char *path, const char *name,
    char value[TEXT_SIZE])
{
	char part[TEXT_SIZE];
	const char *at;

	snprintf(part, sizeof(part), "action=\"%s\"", path);
	at = strstr(page->body, part);
	assert_non_null(at);
	snprintf(part, sizeof(part), "name=\"%s\"", name);
	at = strstr(at, part);
	assert_non_null(at);
	at = strstr(at, "value=\"");
	assert_non_null(at);
	at += strlen("value=\"");
	snprintf(value, TEXT_SIZE, "%.*s", (int)strcspn(at, "\""), at);
}

static void
test_a_change_is_undone(void **state)
{
	struct stack *stack = *state;
	char id[WORD_SIZE], version[TEXT_SIZE], name[TEXT_SIZE];
	char email[TEXT_SIZE];
	struct desk_browser browser;
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	word_of(id, club.parent_id);
	version_of(stack, "family", club.parent_id, version);
	desk_enter(stack, "treasurer", &browser);
	desk_request(stack, &browser, "/desk/family/change", PAIRS(
	    { "parent_id", id }, { "version", version }, { "name", "Wrong" },
	    { "email", "" }, { "phone", "" }), &answer);
	field_of(&answer, "/desk/family/change", "version", version);
	field_of(&answer, "/desk/family/change", "name", name);
	field_of(&answer, "/desk/family/change", "email", email);
	http_answer_clear(&answer);
	does(stack, &browser, "/desk/family/change", PAIRS(
	    { "parent_id", id }, { "version", version }, { "name", name },
	    { "email", email }, { "phone", "" }), "instead of Wrong", true);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where parent_id = %s and name = '%s' and email "
	    "= '%s'", id, name, email), 1);
}

static void
test_children(void **state)
{
	struct stack *stack = *state;
	char id[WORD_SIZE], player[WORD_SIZE], version[TEXT_SIZE];
	char played[WORD_SIZE];
	struct desk_browser browser;
	struct club club, other;

	club_make(stack, AMOUNT, &club);
	club_make(stack, AMOUNT, &other);
	word_of(id, club.parent_id);
	desk_enter(stack, "treasurer", &browser);
	does(stack, &browser, "/desk/family/add-child", PAIRS(
	    { "parent_id", id }, { "player_name", "Émile" },
	    { "new_team", "U9" }, { "monthly_fee", "1,050.00" }),
	    "$1,050.00 a month", true);
	word_of(player, sql_int(stack, "select player_id from "
	    "teamdues.players where parent_id = %s and name = 'Émile' and "
	    "team = 'U9' and monthly_fee_cents = 105000 and active", id));
	refuses(stack, &browser, "/desk/family/add-child", PAIRS(
	    { "parent_id", id }, { "player_name", "EMILE" }), 409,
	    "has a child Émile already");
	refuses(stack, &browser, "/desk/family/add-child", PAIRS(
	    { "parent_id", id }, { "player_name", "Otto" },
	    { "monthly_fee", "1e3" }), 400, "aria-invalid=\"true\"");
	/* What was asked of a child is kept, and so is the child. */
	word_of(played, club.player_id);
	refuses(stack, &browser, "/desk/family/remove-child", PAIRS(
	    { "parent_id", id }, { "player_id", played }), 409,
	    "untick that it plays instead");
	does(stack, &browser, "/desk/family/add-child", PAIRS(
	    { "parent_id", id }, { "player_name", "Otto" },
	    { "team", "U9" }), "Otto is added: U9<", true);
	word_of(player, sql_int(stack, "select player_id from "
	    "teamdues.players where parent_id = %s and name = 'Otto'", id));
	does(stack, &browser, "/desk/family/remove-child", PAIRS(
	    { "parent_id", id }, { "player_id", player }),
	    "Otto is not there any more", false);
	word_of(player, sql_int(stack, "select player_id from "
	    "teamdues.players where parent_id = %s and name = 'Émile'", id));
	version_of(stack, "child", strtoll(player, NULL, 10), version);
	refuses(stack, &browser, "/desk/family/child", PAIRS(
	    { "parent_id", id }, { "player_id", player },
	    { "version", version }, { "player_name", "Émile" },
	    { "team", "U9" }, { "monthly_fee", "" }, { "plays", "yes" },
	    { "parent_email", "nobody@families.example" }), 409,
	    "no family has the address");
	char *email = sql_text(stack, "select email from teamdues.parents "
	    "where parent_id = %lld", (long long)other.parent_id);
	does(stack, &browser, "/desk/family/child", PAIRS(
	    { "parent_id", id }, { "player_id", player },
	    { "version", version }, { "player_name", "Émile" },
	    { "team", "U10" }, { "monthly_fee", "" },
	    { "parent_email", email }), "$0.00 instead of $1,050.00", true);
	free(email);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.players where player_id = %s and parent_id = %lld and "
	    "team = 'U10' and monthly_fee_cents = 0 and not active", player,
	    (long long)other.parent_id), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_the_page),
		MAIL_TEST(test_an_open_order),
		MAIL_TEST(test_add_a_family),
		MAIL_TEST(test_a_child_without_a_parent),
		MAIL_TEST(test_change_a_family),
		MAIL_TEST(test_a_change_is_undone),
		MAIL_TEST(test_children),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
