/* What follows an act that is done. */
#ifndef TEAMDUES_DESK_REQUEST_NEXT_H
#define TEAMDUES_DESK_REQUEST_NEXT_H

#include "desk/visit.h"

/*
 * Appends, of what was done about a payment, the page of what waits next; the
 * way to take the act back, and of what was taken back the form to do it anew;
 * nothing for a viewer, nor where that cannot be done.  data is as
 * store_desk_request gives it.
 */
NODISCARD enum status request_put_next(struct buf *html, struct visit *visit,
    struct json_node data, struct err *err);

#endif
