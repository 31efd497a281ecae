/*
 * What was uploaded travels with the page, so that the second POST imports what
 * this one has shown and nothing has to be kept for a file that nobody imports.
 */
#include "desk/roster_page.h"

#include <inttypes.h>
#include <string.h>

#include "desk/frame.h"
#include "desk/table.h"

/* The one that a request of it keeps. */
static const struct act_field fields[] = {
	{ .name = "file_name", .control = ACT_HIDDEN, .label = "File" },
};

static const struct act_subject subject = {
	.back = "/desk/rosters",
	.back_text = "Back to the rosters",
};

const struct act_kind roster_acts[] = {
	{ .path = "/desk/rosters", .action = "import_roster",
	    .subject = &subject, .title = "Import a roster",
	    .fields = fields, .count = 1 },
	{ .path = NULL },
};

static const struct desk_column line_columns[] = {
	{ "player_name", "Player", DESK_CELL_HEAD },
	{ "what", "What", DESK_CELL_TEXT },
	{ "team", "Team", DESK_CELL_TEXT },
	{ "changes", "From and to", DESK_CELL_TEXT },
	{ "line", "Where", DESK_CELL_TEXT },
};

static const struct desk_column bad_columns[] = {
	{ "line", "Where", DESK_CELL_HEAD },
	{ "reason", "What is wrong", DESK_CELL_TEXT },
};

static const struct desk_column absent_columns[] = {
	{ "who", "Player", DESK_CELL_HEAD },
};

static void
put_hidden(struct buf *html, const char *name, const char *value)
{
	buf_putf(html, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	frame_put_text(html, value);
	buf_puts(html, "\">\n");
}

static void
begin_form(struct buf *html, struct visit *visit)
{
	buf_putf(html, "<form method=\"post\" action=\"%s\" "
	    "enctype=\"multipart/form-data\">\n", roster_acts[0].path);
	visit_put_form(visit, roster_acts[0].path, html);
}

/* What is wrong with the file as a whole is beside the field that chose it. */
static void
put_upload(struct buf *html, struct visit *visit, const char *fault)
{
	begin_form(html, visit);
	buf_puts(html, "<div class=\"field\">\n<label for=\"file\">The club's "
	    "list, as a CSV file</label>\n");
	if (fault != NULL) {
		buf_puts(html, "<p class=\"fault\" id=\"file-fault\" "
		    "role=\"alert\">");
		frame_put_text(html, fault);
		buf_puts(html, ".</p>\n");
	}
	buf_puts(html, "<p class=\"hint\" id=\"file-hint\">1 MB at most. "
	    "Nothing is changed before you have seen what would be.</p>\n"
	    "<input id=\"file\" name=\"file\" type=\"file\" required "
	    "accept=\".csv,.txt,.tsv,text/csv,text/plain\" "
	    "aria-describedby=\"file-hint");
	buf_puts(html, fault != NULL ? " file-fault\" aria-invalid=\"true\""
	    : "\"");
	buf_puts(html, ">\n</div>\n<button>Look at it</button>\n</form>\n");
}

static void
put_how(struct buf *html)
{
	buf_puts(html, "<section aria-labelledby=\"how\">\n<h2 id=\"how\">What "
	    "the file holds</h2>\n<p>One player in each line. The first line "
	    "names the columns, in any order:</p>\n<pre>player_name, team, "
	    "monthly_fee,\nparent_name, parent_email, parent_phone</pre>\n<p>"
	    "The file is taken whole or not at all. Players who are not in it "
	    "stay as they are, so that a list of one team is enough.</p>\n"
	    "</section>\n");
}

static void
put_list(struct buf *html, const char *id, const char *title,
    const struct desk_table *table, struct json_node rows)
{
	buf_putf(html, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>"
	    "\n", id, id, title);
	desk_table_put(html, table, rows, JSON_NONE);
	buf_puts(html, "</section>\n");
}

/* A sentence where the list is not whole. */
static void
put_caption(struct buf *caption, int64_t count, size_t listed,
    const char *what)
{
	buf_putf(caption, "%" PRId64 " %s", count, what);
	if (count > (int64_t)listed)
		buf_putf(caption, "; the first %zu of them", listed);
}

static void
put_lines(struct buf *html, const struct roster_page *page)
{
	char text[96];
	struct buf caption = BUF_FIXED(text);
	struct json_node lines = json_at(page->data, "lines");

	put_caption(&caption, json_i64_or_0(page->data, "new") +
	    json_i64_or_0(page->data, "changed"), json_count(lines),
	    "in the order of the file");
	put_list(html, "lines", "What changes", &(const struct desk_table){
		.caption = text,
		.columns = line_columns,
		.count = sizeof(line_columns) / sizeof(line_columns[0]),
		.empty = "Nothing: all of it is in the books already.",
	    }, lines);
}

static void
put_absent(struct buf *html, const struct roster_page *page)
{
	char text[96];
	struct buf caption = BUF_FIXED(text);
	struct json_node absent = json_at(page->data, "absent");

	if (!json_exists(json_first(absent)))
		return;
	put_caption(&caption, json_i64_or_0(page->data, "missing"),
	    json_count(absent), "who stay as they are");
	put_list(html, "absent", "Not in this file, and still asked for money",
	    &(const struct desk_table){ .caption = text,
	    .columns = absent_columns, .count = 1 }, absent);
}

static void
put_bad(struct buf *html, const struct roster_page *page)
{
	if (!json_exists(json_first(page->bad)))
		return;
	put_list(html, "bad", "Lines to mend first",
	    &(const struct desk_table){ .caption = "Mend them in the file, and "
	    "upload it again", .columns = bad_columns, .count = 2 },
	    page->bad);
}

static void
put_confirm(struct buf *html, struct visit *visit,
    const struct roster_page *page)
{
	begin_form(html, visit);
	put_hidden(html, "roster", page->text);
	put_hidden(html, "file_name", page->file_name);
	buf_puts(html, "<input type=\"hidden\" name=\"seen\" value=\"");
	frame_put_member(html, page->data, "seen");
	buf_puts(html, "\">\n<input type=\"hidden\" name=\"confirm\" "
	    "value=\"yes\">\n<button>Import it</button>\n</form>\n");
}

/* What would come of it, in short, and the button that does it. */
static void
put_promise(struct buf *html, struct visit *visit,
    const struct roster_page *page)
{
	int64_t new = json_i64_or_0(page->data, "new");
	int64_t changed = json_i64_or_0(page->data, "changed");

	buf_puts(html, "<p class=\"outcome\"><strong>");
	buf_puts(html, new + changed > 0 ? "Nothing is imported yet.</strong> "
	    "This will happen:" : "There is nothing to import.</strong>");
	buf_putf(html, "<br><b>%" PRId64 " new, %" PRId64 " changed, %" PRId64
	    " the same</b></p>\n", new, changed,
	    json_i64_or_0(page->data, "same"));
	if (new + changed == 0)
		return;
	put_confirm(html, visit, page);
	buf_puts(html, "<p>Nobody is mailed. Orders that are there stay as "
	    "they are.</p>\n");
}

static void
put_outcome(struct buf *html, struct visit *visit,
    const struct roster_page *page)
{
	buf_puts(html, "<section class=\"act\">\n");
	if (page->refused != NULL) {
		buf_puts(html, "<p class=\"fault\" role=\"alert\">Nothing was "
		    "changed: ");
		frame_put_text(html, page->refused);
		buf_puts(html, ".</p>\n");
	}
	if (page->fault != NULL) {
		buf_puts(html, "<p class=\"fault\" role=\"alert\">Nothing can "
		    "be imported yet: mend the lines below first (");
		frame_put_text(html, page->fault);
		buf_puts(html, ").</p>\n");
	} else {
		put_promise(html, visit, page);
	}
	if (page->file_name[0] != '\0') {
		buf_puts(html, "<p>The file: <b>");
		frame_put_text(html, page->file_name);
		buf_puts(html, "</b></p>\n");
	}
	buf_puts(html, "</section>\n");
}

void
roster_page_put(struct buf *html, struct visit *visit,
    const struct roster_page *page)
{
	if (page->text != NULL) {
		put_outcome(html, visit, page);
		put_bad(html, page);
		put_lines(html, page);
		put_absent(html, page);
	}
	buf_puts(html, "<div class=\"columns\">\n"
	    "<section aria-labelledby=\"choose\">\n<h2 id=\"choose\">");
	buf_puts(html, page->text != NULL ? "Another file" : "Choose a file");
	buf_puts(html, "</h2>\n");
	if (!frame_is_writer(page->data))
		buf_puts(html, "<p>A treasurer can bring players in from a "
		    "file here.</p>\n");
	else
		put_upload(html, visit, page->text == NULL ? page->fault
		    : NULL);
	buf_puts(html, "</section>\n");
	put_how(html);
	buf_puts(html, "</div>\n");
}
