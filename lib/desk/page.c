/*
 * A query that is wrong is answered before anything is read; who is not signed
 * in learns from the books' refusal that there is a page to sign in for.
 */
#include "desk/page.h"

#include "base/text.h"
#include "desk/frame.h"
#include "desk/sign_in.h"
#include "endpoint/fields.h"

enum { TITLE_SIZE = 1024 };	/* 200 characters of a name, and more */

static enum status
show(const struct desk_page *page, struct visit *visit, struct json_node data,
    struct response *response, struct err *err)
{
	char text[TITLE_SIZE];
	struct buf title = BUF_FIXED(text);
	const struct frame frame = {
		.visit = visit,
		.title = text,
		.user = json_at(data, "user"),
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	if (page->show != NULL)
		return page->show(visit, data, response, err);
	page->put_title(&title, data);
	text_disarm(text, title.len);
	frame_begin(&html, &frame);
	st = page->put(&html, visit, data, err);
	if (st == ST_OK)
		st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

enum status
desk_page_answer(const struct desk_page *page, const struct app *app,
    const struct request *request, struct response *response,
    struct err *err)
{
	struct params params = { .count = 0 };
	struct json_doc doc = { .text = NULL };
	struct visit visit;
	enum status st = visit_begin(&visit, app, request, err);

	if (st == ST_OK)
		st = fields_read(request, page->names, &params, err);
	if (st != ST_OK)
		goto out;
	params_trim(&params);
	st = page->read(&visit, &params, &doc, err);
	st = st == ST_OK ? show(page, &visit, json_root(&doc), response, err)
	    : sign_in_failure(&visit, NULL, st, response, err);
out:
	json_clear(&doc);
	params_clear(&params);
	return st;
}
