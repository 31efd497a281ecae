/* What Stripe shows when it is asked, as items of sql/functions/record.sql. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "billing/answer_items.h"

enum { TEXT_SIZE = 1024 };

/* The caller clears it. */
static struct json_doc
parsed(const char *text)
{
	struct json_doc doc;
	struct err err;

	if (json_parse(text, strlen(text), &doc, &err) != ST_OK)
		fail_msg("%s: %s", err.msg, text);
	return doc;
}

/* A session complete or not, with an expanded payment intent. */
static void
session_make(struct stripe_session *session, const char *status,
    const char *payment_status, const char *intent_status)
{
	static char text[TEXT_SIZE];
	struct buf b = BUF_FIXED(text);
	struct json_doc doc;
	struct err err;

	buf_putf(&b, "{\"object\":\"checkout.session\","
	    "\"id\":\"cs_1\",\"mode\":\"payment\",\"livemode\":false,"
	    "\"amount_total\":15000,\"currency\":\"usd\",\"created\":"
	    "1700000000,\"expires_at\":1700086400,"
	    "\"metadata\":{\"order_id\":\"7\"},"
	    "\"payment_intent\":{\"id\":\"pi_1\",\"created\":1700000100,"
	    "\"latest_charge\":{\"id\":\"ch_1\",\"created\":1700000200},"
	    "\"status\":\"%s\"},\"status\":\"%s\",\"payment_status\":\"%s\"}",
	    intent_status, status, payment_status);
	doc = parsed(buf_str(&b));
	assert_int_equal(stripe_session_parse(json_root(&doc), session, &err),
	    ST_OK);
	session->doc = doc;
}

/* What stands at path of an item that was built, as JSON. */
static void
assert_source(struct json_object *item, const char *path, const char *expected)
{
	struct json_doc doc;
	struct err err;
	size_t len;
	const char *source;

	assert_int_equal(json_reread(item, &doc, &err), ST_OK);
	source = json_source(json_at(json_root(&doc), path), &len);
	if (len != strlen(expected) || memcmp(source, expected, len) != 0)
		fail_msg("%s is %.*s, not %s", path, (int)len, source,
		    expected);
	json_clear(&doc);
}

static void
sessions_state_their_fact(void **state)
{
	static const struct {
		const char *status;
		const char *payment_status;
		const char *intent_status;
		const char *fact;	/* NULL: no item */
	} cases[] = {
		{ "open", "unpaid", "requires_payment_method", NULL },
		{ "complete", "paid", "succeeded", "\"paid\"" },
		{ "complete", "no_payment_required", "", "\"free\"" },
		{ "complete", "unpaid", "processing", "\"unpaid\"" },
		{ "complete", "unpaid", "requires_payment_method",
		    "\"failed\"" },
		{ "complete", "unpaid", "canceled", "\"failed\"" },
		{ "expired", "unpaid", "canceled", "\"expired\"" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stripe_session session;
		struct json_object *item = NULL;

		session_make(&session, cases[i].status,
		    cases[i].payment_status, cases[i].intent_status);
		assert_int_equal(answer_session(&session, i % 2 == 0, &item,
		    &err), ST_OK);
		if (cases[i].fact == NULL) {
			assert_null(item);
		} else {
			assert_source(item, "disposition", "\"fact\"");
			assert_source(item, "session.id", "\"cs_1\"");
			assert_source(item, "session.fact", cases[i].fact);
			assert_source(item, "session.order_id", "\"7\"");
			assert_source(item, "session.at", "1700000200");
			assert_source(item, "session.is_our_mode",
			    i % 2 == 1 ? "true" : "false");
			assert_source(item, "event", "null");
		}
		json_object_put(item);
		stripe_session_clear(&session);
	}
}

static void
sessions_that_are_gone_have_expired(void **state)
{
	struct json_object *item = NULL;
	struct err err;

	(void)state;
	assert_int_equal(answer_gone("cs_9", &item, &err), ST_OK);
	assert_source(item, "disposition", "\"fact\"");
	assert_source(item, "session.id", "\"cs_9\"");
	assert_source(item, "session.fact", "\"expired\"");
	json_object_put(item);
}

static void
charges_tell_the_total(void **state)
{
	struct json_doc json = parsed("{\"id\":\"ch_1\",\"payment_intent\":"
	    "\"pi_1\",\"amount_refunded\":2000,\"disputed\":true}");
	struct json_object *items = json_object_new_array();
	struct stripe_charge charge;
	struct err err;

	(void)state;
	assert_int_equal(stripe_charge_parse(json_root(&json), &charge, &err),
	    ST_OK);
	assert_true(charge.is_disputed);
	assert_int_equal(answer_add_charge(items, &charge, &err), ST_OK);
	assert_int_equal(json_object_array_length(items), 1);
	assert_source(json_object_array_get_idx(items, 0),
	    "charge.payment_intent", "\"pi_1\"");
	assert_source(json_object_array_get_idx(items, 0),
	    "charge.amount_refunded_cents", "2000");
	json_object_put(items);
	json_clear(&json);

	json = parsed("{\"payment_intent\":\"pi_1\",\"amount_refunded\":0}");
	assert_int_equal(stripe_charge_parse(json_root(&json), &charge, &err),
	    ST_OK);
	assert_false(charge.is_disputed);
	json_clear(&json);
	json = parsed("{\"payment_intent\":\"pi_1\",\"amount_refunded\":0,"
	    "\"disputed\":\"yes\"}");
	assert_int_equal(stripe_charge_parse(json_root(&json), &charge, &err),
	    ST_BAD_INPUT);
	json_clear(&json);
}

static void
refunds_are_told_one_by_one(void **state)
{
	struct json_doc page = parsed("{\"data\":["
	    "{\"id\":\"re_1\",\"payment_intent\":\"pi_1\",\"status\":"
	    "\"succeeded\",\"amount\":500},"
	    "{\"id\":\"re_2\",\"payment_intent\":\"pi_1\",\"status\":"
	    "\"failed\",\"amount\":700}]}");
	struct json_object *items = json_object_new_array();
	struct err err;

	(void)state;
	assert_int_equal(answer_add_refunds(items, json_root(&page), &err),
	    ST_OK);
	assert_int_equal(json_object_array_length(items), 2);
	assert_source(json_object_array_get_idx(items, 1), "refund.id",
	    "\"re_2\"");
	assert_source(json_object_array_get_idx(items, 1), "refund.status",
	    "\"failed\"");
	assert_source(json_object_array_get_idx(items, 1),
	    "refund.amount_cents", "700");
	json_object_put(items);
	json_clear(&page);
}

static void
assert_dispute(const char *moves, const char *facts)
{
	char text[TEXT_SIZE];
	struct buf b = BUF_FIXED(text);
	struct json_object *items = json_object_new_array();
	struct json_doc page;
	struct err err;

	buf_putf(&b, "{\"data\":[{\"id\":\"du_1\",\"payment_intent\":"
	    "\"pi_1\",\"status\":\"lost\",\"amount\":15000%s%s}]}",
	    moves != NULL ? ",\"balance_transactions\":" : "",
	    moves != NULL ? moves : "");
	page = parsed(buf_str(&b));
	assert_int_equal(answer_add_disputes(items, json_root(&page), &err),
	    ST_OK);
	assert_source(json_object_array_get_idx(items, 0), "dispute.facts",
	    facts);
	json_object_put(items);
	json_clear(&page);
}

/* Without their events, the moves of the funds stand in the dispute itself. */
static void
disputes_tell_the_moves_of_their_funds(void **state)
{
	(void)state;
	assert_dispute(NULL, "[\"lost\"]");
	assert_dispute("[]", "[\"lost\"]");
	assert_dispute("[{\"amount\":-15000}]",
	    "[\"lost\",\"funds_withdrawn\"]");
	assert_dispute("[{\"amount\":-15000},{\"amount\":15000}]",
	    "[\"lost\",\"funds_withdrawn\",\"funds_reinstated\"]");
	assert_dispute("[{\"amount\":\"1\"},{},7,null]", "[\"lost\"]");
	assert_dispute("\"none\"", "[\"lost\"]");
}

static void
what_cannot_be_read_is_refused(void **state)
{
	static const char *const pages[] = { "{}", "{\"data\":{}}",
	    "{\"data\":[7]}", "{\"data\":[{\"id\":\"x 1\"}]}",
	    "{\"data\":[{\"id\":\"x1\",\"payment_intent\":\"pi_1\",\"status\":"
	    "\"failed\",\"amount\":-1}]}" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct json_object *items = json_object_new_array();
		struct json_doc page = parsed(pages[i]);

		assert_int_equal(answer_add_refunds(items, json_root(&page),
		    &err), ST_BAD_INPUT);
		assert_int_equal(answer_add_disputes(items, json_root(&page),
		    &err), ST_BAD_INPUT);
		assert_int_equal(json_object_array_length(items), 0);
		json_clear(&page);
		json_object_put(items);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_state_their_fact),
		cmocka_unit_test(sessions_that_are_gone_have_expired),
		cmocka_unit_test(charges_tell_the_total),
		cmocka_unit_test(refunds_are_told_one_by_one),
		cmocka_unit_test(disputes_tell_the_moves_of_their_funds),
		cmocka_unit_test(what_cannot_be_read_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
