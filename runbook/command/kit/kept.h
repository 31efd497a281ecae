/* Rows that a command needs once more, after the list that gave them. */
#ifndef TEAMDUES_COMMAND_KEPT_H
#define TEAMDUES_COMMAND_KEPT_H

#include "base/buf.h"
#include "base/json.h"
#include "base/status.h"

struct kept {
	struct buf text;
	struct json_doc doc;
};

enum { KEPT_MAX = 128 * 1024 * 1024 };

#define KEPT_INIT { .text = BUF_INIT(KEPT_MAX) }

/* Copies the row.  ST_NOMEM; ST_BAD_INPUT when there are too many. */
NODISCARD enum status kept_add(struct kept *kept, struct json_node row,
    struct err *err);

/* *rows is the array of all of them, borrowed; once, and nothing is added
 * then. */
NODISCARD enum status kept_rows(struct kept *kept, struct json_node *rows,
    struct err *err);

void kept_clear(struct kept *kept);

#endif
