/*
 * A number that was given again, in books restored or written anew, opens and
 * pays nothing: links and sessions carry the random word of their order or
 * player (invariant 12).  Those of before there were words stay good for what
 * has none.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "sql.h"
#include "standin.h"
#include "visitor.h"

enum { AMOUNT = 15000, LINE_SIZE = 256 };

/* The link that the command prints. */
static void
print_link(struct stack *stack, const char *kind, int64_t id,
    char url[LINK_SIZE])
{
	bool is_order = strcmp(kind, "tournament") == 0 ||
	    strcmp(kind, "tryout") == 0;
	char word[WORD_SIZE];
	struct run run;

	COMMAND(stack, &run, 0, "link", kind, is_order ? "--order"
	    : "--player", word_of(word, id));
	snprintf(url, LINK_SIZE, "%.*s", (int)strcspn(run.output, "\n"),
	    run.output);
	run_clear(&run);
}

/* As if the books were lost, and the number given to another since. */
static void
give_again(struct stack *stack, const char *noun, int64_t id)
{
	sql_run(stack, "update teamdues.%ss set word = 'Given-again' where "
	    "%s_id = %lld", noun, noun, (long long)id);
}

/* As it stood there before there were words. */
static void
take_word(struct stack *stack, const char *noun, int64_t id)
{
	sql_run(stack, "update teamdues.%ss set word = null where "
	    "%s_id = %lld", noun, noun, (long long)id);
}

static void
assert_gone(struct stack *stack, const char *url)
{
	struct http_answer answer;

	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "Accept: text/html" } }, &answer);
	http_assert_status(&answer, 410);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, "ask the club for a new link");
	http_assert_body_has(&answer, "is not lost");
	http_answer_clear(&answer);
}

/* A link of a kind, and the thing that it names. */
struct named {
	const char *kind;
	const char *noun;
	int64_t id;
	long opens;		/* the status of a good one */
};

static void
named_make(struct stack *stack, const char *kind, struct named *named)
{
	struct club club;

	club_make(stack, AMOUNT, &club);
	*named = (struct named){ kind, "player", club.player_id, 303 };
	if (strcmp(kind, "jersey") == 0) {
		(void)visitor_offer(stack, "jersey", AMOUNT, "S,M");
		named->opens = 200;
	}
	if (strcmp(kind, "tournament") == 0)
		named->id = club.order_id;
	if (strcmp(kind, "tryout") == 0)
		named->id = sql_int(stack, "insert into teamdues.orders "
		    "(player_id, product_id, kind, amount_cents, currency) "
		    "values (%lld, %lld, 'tryout', %d, 'usd') returning "
		    "order_id", (long long)club.player_id,
		    (long long)visitor_offer(stack, "tryout", AMOUNT, ""),
		    AMOUNT);
	if (strcmp(kind, "tournament") == 0 || strcmp(kind, "tryout") == 0)
		named->noun = "order";
}

static const char *const kinds[] = { "tournament", "tryout", "jersey",
	"first-payment" };

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void
test_a_link_to_a_number_given_again(void **state)
{
	struct stack *stack = *state;
	char url[LINK_SIZE], fresh[LINK_SIZE];
	struct named named;
	int64_t rows;

	for (int i = 0; i < KINDS; i++) {
		print_message("%s\n", kinds[i]);
		named_make(stack, kinds[i], &named);
		print_link(stack, kinds[i], named.id, url);
		give_again(stack, named.noun, named.id);
		rows = visitor_rows(stack);
		assert_gone(stack, url);
		assert_int_equal(visitor_rows(stack), rows);
		print_link(stack, kinds[i], named.id, fresh);
		assert_int_equal(http_status_of(stack, fresh), named.opens);
	}
}

static void
test_links_of_before(void **state)
{
	struct stack *stack = *state;
	char url[LINK_SIZE], worded[LINK_SIZE];
	struct named named;

	for (int i = 0; i < KINDS; i++) {
		print_message("%s\n", kinds[i]);
		named_make(stack, kinds[i], &named);
		print_link(stack, kinds[i], named.id, worded);
		assert_non_null(strstr(worded, "&word="));
		take_word(stack, named.noun, named.id);
		print_link(stack, kinds[i], named.id, url);
		assert_null(strstr(url, "&word="));
		assert_gone(stack, worded);
		assert_int_equal(http_status_of(stack, url), named.opens);
		give_again(stack, named.noun, named.id);
		assert_gone(stack, url);
	}
}

/* The jersey's form, which was opened before the loss. */
static void
test_a_form_of_before(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[] = { { "player_id", NULL },
	    { "expires", "9999999999" }, { "signature", NULL },
	    { "word", NULL }, { "size", "" }, { "number", "7" },
	    { "name_on_jersey", "JO" }, { NULL, NULL } };
	char target[LINK_SIZE], url[LINK_SIZE], word[LINK_WORD_SIZE];
	char player[WORD_SIZE];
	struct http_answer answer;
	struct club club;
	int64_t rows;

	(void)visitor_offer(stack, "jersey", AMOUNT, "");
	club_make(stack, AMOUNT, &club);
	club_player_word(stack, club.player_id, word);
	snprintf(target, sizeof(target), "/checkout/jersey?player_id=%lld%s"
	    "&expires=9999999999", (long long)club.player_id, word);
	link_sign(stack, target, url);
	pairs[0].value = word_of(player, club.player_id);
	pairs[2].value = strstr(url, "&signature=") + strlen("&signature=");
	pairs[3].value = word + strlen("&word=");
	give_again(stack, "player", club.player_id);
	rows = visitor_rows(stack);
	visitor_post(stack, "/checkout/jersey", pairs, &answer);
	http_assert_status(&answer, 410);
	http_assert_body_has(&answer, "ask the club for a new link");
	http_answer_clear(&answer);
	assert_int_equal(visitor_rows(stack), rows);
}

static void
test_create_session(void **state)
{
	struct stack *stack = *state;
	int64_t product_id = visitor_offer(stack, "jersey", AMOUNT, "");
	char url[LINK_SIZE], json[2 * LINK_SIZE], word[LINK_WORD_SIZE];
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_player_word(stack, club.player_id, word);
	print_link(stack, "create-session", club.player_id, url);
	snprintf(json, sizeof(json), "{\"player_id\":%lld,\"product_id\":"
	    "%lld,\"quantity\":1,\"word\":\"%s\",\"expires\":%.10s,"
	    "\"signature\":\"%s\"}", (long long)club.player_id,
	    (long long)product_id, word + strlen("&word="),
	    strstr(url, "&expires=") + strlen("&expires="),
	    strstr(url, "&signature=") + strlen("&signature="));
	visitor_post_json(stack, "/checkout/create-session", json, NULL,
	    &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	give_again(stack, "player", club.player_id);
	visitor_post_json(stack, "/checkout/create-session", json, NULL,
	    &answer);
	http_assert_status(&answer, 410);
	http_answer_clear(&answer);
}

/* A payment of the right amount in a session that is not known, which names the
 * order as checkout does.  The caller puts it. */
static struct json_object *
payment_of(struct stack *stack, struct club *club)
{
	char id[UNIQUE_SIZE];
	struct json_object *session;

	club_make(stack, AMOUNT, club);
	unique_name("cs_test_", id);
	session = session_paid(id, AMOUNT);
	club_name_order(stack, session, club->order_id);
	return session;
}

static const char not_here[] = "made for an order %lld that is not in these "
    "books";

static void
assert_not_for(struct stack *stack, const struct club *club,
    struct json_object *session)
{
	const char *id = json_text_at(session, "id");
	char reason[LINE_SIZE];

	snprintf(reason, sizeof(reason), not_here, (long long)club->order_id);
	webhook_expect(stack, session, "unmatched");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.unmatched_overview where session_id = '%s' and reason "
	    "= 'session not known, %s'", id, reason), 1);
	club_assert_status(stack, club->order_id, "pending");
	assert_int_equal(club_suggestion(stack, id), 0);
}

static void
test_a_payment_for_a_number_given_again(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct club club;

	session = payment_of(stack, &club);
	give_again(stack, "order", club.order_id);
	assert_not_for(stack, &club, session);
	json_object_put(session);
	session = payment_of(stack, &club);
	json_set_null(session, "metadata.teamdues_word");
	assert_not_for(stack, &club, session);
	json_object_put(session);
	session = payment_of(stack, &club);
	take_word(stack, "order", club.order_id);
	assert_not_for(stack, &club, session);
	json_object_put(session);
	session = payment_of(stack, &club);
	take_word(stack, "order", club.order_id);
	json_set_null(session, "metadata.teamdues_word");
	webhook_expect(stack, session, "applied");
	json_object_put(session);
}

/* It is for the family's order all the same, as far as a person can tell. */
static void
test_it_is_suggested_by_the_payer(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char email[LINE_SIZE];
	struct club lost, club;

	club_make(stack, AMOUNT, &club);
	session = payment_of(stack, &lost);
	give_again(stack, "order", lost.order_id);
	snprintf(email, sizeof(email), "%s@example.com", club.name);
	json_set_text(session, "customer_details.email", email);
	webhook_expect(stack, session, "unmatched");
	assert_int_equal(sql_int(stack, "select suggested_order_id from "
	    "teamdues.unmatched_overview where session_id = '%s'",
	    json_text_at(session, "id")), club.order_id);
	json_object_put(session);
}

/* Of a family's children the one that the payment's own words name. */
static void
test_the_words_tell_the_child(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char text[LINE_SIZE];
	int64_t sister;
	struct club lost, club;

	club_make(stack, AMOUNT, &club);
	sister = club_add_order(stack, &club);
	sql_run(stack, "update teamdues.players set parent_id = %lld where "
	    "player_id = (select player_id from teamdues.orders where order_id "
	    "= %lld)", (long long)club.parent_id, (long long)sister);
	for (int i = 0; i < 2; i++) {
		int64_t order_id = i == 0 ? club.order_id : sister;
		char *name = sql_text(stack, "select player_name from "
		    "teamdues.order_overview where order_id = %lld",
		    (long long)order_id);

		session = payment_of(stack, &lost);
		give_again(stack, "order", lost.order_id);
		snprintf(text, sizeof(text), "%s@example.com", club.name);
		json_set_text(session, "customer_details.email", text);
		json_set_text(session, "metadata.teamdues_player", name);
		webhook_expect(stack, session, "unmatched");
		assert_int_equal(sql_int(stack, "select suggested_order_id "
		    "from teamdues.unmatched_overview where session_id = '%s'",
		    json_text_at(session, "id")), order_id);
		json_object_put(session);
		free(name);
	}
}

/* Our own session may lack it, as one that was adopted, but not contradict. */
static void
test_a_known_session(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	char id[UNIQUE_SIZE];
	struct club club;

	session = payment_of(stack, &club);
	club_store_session(stack, &club, id);
	json_set_text(session, "id", id);
	json_set_text(session, "metadata.teamdues_word", "another-one");
	webhook_expect(stack, session, "review");
	sql_assert_text(stack, "", "select replace(reason, 'metadata has "
	    "another word than order %lld', '') from teamdues.payments where "
	    "session_id = '%s'", (long long)club.order_id, id);
	json_object_put(session);
	session = payment_of(stack, &club);
	club_store_session(stack, &club, id);
	json_set_text(session, "id", id);
	json_set_null(session, "metadata.teamdues_word");
	webhook_expect(stack, session, "applied");
	json_object_put(session);
}

/* The books get another order of the lost one's number: nothing is at odds. */
static void
test_the_audit_of_a_number_given_again(void **state)
{
	struct stack *stack = *state;
	struct json_object *session;
	struct run run;
	struct club club, next;
	char line[LINE_SIZE];

	session = payment_of(stack, &club);
	snprintf(line, sizeof(line), "%lld", (long long)club.order_id + 1);
	json_set_text(session, "metadata.order_id", line);
	webhook_expect(stack, session, "unmatched");
	club_make(stack, AMOUNT, &next);
	assert_int_equal(next.order_id, club.order_id + 1);
	COMMAND(stack, &run, 0, "audit");
	run_clear(&run);
	json_object_put(session);
}

/* What the books said before there were words, brought up to date. */
static void
test_reasons_of_before(void **state)
{
	static const char *const before[][2] = {
		{ "session not known, order 9999999999 not known",
		    "unmatched" },
		{ "not paid; session not known, older than order 9999999999",
		    "waiting" },
	};
	struct stack *stack = *state;
	struct json_object *session;
	struct run run;
	struct club club;

	for (int i = 0; i < 2; i++) {
		const char *id;

		session = payment_of(stack, &club);
		id = json_text_at(session, "id");
		json_set_text(session, "metadata.order_id", "9999999999");
		if (i == 1)
			json_set_text(session, "payment_status", "unpaid");
		webhook_expect(stack, session, i == 0 ? "unmatched"
		    : "ignored");
		sql_run(stack, "update teamdues.payments set reason = '%s', "
		    "suggested_order_id = %lld where session_id = '%s' and "
		    "place = '%s'", before[i][0], (long long)club.order_id,
		    id, before[i][1]);
		COMMAND(stack, &run, 1, "audit");
		run_clear(&run);
		sql_run_file(stack, "sql/migrations/0012_reasons.sql");
		COMMAND(stack, &run, 0, "audit");
		run_clear(&run);
		assert_int_equal(club_suggestion(stack, id), 0);
		json_object_put(session);
	}
}

/* A failed try of a lost order is not told of the one that has its number. */
static void
test_a_failed_try(void **state)
{
	struct stack *stack = *state;
	struct json_object *intent = json_object_new_object();
	struct json_object *event;
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	unique_name("pi_", id);
	json_set_text(intent, "id", id);
	json_set_text(intent, "object", "payment_intent");
	json_set_text(intent, "last_payment_error.message", "Declined.");
	club_name_order(stack, intent, club.order_id);
	give_again(stack, "order", club.order_id);
	event = event_about("payment_intent.payment_failed", intent);
	webhook_expect_event(stack, event, "ignored");
	json_object_put(event);
	json_object_put(intent);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_a_link_to_a_number_given_again),
		STANDIN_TEST(test_links_of_before),
		STANDIN_TEST(test_a_form_of_before),
		STANDIN_TEST(test_create_session),
		STANDIN_TEST(test_a_payment_for_a_number_given_again),
		STANDIN_TEST(test_it_is_suggested_by_the_payer),
		STANDIN_TEST(test_the_words_tell_the_child),
		STANDIN_TEST(test_a_known_session),
		STANDIN_TEST(test_the_audit_of_a_number_given_again),
		STANDIN_TEST(test_reasons_of_before),
		STANDIN_TEST(test_a_failed_try),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
