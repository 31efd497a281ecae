/*
 * Single mails are listed by their state, as each state has its own next step.
 * Their buttons belong to two forms above the list: fifty rows with forms of
 * their own would be half of the page's weight.
 */
#include "desk/mail_lists.h"

#include <inttypes.h>

#include "desk/frame.h"
#include "desk/mail_acts.h"
#include "desk/mail_words.h"
#include "store/desk_mails.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ERROR_SIZE = 1024 };

static struct desk_page
page_of(const struct list_query *query)
{
	return (struct desk_page){
		.session = visit_session(query->visit),
		.after = query->after,
		.limit = query->limit,
		.zone = config_text(&query->visit->app->config,
		    SETTING_CLUB_TIMEZONE),
	};
}

/* Why nothing goes out now, where something waits. */
static void
put_held(struct buf *html, struct json_node data)
{
	if (!json_exists(json_at(data, "held")))
		return;
	buf_puts(html, "<p class=\"fault\" role=\"status\">Mails that ask for "
	    "money wait: the books have to be compared with Stripe's first. "
	    "Ask whoever looks after the server. <small>");
	frame_put_member(html, data, "held");
	buf_puts(html, "</small></p>\n");
}

/* Batches. */

static const struct desk_column batch_columns[] = {
	{ "title", "Mails", DESK_CELL_HEAD },
	{ "at", "When", DESK_CELL_WHOLE },
	{ "actor", "By", DESK_CELL_TEXT },
	{ "progress", "How far", DESK_CELL_TEXT },
};

static const struct desk_column batch_csv[] = {
	{ "batch_id", "Batch", DESK_CELL_TEXT },
	{ "title", "Mails", DESK_CELL_TEXT },
	{ "at", "When", DESK_CELL_TEXT },
	{ "actor", "By", DESK_CELL_TEXT },
	{ "mails", "Of", DESK_CELL_TEXT },
	{ "sent", "Sent", DESK_CELL_TEXT },
	{ "waiting", "Waiting", DESK_CELL_TEXT },
	{ "failed", "Failed", DESK_CELL_TEXT },
	{ "dropped", "Not sent", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_batches(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct desk_page page = page_of(query);

	return store_desk_batches(query->visit->app->store, &page, doc, err);
}

static void
put_count(struct buf *html, struct json_node data, const char *member,
    const char *words)
{
	int64_t count = json_i64_or_0(data, member);

	if (count > 0)
		buf_putf(html, "<li><a href=\"/desk/mails/list?state=%s\">"
		    "%" PRId64 " %s</a></li>\n", member, count, words);
}

static void
put_above_batches(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	(void)query;
	put_held(html, data);
	buf_puts(html, "<ul class=\"ways\">\n");
	if (frame_is_writer(data))
		buf_puts(html, "<li><a class=\"button\" "
		    "href=\"/desk/mails/send\">Send mails</a></li>\n");
	put_count(html, data, "failed", "did not arrive");
	put_count(html, data, "waiting", "wait");
	buf_puts(html, "</ul>\n");
}

static const struct list_field no_fields[] = {
	{ .name = NULL },
};

const struct list batch_list = {
	.path = "/desk/mails",
	.title = "Mails",
	.fields = no_fields,
	.table = {
		.caption = "What was sent at once, the newest first",
		.columns = batch_columns,
		.count = COUNT(batch_columns),
		.empty = "Nothing was sent to many at once yet. A mail "
		"to one family stands in what happened to its order.",
		.link = "/desk/mails/list?batch_id=",
		.link_member = "batch_id",
	},
	.csv = batch_csv,
	.read = read_batches,
	.put_above = put_above_batches,
};

/* Single mails. */

static const struct {
	const char *state;
	const char *name;
	bool is_of_batch;	/* of a batch only */
} states[] = {
	{ "failed", "Did not arrive", false },
	{ "waiting", "Waiting", false },
	{ "sent", "Sent", true },
	{ "dropped", "Not sent", false },
};

static const struct list_field mail_fields[] = {
	{ .name = "batch_id" },
	{ .name = "state" },
	{ .name = NULL },
};

static const struct desk_column mail_csv[] = {
	{ "email_id", "Mail", DESK_CELL_TEXT },
	{ "player", "Player", DESK_CELL_TEXT },
	{ "recipient", "Email address", DESK_CELL_TEXT },
	{ "kind", "Kind", DESK_CELL_TEXT },
	{ "state", "State", DESK_CELL_TEXT },
	{ "at", "When", DESK_CELL_TEXT },
	{ "attempts", "Tries", DESK_CELL_TEXT },
	{ "error", "The server said", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_mails(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct desk_page page = page_of(query);

	return store_desk_mails(query->visit->app->store, &page,
	    params_filled(query->params, "batch_id"),
	    params_filled(query->params, "state"), doc, err);
}

static void
put_states(struct buf *html, struct json_node data, int64_t batch_id)
{
	struct json_node batch = json_at(data, "batch");

	buf_puts(html, "<nav aria-label=\"State\"><ul class=\"ways\">\n");
	for (size_t i = 0; i < COUNT(states); i++) {
		if (states[i].is_of_batch && batch_id == 0)
			continue;
		buf_putf(html, "<li><a href=\"/desk/mails/list?state=%s",
		    states[i].state);
		if (batch_id != 0)
			buf_putf(html, "&amp;batch_id=%" PRId64, batch_id);
		buf_putf(html, "\"%s>%s", json_text_is(data, "state",
		    states[i].state) ? " aria-current=\"true\"" : "",
		    states[i].name);
		if (batch_id != 0)
			buf_putf(html, ": %" PRId64, json_i64_or_0(batch,
			    states[i].state));
		buf_puts(html, "</a></li>\n");
	}
	buf_puts(html, "</ul></nav>\n");
}

/* How far a batch has come, and what may be done to all of it. */
static void
put_batch(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	struct json_node batch = json_at(data, "batch");
	int64_t waiting = json_i64_or_0(batch, "waiting");
	int64_t failed = json_i64_or_0(batch, "failed");

	buf_puts(html, "<section>\n<p role=\"status\"><b>");
	frame_put_member(html, batch, "progress");
	buf_puts(html, ".</b> <small>By ");
	frame_put_member(html, batch, "actor");
	buf_puts(html, ", ");
	frame_put_member(html, batch, "at");
	buf_putf(html, "</small></p>\n<progress max=\"%" PRId64 "\" value=\"%"
	    PRId64 "\" aria-label=\"Sent\"></progress>\n",
	    json_i64_or_0(batch, "mails"), json_i64_or_0(batch, "sent"));
	if (waiting > 0 && !json_exists(json_at(data, "held")))
		buf_puts(html, "<p class=\"note\">This page looks again by "
		    "itself until none waits.</p>\n");
	if (frame_is_writer(data) && waiting + failed > 0) {
		buf_puts(html, "<div class=\"ways\">\n"
		    "<span>All that wait or failed:</span>\n");
		if (failed > 0)
			act_put_form(html, query->visit,
			    &mail_acts[MAIL_RETRY], batch);
		act_put_form(html, query->visit, &mail_acts[MAIL_DROP],
		    batch);
		buf_puts(html, "</div>\n");
	}
	buf_puts(html, "</section>\n");
}

/* Empty: the buttons of the rows send them. */
static void
put_form(struct buf *html, struct visit *visit, const struct act_kind *kind)
{
	buf_putf(html, "<form id=\"%s\" method=\"post\" action=\"%s\">\n",
	    kind->action, kind->path);
	visit_put_form(visit, kind->path, html);
	buf_puts(html, "</form>\n");
}

static void
put_above_mails(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	int64_t batch_id = json_i64_or_0(data, "batch.batch_id");

	if (json_text_is(data, "state", "waiting"))
		put_held(html, data);
	if (batch_id != 0)
		put_batch(html, query, data);
	put_states(html, data, batch_id);
	if (!frame_is_writer(data))
		return;
	put_form(html, query->visit, &mail_acts[MAIL_RETRY]);
	put_form(html, query->visit, &mail_acts[MAIL_DROP]);
}

static void
put_button(struct buf *html, const struct act_kind *kind,
    struct json_node row)
{
	int64_t email_id = json_i64_or_0(row, "email_id");

	buf_putf(html, "<button form=\"%s\" name=\"email_id\" value=\"%" PRId64
	    "\" aria-describedby=\"mail-%" PRId64 "\">%s</button>\n",
	    kind->action, email_id, email_id, kind->title);
}

static void
put_trouble(struct buf *html, struct json_node row)
{
	char error[ERROR_SIZE];
	struct err unused;

	if (json_get_text(row, "error", error, sizeof(error), &unused)
	    != ST_OK)
		return;
	buf_puts(html, "<p>");
	frame_put_text(html, mail_trouble(error));
	buf_puts(html, " <small>It was said: ");
	frame_put_member(html, row, "error");
	buf_puts(html, "</small></p>\n");
}

/* Nothing is left to be done about a mail that was sent. */
static void
put_mail(struct buf *html, const struct list_query *query,
    struct json_node row)
{
	(void)query;
	buf_putf(html, "<p id=\"mail-%" PRId64 "\"><b>",
	    json_i64_or_0(row, "email_id"));
	frame_put_member(html, row, "player");
	buf_puts(html, "</b> ");
	frame_put_member(html, row, "recipient");
	buf_puts(html, " <small class=\"whole\">");
	frame_put_member(html, row, "at");
	buf_puts(html, "</small></p>\n");
	put_trouble(html, row);
	if (!frame_is_writer(row) || json_text_is(row, "state", "sent"))
		return;
	buf_puts(html, "<p class=\"ways\">\n");
	put_button(html, &mail_acts[MAIL_RETRY], row);
	if (!json_text_is(row, "state", "dropped"))
		put_button(html, &mail_acts[MAIL_DROP], row);
	buf_puts(html, "</p>\n");
}

static bool
has_waiting(struct json_node data)
{
	return json_i64_or_0(data, "batch.waiting") > 0 &&
	    !json_exists(json_at(data, "held"));
}

const struct list mail_list = {
	.path = "/desk/mails/list",
	.title = "Single mails",
	.fields = mail_fields,
	.table = { .empty = "There is no such mail." },
	.csv = mail_csv,
	.read = read_mails,
	.is_running = has_waiting,
	.put_above = put_above_mails,
	.put_row = put_mail,
};
