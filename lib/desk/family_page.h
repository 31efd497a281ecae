/* The contents of a family's page. */
#ifndef TEAMDUES_DESK_FAMILY_PAGE_H
#define TEAMDUES_DESK_FAMILY_PAGE_H

#include "base/json.h"
#include "desk/visit.h"

/* Appends it, below the title; data as store_desk_family gives it. */
NODISCARD enum status family_page_put(struct buf *html, struct visit *visit,
    struct json_node data, struct err *err);

#endif
