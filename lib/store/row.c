/*
 * Reading an answer: columns by name, so that a statement's columns may change
 * their order, or the one column that there is.  Numbers come as text, which
 * every version of PostgreSQL writes alike.
 */
#include <stdlib.h>
#include <string.h>

#include "store/db.h"

const char *
row_text(const PGresult *result, int row, const char *column)
{
	int field = PQfnumber(result, column);

	return field < 0 ? "" : PQgetvalue(result, row, field);
}

/* Null is an empty text, and so 0. */
int64_t
row_i64(const PGresult *result, int row, const char *column)
{
	return strtoll(row_text(result, row, column), NULL, 10);
}

bool
row_bool(const PGresult *result, int row, const char *column)
{
	return row_text(result, row, column)[0] == 't';
}

bool
row_is_null(const PGresult *result, int row, const char *column)
{
	int field = PQfnumber(result, column);

	return field < 0 || PQgetisnull(result, row, field);
}

/* As much as fits: the schema's limits are what keeps a text whole. */
static void
copy(char *out, size_t size, const char *text)
{
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

void
row_copy(char *out, size_t size, const PGresult *result, const char *column)
{
	row_copy_of(out, size, result, 0, column);
}

void
row_copy_of(char *out, size_t size, const PGresult *result, int row,
    const char *column)
{
	copy(out, size, row_text(result, row, column));
}

enum status
db_do(struct store *store, const struct statement *statement,
    const char *const *argv, struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, statement, argv, &r, err);

	PQclear(r);
	return st;
}

enum status
db_get_i64(struct store *store, const struct statement *statement,
    const char *const *argv, int64_t *value, struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, statement, argv, &r, err);

	if (st == ST_OK)
		*value = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
	PQclear(r);
	return st;
}

enum status
db_get_bool(struct store *store, const struct statement *statement,
    const char *const *argv, bool *value, struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, statement, argv, &r, err);

	if (st == ST_OK)
		*value = PQgetvalue(r, 0, 0)[0] == 't';
	PQclear(r);
	return st;
}

enum status
db_get_text(struct store *store, const struct statement *statement,
    const char *const *argv, char *out, size_t size, struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, statement, argv, &r, err);

	if (st == ST_OK)
		copy(out, size, PQgetvalue(r, 0, 0));
	PQclear(r);
	return st;
}
