/*
 * A query that is wrong is answered before anything is read; who is not signed
 * in learns from the books' refusal that there is a page to sign in for.
 */
#include "desk/page.h"

#include "desk/sign_in.h"
#include "endpoint/fields.h"

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
	st = page->read(&visit, &params, &doc, err);
	st = st == ST_OK ? page->show(&visit, json_root(&doc), response, err)
	    : sign_in_failure(&visit, NULL, st, response, err);
out:
	json_clear(&doc);
	params_clear(&params);
	return st;
}
