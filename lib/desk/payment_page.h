/* A payment that waits for the treasurer, as a row of the list and as a page of
 * its own. */
#ifndef TEAMDUES_DESK_PAYMENT_PAGE_H
#define TEAMDUES_DESK_PAYMENT_PAGE_H

#include "base/json.h"
#include "desk/visit.h"

/*
 * Appends the payment on the left and whom it may belong to on the right; row
 * as sql/functions/desk_unmatched.sql gives it.  is_writer: with the forms that
 * give it to a candidate.
 */
void payment_put_row(struct buf *html, struct visit *visit,
    struct json_node row, bool is_writer);

/* Appends how much it is, and how much of it is left where that is less:
 * "$80.00 of $150.00 is left,". */
void payment_put_money(struct buf *html, struct json_node row);

/* Appends the page, below its title; data as sql/functions/desk_payment.sql
 * gives it. */
void payment_put_page(struct buf *html, struct visit *visit,
    struct json_node data);

#endif
