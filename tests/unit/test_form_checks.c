/* What people type into forms: which texts are well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/form_checks.h"

/* 24 November 2026 in UTC. */
enum { NOW = 1795500000 };

typedef const char *entry_check(const char *text);

static void
assert_all(entry_check *check, const char *const *texts, bool is_well)
{
	for (; *texts != NULL; texts++)
		if ((check(*texts) == NULL) != is_well)
			fail_msg("\"%s\" is judged wrongly", *texts);
}

#define WELL(check, ...) assert_all(check, \
	(const char *const[]){ __VA_ARGS__, NULL }, true)
#define FAULTY(check, ...) assert_all(check, \
	(const char *const[]){ __VA_ARGS__, NULL }, false)

static void
names(void **state)
{
	char text[2 * FORM_NAME_MAX + 3];

	(void)state;
	WELL(form_check_name, "Jo", "O'Neil", "\xd7\xa9\xd7\x9c");
	FAULTY(form_check_name, "", "a\nb", "a\tb", "a\xc2\x85", "<b>",
	    "Jo2", "Jo@home", "see evil.example");
	for (size_t i = 0; i < FORM_NAME_MAX; i++)
		memcpy(text + 2 * i, "\xc3\xa9", 2);
	text[2 * FORM_NAME_MAX] = '\0';
	assert_null(form_check_name(text));
	memcpy(text + 2 * FORM_NAME_MAX, "e", 2);
	assert_non_null(form_check_name(text));
}

static void
addresses_and_telephones(void **state)
{
	(void)state;
	WELL(form_check_email, "a@b.example", "o'neil+x@club.example");
	FAULTY(form_check_email, "", "a", "a@", "a@b@c", "a b@c.example",
	    "<a@b.example>", "pat@gmail");
	WELL(form_check_phone, "555-0100", "+1 (303) 555.0100", "0303/5550");
	FAULTY(form_check_phone, "", "555", "call me", "555-0100 x2;",
	    "01234567890123456789012345678901234567890");
}

static const char *
birth_date_fault(const char *text)
{
	return form_check_birth_date(text, NOW);
}

static void
birth_dates(void **state)
{
	(void)state;
	WELL(birth_date_fault, "1900-01-01", "2014-05-31", "2026-11-24");
	FAULTY(birth_date_fault, "", "1899-12-31", "2026-11-25", "2014-02-30",
	    "2014-5-1", "31/05/2014", "2014-05-31 ");
}

/* 00 is not 0, and no number is written in two ways. */
static void
jersey_numbers(void **state)
{
	(void)state;
	WELL(form_check_number, "0", "00", "1", "9", "10", "99");
	FAULTY(form_check_number, "", "01", "000", "100", "-1", "7a", "1.",
	    " 7", "\xd9\xa7");
}

static void
jersey_names(void **state)
{
	(void)state;
	WELL(form_check_jersey_name, "ALVAREZ",
	    "123456789012345678901234567890");
	FAULTY(form_check_jersey_name, "", "A\nB",
	    "1234567890123456789012345678901");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(addresses_and_telephones),
		cmocka_unit_test(birth_dates),
		cmocka_unit_test(jersey_numbers),
		cmocka_unit_test(jersey_names),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
