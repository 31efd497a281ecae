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
