/* What Stripe shows when it is asked, as items of the ledger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "billing/facts/fetched_facts.h"

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

/* What stands at path of the n-th of the answers, as JSON. */
static void
assert_source(struct fetched_facts *facts, size_t n, const char *path,
    const char *expected)
{
	char object[2 * TEXT_SIZE];
	struct buf b = BUF_FIXED(object);
	struct json_doc doc;
	struct json_node item;
	struct err err;
	size_t len;
	const char *text, *source;

	assert_int_equal(fetched_facts_text(facts, &text, &err), ST_OK);
	buf_putf(&b, "{\"items\":%s}", text);
	facts->json.len--;	/* to be asked again */
	doc = parsed(buf_str(&b));
	item = json_first(json_at(json_root(&doc), "items"));
	for (size_t i = 0; i < n; i++)
		item = json_next(json_at(json_root(&doc), "items"), item);
	source = json_source(json_at(item, path), &len);
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
		{ "complete", "paid", "succeeded", "paid" },
		{ "complete", "no_payment_required", "", "free" },
		{ "complete", "unpaid", "processing", "unpaid" },
		{ "complete", "unpaid", "requires_payment_method", "failed" },
		{ "complete", "unpaid", "canceled", "failed" },
		{ "expired", "unpaid", "canceled", "expired" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stripe_session session;
		struct fact_item item;

		session_make(&session, cases[i].status,
		    cases[i].payment_status, cases[i].intent_status);
		assert_int_equal(fact_from_session(&session, i % 2 == 0, &item),
		    cases[i].fact != NULL);
		if (cases[i].fact != NULL) {
			assert_string_equal(item.disposition, "fact");
			assert_int_equal(item.kind, FACT_SESSION);
			assert_string_equal(item.session_id, "cs_1");
			assert_string_equal(item.word, cases[i].fact);
			assert_true(json_text_is(item.metadata, "order_id",
			    "7"));
			assert_int_equal(item.at, 1700000200);
			assert_int_equal(item.is_our_mode, i % 2 == 1);
			assert_null(item.event_id);
		}
		stripe_session_clear(&session);
	}
}

static void
sessions_that_are_gone_have_expired(void **state)
{
	struct fact_item item;

	(void)state;
	fact_from_gone("cs_9", &item);
	assert_string_equal(item.disposition, "fact");
	assert_string_equal(item.session_id, "cs_9");
	assert_string_equal(item.word, "expired");
}

static void
charges_tell_the_total(void **state)
{
	struct json_doc json = parsed("{\"id\":\"ch_1\",\"payment_intent\":"
	    "\"pi_1\",\"amount_refunded\":2000,\"disputed\":true}");
	struct stripe_charge charge;
	struct fetched_facts facts;
	struct err err;

	(void)state;
	fetched_facts_init(&facts);
	assert_int_equal(stripe_charge_parse(json_root(&json), &charge, &err),
	    ST_OK);
	assert_true(charge.is_disputed);
	fetched_facts_add_charge(&facts, &charge);
	assert_int_equal(facts.count, 1);
	assert_source(&facts, 0, "kind", "\"charge\"");
	assert_source(&facts, 0, "payment_intent_id", "\"pi_1\"");
	assert_source(&facts, 0, "amount_cents", "2000");
	json_clear(&json);

	/* Somebody's old integration: nothing of ours. */
	json = parsed("{\"payment_intent\":null,\"amount_refunded\":0}");
	assert_int_equal(stripe_charge_parse(json_root(&json), &charge, &err),
	    ST_OK);
	assert_false(charge.is_disputed);
	fetched_facts_add_charge(&facts, &charge);
	assert_int_equal(facts.count, 1);
	fetched_facts_clear(&facts);
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
	struct fetched_facts facts;
	struct err err;

	(void)state;
	fetched_facts_init(&facts);
	assert_int_equal(fetched_facts_add_refunds(&facts, json_root(&page),
	    &err), ST_OK);
	assert_int_equal(facts.count, 2);
	assert_source(&facts, 1, "refund_id", "\"re_2\"");
	assert_source(&facts, 1, "word", "\"failed\"");
	assert_source(&facts, 1, "amount_cents", "700");
	assert_int_equal(facts.facts[1].kind, FACT_REFUND);
	assert_string_equal(facts.facts[1].word, "failed");
	fetched_facts_clear(&facts);
	json_clear(&page);
}

static void
assert_dispute(const char *moves, bool is_withdrawn, bool is_reinstated)
{
	char text[TEXT_SIZE];
	struct buf b = BUF_FIXED(text);
	struct fetched_facts facts;
	struct json_doc page;
	struct err err;

	buf_putf(&b, "{\"data\":[{\"id\":\"du_1\",\"payment_intent\":"
	    "\"pi_1\",\"status\":\"lost\",\"amount\":15000%s%s}]}",
	    moves != NULL ? ",\"balance_transactions\":" : "",
	    moves != NULL ? moves : "");
	page = parsed(buf_str(&b));
	fetched_facts_init(&facts);
	assert_int_equal(fetched_facts_add_disputes(&facts, json_root(&page),
	    &err), ST_OK);
	assert_source(&facts, 0, "word", "\"lost\"");
	assert_source(&facts, 0, "is_withdrawn",
	    is_withdrawn ? "true" : "false");
	assert_source(&facts, 0, "is_reinstated",
	    is_reinstated ? "true" : "false");
	fetched_facts_clear(&facts);
	json_clear(&page);
}

/* Without their events, the moves of the funds stand in the dispute itself. */
static void
disputes_tell_the_moves_of_their_funds(void **state)
{
	(void)state;
	assert_dispute(NULL, false, false);
	assert_dispute("[]", false, false);
	assert_dispute("[{\"amount\":-15000}]", true, false);
	assert_dispute("[{\"amount\":-15000},{\"amount\":15000}]", true, true);
	assert_dispute("[{\"amount\":\"1\"},{},7,null]", false, false);
	assert_dispute("\"none\"", false, false);
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
		struct json_doc page = parsed(pages[i]);
		struct fetched_facts facts;

		fetched_facts_init(&facts);
		assert_int_equal(fetched_facts_add_refunds(&facts,
		    json_root(&page), &err), ST_BAD_INPUT);
		assert_int_equal(fetched_facts_add_disputes(&facts,
		    json_root(&page), &err), ST_BAD_INPUT);
		assert_int_equal(facts.count, 0);
		fetched_facts_clear(&facts);
		json_clear(&page);
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
