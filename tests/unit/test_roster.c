/* A roster's rows: what is taken, and each reason for which a line is bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "billing/roster/roster.h"

#define HEADER "parent_name,parent_email,parent_phone,player_name,team," \
	"monthly_fee\n"

enum { TEXT_MAX = 64 * 1024 };

static void
note(void *context, size_t line, const char *reason)
{
	buf_putf(context, "%zu: %s\n", line, reason);
}

/* The rows as JSON text, or the complaints, the error's message and the rows
 * that are right. */
static void
parse(const char *text, size_t len, struct buf *seen)
{
	struct buf rows;
	struct err err;

	if (roster_parse(text, len, note, seen, &rows, &err) != ST_OK)
		buf_puts(seen, err.msg);
	else
		buf_puts(seen, buf_str(&rows));
	buf_clear(&rows);
}

static void
assert_parses(const char *text, const char *expected)
{
	struct buf seen = BUF_INIT(TEXT_MAX);

	parse(text, strlen(text), &seen);
	assert_string_equal(buf_str(&seen), expected);
	buf_clear(&seen);
}

static void
rows_as_the_database_takes_them(void **state)
{
	(void)state;
	assert_parses(HEADER
	    "Ann Lee,ann@example.com, 555-1 ,Max Lee,U10,150\n"
	    ",,,\"Kim, Jo\",,0.5\r\n",
	    "[{\"line\":2,\"parent_name\":\"Ann Lee\","
	    "\"parent_email\":\"ann@example.com\",\"parent_phone\":\"555-1\","
	    "\"player_name\":\"Max Lee\",\"team\":\"U10\","
	    "\"monthly_fee_cents\":15000},"
	    "{\"line\":3,\"parent_name\":null,\"parent_email\":null,"
	    "\"parent_phone\":\"\",\"player_name\":\"Kim, Jo\",\"team\":\"\","
	    "\"monthly_fee_cents\":50}]");
	assert_parses(HEADER, "[]");
	assert_parses("player_name;team;monthly_fee;parent_name;parent_email;"
	    "parent_phone\n\"Lee; Max\";U8;150.5;;;\n",
	    "[{\"line\":2,\"parent_name\":null,\"parent_email\":null,"
	    "\"parent_phone\":\"\",\"player_name\":\"Lee; Max\","
	    "\"team\":\"U8\",\"monthly_fee_cents\":15050}]");
	assert_parses("\xef\xbb\xbfteam, player_name ,monthly_fee,parent_phone,"
	    "parent_email,parent_name\nU8,Zo\xc3\xab,1,2,,Bo",
	    "[{\"line\":2,\"parent_name\":\"Bo\",\"parent_email\":null,"
	    "\"parent_phone\":\"2\",\"player_name\":\"Zo\xc3\xab\","
	    "\"team\":\"U8\",\"monthly_fee_cents\":100}]");
}

/* Rows and columns that were cleared, and the last cells of a row. */
static void
traces_of_a_spreadsheet(void **state)
{
	static const char ROW[] = "[{\"line\":3,\"parent_name\":\"A\","
	    "\"parent_email\":\"a@b.d\",\"parent_phone\":\"\","
	    "\"player_name\":\"P\",\"team\":\"T\","
	    "\"monthly_fee_cents\":100}]";

	(void)state;
	assert_parses("parent_name,parent_email,parent_phone,player_name,team,"
	    "monthly_fee,,\n,,,,,,,\nA,a@b.d,,P,T,1,,\n,,,,,,,\n", ROW);
	assert_parses("parent_name,,parent_email,parent_phone,player_name,team,"
	    "monthly_fee\n\nA,,a@b.d,,P,T,1\n", ROW);
	assert_parses("parent_name,,parent_email,parent_phone,player_name,team,"
	    "monthly_fee\n\nA,x,a@b.d,,P,T,1\n", "3: a field in a column "
	    "without a heading\nbad lines: 1");
}

static void
bad_headers(void **state)
{
	(void)state;
	assert_parses("parent_name|parent_email|player_name\n", "line 1: the "
	    "columns are separated by bars: save the file as CSV with "
	    "commas");
	assert_parses("parent_name;parent_email;player_name\n",
	    "line 1: missing column parent_phone, team, monthly_fee");
	assert_parses("",
	    "the file is empty: its first line names the columns");
	assert_parses("parent_name,color\n",
	    "line 1: unknown column \"color\"");
	assert_parses("a\x01,b\n",
	    "line 1: unknown column, of an unreadable name");
	assert_parses("team,team\n", "line 1: repeated column \"team\"");
	assert_parses("team,player_name,monthly_fee\n", "line 1: missing column"
	    " parent_name, parent_email, parent_phone");
}

static void
bad_fields(void **state)
{
	static const struct {
		const char *line, *expected;
	} CASES[] = {
		{ "A,a@b.d,,,T,1", "2: player_name: missing\n" },
		{ "A,a@b@c,,P,T,1", "2: parent_email: the address has more"
		    " than one @\n" },
		{ "A,a@b.d,,P,T,", "2: monthly_fee: an amount looks like 150 or"
		    " 150.00\n" },
		{ "A,a@b.d,,P,T,-1", "2: monthly_fee: an amount looks like 150"
		    " or 150.00\n" },
		{ ",a@b.d,,P,T,1", "2: parent_name: missing, though there is an"
		    " address or a phone\n" },
		{ ",,5,P,T,1", "2: parent_name: missing, though there is an"
		    " address or a phone\n" },
		{ "A,a@b.d,,P\xff,T,1", "2: player_name: not UTF-8\n" },
		{ "A,a@b.d,,\"P\nQ\",T,1", "2: player_name: has a control"
		    " character or a line end\n" },
		{ "A,a@b.d,12345678901234567890123456789012345678901,P,T,1",
		    "2: parent_phone: longer than 40 characters\n" },
		{ "A,a@gmail,,P,T,1", "2: parent_email: what stands behind the"
		    " @ has no dot, as in example.com\n" },
		{ "A,a@b.d,P,T,1", "2: 5 fields where the header names 6\n" },
		{ "A,x y@b.d,,,T,1.005", "2: parent_email: a \" \" is in the"
		    " address\n2: player_name: missing\n2: monthly_fee: an"
		    " amount looks like 150 or 150.00\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct buf text = BUF_INIT(1024);
		struct buf expected = BUF_INIT(1024);

		buf_putf(&text, HEADER "%s\n", CASES[i].line);
		buf_putf(&expected, "%sbad lines: 1", CASES[i].expected);
		assert_parses(buf_str(&text), buf_str(&expected));
		buf_clear(&expected);
		buf_clear(&text);
	}
}

static void
a_nul_is_no_end(void **state)
{
	static const char TEXT[] = HEADER "A,a@b.d,,P\0Q,T,1\n";
	struct buf seen = BUF_INIT(TEXT_MAX);

	(void)state;
	parse(TEXT, sizeof(TEXT) - 1, &seen);
	assert_string_equal(buf_str(&seen), "2: player_name: has a control"
	    " character or a line end\nbad lines: 1");
	buf_clear(&seen);
}

static void
rows_that_contradict(void **state)
{
	(void)state;
	/* The same player: whatever the case, and by parent. */
	assert_parses(HEADER
	    "A,a@b.d,,Max,T,1\nA,A@B.D,,MAX,U,2\nB,c@d.e,,Max,T,1\n",
	    "3: the same player as in line 2\nbad lines: 1");
	assert_parses(HEADER ",,,Max,T,1\nA,,,Max,T,1\nA,,5,Max,T,1\n"
	    ",,,max,T,1\n",
	    "5: the same player as in line 2\nbad lines: 1");
	/* One address is one parent. */
	assert_parses(HEADER "A,a@b.d,,P,T,1\nB,A@b.d,5,Q,T,1\n"
	    "A,a@b.d,,R,T,1\n",
	    "3: parent_name: line 2 has \"A\" for the same parent_email\n"
	    "3: parent_phone: line 2 has \"\" for the same parent_email\n"
	    "bad lines: 1");
}

static void
all_bad_lines_are_told(void **state)
{
	(void)state;
	assert_parses(HEADER "A,a@b.d,,,T,1\nA,a@b.d,,P,T,1\n\n"
	    "A,a@b.d,,R,T,x\n",
	    "2: player_name: missing\n5: monthly_fee: an amount looks like"
	    " 150 or 150.00\nbad lines: 2");
	/* Behind an open quote no line means anything. */
	assert_parses(HEADER "A,a@b.d,,,T,1\nA,\"a@b.d,,P,T,1\n"
	    "A,a@b.d,,R,T,x\n",
	    "2: player_name: missing\nline 3: a quote is not closed");
}

static void
put_repeated(struct buf *b, const char *text, int count)
{
	while (count-- > 0)
		buf_puts(b, text);
}

static void
the_longest_fields(void **state)
{
	struct buf text = BUF_INIT(8192);
	struct buf seen = BUF_INIT(TEXT_MAX);

	(void)state;
	buf_puts(&text, HEADER);
	/* Twice the same: the keys hold all of it. */
	for (int line = 0; line < 2; line++) {
		put_repeated(&text, "\xf0\x9f\x8f\x80", 200);
		buf_puts(&text, ",,,");
		put_repeated(&text, "\xf0\x9f\x8f\x80", 200);
		buf_puts(&text, ",,1\n");
	}
	parse(buf_str(&text), text.len, &seen);
	assert_string_equal(buf_str(&seen),
	    "3: the same player as in line 2\nbad lines: 1");
	buf_clear(&seen);
	buf_clear(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_as_the_database_takes_them),
		cmocka_unit_test(traces_of_a_spreadsheet),
		cmocka_unit_test(bad_headers),
		cmocka_unit_test(bad_fields),
		cmocka_unit_test(a_nul_is_no_end),
		cmocka_unit_test(rows_that_contradict),
		cmocka_unit_test(all_bad_lines_are_told),
		cmocka_unit_test(the_longest_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
