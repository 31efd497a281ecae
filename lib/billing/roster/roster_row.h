/* One line of a roster: its fields, and what is wrong with each by itself. */
#ifndef TEAMDUES_BILLING_ROSTER_ROSTER_ROW_H
#define TEAMDUES_BILLING_ROSTER_ROSTER_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/json_out.h"

/* Called for each fault, in the order of the lines. */
typedef void roster_complaint(void *context, size_t line,
    const char *reason);

enum roster_column {
	PARENT_NAME,
	PARENT_EMAIL,
	PARENT_PHONE,
	PLAYER_NAME,
	TEAM,
	MONTHLY_FEE,
	ROSTER_COLUMN_MAX
};

enum {
	ROSTER_FIELD_SIZE = 1024,	/* 200 characters of UTF-8, and more */
	ROSTER_REASON_SIZE = 2 * ROSTER_FIELD_SIZE,
};

struct roster_row {
	size_t line;
	char fields[ROSTER_COLUMN_MAX][ROSTER_FIELD_SIZE];
	int64_t fee_cents;
	bool is_bad;
	roster_complaint *complain;
	void *context;
};

/* The column's name in the header line.  Static. */
const char *roster_column_name(enum roster_column column);

/* Marks the row as bad and reports the reason. */
void roster_row_complain(struct roster_row *row, const char *reason);

/* Takes the fields of record, which has column c at place[c], and checks each
 * of them. */
void roster_row_take(struct roster_row *row, const struct csv_record *record,
    const size_t place[ROSTER_COLUMN_MAX]);

/*
 * What the database knows parent and player by, so that one is not imported
 * twice; equal keys are equal people.
 */
void roster_row_put_parent_key(struct buf *key, const struct roster_row *row);
void roster_row_put_player_key(struct buf *key, const struct roster_row *row);

/* The row as import_roster takes it. */
void roster_row_put(struct json_out *json, const struct roster_row *row);

#endif
