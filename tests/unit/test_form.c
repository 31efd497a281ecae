/* Form encoding with Stripe's bracketed names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stripe/form.h"

static void
pairs_in_order(void **state)
{
	struct buf form = BUF_INIT(256);

	(void)state;
	form_put(&form, "mode", "payment");
	form_put_i64(&form, "line_items[0][quantity]", 1);
	form_put_i64(&form, "limit", INT64_MIN);
	form_put_member(&form, "metadata", "order_id", "7");
	form_put(&form, "empty", "");
	assert_string_equal(buf_str(&form), "mode=payment"
	    "&line_items[0][quantity]=1&limit=-9223372036854775808"
	    "&metadata[order_id]=7&empty=");
	buf_clear(&form);
}

/* All but RFC 3986's unreserved characters, NUL aside. */
static void
every_byte_of_a_value(void **state)
{
	static const char UNRESERVED[] = "-._~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	(void)state;
	for (unsigned int byte = 1; byte < 256; byte++) {
		struct buf form = BUF_INIT(64);
		struct buf expected = BUF_INIT(64);
		const char value[2] = { (char)byte, '\0' };

		form_put(&form, "v", value);
		if (strchr(UNRESERVED, (int)byte) != NULL)
			buf_putf(&expected, "v=%c", (int)byte);
		else
			buf_putf(&expected, "v=%%%02X", byte);
		assert_string_equal(buf_str(&form), buf_str(&expected));
		buf_clear(&expected);
		buf_clear(&form);
	}
}

static void
member_keys_cannot_close_their_bracket(void **state)
{
	struct buf form = BUF_INIT(128);

	(void)state;
	form_put_member(&form, "metadata", "a]&mode=setup&x[", "1&2=3");
	assert_string_equal(buf_str(&form),
	    "metadata[a%5D%26mode%3Dsetup%26x%5B]=1%262%3D3");
	buf_clear(&form);
}

static void
too_long_is_seen_once(void **state)
{
	struct buf form = BUF_INIT(8);
	struct err err;

	(void)state;
	form_put(&form, "name", "a longer value");
	form_put(&form, "b", "1");
	assert_null(buf_str(&form));
	assert_int_not_equal(buf_check(&form, "the form", &err), ST_OK);
	buf_clear(&form);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_in_order),
		cmocka_unit_test(every_byte_of_a_value),
		cmocka_unit_test(member_keys_cannot_close_their_bracket),
		cmocka_unit_test(too_long_is_seen_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
