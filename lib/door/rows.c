#include "door/rows.h"

enum status
rows_init(struct rows *rows, struct err *err)
{
	*rows = (struct rows){ json_object_new_array(), 0 };
	if (rows->array == NULL)
		return err_set(err, ST_NOMEM, "no memory for the rows");
	return ST_OK;
}

enum status
rows_add(void *context, struct json_object *row, struct err *err)
{
	struct rows *rows = context;

	rows->last_id = json_object_get_int64(json_at(row, "order_id"));
	if (json_object_array_add(rows->array, json_object_get(row)) == 0)
		return ST_OK;
	json_object_put(row);
	return err_set(err, ST_NOMEM, "no memory for the rows");
}

int64_t
rows_next(const struct rows *rows, int64_t limit)
{
	return json_object_array_length(rows->array) == (size_t)limit
	    ? rows->last_id : 0;
}

enum status
rows_put(const struct rows *rows, const char *name, int64_t next,
    struct response *response, struct err *err)
{
	struct json_object *json = json_object_new_object();
	enum status st = ST_OK;

	if (json == NULL || json_object_object_add(json, name,
	    json_object_get(rows->array)) != 0)
		st = err_set(err, ST_NOMEM, "no memory for the answer");
	if (st == ST_OK && next != 0)
		st = json_put_i64(json, "next", next, err);
	else if (st == ST_OK && json_object_object_add(json, "next",
	    NULL) != 0)
		st = err_set(err, ST_NOMEM, "no memory for the answer");
	if (st == ST_OK)
		st = response_json(response, 200, json, err);
	json_object_put(json);
	return st;
}

void
rows_clear(struct rows *rows)
{
	json_object_put(rows->array);
	rows->array = NULL;
}
