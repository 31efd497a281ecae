/*
 * Whatever is known of a family, and whatever Stripe thinks of it, the family
 * gets to Stripe's page: without a parent, and with a telephone or an address
 * that Stripe refuses.  Who is not proven to be the parent is no customer of
 * Stripe's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "registration.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000, TEXT_SIZE = 512 };

static void
forget_parent(struct stack *stack, const struct club *club)
{
	sql_run(stack, "update teamdues.players set parent_id = null where "
	    "player_id = %lld", (long long)club->player_id);
}

/* The params of the order's last create call; the caller puts calls. */
static const char *
last_param(struct json_object *calls, const char *name)
{
	return visitor_param(calls, json_object_array_length(calls) - 1, name);
}

static void
assert_no_payer_sent(struct stack *stack, int64_t order_id)
{
	struct json_object *calls = visitor_assert_minted(stack, order_id);

	assert_string_equal(last_param(calls, "customer"), "");
	assert_string_equal(last_param(calls, "customer_email"), "");
	json_object_put(calls);
}

/* Follows a link that is signed for the player. */
static int64_t
click_first_payment(struct stack *stack, const struct club *club)
{
	char target[LINK_SIZE];
	char url[LINK_SIZE];
	char id[SESSION_ID_SIZE];
	char word[LINK_WORD_SIZE];
	struct http_answer answer;

	club_player_word(stack, club->player_id, word);
	snprintf(target, sizeof(target), "/checkout/first-payment?player_id="
	    "%lld%s&quoted=2026-01-01&amount_cents=%d&expires=%lld",
	    (long long)club->player_id, word, AMOUNT,
	    (long long)now_s() + 3600);
	link_sign(stack, target, url);
	http_get(stack, url, &answer);
	club_session_of(stack, &answer, id);
	http_answer_clear(&answer);
	return sql_int(stack, "select order_id from teamdues.orders where "
	    "player_id = %lld and kind = 'fee'", (long long)club->player_id);
}

static void
test_player_without_a_parent(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	forget_parent(stack, &club);
	club_click_through(stack, club.order_id, id);
	assert_no_payer_sent(stack, club.order_id);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = "
	    "'paid'", (long long)club.order_id) == 1);
	assert_no_payer_sent(stack, click_first_payment(stack, &club));
}

/* As the roster takes them: 40 characters, where Stripe takes 20. */
static void
test_telephone_that_stripe_refuses(void **state)
{
	static const struct {
		const char *phone;
		bool is_sent;
	} cases[] = {
		{ "+1 (801) 555-0100 02", true },
		{ "+1 801-555-0100 x 725", false },
		{ "(801) 555-0100 (mum evenings only)", false },
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_object *calls;
		char id[SESSION_ID_SIZE];
		struct club club;

		club_make(stack, AMOUNT, &club);
		sql_run(stack, "update teamdues.parents set phone = '%s' "
		    "where parent_id = %lld", cases[i].phone,
		    (long long)club.parent_id);
		club_click_through(stack, club.order_id, id);
		calls = standin_requests(stack, &(struct standin_query){
		    "POST", "/v1/customers", "metadata[parent_id]",
		    club.parent_id });
		assert_string_equal(last_param(calls, "phone"),
		    cases[i].is_sent ? cases[i].phone : "");
		assert_true(last_param(calls, "email")[0] != '\0');
		json_object_put(calls);
	}
}

/* What is refused stays refused: each other click may be the first of all. */
static void
refuse_detail(struct stack *stack, const char *path, const char *param,
    const char *value)
{
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"%s\","
	    "\"params\":{\"%s\":\"%s\"},\"count\":0,\"status\":400,\"body\":"
	    "{\"error\":{\"type\":\"invalid_request_error\",\"code\":"
	    "\"email_invalid\",\"param\":\"%s\",\"message\":\"Invalid email "
	    "address\"}}}", path, param, value, param);
}

static void
test_address_that_stripe_refuses(void **state)
{
	struct stack *stack = *state;
	char email[TEXT_SIZE];
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct json_object *calls;
	struct club club;

	club_make(stack, AMOUNT, &club);
	snprintf(email, sizeof(email), "%s@example.com", club.name);
	refuse_detail(stack, "/v1/customers", "email", email);
	club_click_through(stack, club.order_id, first);
	club_click_through(stack, club.order_id, second);
	assert_string_equal(first, second);
	calls = standin_requests(stack, &(struct standin_query){ "POST",
	    "/v1/customers", "metadata[parent_id]", club.parent_id });
	assert_string_equal(last_param(calls, "email"), "");
	assert_true(last_param(calls, "name")[0] != '\0');
	json_object_put(calls);
	calls = visitor_assert_minted(stack, club.order_id);
	assert_true(last_param(calls, "customer")[0] != '\0');
	json_object_put(calls);
}

/* The texts that name the player, too: each order then has its number alone. */
static void
test_name_that_stripe_refuses(void **state)
{
	static const char *const texts[] = { "payment_intent_data[description]",
	    "line_items[0][price_data][product_data][description]",
	    "metadata[teamdues_player]" };
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE], text[3][TEXT_SIZE];

	for (size_t i = 0; i < 3; i++) {
		struct json_object *calls;
		struct club club;

		club_make(stack, AMOUNT, &club);
		snprintf(text[0], sizeof(text[0]), "Order %lld: Cup %s for "
		    "Player %s", (long long)club.order_id, club.name,
		    club.name);
		snprintf(text[1], sizeof(text[1]), "For Player %s", club.name);
		snprintf(text[2], sizeof(text[2]), "Player %s", club.name);
		refuse_detail(stack, "/v1/checkout/sessions", texts[i],
		    text[i]);
		club_click_through(stack, club.order_id, id);
		calls = visitor_assert_minted(stack, club.order_id);
		assert_null(strstr(last_param(calls, texts[0]), "Player"));
		assert_string_equal(last_param(calls, texts[1]), "");
		assert_string_equal(last_param(calls, texts[2]), "");
		json_object_put(calls);
	}
}

/* Nothing else that Stripe refuses is tried again without an end. */
static void
test_another_refusal_is_told(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"/v1/customers\","
	    "\"count\":0,\"status\":400,\"store\":false,\"body\":{\"error\":{"
	    "\"type\":\"invalid_request_error\",\"param\":\"metadata\","
	    "\"message\":\"no\"}}}");
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 502);
	http_answer_clear(&answer);
}

/*
 * Anybody may type a family's address into the form: the page that it leads to
 * is not that of the family's customer, whose cards it might offer.
 */
static void
test_tryout_of_a_known_family(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char email[TEXT_SIZE];
	char id[SESSION_ID_SIZE];
	char customer[UNIQUE_SIZE];
	struct json_object *calls;
	struct registration family;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_remember_customer(stack, &club, customer);
	registration_make(&family);
	snprintf(email, sizeof(email), "%s@example.com", club.name);
	form_with(family.pairs, "parent_email", email, pairs);
	registration_send(stack, pairs, id);
	calls = visitor_assert_minted(stack, registration_order(stack,
	    &family));
	assert_string_equal(last_param(calls, "customer"), "");
	assert_string_equal(last_param(calls, "customer_email"), email);
	json_object_put(calls);
}

/* No customer is made for it, and an address that Stripe refuses left out. */
static void
test_tryout_of_an_unknown_family(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct json_object *calls;
	struct registration family;

	registration_make(&family);
	refuse_detail(stack, "/v1/checkout/sessions", "customer_email",
	    family.email);
	registration_send(stack, family.pairs, id);
	assert_no_payer_sent(stack, registration_order(stack, &family));
	calls = standin_requests(stack, &(struct standin_query){ "POST",
	    "/v1/customers", "metadata[parent_id]", sql_int(stack, "select "
	    "parent_id from teamdues.parents where email = '%s'",
	    family.email) });
	assert_int_equal(json_object_array_length(calls), 0);
	json_object_put(calls);
}

static int
setup(void **state)
{
	int failed = stack_setup(state);

	if (!failed)
		visitor_offer(*state, "tryout", 2500, "");
	return failed;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_player_without_a_parent),
		STANDIN_TEST(test_telephone_that_stripe_refuses),
		STANDIN_TEST(test_address_that_stripe_refuses),
		STANDIN_TEST(test_name_that_stripe_refuses),
		STANDIN_TEST(test_another_refusal_is_told),
		STANDIN_TEST(test_tryout_of_a_known_family),
		STANDIN_TEST(test_tryout_of_an_unknown_family),
	};

	return cmocka_run_group_tests(tests, setup, stack_teardown);
}
