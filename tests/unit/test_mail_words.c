/* What a treasurer reads of a mail that did not go out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk/mail_words.h"

static void
test_words(void **state)
{
	static const struct {
		const char *error;
		const char *part;
	} cases[] = {
		{ "5.1.1 no such user", "no such mailbox" },
		{ "User UNKNOWN in virtual table", "no such mailbox" },
		{ "5.2.2 mailbox full, user unknown", "is full" },
		{ "Over quota", "is full" },
		{ "5.7.1 blocked by our policy", "unwanted" },
		{ "the whole mail was sent, and the connection ended before "
		    "the server answered", "may have arrived" },
		{ "taken back by a person", "took it back" },
		{ "no longer true", "not needed any more" },
		{ "150.00 usd that may be theirs is not placed yet: see "
		    "unmatched", "Unmatched" },
		{ "a payment is under review", "Unmatched" },
		{ "5.9.9 oops", "did not take it" },
		{ "", "did not take it" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strstr(mail_trouble(cases[i].error), cases[i].part) == NULL)
			fail_msg("%s: %s", cases[i].error,
			    mail_trouble(cases[i].error));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
