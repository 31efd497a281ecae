/* Which names a form that is open to everybody takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/name.h"

static void
assert_all(const char *const *names, bool is_plain)
{
	for (; *names != NULL; names++)
		if (name_is_plain(*names) != is_plain)
			fail_msg("\"%s\" is judged wrongly", *names);
}

static void
names_of_people(void **state)
{
	static const char *const names[] = {
		"Jo", "O'Neil", "J.R. Smith", "St. John", "Ann-Marie", "A.",
		"Robert Downey Jr.", "'t Hooft", "J. R. R.",
		"Zo\u00eb", "Zoe\u0308", "Nu\u00f1ez \u00c5berg",
		"D\u2019Arcy", "Marc\u00b7la", "\u017belazny",
		"\u0395\u03bb\u03ad\u03bd\u03b7", "\u0418\u0432\u0430\u043d",
		"\u05d9\u05d4\u05d5\u05d3\u05d4", "\u05d2\u05f3\u05d5",
		"\u0645\u062d\u0645\u062f", "\u0646\u06cc\u06a9\u200c\u067e",
		"\u0905\u0902\u0915\u093f\u0924\u094d",
		"\u0e2a\u0e21\u0e0a\u0e32\u0e22", "\u5f20\u4f1f",
		"\u4f50\u3005\u6728", "\u30b8\u30e7\u30f3\u30fb\u30b9\u30df",
		"\uae40\ubbfc\uc900", "\U00020bb7\u91ce", "\u845b\U000e0100",
		NULL,
	};

	(void)state;
	assert_all(names, true);
}

static void
other_texts(void **state)
{
	static const char *const texts[] = {
		"", " ", ".", "-", "' -",
		"You won 500 USD - claim at https://evil.example/x",
		"visit evil.example", "www.evil", "t.co", "a.B.cd",
		"\u0438.\u0440\u0444", "evil\u3002example", "evil\uff0eexample",
		"a@b", "a\uff20b", "a:b", "a/b", "a\\b", "a,b", "a;b", "a+b",
		"=HYPERLINK", "<b>", "a&b", "\"a\"", "a_b", "a|b", "#1", "a!",
		"Jo 2", "Jo \u0662", "Jo \uff12", "Jo \u0968", "\u2163",
		"\u00bd", "\U0001d7d8", "Jo \U0001f3c6", "\u2764", "\u00a9",
		"\u202e" "abc", "a\u200b" "b", "a\ufeff", "a\u00a0" "b",
		"a\nb", "a\tb", "\u20ac", "\U0001d4d0", "\ue000", "\U000e0041",
		"a\ua789b", "\xff", "a\xc3", NULL,
	};

	(void)state;
	assert_all(texts, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_people),
		cmocka_unit_test(other_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
