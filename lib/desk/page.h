/* How a page of the desk goes that is read from the books, and is no list. */
#ifndef TEAMDUES_DESK_PAGE_H
#define TEAMDUES_DESK_PAGE_H

#include "base/json.h"
#include "desk/visit.h"

struct desk_page {
	const char *const *names;	/* of its query; NULL-ended */
	/* doc's root has the `user`, for the frame. */
	enum status (*read)(struct visit *visit, const struct params *params,
	    struct json_doc *doc, struct err *err);
	/* Appends its title, which may hold what strangers typed. */
	void (*put_title)(struct buf *title, struct json_node data);
	/* Appends what stands between the frame's head and foot. */
	enum status (*put)(struct buf *html, struct visit *visit,
	    struct json_node data, struct err *err);
	/* Answers otherwise than by such a page; NULL: by the two above. */
	enum status (*show)(struct visit *visit, struct json_node data,
	    struct response *response, struct err *err);
};

/* Answers its GET: with the sign-in form to whoever is not signed in. */
NODISCARD enum status desk_page_answer(const struct desk_page *page,
    const struct app *app, const struct request *request,
    struct response *response, struct err *err);

#endif
