/*
 * Only what a single line shows is checked here; roster.c compares lines, and
 * the database knows the players.
 */
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
	/*
	 * At most four bytes to a character, so every text of that many
	 * characters fits.
	 */
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
	/* A field that was not taken still holds an earlier line's text. */
	if (row->is_bad)
		return;
	check_parent(row);
	check_player(row);
}

/* ASCII alone, so that equal keys do not depend on the locale. */
static void
put_lower(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		buf_putc(b, *text >= 'A' && *text <= 'Z' ? (char)(*text + 32)
		    : *text);
}

/*
 * The address, else name and phone.  No field contains the unit separator
 * (0x1f), so that two keys cannot be equal by chance.
 */
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

/* Null where the roster says nothing of a parent's name or address. */
static void
put_or_null(struct json_out *json, const char *name, const char *text)
{
	if (text[0] != '\0')
		json_out_text(json, name, text);
	else
		json_out_null(json, name);
}

void
roster_row_put(struct json_out *json, const struct roster_row *row)
{
	json_out_object(json, NULL);
	json_out_i64(json, "line", (int64_t)row->line);
	put_or_null(json, "parent_name", row->fields[PARENT_NAME]);
	put_or_null(json, "parent_email", row->fields[PARENT_EMAIL]);
	json_out_text(json, "parent_phone", row->fields[PARENT_PHONE]);
	json_out_text(json, "player_name", row->fields[PLAYER_NAME]);
	json_out_text(json, "team", row->fields[TEAM]);
	json_out_i64(json, "monthly_fee_cents", row->fee_cents);
	json_out_end(json);
}
