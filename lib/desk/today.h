/* The contents of the desk's first page. */
#ifndef TEAMDUES_DESK_TODAY_H
#define TEAMDUES_DESK_TODAY_H

#include "base/json.h"
#include "desk/visit.h"

/* Appends it, below the title; data as store_desk_today gives it. */
void today_put(struct buf *html, struct visit *visit, struct json_node data);

#endif
