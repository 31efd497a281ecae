/* Published vectors, pieces and comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/crypto.h"

static void
check_hmac(const struct secret *key, const struct bytes *pieces, size_t count,
    const char *wanted)
{
	unsigned char mac[SHA256_LEN];
	char storage[SHA256_HEX_LEN + 1];
	struct buf hex = BUF_FIXED(storage);
	struct err err;

	assert_int_equal(crypto_hmac_sha256(key, pieces, count, mac, &err),
	    ST_OK);
	buf_put_hex(&hex, mac, sizeof(mac));
	assert_string_equal(buf_str(&hex), wanted);
}

/* RFC 4231: test case 2, and 6 whose key is longer than a block. */
static void
hmac_of_the_rfc(void **state)
{
	char long_key[131];
	struct secret key = { NULL, 0 };
	struct bytes text = { "what do ya want for nothing?", 28 };
	struct err err;

	(void)state;
	assert_int_equal(secret_set(&key, "Jefe", 4, &err), ST_OK);
	check_hmac(&key, &text, 1, "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	memset(long_key, 0xaa, sizeof(long_key));
	assert_int_equal(secret_set(&key, long_key, sizeof(long_key), &err),
	    ST_OK);
	text = (struct bytes){ "Test Using Larger Than Block-Size Key - "
	    "Hash Key First", 54 };
	check_hmac(&key, &text, 1, "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
	secret_clear(&key);
}

/* Where the text is cut into pieces makes no difference. */
static void
hmac_of_pieces(void **state)
{
	const struct bytes pieces[] = {
		{ "what do ya ", 11 }, { "", 0 }, { "want for", 8 },
		{ " nothing?", 9 },
	};
	struct secret key = { NULL, 0 };
	struct err err;

	(void)state;
	assert_int_equal(secret_set(&key, "Jefe", 4, &err), ST_OK);
	check_hmac(&key, pieces, 4, "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	secret_clear(&key);
}

static void
hmac_refuses_an_empty_key(void **state)
{
	const struct secret empty = { NULL, 0 };
	const struct bytes text = { "x", 1 };
	unsigned char mac[SHA256_LEN];
	struct err err;

	(void)state;
	assert_int_equal(crypto_hmac_sha256(&empty, &text, 1, mac, &err),
	    ST_BUG);
}

/* FIPS 180-2's "abc", and of nothing. */
static void
sha256_in_hex(void **state)
{
	char hex[SHA256_HEX_LEN + 1];
	struct err err;

	(void)state;
	assert_int_equal(crypto_sha256_hex("abc", 3, hex, &err), ST_OK);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(crypto_sha256_hex("", 0, hex, &err), ST_OK);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
}

static void
equal_only_when_every_byte_is(void **state)
{
	unsigned char a[32] = { 0 };
	unsigned char b[32] = { 0 };

	(void)state;
	assert_true(crypto_equal(a, 32, b, 32));
	assert_false(crypto_equal(a, 32, b, 31));
	assert_false(crypto_equal(a, 0, b, 32));
	assert_true(crypto_equal(NULL, 0, NULL, 0));
	for (size_t i = 0; i < sizeof(b); i++) {
		for (int bit = 0; bit < 8; bit++) {
			b[i] = (unsigned char)(1 << bit);
			assert_false(crypto_equal(a, 32, b, 32));
		}
		b[i] = 0;
	}
}

static void
random_is_not_the_same_twice(void **state)
{
	unsigned char a[32] = { 0 };
	unsigned char b[32] = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(crypto_random(a, sizeof(a), &err), ST_OK);
	assert_int_equal(crypto_random(b, sizeof(b), &err), ST_OK);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(crypto_random(a, (size_t)INT32_MAX + 1, &err),
	    ST_BUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hmac_of_the_rfc),
		cmocka_unit_test(hmac_of_pieces),
		cmocka_unit_test(hmac_refuses_an_empty_key),
		cmocka_unit_test(sha256_in_hex),
		cmocka_unit_test(equal_only_when_every_byte_is),
		cmocka_unit_test(random_is_not_the_same_twice),
	};

	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
