/*
 * Rows are borrowed from the query's answer and end with it.  The copy is one
 * JSON text, since it is parsed by the same code that reads any other.
 */
#include "kept.h"

#include "base/json_out.h"

enum status
kept_add(struct kept *kept, struct json_node row, struct err *err)
{
	struct json_out json = JSON_OUT(&kept->text);

	if (kept->text.len == 0)
		buf_puts(&kept->text, "{\"rows\":[");
	json_out_node(&json, NULL, row);
	return buf_check(&kept->text, "the list", err);
}

enum status
kept_rows(struct kept *kept, struct json_node *rows, struct err *err)
{
	enum status st;

	/* No row has opened the object when the list is empty. */
	buf_puts(&kept->text, kept->text.len == 0 ? "{\"rows\":[]}" : "]}");
	st = buf_check(&kept->text, "the list", err);
	if (st == ST_OK)
		st = json_parse(buf_str(&kept->text), kept->text.len,
		    &kept->doc, err);
	if (st == ST_OK)
		*rows = json_at(json_root(&kept->doc), "rows");
	return st;
}

void
kept_clear(struct kept *kept)
{
	json_clear(&kept->doc);
	buf_clear(&kept->text);
}
