/* Amounts in a page. */
#ifndef TEAMDUES_DESK_MONEY_H
#define TEAMDUES_DESK_MONEY_H

#include "base/json.h"

/* The member NAME of a row, in the row's member `currency` or, without one, in
 * currency: "$150.00"; nothing for null. */
void desk_put_money(struct buf *html, struct json_node row,
    const char *member, const char *currency);

#endif
