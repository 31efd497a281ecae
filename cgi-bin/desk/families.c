/*
 * GET /desk/families: all families, or those that are found by what stands in
 * the search box, which is on every page of the desk.
 */
#include <inttypes.h>

#include "desk/family_acts.h"
#include "desk/frame.h"
#include "desk/list.h"
#include "desk/money.h"
#include "desk/run.h"
#include "store/desk_families.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The longest word that a query holds. */
enum { WORD_SIZE = 4096 };

static const char family_page[] = "/desk/family?parent_id=";

static const struct list_field fields[] = {
	{ .name = "q" },
	{ .name = "go" },
	{ .name = "owing" },
	{ .name = NULL },
};

static bool
is_owing(const struct list_query *query)
{
	return params_text_or_empty(query->params, "owing")[0] != '\0';
}

static const struct desk_column columns[] = {
	{ "name", "Family", DESK_CELL_HEAD },
	{ "details", "Children", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "phone", "Phone", DESK_CELL_WHOLE },
	{ "owed_cents", "Owed", DESK_CELL_MONEY },
	{ "paid_cents", "Paid", DESK_CELL_MONEY },
};

static const struct desk_column csv[] = {
	{ "name", "Family", DESK_CELL_HEAD },
	{ "children", "Children", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "phone", "Phone", DESK_CELL_TEXT },
	{ "owed_cents", "Owed", DESK_CELL_MONEY },
	{ "paid_cents", "Paid", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_families(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct app *app = query->visit->app;
	const struct desk_families_query wanted = {
		.session = visit_session(query->visit),
		.text = params_text_or_empty(query->params, "q"),
		.is_owing = is_owing(query),
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
		.currency = config_text(&app->config, SETTING_CURRENCY),
		.after = query->after,
		.limit = query->limit,
	};

	return store_desk_families(app->store, &wanted, doc, err);
}

/* Whoever says "I paid" may have paid what is nobody's yet. */
static void
put_payments(struct buf *html, struct json_node rows)
{
	static const char page[] = "/desk/unmatched/payment";

	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row)) {
		buf_puts(html, "<p class=\"hit\">A payment that is not placed "
		    "yet: <b>");
		desk_put_money(html, row, "amount_cents", "");
		buf_puts(html, "</b> by ");
		frame_put_member(html, row, "payer");
		buf_puts(html, ", ");
		frame_put_member(html, row, "at");
		buf_puts(html, ".");
		if (!frame_has_page(page)) {
			buf_puts(html, "</p>\n");
			continue;
		}
		buf_putf(html, " <a href=\"%s?payment=", page);
		frame_put_member(html, row, "payment");
		buf_puts(html, "\">Find what it is for</a></p>\n");
	}
}

/* Whom a word finds: a few by name, and a list of all where they are more. */
static void
put_hit(struct buf *html, struct json_node hit)
{
	int64_t more = json_i64_or_0(hit, "count");
	char text[WORD_SIZE];
	struct buf word = BUF_FIXED(text);

	buf_puts(html, "<p>");
	frame_put_member(html, hit, "word");
	for (struct json_node row = json_first(json_at(hit, "families"));
	    json_exists(row); row = json_next(json_at(hit, "families"), row)) {
		buf_putf(html, "%s <a href=\"%s",
		    more-- == json_i64_or_0(hit, "count") ? ":" : ",",
		    family_page);
		frame_put_member(html, row, "key");
		buf_puts(html, "\">");
		frame_put_member(html, row, "name");
		buf_puts(html, "</a>");
		if (!json_exists(json_at(row, "children")))
			continue;
		buf_puts(html, " (");
		frame_put_member(html, row, "children");
		buf_puts(html, ")");
	}
	if (more > 0) {
		json_put_chars(&word, json_at(hit, "word"));
		buf_puts(html, " and <a href=\"/desk/families?q=");
		buf_put_urlenc(html, text, word.len);
		buf_putf(html, "\">%" PRId64 " more</a>", more);
	}
	buf_puts(html, "</p>\n");
}

static void
put_near(struct buf *html, struct json_node near)
{
	struct json_node hits = json_at(near, "hits");

	if (!json_exists(hits))
		return;
	buf_puts(html, "<p class=\"outcome\">");
	frame_put_member(html, near, "words");
	buf_puts(html, "</p>\n");
	for (struct json_node hit = json_first(hits); json_exists(hit);
	    hit = json_next(hits, hit))
		put_hit(html, hit);
}

/* How many owe how much, before a list that may be long. */
static void
put_owing(struct buf *html, struct json_node sums)
{
	for (struct json_node sum = json_first(sums); json_exists(sum);
	    sum = json_next(sums, sum)) {
		buf_puts(html, "<p class=\"outcome\"><b>");
		frame_put_member(html, sum, "count");
		buf_puts(html, "</b> owe <b>");
		desk_put_money(html, sum, "owed_cents", "");
		buf_puts(html, "</b></p>\n");
	}
}

static void
put_way(struct buf *html, const char *query, const char *words, bool is_here)
{
	buf_putf(html, "<li><a href=\"/desk/families%s\"%s>%s</a></li>\n",
	    query, is_here ? " aria-current=\"true\"" : "", words);
}

static void
put_above(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	bool is_found = params_text_or_empty(query->params, "q")[0] != '\0';

	buf_puts(html, "<ul class=\"ways\">\n");
	if (frame_is_writer(data))
		buf_puts(html, "<li><a class=\"button\" "
		    "href=\"/desk/family/add\">Add a family</a></li>\n");
	put_way(html, "", "All families", !is_owing(query) && !is_found);
	put_way(html, "?owing=yes", "Only those who owe", is_owing(query));
	buf_puts(html, "</ul>\n");
	if (is_owing(query))
		put_owing(html, json_at(data, "sums"));
	put_near(html, json_at(data, "near"));
	put_payments(html, json_at(data, "payments"));
}

/*
 * Whoever has asked for a family by the search box, and is told of no other and
 * of no payment, goes to its page at once.
 */
static bool
leads_on(const struct list_query *query, struct json_node data,
    struct buf *path)
{
	struct json_node rows = json_at(data, "rows");
	struct json_node row = json_first(rows);

	if (params_text(query->params, "go") == NULL || query->after != NULL ||
	    !json_exists(row) || json_exists(json_next(rows, row)) ||
	    json_exists(json_first(json_at(data, "payments"))))
		return false;
	buf_puts(path, family_page);
	json_put_chars(path, json_at(row, "key"));
	return true;
}

static const struct list list = {
	.path = "/desk/families",
	.title = "Families",
	.fields = fields,
	.table = {
		.caption = "By name",
		.columns = columns,
		.count = COUNT(columns),
		.empty = "No family was found.",
		.link = family_page,
		.link_member = "key",
	},
	.csv = csv,
	.read = read_families,
	.leads_on = leads_on,
	.put_above = put_above,
};

static enum status
get_families(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&list, context, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/families", false, METHOD_GET, 0, get_families },
	{ "/desk/families.csv", false, METHOD_GET, 0, get_families },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/families", routes);
}
