/* The command line: each way in which a word can be wrong, and the values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The command's objects are in no library. */
#include "../../runbook/command/kit/options.c"

static const struct parameter PARAMETERS[] = {
	{ "FILE", PARAMETER_TEXT, true, NULL, "" },
	{ "--name", PARAMETER_TEXT, false, "TEXT", "" },
	{ "--id", PARAMETER_ID, false, "N", "" },
	{ "--ids", PARAMETER_IDS, false, "1,2", "" },
	{ "--amount", PARAMETER_AMOUNT, false, "1.00", "" },
	{ "--date", PARAMETER_DATE, false, "YYYY-MM-DD", "" },
	{ "--age", PARAMETER_DAYS, false, "30d", "" },
	{ "--since", PARAMETER_SPAN, false, "30d", "" },
	{ "--kind", PARAMETER_CHOICE, false, "tournament|jersey", "" },
	PARAMETER_COMMIT,
	PARAMETER_CSV,
	PARAMETER_END
};

enum { WORDS_MAX = 32, LINE_SIZE = 256 };

/* Parses a line of words between blanks. */
static enum status
parse(struct arguments *arguments, char line[LINE_SIZE], struct err *err)
{
	const char *words[WORDS_MAX + 1];
	size_t count = 0;
	char *at = line;

	while (*at != '\0' && count < WORDS_MAX) {
		size_t len = strcspn(at, " ");

		words[count++] = at;
		at += len;
		if (*at == ' ')
			*at++ = '\0';
	}
	words[count] = NULL;
	return arguments_parse(arguments, PARAMETERS, words, err);
}

static void
values(void **state)
{
	char line[LINE_SIZE] = "--name=a=b --id 7 in.csv --ids 1,22 --amount "
	    "1.5 --date 2026-11-24 --age 400d --kind jersey --commit "
	    "--since 30d";
	struct arguments arguments;
	struct err err;

	(void)state;
	assert_int_equal(parse(&arguments, line, &err), ST_OK);
	assert_string_equal(arguments_text(&arguments, "FILE"), "in.csv");
	assert_string_equal(arguments_text(&arguments, "--name"), "a=b");
	assert_int_equal(arguments_id(&arguments, "--id"), 7);
	assert_string_equal(arguments_text(&arguments, "--ids"), "1,22");
	assert_int_equal(arguments_cents(&arguments, "--amount"), 150);
	assert_int_equal(arguments_days(&arguments, "--age"), 400);
	assert_string_equal(arguments_text(&arguments, "--kind"), "jersey");
	assert_true(arguments_flag(&arguments, "--commit"));
	assert_int_equal(arguments_seconds(&arguments, "--since"),
	    30 * 86400);
}

static void
flag_with_a_word(void **state)
{
	char plain[LINE_SIZE] = "a --csv";
	char raw[LINE_SIZE] = "--csv=raw a";
	char apart[LINE_SIZE] = "--csv raw";
	char other[LINE_SIZE] = "a --csv=cooked";
	struct arguments arguments;
	struct err err;

	(void)state;
	assert_int_equal(parse(&arguments, plain, &err), ST_OK);
	assert_string_equal(arguments_text(&arguments, "--csv"), "");
	assert_int_equal(parse(&arguments, raw, &err), ST_OK);
	assert_string_equal(arguments_text(&arguments, "--csv"), "raw");
	assert_int_equal(parse(&arguments, apart, &err), ST_OK);
	assert_string_equal(arguments_text(&arguments, "FILE"), "raw");
	assert_int_equal(parse(&arguments, other, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "--csv: not one of raw");
}

static void
absent_values(void **state)
{
	char line[LINE_SIZE] = "-- --name";
	struct arguments arguments;
	struct err err;

	(void)state;
	assert_int_equal(parse(&arguments, line, &err), ST_OK);
	assert_string_equal(arguments_text(&arguments, "FILE"), "--name");
	assert_null(arguments_text(&arguments, "--name"));
	assert_null(arguments_text(&arguments, "--no-such"));
	assert_int_equal(arguments_id(&arguments, "--id"), 0);
	assert_int_equal(arguments_cents(&arguments, "--amount"), 0);
	assert_int_equal(arguments_days(&arguments, "--age"), 0);
	assert_int_equal(arguments_seconds(&arguments, "--since"), 0);
	assert_false(arguments_flag(&arguments, "--commit"));
}

static void
spans(void **state)
{
	static const struct {
		const char *line;
		int64_t seconds;
	} CASES[] = {
		{ "a --since 1h", 3600 },
		{ "a --since 12h", 43200 },
		{ "a --since 1d", 86400 },
		{ "a --since 36500d", INT64_C(3153600000) },
		{ "a --since 876000h", INT64_C(3153600000) },
		{ "a --since 36501d", 0 },
		{ "a --since 876001h", 0 },
		{ "a --since 9223372036854775807d", 0 },
		{ "a --since 0d", 0 },
		{ "a --since 07d", 0 },
		{ "a --since -1d", 0 },
		{ "a --since 30", 0 },
		{ "a --since d", 0 },
		{ "a --since 30D", 0 },
		{ "a --since 30dd", 0 },
		{ "a --since 30w", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct arguments arguments;
		char line[LINE_SIZE];
		struct err err;

		snprintf(line, sizeof(line), "%s", CASES[i].line);
		assert_int_equal(parse(&arguments, line, &err),
		    CASES[i].seconds == 0 ? ST_BAD_INPUT : ST_OK);
		if (CASES[i].seconds == 0)
			assert_string_equal(err.msg, "--since: not a number "
			    "of days or hours such as 30d or 12h");
		else
			assert_int_equal(arguments_seconds(&arguments,
			    "--since"), CASES[i].seconds);
	}
}

static void
refusals(void **state)
{
	static const struct {
		const char *line, *reason;
	} CASES[] = {
		{ "", "FILE is missing" },
		{ "a b", "unexpected argument b" },
		{ "a --colour=red", "unknown option --colour" },
		{ "a -x", "unknown option -x" },
		{ "a --name", "--name needs a value" },
		{ "a --name --commit", "--name needs a value" },
		{ "a --name=", "--name: is empty" },
		{ "a --name=\x01", "--name: has a control character or a"
		    " line end" },
		{ "a --name=\xff", "--name: not UTF-8" },
		{ "a --commit --commit", "--commit is given twice" },
		{ "a --name=x --name y", "--name is given twice" },
		{ "a --commit=yes", "--commit takes no value" },
		{ "a --id 0", "--id: not an id (a number from 1)" },
		{ "a --id 9223372036854775808",
		    "--id: not an id (a number from 1)" },
		{ "a --ids 1,,2", "--ids: not ids with commas between" },
		{ "a --ids 1,", "--ids: not ids with commas between" },
		{ "a --amount 0", "--amount: an amount is more than nothing" },
		{ "a --amount 1.005",
		    "--amount: an amount looks like 150 or 150.00" },
		{ "a --date 2026-02-29",
		    "--date: not a day of the form YYYY-MM-DD" },
		{ "a --age 30", "--age: not a number of days such as 30d" },
		{ "a --age 0d", "--age: not a number of days such as 30d" },
		{ "a --age d", "--age: not a number of days such as 30d" },
		{ "a --age -1d", "--age: not a number of days such as 30d" },
		{ "a --age 1dd", "--age: not a number of days such as 30d" },
		{ "a --age 36501d", "--age: not a number of days such as 30d" },
		{ "a --kind fee", "--kind: not one of tournament|jersey" },
		{ "a --kind jerse", "--kind: not one of tournament|jersey" },
		{ "a --kind jersey|x",
		    "--kind: not one of tournament|jersey" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct arguments arguments;
		char line[LINE_SIZE];
		struct err err;

		snprintf(line, sizeof(line), "%s", CASES[i].line);
		assert_int_equal(parse(&arguments, line, &err), ST_BAD_INPUT);
		assert_string_equal(err.msg, CASES[i].reason);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(flag_with_a_word),
		cmocka_unit_test(absent_values),
		cmocka_unit_test(spans),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
