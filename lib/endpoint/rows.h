/* Rows of a list, written into an answer as they come. */
#ifndef TEAMDUES_ENDPOINT_ROWS_H
#define TEAMDUES_ENDPOINT_ROWS_H

#include <stdint.h>

#include "base/json.h"
#include "web/response.h"

struct rows {
	struct json_out json;	/* of the answer */
	int64_t count;
	int64_t last_id;	/* order_id of the last row; 0: it has none */
};

/* Begins the answer, in which the rows are the array `name`. */
void rows_begin(struct rows *rows, struct response *response,
    const char *name);

/* A store_row: adds row to the struct rows that context is. */
enum status rows_add(void *context, struct json_node row, struct err *err);

/* After how many rows of limit the next page begins: the last id, or 0 when
 * this page was not full. */
int64_t rows_next(const struct rows *rows, int64_t limit);

/* Ends it: 200 { name: rows, "next": the id to go on after, null for 0 } */
NODISCARD enum status rows_end(struct rows *rows, int64_t next,
    struct response *response, struct err *err);

#endif
