/*
 * What the endpoints of pay links have in common: a click is answered by its
 * order's state.
 */
#ifndef TEAMDUES_ENDPOINT_CLICK_H
#define TEAMDUES_ENDPOINT_CLICK_H

#include <stdint.h>

#include "app/app.h"
#include "web/request.h"
#include "web/response.h"

/*
 * The link's signature and expiry, then its parameters: names (NULL-ended) are
 * all that it may have beside `word`, `expires` and `signature`.  ST_DENIED,
 * ST_BAD_INPUT.  The caller clears params, after a failure too.
 */
NODISCARD enum status click_open(const struct app *app,
    const struct request *request, const char *const *names,
    struct params *params, struct err *err);

/* The small page for a preview of any link. */
NODISCARD enum status click_preview(const struct app *app,
    struct response *response, struct err *err);

/* One that its order is known of. */
struct click {
	const struct request *request;
	const struct params *params;	/* of the link, or of the form */
	int64_t order_id;
	const char *word;	/* the order's, as the link says; NULL: it was
				 * found by something else */
	bool is_unproven;	/* anybody may have sent it: what others paid is
				 * not shown */
};

/*
 * Pending: 303 to Stripe; but what has come and may be the order's is shown
 * first (waiting_page.h).  Paid: 303 to SITE_URL/paid.html.  A bank payment
 * under way, or nothing owed: a page.  Refunded, charged back, cancelled, or
 * the word not the order's: ST_GONE.  A preview (HEAD, prefetch, mail scanner)
 * gets a small page, and nothing is minted.
 */
NODISCARD enum status click_answer(struct app *app,
    const struct click *click, struct response *response, struct err *err);

/* A web_handler (context: struct app) for the links that name an order. */
enum status click_pay_order(void *context, const struct request *request,
    struct response *response, struct err *err);

#endif
