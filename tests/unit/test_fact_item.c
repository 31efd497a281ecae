/* What Stripe said, as the text that the database is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/fact_item.h"

static void
assert_text(const struct fact_item *item, const char *expected)
{
	struct buf json = BUF_INIT(FACT_ITEM_MAX);

	fact_item_put(&json, item);
	assert_string_equal(buf_str(&json), expected);
	buf_clear(&json);
}

/* One that brings no fact; what it lacks is empty, not absent. */
static void
an_event_alone(void **state)
{
	(void)state;
	assert_text(&(struct fact_item){
		.event_id = "evt_1", .event_type = "charge.updated",
		.object_id = "", .event_livemode = true, .api_version = "",
		.event_created = 1700000000, .disposition = "ignored",
		.reason = "not about a \"payment\"",
	}, "{\"disposition\":\"ignored\",\"reason\":"
	    "\"not about a \\\"payment\\\"\",\"event_id\":\"evt_1\","
	    "\"event_type\":\"charge.updated\",\"object_id\":\"\","
	    "\"event_livemode\":true,\"api_version\":\"\","
	    "\"event_created\":1700000000}");
}

/* Metadata that is no text counts as absent, but its name is told. */
static void
a_session_without_an_event(void **state)
{
	static const char metadata[] = "{\"order_id\":\"7\",\"player_id\":9,"
	    "\"teamdues\":\"td_x\",\"teamdues_word\":\"w\","
	    "\"teamdues_player\":\"Jo\",\"teamdues_product\":\"Entry\","
	    "\"teamdues_tournament\":\"Cup, 2027-05-03\","
	    "\"a \\\"b\\\"\":\"c\"}";
	struct json_doc doc;
	struct err err;

	(void)state;
	assert_int_equal(json_parse(metadata, strlen(metadata), &doc, &err),
	    ST_OK);
	assert_text(&(struct fact_item){
		.disposition = "fact", .kind = FACT_SESSION, .word = "paid",
		.at = 5, .session_id = "cs_1", .payment_intent_id = "pi_1",
		.created = 4, .livemode = false, .is_our_mode = true,
		.amount_cents = 15000, .currency = "usd", .customer_id = "",
		.email = "zoë@families.example", .client_reference_id = NULL,
		.metadata = json_root(&doc),
	}, "{\"disposition\":\"fact\",\"kind\":\"session\",\"word\":\"paid\","
	    "\"payment_intent_id\":\"pi_1\",\"session_id\":\"cs_1\",\"at\":5,"
	    "\"created\":4,\"livemode\":false,\"is_our_mode\":true,"
	    "\"currency\":\"usd\",\"email\":\"zoë@families.example\","
	    "\"amount_cents\":15000,\"metadata_order_id\":\"7\","
	    "\"metadata_teamdues\":\"td_x\",\"metadata_word\":\"w\","
	    "\"metadata_player\":\"Jo\",\"metadata_product\":\"Entry\","
	    "\"metadata_tournament\":\"Cup, 2027-05-03\","
	    "\"metadata_keys\":[\"order_id\","
	    "\"player_id\",\"teamdues\",\"teamdues_word\","
	    "\"teamdues_player\",\"teamdues_product\","
	    "\"teamdues_tournament\",\"a \\\"b\\\"\"]}");
	json_clear(&doc);
}

static void
a_session_that_is_gone(void **state)
{
	(void)state;
	assert_text(&(struct fact_item){
		.disposition = "fact", .kind = FACT_SESSION,
		.word = "expired", .at = 5, .session_id = "cs_1",
	}, "{\"disposition\":\"fact\",\"kind\":\"session\",\"word\":"
	    "\"expired\",\"session_id\":\"cs_1\",\"at\":5}");
}

/* Times that Stripe does not tell are absent, not 1970. */
static void
disputes_and_warnings(void **state)
{
	struct fact_item dispute = {
		.disposition = "fact", .kind = FACT_DISPUTE,
		.word = "needs_response", .payment_intent_id = "pi_1",
		.dispute_id = "dp_1", .amount_cents = 700,
	};

	(void)state;
	assert_text(&dispute, "{\"disposition\":\"fact\",\"kind\":"
	    "\"dispute\",\"word\":\"needs_response\","
	    "\"payment_intent_id\":\"pi_1\",\"dispute_id\":\"dp_1\","
	    "\"amount_cents\":700,\"is_withdrawn\":false,"
	    "\"is_reinstated\":false}");
	dispute.created = 4;
	dispute.due_by = 9;
	assert_text(&dispute, "{\"disposition\":\"fact\",\"kind\":"
	    "\"dispute\",\"word\":\"needs_response\","
	    "\"payment_intent_id\":\"pi_1\",\"dispute_id\":\"dp_1\","
	    "\"amount_cents\":700,\"is_withdrawn\":false,"
	    "\"is_reinstated\":false,\"created\":4,\"due_by\":9}");
	assert_text(&(struct fact_item){
		.disposition = "fact", .kind = FACT_WARNING,
		.word = "actionable", .payment_intent_id = "pi_1",
		.warning_id = "issfr_1", .message = "misc", .created = 4,
	}, "{\"disposition\":\"fact\",\"kind\":\"warning\",\"word\":"
	    "\"actionable\",\"payment_intent_id\":\"pi_1\","
	    "\"warning_id\":\"issfr_1\",\"message\":\"misc\","
	    "\"created\":4}");
}

static void
what_is_too_long_fails_the_text(void **state)
{
	char small[32];
	struct buf json = BUF_FIXED(small);
	struct err err;

	(void)state;
	fact_item_put(&json, &(struct fact_item){
		.disposition = "fact", .kind = FACT_CHARGE,
		.payment_intent_id = "pi_1",
	});
	assert_int_equal(buf_check(&json, "the item", &err), ST_BAD_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_alone),
		cmocka_unit_test(a_session_without_an_event),
		cmocka_unit_test(a_session_that_is_gone),
		cmocka_unit_test(disputes_and_warnings),
		cmocka_unit_test(what_is_too_long_fails_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
