/*
 * All lines are read, whatever is wrong with one: a person mends the file once.
 * It is taken whole or not at all, since a player who is missing from it looks
 * like one who has left.
 */
#include "billing/roster/roster.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"

enum { HEADER_REASON_SIZE = 256, NAME_SHOWN_MAX = 60, KEY_SIZE = 2048,
	LINE_SIZE = 24, ROWS_TEXT_MAX = 256 * 1024 * 1024 };

/*
 * Texts of earlier lines, by the key of a player or parent.  Objects of json-c
 * serve as hash tables: the time stays linear in the number of lines.
 */
enum seen {
	SEEN_PLAYER,		/* the line */
	SEEN_PARENT,		/* the first line of an address, this and the
				 * next two */
	SEEN_PARENT_NAME,
	SEEN_PARENT_PHONE,
	SEEN_MAX
};

struct roster {
	struct csv csv;
	struct csv_record record;
	struct roster_row row;		/* the one in hand */
	size_t place[ROSTER_COLUMN_MAX];	/* of each column in a record */
	size_t width;			/* fields of the header */
	bool is_unnamed[CSV_FIELDS_MAX];	/* columns without a heading */
	struct json_out rows;
	char line[LINE_SIZE];		/* the row's, as text */
	struct json_object *seen[SEEN_MAX];
	bool is_out_of_memory;	/* for what was seen */
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

/* A heading is shown only when it is text: the file may be of any kind. */
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

/* A failure is kept until the row ends: the checks cannot report it. */
static void
remember(struct roster *roster, enum seen what, const char *key,
    const char *text)
{
	struct json_object *value = json_object_new_string(text);

	if (value != NULL &&
	    json_object_object_add(roster->seen[what], key, value) == 0)
		return;
	json_object_put(value);
	roster->is_out_of_memory = true;
}

/* NULL: it was not seen. */
static const char *
recall(const struct roster *roster, enum seen what, const char *key)
{
	return json_object_get_string(json_object_object_get(
	    roster->seen[what], key));
}

/*
 * Of two rows for one player the later would win, and nobody would know that
 * the fee of the other one was meant.
 */
static void
check_player(struct roster *roster)
{
	char text[KEY_SIZE];
	struct buf key = BUF_FIXED(text);
	char reason[64];
	struct buf b = BUF_FIXED(reason);
	const char *line;

	roster_row_put_player_key(&key, &roster->row);
	line = recall(roster, SEEN_PLAYER, text);
	if (line == NULL) {
		remember(roster, SEEN_PLAYER, text, roster->line);
		return;
	}
	buf_putf(&b, "the same player as in line %s", line);
	roster_row_complain(&roster->row, reason);
}

/* Shows both values: a person decides which line is right. */
static void
check_same(struct roster *roster, enum roster_column column, enum seen what,
    const char *key)
{
	const char *there = recall(roster, what, key);
	char reason[ROSTER_REASON_SIZE];
	struct buf b = BUF_FIXED(reason);

	if (strcmp(there, roster->row.fields[column]) == 0)
		return;
	buf_putf(&b, "%s: line %s has \"%s\" for the same parent_email",
	    roster_column_name(column), recall(roster, SEEN_PARENT, key),
	    there);
	roster_row_complain(&roster->row, reason);
}

/* One address is one parent, of one name and one phone. */
static void
check_parent(struct roster *roster)
{
	const struct roster_row *row = &roster->row;
	char text[KEY_SIZE];
	struct buf key = BUF_FIXED(text);

	if (row->fields[PARENT_EMAIL][0] == '\0')
		return;
	roster_row_put_parent_key(&key, row);
	if (recall(roster, SEEN_PARENT, text) != NULL) {
		check_same(roster, PARENT_NAME, SEEN_PARENT_NAME, text);
		check_same(roster, PARENT_PHONE, SEEN_PARENT_PHONE, text);
		return;
	}
	remember(roster, SEEN_PARENT, text, roster->line);
	remember(roster, SEEN_PARENT_NAME, text, row->fields[PARENT_NAME]);
	remember(roster, SEEN_PARENT_PHONE, text, row->fields[PARENT_PHONE]);
}

/* Compares a row that is right by itself with the rows before it. */
static enum status
add_row(struct roster *roster, struct err *err)
{
	struct buf line = BUF_FIXED(roster->line);

	buf_put_i64(&line, (int64_t)roster->row.line);
	check_parent(roster);
	check_player(roster);
	if (!roster->row.is_bad)
		roster_row_put(&roster->rows, &roster->row);
	return roster->is_out_of_memory ? out_of_memory(err) : ST_OK;
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

/*
 * A field without a heading may belong to the next column: of a line that has
 * shifted no field is to be trusted.
 */
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
    void *context, struct buf *rows, struct err *err)
{
	struct roster roster = {
		.record = CSV_RECORD_INIT,
		.row = { .complain = complain, .context = context },
		.rows = JSON_OUT(rows),
	};
	enum status st;

	*rows = (struct buf)BUF_INIT(ROWS_TEXT_MAX);
	json_out_array(&roster.rows, NULL);
	st = csv_init(&roster.csv, text, len, err);
	if (st == ST_OK)
		csv_take_separator(&roster.csv);
	for (int i = 0; i < SEEN_MAX; i++) {
		roster.seen[i] = json_object_new_object();
		if (st == ST_OK && roster.seen[i] == NULL)
			st = out_of_memory(err);
	}
	if (st == ST_OK)
		st = read_rows(&roster, err);
	json_out_end(&roster.rows);
	if (st == ST_OK)
		st = json_out_check(&roster.rows, "the roster", err);
	for (int i = 0; i < SEEN_MAX; i++)
		json_object_put(roster.seen[i]);
	csv_record_clear(&roster.record);
	return st;
}
