/*
 * Amounts as lib/base/money.c writes them, with separators: a treasurer
 * compares columns of figures, where a mail or a CSV file has one at a time.
 */
#include "desk/money.h"

#include <string.h>

#include "base/money.h"

/*
 * "$17,850.00": a comma before every three of the whole units' digits.  What
 * precedes the first digit (a sign, the currency's symbol) is escaped, as the
 * symbol may be any character; digits need not be.
 */
static void
put_grouped(struct buf *html, const char *text)
{
	size_t lead = strcspn(text, "0123456789");
	size_t digits = strspn(text + lead, "0123456789");

	buf_put_html(html, text, lead);
	for (size_t i = 0; i < digits; i++) {
		if (i > 0 && (digits - i) % 3 == 0)
			buf_putc(html, ',');
		buf_putc(html, text[lead + i]);
	}
	buf_puts(html, text + lead + digits);
}

void
desk_put_money(struct buf *html, struct json_node row, const char *member,
    const char *currency)
{
	char own[CURRENCY_SIZE];
	char text[64];
	struct buf amount = BUF_FIXED(text);
	struct err unused;

	if (!json_exists(json_at(row, member)))
		return;
	/*
	 * Rows of one list may have several currencies: the row's own precedes
	 * the club's.
	 */
	if (json_get_text(row, "currency", own, sizeof(own), &unused) == ST_OK)
		currency = own;
	money_put(&amount, json_i64_or_0(row, member), currency);
	put_grouped(html, text);
}

/*
 * Takes the commas out that stand before three digits each, as above.  A comma
 * elsewhere stays, and is refused with the rest: "1.500,00" must not become
 * another amount than was meant.
 */
static void
put_ungrouped(struct buf *plain, const char *text)
{
	size_t digits = strspn(text, "0123456789");

	buf_put(plain, text, digits);
	text += digits;
	while (digits > 0 && digits <= 3 && text[0] == ',' &&
	    strspn(text + 1, "0123456789") == 3) {
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
