#include "endpoint/rows.h"

/* More rows than an answer holds is our fault, not the client's. */
static enum status
check(const struct rows *rows, struct err *err)
{
	enum status st = buf_check(&rows->text, "the list", err);

	return st == ST_BAD_INPUT ? err_set(err, ST_BUG,
	    "the list is longer than %zu bytes", rows->text.max) : st;
}

enum status
rows_add(void *context, struct json_node row, struct err *err)
{
	struct rows *rows = context;
	size_t len;
	const char *source = json_source(row, &len);

	buf_putc(&rows->text, rows->count == 0 ? '[' : ',');
	buf_put(&rows->text, source, len);
	rows->count++;
	rows->last_id = json_i64_or_0(row, "order_id");
	return check(rows, err);
}

int64_t
rows_next(const struct rows *rows, int64_t limit)
{
	return rows->count == limit ? rows->last_id : 0;
}

static enum status
put_next(struct json_object *json, int64_t next, struct err *err)
{
	if (next != 0)
		return json_put_i64(json, "next", next, err);
	return json_put_source(json, "next", "null", 4, err);
}

enum status
rows_put(struct rows *rows, const char *name, int64_t next,
    struct response *response, struct err *err)
{
	struct json_object *json = json_object_new_object();
	enum status st = ST_OK;

	buf_puts(&rows->text, rows->count == 0 ? "[]" : "]");
	if (json == NULL)
		st = err_set(err, ST_NOMEM, "no memory for the answer");
	if (st == ST_OK)
		st = check(rows, err);
	if (st == ST_OK)
		st = json_put_source(json, name, buf_str(&rows->text),
		    rows->text.len, err);
	if (st == ST_OK)
		st = put_next(json, next, err);
	if (st == ST_OK)
		st = response_json(response, 200, json, err);
	json_object_put(json);
	return st;
}

void
rows_clear(struct rows *rows)
{
	buf_clear(&rows->text);
}
