/*
 * Rows go into the answer as they come from the database, so that a list is
 * held once and not twice.
 */
#include "endpoint/rows.h"

void
rows_begin(struct rows *rows, struct response *response, const char *name)
{
	*rows = (struct rows){ .json = response_json_begin(response) };
	json_out_array(&rows->json, name);
}

enum status
rows_add(void *context, struct json_node row, struct err *err)
{
	struct rows *rows = context;

	/* json_out keeps its own failure, and rows_end reports it. */
	(void)err;
	json_out_node(&rows->json, NULL, row);
	rows->count++;
	rows->last_id = json_i64_or_0(row, "order_id");
	return ST_OK;
}

/*
 * A full page may be the last one: the next is empty then, which is cheaper
 * than counting.
 */
int64_t
rows_next(const struct rows *rows, int64_t limit)
{
	return rows->count == limit ? rows->last_id : 0;
}

enum status
rows_end(struct rows *rows, int64_t next, struct response *response,
    struct err *err)
{
	json_out_end(&rows->json);
	if (next != 0)
		json_out_i64(&rows->json, "next", next);
	else
		json_out_null(&rows->json, "next");
	return response_json_end(response, 200, &rows->json, err);
}
