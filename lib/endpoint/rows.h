/* Rows of a list on their way into an answer. */
#ifndef TEAMDUES_ENDPOINT_ROWS_H
#define TEAMDUES_ENDPOINT_ROWS_H

#include <stdint.h>

#include "base/json.h"
#include "web/response.h"

struct rows {
	struct buf text;	/* "[" and the rows as they came */
	int64_t count;
	int64_t last_id;	/* order_id of the last row; 0: it has none */
};

/* Clear in any case. */
#define ROWS_INIT { .text = BUF_INIT(RESPONSE_BODY_MAX) }

/* A store_row: adds row to the struct rows that context is. */
enum status rows_add(void *context, struct json_node row, struct err *err);

/* After how many rows of limit the next page begins: the last id, or 0 when
 * this page was not full. */
int64_t rows_next(const struct rows *rows, int64_t limit);

/* 200 { name: rows, "next": the id to go on after, null for 0 } */
NODISCARD enum status rows_put(struct rows *rows, const char *name,
    int64_t next, struct response *response, struct err *err);

void rows_clear(struct rows *rows);

#endif
