/*
 * One row more than a page has is read: it tells whether there is a next page,
 * and is not shown.
 */
#include "desk/list.h"

#include <string.h>

#include "desk/frame.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "desk/table_csv.h"
#include "endpoint/fields.h"

/* A file is read in few pieces, since each brings the sums as well. */
enum { CSV_ROWS = 4000, TEXT_MAX = 64 * 1024, PATH_SIZE = 64 };

/* Where desk.js does not; seldom enough to be read in peace. */
static const char looks_again[] = "<noscript>"
    "<meta http-equiv=\"refresh\" content=\"5\"></noscript>\n";

static const char csv_ending[] = ".csv";

static struct list_filter
filter_of(const struct list *list, const struct list_query *query)
{
	return (struct list_filter){ list->path, list->fields,
	    list->has_field, query->params };
}

/* The key of the page's last row, if others follow it. */
static bool
find_next(const struct list_query *query, struct json_node rows,
    struct buf *key)
{
	struct json_node row = json_first(rows);

	for (int i = 1; i < query->limit - 1 && json_exists(row); i++)
		row = json_next(rows, row);
	if (!json_exists(row) || !json_exists(json_next(rows, row)))
		return false;
	json_put_chars(key, json_at(row, "key"));
	return buf_str(key) != NULL;
}

/* A list without a row leads nowhere, and its file would hold nothing. */
static void
put_ways(struct buf *html, const struct list *list,
    const struct list_query *query, struct json_node rows)
{
	const struct list_filter filter = filter_of(list, query);
	struct buf key = BUF_INIT(TEXT_MAX);

	if (!json_exists(json_first(rows)) && query->after == NULL)
		return;
	buf_puts(html, "<nav class=\"pages\" aria-label=\"List\">\n");
	if (find_next(query, rows, &key)) {
		buf_puts(html, "<a rel=\"next\" href=\"");
		list_filter_put_address(html, &filter, "", buf_str(&key));
		buf_puts(html, "\">Next page</a>\n");
	}
	if (query->after != NULL) {
		buf_puts(html, "<a href=\"");
		list_filter_put_address(html, &filter, "", NULL);
		buf_puts(html, "\">Back to the first</a>\n");
	}
	buf_puts(html, "<a href=\"");
	list_filter_put_address(html, &filter, csv_ending, NULL);
	buf_puts(html, "\">Download as CSV</a>\n</nav>\n");
	buf_clear(&key);
}

static void
put_rows(struct buf *html, const struct list *list,
    const struct list_query *query, struct json_node data)
{
	struct json_node rows = json_at(data, "rows");
	struct json_node row = json_first(rows);
	struct desk_table table = list->table;

	if (list->put_row == NULL || !json_exists(row)) {
		table.rows_max = (size_t)query->limit - 1;
		desk_table_put(html, &table, rows, json_at(data, "sums"));
		return;
	}
	buf_puts(html, "<ul class=\"rows\">\n");
	for (int i = 0; i < query->limit - 1 && json_exists(row); i++) {
		buf_puts(html, "<li>\n");
		list->put_row(html, query, row);
		buf_puts(html, "</li>\n");
		row = json_next(rows, row);
	}
	buf_puts(html, "</ul>\n");
}

/*
 * How many the filter finds, said above the list and to whoever hears the page;
 * there without a filter, too, for desk.js to change.
 */
static void
put_count(struct buf *html, const struct list *list,
    const struct list_query *query, struct json_node data)
{
	const struct list_filter filter = filter_of(list, query);
	struct json_node count = json_at(data, "count");

	if (!json_exists(count))
		count = json_at(json_first(json_at(data, "sums")), "count");
	buf_puts(html, "<p class=\"found\" role=\"status\">");
	if (list_filter_is_used(&filter) && json_exists(count)) {
		json_put_chars(html, count);
		buf_puts(html, " found");
	}
	buf_puts(html, "</p>\n");
}

static enum status
answer_page(const struct list *list, const struct list_query *query,
    struct json_node data, struct response *response, struct err *err)
{
	const struct list_filter filter = filter_of(list, query);
	struct buf title = BUF_INIT(TEXT_MAX);
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	struct frame frame = {
		.visit = query->visit,
		.title = list->title,
		.user = json_at(data, "user"),
		.search = params_text(query->params, "q"),
	};
	enum status st;

	json_put_chars(&title, json_at(data, "title"));
	if (title.len > 0)
		frame.title = buf_str(&title);
	if (list->is_running != NULL && list->is_running(data))
		frame.elements = looks_again;
	frame_begin(&html, &frame);
	buf_puts(&html, frame.elements != NULL ? "<div id=\"above\" "
	    "data-again>\n" : "<div id=\"above\">\n");
	if (list->add != NULL && frame_is_writer(data))
		act_put_details(&html, query->visit, list->add, data);
	if (list->put_above != NULL)
		list->put_above(&html, query, data);
	buf_puts(&html, "</div>\n");
	list_filter_put(&html, &filter, data);
	if (list->put_chosen != NULL)
		list->put_chosen(&html, query, data);
	put_count(&html, list, query, data);
	buf_puts(&html, "<section id=\"list\">\n");
	put_rows(&html, list, query, data);
	if (list->put_below != NULL)
		list->put_below(&html, data);
	put_ways(&html, list, query, json_at(data, "rows"));
	buf_puts(&html, "</section>\n");
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&title);
	buf_clear(&html);
	return st;
}

/* Appends the rows after the key, and makes the last one's the next key, or
 * empties it at the list's end, where the sums follow. */
static enum status
put_csv_piece(struct buf *csv, const struct list *list,
    struct list_query *query, struct buf *key, struct err *err)
{
	struct json_doc doc = { .text = NULL };
	struct json_node rows;
	struct json_node last = JSON_NONE;
	int64_t count = 0;
	enum status st;

	query->after = key->len > 0 ? buf_str(key) : NULL;
	st = list->read(query, &doc, err);
	rows = json_at(json_root(&doc), "rows");
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row)) {
		table_csv_put_row(csv, list->csv, row);
		last = row;
		count++;
	}
	buf_reset(key);
	if (st == ST_OK && count == query->limit) {
		json_put_chars(key, json_at(last, "key"));
		st = buf_check(key, "a key", err);
	} else if (st == ST_OK && list->csv_has_sums) {
		table_csv_put_sums(csv, list->csv,
		    json_at(json_root(&doc), "sums"));
	}
	json_clear(&doc);
	return st != ST_OK ? st : buf_check(csv, "the list", err);
}

/* Without a byte order mark, spreadsheets spoil every name with an accent. */
static enum status
put_csv(struct buf *csv, const struct list *list, struct list_query *query,
    struct err *err)
{
	struct buf key = BUF_INIT(TEXT_MAX);
	enum status st;

	buf_puts(csv, "\xef\xbb\xbf");
	table_csv_put_headings(csv, list->csv);
	query->limit = CSV_ROWS;
	do
		st = put_csv_piece(csv, list, query, &key, err);
	while (st == ST_OK && key.len > 0);
	buf_clear(&key);
	return st;
}

static enum status
answer_csv(const struct list *list, struct list_query *query,
    struct response *response, struct err *err)
{
	char text[PATH_SIZE];
	struct buf name = BUF_FIXED(text);
	struct buf csv = BUF_INIT(RESPONSE_BODY_MAX);
	enum status st = put_csv(&csv, list, query, err);

	buf_putf(&name, "%s%s", strrchr(list->path, '/') + 1, csv_ending);
	if (st == ST_OK)
		st = response_csv(response, text, &csv, err);
	buf_clear(&csv);
	return st;
}

static enum status
answer(const struct list *list, struct list_query *query,
    struct response *response, struct err *err)
{
	struct json_doc doc = { .text = NULL };
	char text[PATH_SIZE];
	struct buf path = BUF_FIXED(text);
	enum status st;

	if (strcmp(query->visit->request->path, list->path) != 0)
		return answer_csv(list, query, response, err);
	query->limit = (list->rows > 0 ? list->rows : LIST_ROWS) + 1;
	st = list->read(query, &doc, err);
	if (st == ST_OK && list->leads_on != NULL &&
	    list->leads_on(query, json_root(&doc), &path))
		st = desk_redirect(query->visit, text, response, err);
	else if (st == ST_OK)
		st = answer_page(list, query, json_root(&doc), response, err);
	json_clear(&doc);
	return st;
}

static enum status
read_query(const struct list *list, const struct request *request,
    struct params *params, struct err *err)
{
	const char *names[LIST_FIELDS_MAX + 2] = { LIST_AFTER };
	size_t count = 1;
	enum status st;

	for (const struct list_field *f = list->fields; f->name != NULL; f++)
		names[count++] = f->name;
	st = fields_read(request, names, params, err);
	if (st == ST_OK)
		params_trim(params);
	return st;
}

enum status
list_answer(const struct list *list, const struct app *app,
    const struct request *request, struct response *response,
    struct err *err)
{
	struct params params = { .count = 0 };
	struct visit visit;
	struct list_query query = { .visit = &visit, .params = &params };
	enum status st;

	st = visit_begin(&visit, app, request, err);
	if (st == ST_OK)
		st = read_query(list, request, &params, err);
	if (st != ST_OK)
		goto out;
	query.after = params_text(&params, LIST_AFTER);
	st = answer(list, &query, response, err);
	if (st != ST_OK)
		st = sign_in_failure(&visit, NULL, st, response, err);
out:
	params_clear(&params);
	return st;
}
