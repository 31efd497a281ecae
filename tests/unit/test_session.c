/* The body of a Checkout Session, byte for byte, and the reading of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_out.h"
#include "stripe/customer.h"
#include "stripe/session.h"

enum { TEXT_MAX = 64 * 1024 };

/* An open session; each test changes a field of it. */
#define OPEN_SESSION "{\"id\":\"cs_test_a1\",\"object\":\"checkout.session\"," \
	"\"mode\":\"payment\",\"status\":\"open\"," \
	"\"payment_status\":\"unpaid\",\"livemode\":false," \
	"\"amount_total\":15000,\"currency\":\"usd\"," \
	"\"created\":1700000000,\"expires_at\":1700086400," \
	"\"url\":\"https://checkout.stripe.com/c/pay/cs_test_a1#f\"," \
	"\"payment_intent\":null,\"customer\":\"cus_1\"," \
	"\"customer_email\":null,\"customer_details\":null," \
	"\"client_reference_id\":\"7\",\"payment_link\":null," \
	"\"metadata\":{\"order_id\":\"7\"},\"unknown\":{\"a\":[]}}"

static struct err err;

/* A session as text, and as it is read. */
static struct buf body = BUF_INIT(TEXT_MAX);
static struct json_doc doc;

static int
teardown(void **state)
{
	(void)state;
	json_clear(&doc);
	buf_clear(&body);
	return 0;
}

static void
open_session(void)
{
	buf_reset(&body);
	buf_puts(&body, OPEN_SESSION);
}

/* The session, read; until it changes again. */
static struct json_node
session_json(void)
{
	json_clear(&doc);
	assert_int_equal(json_parse(buf_str(&body), body.len, &doc, &err),
	    ST_OK);
	return json_root(&doc);
}

/* Sets a field of it to value (JSON), or removes it when NULL. */
static void
change(const char *field, const char *value)
{
	struct buf changed = BUF_INIT(TEXT_MAX);
	struct json_out json = JSON_OUT(&changed);
	struct json_node root = session_json();

	json_out_object(&json, NULL);
	for (struct json_node member = json_first(root); json_exists(member);
	    member = json_next(root, member))
		if (!json_is_named(member, field))
			json_out_member(&json, member);
	if (value != NULL) {
		json_out_name(&json, field);
		buf_puts(&changed, value);
	}
	json_out_end(&json);
	assert_int_equal(json_out_check(&json, "it", &err), ST_OK);
	buf_clear(&body);
	body = changed;
}

static enum status
parse_with(const char *field, const char *value,
    struct stripe_session *session)
{
	open_session();
	change(field, value);
	err = (struct err){ 0 };
	return stripe_session_parse(session_json(), session, &err);
}

static void
expect_refused(const char *field, const char *value)
{
	struct stripe_session session;

	assert_int_equal(parse_with(field, value, &session), ST_BAD_INPUT);
	assert_int_equal(err.st, ST_BAD_INPUT);
	if (strcmp(field, "object") != 0)
		assert_non_null(strstr(err.msg, field));
	stripe_session_clear(&session);
}

static void
form_is_these_bytes(void **state)
{
	static const struct stripe_pair METADATA[] = {
		{ "order_id", "7" }, { "player_id", "3" },
		{ "product_id", "2" }, { "teamdues", "b1 & c" },
		{ "teamdues_tournament", "" },
	};
	const struct stripe_session_request request = {
		.customer = "cus_1",
		.product_name = "Spring Cup \xe2\x80\x93 Zo\xc3\xab",
		.product_description = "For Zo\xc3\xab",
		.amount_cents = 15000,
		.currency = "usd",
		.success_url = "https://pay.club.example/paid.html"
		    "?session_id={CHECKOUT_SESSION_ID}",
		.cancel_url = "https://pay.club.example/cancelled.html",
		.client_reference_id = "7",
		.payment_description = "Order 7",
		.metadata = METADATA,
		.metadata_count = 5,
	};
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);

	(void)state;
	stripe_session_form(&form, &request);
	assert_string_equal(buf_str(&form),
	    "mode=payment&customer=cus_1&client_reference_id=7"
	    "&line_items[0][quantity]=1"
	    "&line_items[0][price_data][currency]=usd"
	    "&line_items[0][price_data][unit_amount]=15000"
	    "&line_items[0][price_data][product_data][name]="
	    "Spring%20Cup%20%E2%80%93%20Zo%C3%AB"
	    "&line_items[0][price_data][product_data][description]="
	    "For%20Zo%C3%AB"
	    "&line_items[0][adjustable_quantity][enabled]=false"
	    "&adaptive_pricing[enabled]=false"
	    "&allow_promotion_codes=false"
	    "&automatic_tax[enabled]=false"
	    "&metadata[order_id]=7&metadata[player_id]=3"
	    "&metadata[product_id]=2&metadata[teamdues]=b1%20%26%20c"
	    "&payment_intent_data[description]=Order%207"
	    "&payment_intent_data[metadata][order_id]=7"
	    "&payment_intent_data[metadata][player_id]=3"
	    "&payment_intent_data[metadata][product_id]=2"
	    "&payment_intent_data[metadata][teamdues]=b1%20%26%20c"
	    "&success_url=https%3A%2F%2Fpay.club.example%2Fpaid.html"
	    "%3Fsession_id%3D%7BCHECKOUT_SESSION_ID%7D"
	    "&cancel_url=https%3A%2F%2Fpay.club.example%2Fcancelled.html");
	buf_clear(&form);
}

/* Stripe refuses an empty customer; a payer has one, or an address, or none. */
static void
form_leaves_out_who_pays(void **state)
{
	struct stripe_session_request request = {
		.customer = "",
		.customer_email = "",
		.product_name = "Cup",
		.product_description = "For Zoe",
		.currency = "usd",
		.success_url = "https://a.example/",
		.cancel_url = "https://a.example/",
		.client_reference_id = "7",
		.payment_description = "Order 7",
	};
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);

	(void)state;
	stripe_session_form(&form, &request);
	assert_null(strstr(buf_str(&form), "customer"));
	request.customer_email = "a+b@c.example";
	buf_reset(&form);
	stripe_session_form(&form, &request);
	assert_non_null(strstr(buf_str(&form),
	    "&customer_email=a%2Bb%40c.example&"));
	assert_null(strstr(buf_str(&form), "customer="));
	buf_clear(&form);
}

static void
customer_form_leaves_out_what_is_empty(void **state)
{
	static const struct stripe_pair METADATA[] = { { "parent_id", "9" } };
	const struct stripe_customer_request all = {
		"Zo\xc3\xab B", "zoe+b@example.org", "+1 555", METADATA, 1,
	};
	const struct stripe_customer_request some = {
		NULL, "a@b.example", "", NULL, 0,
	};
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);

	(void)state;
	stripe_customer_form(&form, &all);
	assert_string_equal(buf_str(&form), "name=Zo%C3%AB%20B"
	    "&email=zoe%2Bb%40example.org&phone=%2B1%20555"
	    "&metadata[parent_id]=9");
	buf_reset(&form);
	stripe_customer_form(&form, &some);
	assert_string_equal(buf_str(&form), "email=a%40b.example");
	buf_clear(&form);
}

static void
an_open_session(void **state)
{
	struct stripe_session session;

	(void)state;
	assert_int_equal(parse_with("extra", "1", &session), ST_OK);
	assert_string_equal(session.id, "cs_test_a1");
	assert_string_equal(session.mode, "payment");
	assert_int_equal(session.status, SESSION_OPEN);
	assert_int_equal(session.payment_status, PAYMENT_UNPAID);
	assert_false(session.livemode);
	assert_true(session.amount_total == 15000);
	assert_string_equal(session.currency, "usd");
	assert_true(session.created == 1700000000);
	assert_true(session.expires_at == 1700086400);
	assert_string_equal(session.url,
	    "https://checkout.stripe.com/c/pay/cs_test_a1#f");
	assert_string_equal(session.payment_intent, "");
	assert_string_equal(session.customer, "cus_1");
	assert_string_equal(session.email, "");
	assert_string_equal(session.client_reference_id, "7");
	assert_string_equal(session.payment_link, "");
	assert_true(json_text_is(session.metadata, "order_id", "7"));
	stripe_session_clear(&session);
	stripe_session_clear(&session);
}

static void
every_status(void **state)
{
	struct stripe_session session;

	(void)state;
	assert_int_equal(parse_with("status", "\"complete\"", &session),
	    ST_OK);
	assert_int_equal(session.status, SESSION_COMPLETE);
	stripe_session_clear(&session);
	assert_int_equal(parse_with("status", "\"expired\"", &session),
	    ST_OK);
	assert_int_equal(session.status, SESSION_EXPIRED);
	stripe_session_clear(&session);
	assert_int_equal(parse_with("payment_status", "\"paid\"", &session),
	    ST_OK);
	assert_int_equal(session.payment_status, PAYMENT_PAID);
	stripe_session_clear(&session);
	assert_int_equal(parse_with("payment_status",
	    "\"no_payment_required\"", &session), ST_OK);
	assert_int_equal(session.payment_status, PAYMENT_NOT_REQUIRED);
	stripe_session_clear(&session);
}

static void
ids_may_be_expanded(void **state)
{
	struct stripe_session session;

	(void)state;
	assert_int_equal(parse_with("payment_intent", "\"pi_1\"", &session),
	    ST_OK);
	assert_string_equal(session.payment_intent, "pi_1");
	stripe_session_clear(&session);
	assert_int_equal(parse_with("payment_intent",
	    "{\"id\":\"pi_2\",\"latest_charge\":{\"id\":\"ch_1\"}}",
	    &session), ST_OK);
	assert_string_equal(session.payment_intent, "pi_2");
	stripe_session_clear(&session);
	assert_int_equal(parse_with("customer",
	    "{\"id\":\"cus_2\",\"deleted\":true}", &session), ST_OK);
	assert_string_equal(session.customer, "cus_2");
	stripe_session_clear(&session);
	assert_int_equal(parse_with("payment_link", "\"plink_1\"", &session),
	    ST_OK);
	assert_string_equal(session.payment_link, "plink_1");
	stripe_session_clear(&session);
	expect_refused("payment_intent", "7");
	expect_refused("payment_intent", "\"pi/1\"");
	expect_refused("customer", "[]");
}

static void
expect_email(const char *field, const char *value, const char *email)
{
	struct stripe_session session;

	assert_int_equal(parse_with(field, value, &session), ST_OK);
	assert_string_equal(session.email, email);
	stripe_session_clear(&session);
}

static void
email_is_what_the_payer_gave(void **state)
{
	char long_mail[700] = "{\"email\":\"";

	(void)state;
	expect_email("customer_details", "{\"email\":\"a@b.example\"}",
	    "a@b.example");
	expect_email("customer_email", "\"c@d.example\"", "c@d.example");
	expect_email("customer_details", "{\"email\":null}", "");
	expect_email("customer_details", "{\"email\":\"a\\u0000b\"}", "");
	memset(long_mail + strlen(long_mail), 'x', STRIPE_EMAIL_SIZE);
	memcpy(long_mail + strlen(long_mail), "\"}", 3);
	expect_email("customer_details", long_mail, "");
}

static void
reference_that_cannot_be_ours_is_none(void **state)
{
	char text[300] = "\"";
	struct stripe_session session;

	(void)state;
	memset(text + 1, '7', STRIPE_REFERENCE_SIZE - 1);
	text[STRIPE_REFERENCE_SIZE] = '"';
	assert_int_equal(parse_with("client_reference_id", text, &session),
	    ST_OK);
	assert_int_equal(strlen(session.client_reference_id), 200);
	stripe_session_clear(&session);

	text[STRIPE_REFERENCE_SIZE] = '7';
	text[STRIPE_REFERENCE_SIZE + 1] = '"';
	assert_int_equal(parse_with("client_reference_id", text, &session),
	    ST_OK);
	assert_string_equal(session.client_reference_id, "");
	stripe_session_clear(&session);
	expect_refused("client_reference_id", "7");
}

static void
metadata_is_an_object_or_absent(void **state)
{
	struct stripe_session session;

	(void)state;
	assert_int_equal(parse_with("metadata", NULL, &session), ST_OK);
	assert_false(json_exists(session.metadata));
	stripe_session_clear(&session);
	assert_int_equal(parse_with("metadata", "null", &session), ST_OK);
	assert_false(json_exists(session.metadata));
	stripe_session_clear(&session);
	expect_refused("metadata", "[]");
	expect_refused("metadata", "\"order_id\"");
}

static void
other_modes_may_have_no_money(void **state)
{
	struct stripe_session session;

	(void)state;
	open_session();
	change("mode", "\"setup\"");
	change("amount_total", "null");
	change("currency", "null");
	assert_int_equal(stripe_session_parse(session_json(), &session, &err),
	    ST_OK);
	assert_true(session.amount_total == 0);
	assert_string_equal(session.currency, "");
	stripe_session_clear(&session);
}

static void
what_is_no_session(void **state)
{
	(void)state;
	expect_refused("object", NULL);
	expect_refused("object", "\"charge\"");
	expect_refused("id", NULL);
	expect_refused("id", "\"cs test\"");
	expect_refused("mode", "null");
	expect_refused("status", "null");
	expect_refused("status", "\"Open\"");
	expect_refused("status", "\"\"");
	expect_refused("payment_status", NULL);
	expect_refused("payment_status", "\"refunded\"");
	expect_refused("livemode", "0");
	expect_refused("amount_total", "null");
	expect_refused("amount_total", "\"15000\"");
	expect_refused("amount_total", "150.5");
	expect_refused("amount_total", "-1");
	expect_refused("amount_total", "100000000");
	expect_refused("currency", "null");
	expect_refused("currency", "\"USD\"");
	expect_refused("currency", "\"us\"");
	expect_refused("currency", "\"euro\"");
	expect_refused("created", "\"1700000000\"");
	expect_refused("expires_at", NULL);
	expect_refused("url", "7");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_is_these_bytes),
		cmocka_unit_test(form_leaves_out_who_pays),
		cmocka_unit_test(customer_form_leaves_out_what_is_empty),
		cmocka_unit_test(an_open_session),
		cmocka_unit_test(every_status),
		cmocka_unit_test(ids_may_be_expanded),
		cmocka_unit_test(email_is_what_the_payer_gave),
		cmocka_unit_test(reference_that_cannot_be_ours_is_none),
		cmocka_unit_test(metadata_is_an_object_or_absent),
		cmocka_unit_test(other_modes_may_have_no_money),
		cmocka_unit_test(what_is_no_session),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
