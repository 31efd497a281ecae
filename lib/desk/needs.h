/* What waits for the treasurer, in words: each with its one next step. */
#ifndef TEAMDUES_DESK_NEEDS_H
#define TEAMDUES_DESK_NEEDS_H

#include "base/json.h"
#include "desk/visit.h"

/* data: of store_desk_today, whose `needs` are those of
 * sql/functions/desk_needs.sql. */
void needs_put(struct buf *html, struct visit *visit, struct json_node data);

#endif
