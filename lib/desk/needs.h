/* What waits for the treasurer, in words: each with its one next step. */
#ifndef TEAMDUES_DESK_NEEDS_H
#define TEAMDUES_DESK_NEEDS_H

#include "base/json.h"

/* rows: as sql/functions/desk_needs.sql gives them. */
void needs_put(struct buf *html, struct json_node rows);

#endif
