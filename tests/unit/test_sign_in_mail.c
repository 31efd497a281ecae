/* The mail that brings a link to sign in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/sign_in.h"

#define LINK "https://pay.club.example/desk/enter?token=42.1600.abc"

static const struct sign_in_facts FACTS = {
	.club_name = "Westside Kings",
	.contact = "dues@kings.example",
	.name = "Ruth Ames",
	.link = LINK,
};

static enum status
compose(const struct sign_in_facts *facts, struct buf *out)
{
	const struct message envelope = {
		.from = "dues@kings.example",
		.to = "ruth@kings.example",
		.to_name = facts->name,
		.date = 1000,
		.message_id = "sign_in.42.td@kings.example",
	};
	struct err err;

	return sign_in_compose(out, &envelope, facts, &err);
}

static void
test_what_it_says(void **state)
{
	struct buf out = BUF_INIT(MESSAGE_MAX);

	(void)state;
	assert_int_equal(compose(&FACTS, &out), ST_OK);
	assert_non_null(strstr(buf_str(&out),
	    "\r\nSubject: Sign in at Westside Kings\r\n"));
	assert_non_null(strstr(buf_str(&out), "Hello Ruth Ames,"));
	assert_non_null(strstr(buf_str(&out), "desk/enter?token=3D42.1600"));
	buf_clear(&out);
}

static void
assert_refused(const struct sign_in_facts *facts)
{
	struct buf out = BUF_INIT(MESSAGE_MAX);

	assert_int_equal(compose(facts, &out), ST_BAD_INPUT);
	buf_clear(&out);
}

static void
test_what_is_no_mail(void **state)
{
	struct sign_in_facts facts = FACTS;

	(void)state;
	facts.link = "http://pay.club.example/";
	assert_refused(&facts);
	facts.link = LINK "\" onclick=\"";
	assert_refused(&facts);
	facts.link = NULL;
	assert_refused(&facts);
	facts = FACTS;
	facts.name = "Ruth\r\nBcc: x@y.example";
	assert_refused(&facts);
	facts.name = "";
	assert_refused(&facts);
	facts = FACTS;
	facts.contact = NULL;
	assert_refused(&facts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_says),
		cmocka_unit_test(test_what_is_no_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
