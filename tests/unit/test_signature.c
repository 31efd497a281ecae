/* Stripe-Signature: each row of the reference, and the strict choices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "stripe/signature.h"

#define SECRET "whsec_test_secret"
#define BODY "{\"id\":\"evt_test_webhook\",\"object\":\"event\"}"
#define MAC "d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990"
#define STRIPPED_MAC \
	"9a61facb110a7a0b8d9c2708494d20b0106824ae1ce6a08210268808700c151f"
#define NOW INT64_C(1700000000)

#define MISSING "Stripe-Signature is missing"
#define UNREADABLE "Stripe-Signature is unreadable"
#define NO_V1 "Stripe-Signature has no v1 signature"
#define NO_MATCH "Stripe-Signature: no v1 matches the body under our secrets"

static struct err err;

static enum status
verify_with(const char *secret_text, const char *header, const char *body,
    int64_t now)
{
	struct secret secret = { 0 };
	enum status st;

	assert_int_equal(secret_set(&secret, secret_text, strlen(secret_text),
	    &err), ST_OK);
	err = (struct err){ 0 };
	st = signature_verify(header, body, strlen(body), &secret, 1, now,
	    &err);
	secret_clear(&secret);
	return st;
}

static enum status
verify(const char *header)
{
	return verify_with(SECRET, header, BODY, NOW);
}

static void
expect_refused(const char *header, const char *message)
{
	assert_int_equal(verify(header), ST_BAD_INPUT);
	assert_int_equal(err.st, ST_BAD_INPUT);
	assert_string_equal(err.msg, message);
}

static void
vectors_of_the_reference(void **state)
{
	static const struct {
		const char *header;
		const char *body;
		int64_t now;
	} ROWS[] = {
		{ "t=1700000000,v1=" MAC, BODY, NOW },
		{ "t=1700000000,v1=4f1cd7feda9826e746b7d482c4badebb"
		    "657398df1099e1046364f6196a230150",
		    "{\n  \"id\": \"evt_test_webhook\",\n"
		    "  \"object\": \"event\"\n}", NOW },
		{ "t=1700000000,v1=51e5973198627dc5a05645853a9eb6ab"
		    "f942f15721a67e5fbed3f6143c03771e",
		    "{\"id\":\"evt_1\",\"name\":\"Zo\xc3\xab \xe2\x82\xac\"}",
		    NOW },
		{ "t=1700000000,v1=316b9ab98c15bfa039d243f3196acee6"
		    "19cf29749a91a634e6a8154e2f7b6727", "", NOW },
		{ "t=0,v1=79f55928b54b60606fed8c381e0905b9"
		    "e2dad46f9a5e8857b5839806a1f194c1", BODY, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		assert_int_equal(verify_with(SECRET, ROWS[i].header,
		    ROWS[i].body, ROWS[i].now), ST_OK);
}

static void
prefix_is_part_of_the_key(void **state)
{
	(void)state;
	assert_int_equal(verify_with("test_secret",
	    "t=1700000000,v1=" STRIPPED_MAC, BODY, NOW), ST_OK);
	expect_refused("t=1700000000,v1=" STRIPPED_MAC, NO_MATCH);
	assert_int_equal(verify_with("test_secret", "t=1700000000,v1=" MAC,
	    BODY, NOW), ST_BAD_INPUT);
	assert_int_equal(verify_with(SECRET " ", "t=1700000000,v1=" MAC, BODY,
	    NOW), ST_BAD_INPUT);
}

static void
missing_and_unreadable_headers(void **state)
{
	(void)state;
	expect_refused(NULL, MISSING);
	expect_refused("", MISSING);
	expect_refused("bad_header", UNREADABLE);
	expect_refused("I am not a signature", UNREADABLE);
	expect_refused("v1=" MAC, UNREADABLE);
	expect_refused("t,v1=" MAC, UNREADABLE);
	expect_refused("t=,v1=" MAC, UNREADABLE);
	expect_refused("t=now,v1=" MAC, UNREADABLE);
	expect_refused("t=-1700000000,v1=" MAC, UNREADABLE);
	expect_refused("t=1700000000.5,v1=" MAC, UNREADABLE);
	expect_refused("t=1700000000 ,v1=" MAC, UNREADABLE);
	expect_refused("t=0001700000000,v1=" MAC, UNREADABLE);
	expect_refused(" t=1700000000,v1=" MAC, UNREADABLE);
	expect_refused("T=1700000000,v1=" MAC, UNREADABLE);
	expect_refused("t=1700000000,t=1700000000,v1=" MAC, UNREADABLE);
	expect_refused("t=1,v1=" MAC ",t=1700000000", UNREADABLE);
}

static void
only_v1_counts(void **state)
{
	(void)state;
	expect_refused("t=1700000000", NO_V1);
	expect_refused("t=1700000000,", NO_V1);
	expect_refused("t=1700000000,v0=" MAC, NO_V1);
	expect_refused("t=1700000000,V1=" MAC, NO_V1);
	expect_refused("t=1700000000, v1=" MAC, NO_V1);
	expect_refused("t=1700000000,v1", NO_V1);
	expect_refused("t=1700000000,v11=" MAC, NO_V1);
	assert_int_equal(verify("t=1700000000,v1=" MAC ",v0=" STRIPPED_MAC),
	    ST_OK);
	assert_int_equal(verify("v1=" MAC ",t=1700000000"), ST_OK);
}

static void
unequal_signatures(void **state)
{
	(void)state;
	expect_refused("t=1700000000,v1=bad_signature", NO_MATCH);
	expect_refused("t=1700000000,v1=", NO_MATCH);
	expect_refused("t=1700000000,v1=" STRIPPED_MAC, NO_MATCH);
	expect_refused("t=1700000000,v1=" MAC "0", NO_MATCH);
	expect_refused("t=1700000000,v1= " MAC, NO_MATCH);
	expect_refused("t=1700000000,v1=" MAC "=", NO_MATCH);
	expect_refused("t=1700000001,v1=" MAC, NO_MATCH);
	/* t is signed as it was sent, not as the number that it is. */
	expect_refused("t=01700000000,v1=" MAC, NO_MATCH);
	expect_refused("t=1700000000,v1=D95C6B7477FBD7E9F90B1B0EF5F9C7AC"
	    "25ABCA5382460E0D988C2B2A5B71B990", NO_MATCH);
}

static void
bad_v1_beside_a_good_one(void **state)
{
	(void)state;
	assert_int_equal(verify("t=1700000000,v1=" MAC ",v1=potato"), ST_OK);
	assert_int_equal(verify("t=1700000000,v1=potato,v1=" MAC), ST_OK);
	assert_int_equal(verify("t=1700000000,v1=" STRIPPED_MAC ",v1=" MAC),
	    ST_OK);
}

static void
put_v1_items(struct buf *header, int count)
{
	buf_puts(header, "t=1700000000");
	for (int i = 1; i < count; i++)
		buf_puts(header, ",v1=" STRIPPED_MAC);
	buf_puts(header, ",v1=" MAC);
}

static void
bounds_of_the_header(void **state)
{
	struct buf header = BUF_INIT(4096);

	(void)state;
	put_v1_items(&header, 16);
	assert_int_equal(verify(buf_str(&header)), ST_OK);
	buf_reset(&header);
	put_v1_items(&header, 17);
	expect_refused(buf_str(&header), UNREADABLE);

	buf_reset(&header);
	buf_puts(&header, "t=1700000000,v1=" MAC ",pad=");
	while (header.len < SIGNATURE_HEADER_MAX)
		buf_putc(&header, 'x');
	assert_int_equal(verify(buf_str(&header)), ST_OK);
	buf_putc(&header, 'x');
	expect_refused(buf_str(&header), UNREADABLE);
	buf_clear(&header);
}

static void
tolerance_in_both_directions(void **state)
{
	const char *header = "t=1700000000,v1=" MAC;

	(void)state;
	assert_int_equal(verify_with(SECRET, header, BODY, NOW + 300), ST_OK);
	assert_int_equal(verify_with(SECRET, header, BODY, NOW - 300), ST_OK);
	assert_int_equal(verify_with(SECRET, header, BODY, NOW + 301),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg,
	    "Stripe-Signature is stale: made 301 s before our clock");
	assert_int_equal(verify_with(SECRET, header, BODY, NOW - 301),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg,
	    "Stripe-Signature is stale: made -301 s before our clock");
	/* A stranger learns nothing of our clock. */
	assert_int_equal(verify_with(SECRET, "t=1,v1=" MAC, BODY, NOW),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg, NO_MATCH);
}

static void
several_secrets(void **state)
{
	const char *header = "t=1700000000,v1=" MAC;
	struct secret secrets[3] = { 0 };

	(void)state;
	assert_int_equal(secret_set(&secrets[0], "whsec_old", 9, &err), ST_OK);
	assert_int_equal(secret_set(&secrets[2], SECRET, strlen(SECRET), &err),
	    ST_OK);
	assert_int_equal(signature_verify(header, BODY, strlen(BODY), secrets,
	    3, NOW, &err), ST_OK);
	assert_int_equal(signature_verify(header, BODY, strlen(BODY), secrets,
	    2, NOW, &err), ST_BAD_INPUT);
	assert_int_equal(signature_verify(header, BODY, strlen(BODY), secrets,
	    0, NOW, &err), ST_BAD_INPUT);
	secret_clear(&secrets[0]);
	secret_clear(&secrets[2]);
}

/* A secret that was never set is no key, though HMAC would take it as one. */
static void
empty_secret_signs_nothing(void **state)
{
	struct secret empty = { 0 };

	(void)state;
	/* HMAC-SHA256 of "0." under the empty key. */
	assert_int_equal(signature_verify("t=0,v1="
	    "b849d5a581847b281957065739df36df2463d1977ea8d6e1e4e6cf33fadc68c3",
	    "", 0, &empty, 1, 0, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, NO_MATCH);
}

static void
one_bit_of_the_body(void **state)
{
	char body[] = BODY;

	(void)state;
	for (size_t i = 0; i < strlen(BODY); i++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			struct secret secret = { 0 };

			assert_int_equal(secret_set(&secret, SECRET,
			    strlen(SECRET), &err), ST_OK);
			body[i] = (char)(BODY[i] ^ (1 << bit));
			assert_int_equal(signature_verify("t=1700000000,v1="
			    MAC, body, sizeof(body) - 1, &secret, 1, NOW,
			    &err), ST_BAD_INPUT);
			secret_clear(&secret);
		}
		body[i] = BODY[i];
	}
	assert_int_equal(verify_with(SECRET, "t=1700000000,v1=" MAC, body,
	    NOW), ST_OK);
}

static void
one_digit_of_the_signature(void **state)
{
	char header[] = "t=1700000000,v1=" MAC;

	(void)state;
	for (size_t i = strlen("t=1700000000,v1="); i < strlen(header); i++) {
		char before = header[i];

		header[i] = before == '0' ? '1' : '0';
		expect_refused(header, NO_MATCH);
		header[i] = before;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_of_the_reference),
		cmocka_unit_test(prefix_is_part_of_the_key),
		cmocka_unit_test(missing_and_unreadable_headers),
		cmocka_unit_test(only_v1_counts),
		cmocka_unit_test(unequal_signatures),
		cmocka_unit_test(bad_v1_beside_a_good_one),
		cmocka_unit_test(bounds_of_the_header),
		cmocka_unit_test(tolerance_in_both_directions),
		cmocka_unit_test(several_secrets),
		cmocka_unit_test(empty_secret_signs_nothing),
		cmocka_unit_test(one_bit_of_the_body),
		cmocka_unit_test(one_digit_of_the_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
