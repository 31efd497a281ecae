/* Addresses: what may stand in an SMTP command, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/email.h"

static enum status
check(const char *address, struct err *err)
{
	return email_check(address, strlen(address), err);
}

static void
good(void **state)
{
	static const char *const ADDRESSES[] = {
		"a@b", "ann@example.com", "ann.b+kids@mail.example.co.uk",
		"o'neil_{x}|~!#$%&*/=?^`-@a-b.example", "1@2.3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ADDRESSES) / sizeof(ADDRESSES[0]); i++) {
		struct err err;

		if (check(ADDRESSES[i], &err) != ST_OK)
			fail_msg("%s: %s", ADDRESSES[i], err.msg);
	}
}

static void
bad(void **state)
{
	static const struct {
		const char *address, *reason;
	} CASES[] = {
		{ "", "the address has no @" },
		{ "ann", "the address has no @" },
		{ "a@b@c", "the address has more than one @" },
		{ "@b", "what stands before the @ is no mailbox" },
		{ "a..b@c", "what stands before the @ is no mailbox" },
		{ ".a@c", "what stands before the @ is no mailbox" },
		{ "a.@c", "what stands before the @ is no mailbox" },
		{ "a@", "what stands behind the @ is no domain" },
		{ "a@.b", "what stands behind the @ is no domain" },
		{ "a@b.", "what stands behind the @ is no domain" },
		{ "a@-b", "what stands behind the @ is no domain" },
		{ "a@b-", "what stands behind the @ is no domain" },
		{ "a@b-.c", "what stands behind the @ is no domain" },
		{ "a@b_c", "what stands behind the @ is no domain" },
		{ "a b@c", "a \" \" is in the address" },
		{ "<a@c>", "a \"<\" is in the address" },
		{ "a@b,c@d", "a \",\" is in the address" },
		{ "a@b\r\nRCPT TO:<x@y>",
		    "a control character is in the address" },
		{ "j\xc3\xbcrgen@example.com",
		    "only ASCII is possible in an address" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct err err;

		assert_int_equal(check(CASES[i].address, &err), ST_BAD_INPUT);
		assert_string_equal(err.msg, CASES[i].reason);
	}
}

static void
no_control_byte_and_no_foreign_one(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char address[] = "ann@example.com";
		struct err err;

		if (byte >= 0x21 && byte < 0x7f)
			continue;
		address[1] = (char)byte;
		assert_int_equal(email_check(address, sizeof(address) - 1,
		    &err), ST_BAD_INPUT);
	}
}

static void
put_repeated(struct buf *b, char c, size_t count)
{
	while (count-- > 0)
		buf_putc(b, c);
}

/* local characters before the @, labels of 63 and one of rest behind it. */
static enum status
check_lengths(size_t local, size_t labels, size_t rest)
{
	struct buf address = BUF_INIT(1024);
	struct err err;
	enum status st;

	put_repeated(&address, 'a', local);
	buf_putc(&address, '@');
	for (size_t i = 0; i < labels; i++) {
		put_repeated(&address, 'b', 63);
		buf_putc(&address, '.');
	}
	put_repeated(&address, 'c', rest);
	st = check(buf_str(&address), &err);
	buf_clear(&address);
	return st;
}

static void
lengths(void **state)
{
	(void)state;
	assert_int_equal(check_lengths(64, 0, 63), ST_OK);
	assert_int_equal(check_lengths(65, 0, 63), ST_BAD_INPUT);
	assert_int_equal(check_lengths(64, 0, 64), ST_BAD_INPUT);
	assert_int_equal(check_lengths(64, 2, 61), ST_OK);	/* 254 */
	assert_int_equal(check_lengths(64, 2, 62), ST_BAD_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(bad),
		cmocka_unit_test(no_control_byte_and_no_foreign_one),
		cmocka_unit_test(lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
