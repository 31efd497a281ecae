#include "billing/roster/roster_row.h"

#include <string.h>

#include "base/email.h"
#include "base/money.h"
#include "base/text.h"

/* As wide as the schema's columns. */
static const struct {
	const char *name;
	size_t max;		/* characters */
} columns[ROSTER_COLUMN_MAX] = {
	[PARENT_NAME] = { "parent_name", 200 },
	[PARENT_EMAIL] = { "parent_email", 254 },
	[PARENT_PHONE] = { "parent_phone", 40 },
	[PLAYER_NAME] = { "player_name", 200 },
	[TEAM] = { "team", 100 },
	[MONTHLY_FEE] = { "monthly_fee", 20 },
};

const char *
roster_column_name(enum roster_column column)
{
	return columns[column].name;
}

void
roster_row_complain(struct roster_row *row, const char *reason)
{
	row->is_bad = true;
	row->complain(row->context, row->line, reason);
}

static void
complain_of(struct roster_row *row, enum roster_column column,
    const char *reason)
{
	char text[ROSTER_REASON_SIZE];
	struct buf b = BUF_FIXED(text);

	buf_putf(&b, "%s: %s", columns[column].name, reason);
	roster_row_complain(row, text);
}

/* Copies a field if it is fit to be shown and stored. */
static void
take_field(struct roster_row *row, enum roster_column column,
    struct csv_field field)
{
	struct err why;

	if (text_check(columns[column].name, field.text, field.len,
	    columns[column].max, &why) != ST_OK) {
		roster_row_complain(row, why.msg);
		return;
	}
	/* At most four bytes to a character: it fits. */
	memcpy(row->fields[column], field.text, field.len);
	row->fields[column][field.len] = '\0';
}

static void
check_parent(struct roster_row *row)
{
	const char *email = row->fields[PARENT_EMAIL];
	struct err why;

	if (row->fields[PARENT_NAME][0] == '\0' && (email[0] != '\0' ||
	    row->fields[PARENT_PHONE][0] != '\0'))
		complain_of(row, PARENT_NAME,
		    "missing, though there is an address or a phone");
	if (email[0] != '\0' &&
	    email_check_public(email, strlen(email), &why) != ST_OK)
		complain_of(row, PARENT_EMAIL, why.msg);
}

static void
check_player(struct roster_row *row)
{
	struct err why;

	if (row->fields[PLAYER_NAME][0] == '\0')
		complain_of(row, PLAYER_NAME, "missing");
	if (money_parse(row->fields[MONTHLY_FEE], &row->fee_cents, &why) !=
	    ST_OK)
		complain_of(row, MONTHLY_FEE, why.msg);
}

void
roster_row_take(struct roster_row *row, const struct csv_record *record,
    const size_t place[ROSTER_COLUMN_MAX])
{
	row->line = record->line;
	row->is_bad = false;
	for (size_t c = 0; c < ROSTER_COLUMN_MAX; c++)
		take_field(row, (enum roster_column)c,
		    csv_trimmed(record->fields[place[c]]));
	/* What could not be taken cannot be event_fact further. */
	if (row->is_bad)
		return;
	check_parent(row);
	check_player(row);
}

static void
put_lower(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		buf_putc(b, *text >= 'A' && *text <= 'Z' ? (char)(*text + 32)
		    : *text);
}

/* The address, else name and phone; a unit separator is in no field. */
void
roster_row_put_parent_key(struct buf *key, const struct roster_row *row)
{
	if (row->fields[PARENT_EMAIL][0] != '\0')
		put_lower(key, row->fields[PARENT_EMAIL]);
	else
		buf_putf(key, "\x1f%s\x1f%s", row->fields[PARENT_NAME],
		    row->fields[PARENT_PHONE]);
}

void
roster_row_put_player_key(struct buf *key, const struct roster_row *row)
{
	roster_row_put_parent_key(key, row);
	buf_putc(key, '\x1f');
	put_lower(key, row->fields[PLAYER_NAME]);
}

/* NULL where the roster says nothing of a parent's name or address. */
static enum status
put_or_null(struct json_object *json, const char *key, const char *text,
    struct err *err)
{
	if (text[0] != '\0')
		return json_put_text(json, key, text, err);
	if (json_object_object_add(json, key, NULL) != 0)
		return err_set(err, ST_NOMEM, "no memory for a row");
	return ST_OK;
}

static enum status
fill_json(struct json_object *json, const struct roster_row *row,
    struct err *err)
{
	enum status st;

	st = json_put_i64(json, "line", (int64_t)row->line, err);
	if (st == ST_OK)
		st = put_or_null(json, "parent_name",
		    row->fields[PARENT_NAME], err);
	if (st == ST_OK)
		st = put_or_null(json, "parent_email",
		    row->fields[PARENT_EMAIL], err);
	if (st == ST_OK)
		st = json_put_text(json, "parent_phone",
		    row->fields[PARENT_PHONE], err);
	if (st == ST_OK)
		st = json_put_text(json, "player_name",
		    row->fields[PLAYER_NAME], err);
	if (st == ST_OK)
		st = json_put_text(json, "team", row->fields[TEAM], err);
	if (st == ST_OK)
		st = json_put_i64(json, "monthly_fee_cents", row->fee_cents,
		    err);
	return st;
}

enum status
roster_row_json(const struct roster_row *row, struct json_object **json,
    struct err *err)
{
	struct json_object *made = json_object_new_object();
	enum status st;

	if (made == NULL)
		return err_set(err, ST_NOMEM, "no memory for a row");
	st = fill_json(made, row, err);
	if (st == ST_OK)
		*json = made;
	else
		json_object_put(made);
	return st;
}
