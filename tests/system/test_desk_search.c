/*
 * The desk's search: a family is found by whatever is at hand, and on a
 * payment's own page the order that it pays.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 43217, TARGET_SIZE = 512, TEXT_SIZE = 512 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

/* Whether the search finds a text; it is sent as a browser does. */
static bool
finds(struct stack *stack, struct desk_browser *browser, const char *text,
    const char *part)
{
	char query[FORM_SIZE], target[TARGET_SIZE];
	struct http_answer answer;
	bool is_found;

	form_encode(PAIRS({ "q", text }), query);
	snprintf(target, sizeof(target), "/desk/families?%.400s", query);
	desk_get(stack, browser, target, &answer);
	http_assert_status(&answer, 200);
	is_found = strstr(answer.body, part) != NULL;
	http_answer_clear(&answer);
	return is_found;
}

/* A family that has paid, with all that it may be found by. */
static void
make_paid(struct stack *stack, struct club *club, char session_id[UNIQUE_SIZE])
{
	struct json_object *session;

	club_make(stack, AMOUNT, club);
	club_store_session(stack, club, session_id);
	session = session_paid(session_id, AMOUNT);
	webhook_expect(stack, session, "applied");
	json_object_put(session);
	sql_run(stack, "update teamdues.parents set name = 'Zoë %s', "
	    "phone = '+1 (555) 0199-77' where parent_id = %lld", club->name,
	    (long long)club->parent_id);
	sql_run(stack, "insert into teamdues.stripe_customers values ("
	    "'cus_%s', %lld, false, 0)", club->name,
	    (long long)club->parent_id);
	sql_run(stack, "insert into teamdues.charges select "
	    "payment_intent_id, 'ch_%s', '7319' from teamdues.payments where "
	    "session_id = '%s'", club->name, session_id);
}

static void
assert_finds_by(struct stack *stack, struct desk_browser *browser,
    const struct club *club, const char *text)
{
	char link[TEXT_SIZE];

	snprintf(link, sizeof(link), "\"/desk/family?parent_id=%lld\"",
	    (long long)club->parent_id);
	if (!finds(stack, browser, text, link))
		fail_msg("\"%s\" does not find family %lld", text,
		    (long long)club->parent_id);
}

static void
test_found_by_every_key(void **state)
{
	static const char *const queries[] = {
		"select upper(right(name, 12)) from teamdues.players",
		"select 'zoË ' || substr(parents.name, 5, 9) "
		"from teamdues.parents join teamdues.players using (parent_id)",
		"select upper(left(email, 20)) from teamdues.parents "
		"join teamdues.players using (parent_id)",
		"select max(order_id) from teamdues.orders",
		"select '#' || max(order_id) from teamdues.orders",
		"select payment_intent_id from teamdues.payments p join "
		"teamdues.orders o on o.order_id = p.matched_order_id",
		"select p.session_id from teamdues.payments p join "
		"teamdues.orders o on o.order_id = p.matched_order_id",
		"select e.event_id from teamdues.payments p join "
		"teamdues.stripe_events e using (session_id) join "
		"teamdues.orders o on o.order_id = p.matched_order_id",
		"select c.charge_id from teamdues.charges c join "
		"teamdues.payments p using (payment_intent_id) join "
		"teamdues.orders o on o.order_id = p.matched_order_id",
		"select c.customer_id from teamdues.stripe_customers c "
		"join teamdues.players using (parent_id)",
	};
	static const char *const texts[] = { "432.17", "$432.17", "7319",
	    "••7319", "(555) 0199", "5550199", "1 555 019977" };
	struct stack *stack = *state;
	char id[UNIQUE_SIZE];
	struct desk_browser browser;
	struct club club;

	make_paid(stack, &club, id);
	desk_enter(stack, "viewer", &browser);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		char *text = sql_text(stack, "%s where player_id = %lld "
		    "limit 1", queries[i], (long long)club.player_id);

		assert_finds_by(stack, &browser, &club, text);
		free(text);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_finds_by(stack, &browser, &club, texts[i]);
	assert_true(finds(stack, &browser, "432.18", "No family was found."));
	assert_true(finds(stack, &browser, "pi_nobody", "No family was"));
	/* Of nobody there is no file, and no next page. */
	assert_false(finds(stack, &browser, "pi_nobody", "class=\"pages\""));
	assert_true(finds(stack, &browser, "%", "No family was found."));
}

/* The card that an event of its charge tells; nothing of one that is no number,
 * or of a payment that is not known here. */
static void
test_a_card_that_an_event_tells(void **state)
{
	struct stack *stack = *state;
	struct json_object *charge = json_object_new_object();
	struct json_object *event;
	char id[UNIQUE_SIZE], *intent;
	struct desk_browser browser;
	struct club club;

	make_paid(stack, &club, id);
	intent = sql_text(stack, "select payment_intent_id from "
	    "teamdues.payments where session_id = '%s'", id);
	json_set_text(charge, "id", "ch_told");
	json_set_text(charge, "object", "charge");
	json_set_text(charge, "payment_intent", intent);
	json_set_int(charge, "amount_refunded", 100);
	json_set_text(charge, "payment_method_details.card.last4", "0042");
	event = event_about("charge.refunded", charge);
	webhook_expect_event(stack, event, "applied");
	json_object_put(event);
	desk_enter(stack, "viewer", &browser);
	assert_finds_by(stack, &browser, &club, "0042");
	assert_finds_by(stack, &browser, &club, "ch_told");
	json_set_int(charge, "amount_refunded", 200);
	json_set_text(charge, "payment_method_details.card.last4", "'; --");
	event = event_about("charge.refunded", charge);
	webhook_expect_event(stack, event, "applied");
	json_object_put(event);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.charges where payment_intent_id = '%s' and card_last4 "
	    "is null", intent), 1);
	json_set_text(charge, "payment_intent", "pi_nobodys");
	event = event_about("charge.refunded", charge);
	webhook_expect_event(stack, event, "ignored");
	json_object_put(event);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.charges where payment_intent_id = 'pi_nobodys'"), 0);
	json_object_put(charge);
	free(intent);
}

/* "I paid": what waits for a person may be theirs. */
static void
test_a_payment_of_nobody(void **state)
{
	struct stack *stack = *state;
	char payment[TEXT_SIZE];
	struct desk_browser browser;
	struct stray stray;

	stray_make(stack, 98765, NULL, NULL, &stray);
	desk_enter(stack, "viewer", &browser);
	snprintf(payment, sizeof(payment), " is not placed yet: "
	    "<b>$987.65</b>");
	assert_true(finds(stack, &browser, "987.65", payment));
	assert_true(finds(stack, &browser, stray.session_id, payment));
	assert_false(finds(stack, &browser, "987.64", payment));
}

/* The page of a payment with what a text finds there. */
static void
look_for(struct stack *stack, struct desk_browser *browser,
    const struct stray *stray, const char *text, struct http_answer *answer)
{
	char query[FORM_SIZE], target[TARGET_SIZE];

	form_encode(PAIRS({ "payment", stray->session_id }, { "q", text }),
	    query);
	snprintf(target, sizeof(target), "/desk/unmatched/payment?%.400s",
	    query);
	desk_get(stack, browser, target, answer);
	http_assert_status(answer, 200);
}

static void
page_says(struct stack *stack, struct desk_browser *browser,
    const struct stray *stray, const char *text, const char *part)
{
	struct http_answer answer;

	look_for(stack, browser, stray, text, &answer);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
}

/* Whose order a payment pays is found on its own page. */
static void
test_what_a_payment_is_for(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser, viewer;
	struct http_answer answer;
	struct club club, other;
	char part[TEXT_SIZE];
	struct stray stray;

	club_make(stack, AMOUNT, &club);
	club_make(stack, AMOUNT + 1, &other);
	stray_make(stack, AMOUNT, NULL, NULL, &stray);
	desk_enter(stack, "treasurer", &browser);
	desk_enter(stack, "viewer", &viewer);
	look_for(stack, &browser, &stray, club.name, &answer);
	http_assert_body_has(&answer, ">1 order is owed.</p>");
	http_assert_body_has(&answer, "</a>: $432.17 owed");
	http_assert_body_has(&answer, "name=\"anyway\" value=\"found\"");
	snprintf(part, sizeof(part), "name=\"order_id\" value=\"%lld\"",
	    (long long)club.order_id);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
	look_for(stack, &browser, &stray, other.name, &answer);
	http_assert_body_has(&answer, "But paid $432.17, order ");
	assert_null(strstr(answer.body, "name=\"anyway\""));
	http_answer_clear(&answer);
	look_for(stack, &viewer, &stray, club.name, &answer);
	assert_null(strstr(answer.body, "action=\"/desk/unmatched/"));
	http_answer_clear(&answer);
	club_forget_order(stack, &other);
	page_says(stack, &browser, &stray, other.name,
	    "No order of theirs is owed.");
	page_says(stack, &browser, &stray, "nobody of that name",
	    "No child and no family");
	sql_run(stack, "insert into teamdues.players (name) select 'Many %s' "
	    "from generate_series(1, 51)", other.name);
	snprintf(part, sizeof(part), "many %s", other.name);
	page_says(stack, &browser, &stray, part, "More than 50 families");
}

/* Of several words all have to be somebody's, each anywhere; where they are
 * nobody's, whoever has one of them is named. */
static void
test_several_words(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], text[TEXT_SIZE], part[TEXT_SIZE];
	struct desk_browser browser;

	unique_name("Nov&", word);
	sql_run(stack, "with r as (insert into teamdues.parents (name) "
	    "select 'Iris ' || n || ' %s' from generate_series(1, 7) n "
	    "returning parent_id) insert into teamdues.players (parent_id, "
	    "name) select parent_id, 'Eva' || parent_id from r", word);
	desk_enter(stack, "viewer", &browser);
	snprintf(text, sizeof(text), "%s iris", word);
	assert_true(finds(stack, &browser, text, "7 found"));
	snprintf(text, sizeof(text), "eva %s", word);
	assert_true(finds(stack, &browser, text, "7 found"));
	snprintf(text, sizeof(text), "Maximilian %s", word);
	snprintf(part, sizeof(part), "Nobody has both Maximilian and Nov&amp;"
	    "%s.</p>\n<p>Nov&amp;%s: <a href=\"/desk/family?parent_id=",
	    word + 4, word + 4);
	assert_true(finds(stack, &browser, text, part));
	snprintf(part, sizeof(part), ">Iris 1 Nov&amp;%s</a> (Eva", word + 4);
	assert_true(finds(stack, &browser, text, part));
	snprintf(part, sizeof(part), ") and <a href=\"/desk/families?q=Nov%%26"
	    "%s\">2 more</a></p>", word + 4);
	assert_true(finds(stack, &browser, text, part));
	assert_false(finds(stack, &browser, text, "Iris 6 "));
	assert_true(finds(stack, &browser, "Iris Maximilian Xaver",
	    "Nobody has all of Iris, Maximilian and Xaver."));
	assert_false(finds(stack, &browser, "Maximilian Xaver", "Nobody has"));
	assert_false(finds(stack, &browser, "Max_milian %%", "Nobody has"));
	assert_true(finds(stack, &browser, "Maximilian Xaver", "No family"));
}

/* A child of whom no parent is known stands for its family. */
static void
test_a_child_alone(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], link[TEXT_SIZE];
	struct desk_browser browser;
	int64_t player_id;

	unique_name("alone", word);
	player_id = sql_int(stack, "insert into teamdues.players (name) "
	    "values ('%s') returning player_id", word);
	snprintf(link, sizeof(link), "\"/desk/family?parent_id=-%lld\"",
	    (long long)player_id);
	desk_enter(stack, "viewer", &browser);
	assert_true(finds(stack, &browser, word, link));
}

/* Most of a club at once: the same rows as one by one. */
static void
test_many_are_found(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE];
	struct desk_browser browser;

	unique_name("many", word);
	sql_run(stack, "with r as (insert into teamdues.parents (name) "
	    "select '%s' from generate_series(1, 600) returning parent_id) "
	    "insert into teamdues.players (parent_id, name) select parent_id, "
	    "'Kid' from r", word);
	sql_run(stack, "insert into teamdues.orders (player_id, product_id, "
	    "kind, amount_cents, currency) select y.player_id, p.product_id, "
	    "'fee', 100, 'usd' from teamdues.players y join teamdues.parents "
	    "r using (parent_id), teamdues.products p where r.name = '%s' and "
	    "p.kind = 'fee'", word);
	desk_enter(stack, "viewer", &browser);
	assert_true(finds(stack, &browser, word, "600 found"));
	assert_true(finds(stack, &browser, word, ">$600.00</td>"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_found_by_every_key),
		MAIL_TEST(test_a_card_that_an_event_tells),
		MAIL_TEST(test_a_payment_of_nobody),
		MAIL_TEST(test_what_a_payment_is_for),
		MAIL_TEST(test_several_words),
		MAIL_TEST(test_a_child_alone),
		MAIL_TEST(test_many_are_found),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
