/* Amounts on the desk's pages are lib/base/money.c's, wherever one stands. */
#include "desk/money.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "desk/frame.h"

enum { WORDS_MAX = 64 * 1024, UNITS_MAX = 12 };

static const char all_digits[] = "0123456789";

/* Escaped: the currency's symbol may be any character. */
static void
put_amount(struct buf *html, int64_t cents, const char *currency)
{
	char text[64];
	struct buf amount = BUF_FIXED(text);

	money_put(&amount, cents, currency);
	buf_put_html(html, text, amount.len);
}

void
desk_put_money(struct buf *html, struct json_node row, const char *member,
    const char *currency)
{
	char own[CURRENCY_SIZE];
	struct err unused;

	if (!json_exists(json_at(row, member)))
		return;
	/*
	 * Rows of one list may have several currencies: the row's own precedes
	 * the club's.
	 */
	if (json_get_text(row, "currency", own, sizeof(own), &unused) == ST_OK)
		currency = own;
	put_amount(html, json_i64_or_0(row, member), currency);
}

/* Else it would not be seen why more came than Today's sums say was paid. */
void
desk_put_loose(struct buf *html, struct json_node sums)
{
	for (struct json_node sum = json_first(sums); json_exists(sum);
	    sum = json_next(sums, sum)) {
		if (json_i64_or_0(sum, "loose_cents") == 0)
			continue;
		buf_puts(html, "<p class=\"note\"><b>");
		desk_put_money(html, sum, "loose_cents", "");
		buf_puts(html, "</b> of it is not placed yet, and does not "
		    "count as paid. <a href=\"/desk/unmatched\">See whose it "
		    "may be</a></p>\n");
	}
}

/* The length of an amount such as 150.00 that text begins with; 0: none. */
static size_t
amount_length(const char *text)
{
	size_t units = strspn(text, all_digits);
	size_t length = units + 3;

	if (units == 0 || units > UNITS_MAX || text[units] != '.' ||
	    strspn(text + units + 1, all_digits) != 2)
		return 0;
	/* 24.12.2025 is a day. */
	return text[length] == '.' && strspn(text + length + 1, all_digits) > 0
	    ? 0 : length;
}

/* Reads the currency that stands after an amount: " usd". */
static bool
read_currency(const char *text, char currency[CURRENCY_SIZE])
{
	struct buf own = buf_over(currency, CURRENCY_SIZE);

	if (text[0] != ' ' || strspn(text + 1, "abcdefghijklmnopqrstuvwxyz")
	    != CURRENCY_SIZE - 1)
		return false;
	buf_put(&own, text + 1, CURRENCY_SIZE - 1);
	return money_minimum_is_known(currency);
}

/*
 * The length of the next amount from text on, and where it begins; 0: there is
 * none.  A number within a word, or after a full stop, is none.
 */
static size_t
next_amount(const char *text, const char **at)
{
	const char *from = text;

	while (*(from += strcspn(from, all_digits)) != '\0') {
		size_t length = from == text || strchr(" (:;-", from[-1])
		    != NULL ? amount_length(from) : 0;

		*at = from;
		if (length > 0)
			return length;
		from += strspn(from, "0123456789.");
	}
	return 0;
}

/* That of the amounts from text on; false: they have none that is known. */
static bool
find_currency(const char *text, char currency[CURRENCY_SIZE])
{
	size_t length;

	while ((length = next_amount(text, &text)) > 0) {
		text += length;
		if (read_currency(text, currency))
			return true;
	}
	return false;
}

void
desk_put_words(struct buf *html, const char *words)
{
	char currency[CURRENCY_SIZE];
	const char *at;
	size_t length;

	while ((length = next_amount(words, &at)) > 0 &&
	    find_currency(at, currency)) {
		char own[CURRENCY_SIZE];
		bool has_own = read_currency(at + length, own);
		char *point;
		int64_t units = strtoll(at, &point, 10);

		frame_put_breakable(html, words, (size_t)(at - words));
		put_amount(html, units * 100 + strtoll(point + 1, NULL, 10),
		    currency);
		words = at + length + (has_own ? CURRENCY_SIZE : 0);
	}
	frame_put_breakable(html, words, strlen(words));
}

void
desk_put_words_of(struct buf *html, struct json_node row, const char *member)
{
	struct buf words = BUF_INIT(WORDS_MAX);

	json_put_chars(&words, json_at(row, member));
	if (words.len > 0 && !words.failed) {
		text_disarm(words.data, words.len);
		desk_put_words(html, words.data);
	}
	buf_clear(&words);
}

/*
 * Takes the commas out that stand before three digits each, as above.  A comma
 * elsewhere stays, and is refused with the rest: "1.500,00" must not become
 * another amount than was meant.
 */
static void
put_ungrouped(struct buf *plain, const char *text)
{
	size_t digits = strspn(text, all_digits);

	buf_put(plain, text, digits);
	text += digits;
	while (digits > 0 && digits <= 3 && text[0] == ',' &&
	    strspn(text + 1, all_digits) == 3) {
		buf_put(plain, text + 1, 3);
		text += 4;
	}
	buf_puts(plain, text);
}

const char *
desk_read_money(const char *text, int64_t *cents)
{
	char storage[64];
	struct buf plain = BUF_FIXED(storage);
	struct err unused;

	put_ungrouped(&plain, text);
	if (plain.failed || plain.len == 0 ||
	    money_parse(storage, cents, &unused) != ST_OK)
		return "Please enter an amount such as 150 or 1,500.00.";
	return *cents == 0 ? "Please enter more than 0." : NULL;
}
