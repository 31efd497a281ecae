#include "billing/roster/roster.h"

#include <stdbool.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"

enum { HEADER_REASON_SIZE = 256, NAME_SHOWN_MAX = 60, KEY_SIZE = 2048 };

struct roster {
	struct csv csv;
	struct csv_record record;
	struct roster_row row;		/* the one in hand */
	size_t place[ROSTER_COLUMN_MAX];	/* of each column in a record */
	size_t width;			/* fields of the header */
	bool is_unnamed[CSV_FIELDS_MAX];	/* those without a heading */
	struct json_object *rows;
	struct json_object *players;	/* key to line, of those seen */
	struct json_object *parents;	/* key to first row, by address */
	size_t bad_lines;
};

static enum status
out_of_memory(struct err *err)
{
	return err_set(err, ST_NOMEM, "no memory for the roster");
}

static enum roster_column
column_of(struct csv_field name)
{
	enum roster_column c = PARENT_NAME;

	while (c < ROSTER_COLUMN_MAX &&
	    (strlen(roster_column_name(c)) != name.len ||
	    memcmp(roster_column_name(c), name.text, name.len) != 0))
		c++;
	return c;
}

static enum status
bad_header(struct err *err, const char *what, struct csv_field name)
{
	struct err ignored;

	if (text_check("", name.text, name.len, NAME_SHOWN_MAX, &ignored) !=
	    ST_OK)
		return err_set(err, ST_BAD_INPUT,
		    "line 1: %s column, of an unreadable name", what);
	return err_set(err, ST_BAD_INPUT, "line 1: %s column \"%.*s\"", what,
	    (int)name.len, name.text);
}

static enum status
check_complete(const struct roster *roster, struct err *err)
{
	char text[HEADER_REASON_SIZE];
	struct buf missing = BUF_FIXED(text);

	for (size_t c = 0; c < ROSTER_COLUMN_MAX; c++)
		if (roster->place[c] == CSV_FIELDS_MAX)
			buf_putf(&missing, "%s%s", missing.len > 0 ? ", " : "",
			    roster_column_name((enum roster_column)c));
	if (missing.len == 0)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "line 1: missing column %s",
	    buf_str(&missing));
}

static enum status
read_header(struct roster *roster, struct err *err)
{
	struct csv_record *record = &roster->record;
	enum status st = csv_next(&roster->csv, record, err);

	if (st == ST_NOT_FOUND)
		return err_set(err, ST_BAD_INPUT,
		    "the file is empty: its first line names the columns");
	if (st == ST_OK)
		st = csv_check_separator(record, err);
	if (st != ST_OK)
		return st;
	csv_record_shorten(record, 0);
	for (size_t c = 0; c < ROSTER_COLUMN_MAX; c++)
		roster->place[c] = CSV_FIELDS_MAX;
	for (size_t i = 0; i < record->count; i++) {
		struct csv_field name = csv_trimmed(record->fields[i]);
		enum roster_column c = column_of(name);

		roster->is_unnamed[i] = name.len == 0;
		if (name.len == 0)
			continue;
		if (c == ROSTER_COLUMN_MAX)
			return bad_header(err, "unknown", name);
		if (roster->place[c] != CSV_FIELDS_MAX)
			return bad_header(err, "repeated", name);
		roster->place[c] = i;
	}
	roster->width = record->count;
	return check_complete(roster, err);
}

/* One player twice would be imported by whichever row comes last. */
static enum status
remember_player(struct roster *roster, struct err *err)
{
	char text[KEY_SIZE];
	struct buf key = BUF_FIXED(text);
	struct json_object *seen;
	char reason[64];
	struct buf b = BUF_FIXED(reason);

	roster_row_put_player_key(&key, &roster->row);
	if (json_object_object_get_ex(roster->players, text, &seen)) {
		buf_puts(&b, "the same player as in line ");
		buf_put_i64(&b, json_object_get_int64(seen));
		roster_row_complain(&roster->row, reason);
		return ST_OK;
	}
	return json_put_i64(roster->players, text,
	    (int64_t)roster->row.line, err);
}

static void
check_same(struct roster_row *row, enum roster_column column,
    struct json_object *first)
{
	const char *name = roster_column_name(column);
	const char *there = json_object_get_string(
	    json_object_object_get(first, name));
	char reason[ROSTER_REASON_SIZE];
	struct buf b = BUF_FIXED(reason);

	if (strcmp(there, row->fields[column]) == 0)
		return;
	buf_putf(&b, "%s: line %s has \"%s\" for the same parent_email", name,
	    json_object_get_string(json_object_object_get(first, "line")),
	    there);
	roster_row_complain(row, reason);
}

/* One address is one parent, of one name and one phone. */
static enum status
remember_parent(struct roster *roster, struct json_object *json,
    struct err *err)
{
	char text[KEY_SIZE];
	struct buf key = BUF_FIXED(text);
	struct json_object *first;

	if (roster->row.fields[PARENT_EMAIL][0] == '\0')
		return ST_OK;
	roster_row_put_parent_key(&key, &roster->row);
	if (json_object_object_get_ex(roster->parents, text, &first)) {
		check_same(&roster->row, PARENT_NAME, first);
		check_same(&roster->row, PARENT_PHONE, first);
		return ST_OK;
	}
	if (json_object_object_add(roster->parents, text,
	    json_object_get(json)) != 0) {
		json_object_put(json);
		return out_of_memory(err);
	}
	return ST_OK;
}

/* A row that is well in itself, beside those before it. */
static enum status
add_row(struct roster *roster, struct err *err)
{
	struct json_object *json = NULL;
	enum status st;

	st = roster_row_json(&roster->row, &json, err);
	if (st == ST_OK)
		st = remember_parent(roster, json, err);
	if (st == ST_OK)
		st = remember_player(roster, err);
	if (st == ST_OK && json_object_array_add(roster->rows, json) != 0)
		st = out_of_memory(err);
	if (st != ST_OK)
		json_object_put(json);
	return st;
}

static void
complain_of_width(struct roster *roster)
{
	char reason[128];
	struct buf b = BUF_FIXED(reason);

	buf_putf(&b, "%zu fields where the header names %zu",
	    roster->record.count, roster->width);
	roster_row_complain(&roster->row, reason);
}

/* Something under no heading: it may be what another column lacks. */
static bool
has_stray(const struct roster *roster)
{
	for (size_t i = 0; i < roster->width; i++)
		if (roster->is_unnamed[i] &&
		    csv_trimmed(roster->record.fields[i]).len > 0)
			return true;
	return false;
}

static enum status
read_row(struct roster *roster, struct err *err)
{
	enum status st = csv_next(&roster->csv, &roster->record, err);

	if (st != ST_OK)
		return st;
	csv_record_shorten(&roster->record, roster->width);
	roster->row.line = roster->record.line;
	if (roster->record.count == roster->width && has_stray(roster))
		roster_row_complain(&roster->row,
		    "a field in a column without a heading");
	else if (roster->record.count == roster->width)
		roster_row_take(&roster->row, &roster->record, roster->place);
	else
		complain_of_width(roster);
	if (!roster->row.is_bad)
		st = add_row(roster, err);
	if (roster->row.is_bad)
		roster->bad_lines++;
	return st;
}

static enum status
read_rows(struct roster *roster, struct err *err)
{
	enum status st = read_header(roster, err);

	while (st == ST_OK)
		st = read_row(roster, err);
	if (st != ST_NOT_FOUND)
		return st;
	if (roster->bad_lines > 0)
		return err_set(err, ST_BAD_INPUT, "bad lines: %zu",
		    roster->bad_lines);
	return ST_OK;
}

enum status
roster_parse(const char *text, size_t len, roster_complaint *complain,
    void *context, struct json_object **rows, struct err *err)
{
	struct roster roster = {
		.record = CSV_RECORD_INIT,
		.row = { .complain = complain, .context = context },
		.rows = json_object_new_array(),
		.players = json_object_new_object(),
		.parents = json_object_new_object(),
	};
	enum status st;

	st = csv_init(&roster.csv, text, len, err);
	if (st == ST_OK && (roster.rows == NULL || roster.players == NULL ||
	    roster.parents == NULL))
		st = out_of_memory(err);
	if (st == ST_OK)
		st = read_rows(&roster, err);
	if (st == ST_OK) {
		*rows = roster.rows;
		roster.rows = NULL;
	}
	json_object_put(roster.parents);
	json_object_put(roster.players);
	json_object_put(roster.rows);
	csv_record_clear(&roster.record);
	return st;
}
