/*
 * A click on an order whose money may be here: what has come is shown first,
 * with a button that goes on all the same, so that nobody is asked twice
 * unawares and no stranger's payment blocks a family.
 *
 * The button sends what the click sent, and `anyway=yes`: for a link behind its
 * signature, which covers the rest.  It needs none of its own: it only waives
 * the question, and whoever can add it could press the button.
 */
#ifndef TEAMDUES_ENDPOINT_WAITING_PAGE_H
#define TEAMDUES_ENDPOINT_WAITING_PAGE_H

#include "app/app.h"
#include "store/checkout.h"
#include "web/request.h"
#include "web/response.h"

/* Whether the button was pressed; params: what the click sent. */
bool waiting_page_pays_anyway(const struct request *request,
    const struct params *params);

/*
 * Puts a sentence that says what has come: "A payment of $150.00 from
 * ru...@example.com on 3 May 2026 is being looked into."  ST_DB.
 */
NODISCARD enum status waiting_page_put(const struct app *app,
    int64_t order_id, struct buf *text, struct err *err);

NODISCARD enum status waiting_page_answer(const struct app *app,
    const struct request *request, const struct params *params,
    const struct checkout_order *order, struct response *response,
    struct err *err);

#endif
