/*
 * What waits comes first, since that is why the treasurer opens the page;
 * figures follow.  All of it comes from one statement, and is of one moment.
 */
#include "desk/today.h"

#include "base/money.h"
#include "desk/bars.h"
#include "desk/frame.h"
#include "desk/money.h"
#include "desk/needs.h"
#include "desk/table.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * What was given back is a part of what was paid: the bar draws it once, the
 * figures show both.
 */
static const struct bar_part item_parts[] = {
	{ "owed_cents", "Owed", "owed", NULL },
	{ "paid_cents", "Paid", "paid", "refunded_cents" },
	{ "refunded_cents", "Given back", "refunded", NULL },
};

/* Owed is missing: what is owed has no month in which it was paid. */
static const struct bar_part month_parts[] = {
	{ "paid_cents", "Paid", "paid", "refunded_cents" },
	{ "refunded_cents", "Given back", "refunded", NULL },
};

static const struct desk_column week_columns[] = {
	{ "who", "For", DESK_CELL_HEAD },
	{ "item", "What", DESK_CELL_TEXT },
	{ "at", "When", DESK_CELL_WHOLE },
	{ "how", "How", DESK_CELL_TEXT },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
};

static void
put_needs(struct buf *html, struct visit *visit, struct json_node data)
{
	buf_puts(html, "<section aria-labelledby=\"needs\">\n"
	    "<h2 id=\"needs\">Waiting for you</h2>\n");
	needs_put(html, visit, data);
	buf_puts(html, "</section>\n");
}

/* The three sums: what the club asks first, so that they are large. */
static void
put_sums(struct buf *html, struct json_node money, const char *currency)
{
	buf_puts(html, "<dl class=\"sums\">\n");
	for (size_t i = 0; i < COUNT(item_parts); i++) {
		const struct bar_part *part = &item_parts[i];

		buf_putf(html, "<div><dt><span class=\"key %s\"></span>%s"
		    "</dt><dd>", part->look, part->name);
		desk_put_money(html, money, part->member, currency);
		buf_puts(html, "</dd></div>\n");
	}
	buf_puts(html, "</dl>\n<p><a href=\"/desk/families?owing=yes\">Who "
	    "owes what</a></p>\n");
}

static void
put_money(struct buf *html, struct json_node data)
{
	struct json_node money = json_at(data, "money");
	char currency[CURRENCY_SIZE] = "";
	struct err unused;

	/* Data without a currency has no figures either. */
	if (json_get_text(money, "currency", currency, sizeof(currency),
	    &unused) != ST_OK)
		return;
	buf_puts(html, "<section aria-labelledby=\"money\">\n"
	    "<h2 id=\"money\">Money</h2>\n");
	put_sums(html, money, currency);
	bars_put(html, &(const struct bars){ "By the month in which it was "
	    "paid", "Month", month_parts, COUNT(month_parts), currency,
	    "Nothing was paid yet.", NULL }, json_at(money, "months"));
	buf_puts(html, "</section>\n<section aria-labelledby=\"items\" "
	    "class=\"items\">\n<h2 id=\"items\">What it is for</h2>\n");
	bars_put(html, &(const struct bars){ "Still owed, and paid, in all",
	    "What", item_parts, COUNT(item_parts), currency,
	    "Nothing was ordered yet.",
	    "/desk/tournament?tournament_id=" }, json_at(money, "items"));
	buf_puts(html, "</section>\n");
}

static void
put_week(struct buf *html, struct json_node data)
{
	struct json_node week = json_at(data, "week");
	int64_t count = json_i64_or_0(week, "count");
	struct json_node rows = json_at(week, "rows");

	buf_puts(html, "<section aria-labelledby=\"week\" class=\"week\">\n"
	    "<h2 id=\"week\">The last seven days</h2>\n");
	desk_table_put(html, &(const struct desk_table){
		.caption = "Payments, the newest first",
		.columns = week_columns,
		.count = COUNT(week_columns),
		.currency = "",
		.empty = "No payment came.",
		.link = "/desk/order?order_id=",
		.link_member = "order_id",
	    }, rows, json_at(week, "sums"));
	desk_put_loose(html, json_at(week, "sums"));
	/*
	 * A shortened list says so: figures that silently lack rows would
	 * mislead.
	 */
	if (count > (int64_t)json_count(rows))
		buf_putf(html, "<p class=\"note\">The newest %zu of %lld are "
		    "listed.</p>\n", json_count(rows), (long long)count);
	buf_puts(html, "</section>\n");
}

void
today_put(struct buf *html, struct visit *visit, struct json_node data)
{
	buf_puts(html, "<div class=\"today\">\n");
	put_needs(html, visit, data);
	put_money(html, data);
	put_week(html, data);
	buf_puts(html, "</div>\n");
}
