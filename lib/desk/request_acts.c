/*
 * Whoever has seen what failed puts it away from Today; the books keep who did,
 * since others see it there no more either.
 */
#include "desk/request_acts.h"

#include "desk/frame.h"
#include "desk/money.h"
#include "store/desk_requests.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct act_field fields[] = {
	{ .name = "request_id", .control = ACT_HIDDEN, .label = "Request" },
};

static enum status
read_request(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t request_id;
	enum status st = visit_read_id(params, "request_id", "request",
	    &request_id, err);

	return st != ST_OK ? st : store_desk_request(visit->app->store,
	    visit_session(visit), request_id, doc, err);
}

/* What was asked for, by whom, and why it came to nothing. */
static void
put_request(struct buf *html, struct json_node data)
{
	buf_puts(html, "<p><b>");
	frame_put_member(html, data, "about");
	buf_puts(html, "</b> ");
	desk_put_words_of(html, json_at(data, "undo"), "words");
	buf_puts(html, " <small>Asked for by ");
	frame_put_member(html, data, "asked_by");
	buf_puts(html, "</small></p>\n<p>It did not succeed: ");
	desk_put_words_of(html, data, "words");
	buf_puts(html, "</p>\n");
}

static const struct act_subject request_subject = {
	.read = read_request,
	.put = put_request,
	.back = "/desk/",
	.back_text = "To Today",
};

const struct act_kind request_acts[] = {
	[REQUEST_PUT_AWAY] = { .path = "/desk/request/put-away",
	    .action = "put_away", .subject = &request_subject,
	    .fields = fields, .count = COUNT(fields),
	    .title = "I have seen it",
	    .text = "Today shows it to nobody any more. That does not do what "
	    "failed. The log keeps it, and who put it away.",
	    .button = "Put it away", .undo = "bring_back" },
	[REQUEST_BRING_BACK] = { .path = "/desk/request/bring-back",
	    .action = "bring_back", .subject = &request_subject,
	    .fields = fields, .count = COUNT(fields),
	    .title = "Bring it back",
	    .text = "Today shows it again. Nothing else changes.",
	    .button = "Bring it back", .undo = "put_away" },
	{ .path = NULL },
};
