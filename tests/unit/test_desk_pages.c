/* What the desk's pages are made of: amounts, bars, lists, what waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk/bars.h"
#include "desk/money.h"
#include "desk/needs.h"
#include "desk/table.h"

enum { HTML_MAX = 64 * 1024 };

/* The document stays until the next call. */
static struct json_node
parse(const char *text)
{
	static struct json_doc doc;
	struct err err;

	json_clear(&doc);
	if (json_parse(text, strlen(text), &doc, &err) != ST_OK)
		fail_msg("%s", err.msg);
	return json_root(&doc);
}

static void
assert_has(const struct buf *html, const char *part)
{
	if (buf_str(html) == NULL || strstr(buf_str(html), part) == NULL)
		fail_msg("no \"%s\" in:\n%s", part, buf_str(html));
}

static void
assert_has_not(const struct buf *html, const char *part)
{
	if (strstr(buf_str(html), part) != NULL)
		fail_msg("\"%s\" in:\n%s", part, buf_str(html));
}

static void
assert_money(const char *row, const char *currency, const char *expected)
{
	char text[64] = "";
	struct buf html = BUF_FIXED(text);

	desk_put_money(&html, parse(row), "cents", currency);
	assert_string_equal(text, expected);
}

static void
test_money(void **state)
{
	(void)state;
	assert_money("{\"cents\":15000}", "usd", "$150.00");
	assert_money("{\"cents\":0}", "usd", "$0.00");
	assert_money("{\"cents\":99999}", "usd", "$999.99");
	assert_money("{\"cents\":100000}", "usd", "$1,000.00");
	assert_money("{\"cents\":123456789012}", "usd", "$1,234,567,890.12");
	assert_money("{\"cents\":1785000,\"currency\":\"cad\"}", "usd",
	    "CAD 17,850.00");
	assert_money("{\"cents\":null}", "usd", "");
	assert_money("{}", "usd", "");
}

/* A day, a version and an amount of no currency are no money. */
static void
test_words(void **state)
{
	static const struct {
		const char *words;
		const char *html;
	} cases[] = {
		{ "50.00 of 1500.00 usd by cash", "$50.00 of $1,500.00 by "
		    "cash" },
		{ "120.00 to 150.00 usd: <a>", "$120.00 to $150.00: "
		    "&lt;a&gt;" },
		{ "1.00 usd", "$1.00" },
		{ "(with 2.50 cad; 3.50 eur)", "(with CAD 2.50; "
		    "\xe2\x82\xac" "3.50)" },
		{ "at 10.30 the match", "at 10.30 the match" },
		{ "on 24.12.2025, 7.00 usd", "on 24.12.2025, $7.00" },
		{ "no. a31.00, $9.00, 1.234 usd", "no. a31.00, $9.00, 1.234 "
		    "usd" },
		{ "7.00 usdx", "7.00 usdx" },
		{ "of ann.lee@mail.example.org. x", "of ann.lee@<wbr>"
		    "mail.example.org. x" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf html = BUF_INIT(HTML_MAX);

		desk_put_words(&html, cases[i].words);
		assert_string_equal(buf_str(&html), cases[i].html);
		buf_clear(&html);
	}
}

static const struct bar_part parts[] = {
	{ "owed", "Owed", "owed", NULL },
	{ "paid", "Paid", "paid", "back" },
	{ "back", "Given back", "back", NULL },
};

static const struct bars bars = { "Caption", "What", parts, 3, "usd",
	"Nothing yet.", "/cup?id=" };

/* The longest takes all the room, and what was given back is a part of what was
 * paid. */
static void
test_bars(void **state)
{
	struct buf html = BUF_INIT(HTML_MAX);

	(void)state;
	bars_put(&html, &bars, json_at(parse("{\"rows\":["
	    "{\"label\":\"Cup <1>\",\"note\":\"3 May\",\"page\":7,"
	    "\"owed\":2500,\"paid\":7500,\"back\":2500},"
	    "{\"label\":\"Small\",\"note\":null,\"owed\":0,\"paid\":1,"
	    "\"back\":0},"
	    "{\"label\":\"None\",\"owed\":0,\"paid\":0,\"back\":0}]}"),
	    "rows"));
	assert_has(&html, "<th scope=\"row\"><a href=\"/cup?id=7\">"
	    "Cup &lt;1&gt;</a> <small>3 May</small></th>");
	assert_has(&html, "<rect class=\"owed\" x=\"0\" width=\"250\"");
	assert_has(&html, "<rect class=\"paid\" x=\"250\" width=\"500\"");
	assert_has(&html, "<rect class=\"back\" x=\"750\" width=\"250\"");
	assert_has(&html, "data-name=\"Paid\">$75.00</td>");
	assert_has(&html, "<th scope=\"row\">Small</th>");
	assert_has(&html, "<tr class=\"nil\">\n<th scope=\"row\">None</th>");
	buf_reset(&html);
	bars_put(&html, &bars, json_at(parse("{\"rows\":[]}"), "rows"));
	assert_string_equal(buf_str(&html),
	    "<p class=\"empty\">Nothing yet.</p>\n");
	buf_clear(&html);
}

static void
test_table(void **state)
{
	static const struct desk_column columns[] = {
		{ "who", "For", DESK_CELL_HEAD },
		{ "at", "When", DESK_CELL_WHOLE },
		{ "amount", "Amount", DESK_CELL_MONEY },
	};
	static const struct desk_table table = { .caption = "Caption",
		.columns = columns, .count = 3, .currency = "usd",
		.empty = "Nobody & nothing." };
	struct buf html = BUF_INIT(HTML_MAX);
	struct json_node data;

	(void)state;
	data = parse("{\"rows\":[{\"who\":\"<b>\\u202eDawn\",\"at\":\"3 May\","
	    "\"amount\":100,\"left_out\":\"x\"}],\"sums\":[{\"amount\":100},"
	    "{\"amount\":50,\"label\":\"A & B\",\"count\":2}]}");
	desk_table_put(&html, &table, json_at(data, "rows"),
	    json_at(data, "sums"));
	/* What turns a line around is no letter. */
	assert_has(&html, "<th scope=\"row\" data-name=\"For\">&lt;b&gt;???"
	    "Dawn</th>");
	assert_has(&html, "<td class=\"whole\" data-name=\"When\">3 May</td>");
	assert_has(&html, "<th scope=\"row\" colspan=\"2\">In all</th>\n"
	    "<td class=\"money\" data-name=\"Amount\">$1.00</td>");
	assert_has(&html, "<tr class=\"part\">\n<th scope=\"row\" "
	    "colspan=\"2\">A &amp; B: 2</th>");
	assert_has(&html, "<tr class=\"left-out\">\n<th");
	buf_reset(&html);
	desk_table_put(&html, &table, json_at(data, "nothing"), JSON_NONE);
	assert_string_equal(buf_str(&html),
	    "<p class=\"empty\">Nobody &amp; nothing.</p>\n");
	buf_clear(&html);
}

static void
put_need(struct buf *html, const char *row)
{
	char text[1024];
	struct buf rows = BUF_FIXED(text);

	buf_putf(&rows, "{\"needs\":[%s]}", row);
	buf_reset(html);
	needs_put(html, NULL, parse(text));
}

static void
test_needs(void **state)
{
	struct buf html = BUF_INIT(HTML_MAX);

	(void)state;
	put_need(&html, "");
	assert_has(&html, "Nothing waits for you.");
	put_need(&html, "{\"kind\":\"unmatched\",\"since\":\"3 May 19:02\","
	    "\"count\":1,\"amount_cents\":15000,\"currency\":\"usd\","
	    "\"who\":\"{money} <pat@x.example>\",\"detail\":\"Dawn\"}");
	/* What a payer calls himself is not looked at for our words. */
	assert_has(&html, "<b>$150.00</b> from {money} &lt;pat@<wbr>x.example"
	    "&gt; is not placed yet. It may be for Dawn. <small>Since "
	    "3 May 19:02</small>");
	put_need(&html, "{\"kind\":\"mails failed\",\"count\":1,\"who\":"
	    "\"a@b.example\",\"detail\":null}");
	assert_has(&html, "<p id=\"need-1\">A mail to a@<wbr>b.example "
	    "did not arrive. <small>");
	put_need(&html, "{\"kind\":\"mails failed\",\"count\":3}");
	assert_has(&html, "<p id=\"need-1\">3 mails to families did not "
	    "arrive. <small>");
	put_need(&html, "{\"kind\":\"dispute\",\"count\":1,\"days_left\":1}");
	assert_has(&html, "1 day left.");
	put_need(&html, "{\"kind\":\"dispute\",\"count\":1,\"days_left\":0}");
	assert_has(&html, "The time to answer is over.");
	/* A kind that this version has no words for is no page that fails. */
	put_need(&html, "{\"kind\":\"of the next version\",\"count\":1}");
	assert_has_not(&html, "<li>");
	buf_clear(&html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_money),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
