/*
 * The inside of lib/store: statements and how they are run.  Each statement is
 * a constant beside the function that runs it, and is listed in its file's
 * table; store_statements (statements.c) lists the tables, so that a test can
 * prepare every statement under every role that it names.
 */
#ifndef TEAMDUES_STORE_DB_H
#define TEAMDUES_STORE_DB_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "store/statement.h"
#include "store/store.h"

/* The tables of all files.  Each table ends with NULL, and so does the list. */
extern const struct statement *const *const store_statements[];

enum {
	I64_TEXT_SIZE = 24,
	JSON_PARAMETER_MAX = 64 * 1024,	/* of one session, change, ... */
};

/* The time zone that receipts are dated in; NULL: none are queued. */
const char *store_receipt_zone(const struct store *store);

/* value as a text parameter; returns text. */
const char *db_i64(char text[I64_TEXT_SIZE], int64_t value);
const char *db_bool(bool value);

/*
 * Another store beside one that is open, which it must not outlive, with
 * connections and limits of its own (struct database).  ST_NOMEM.
 */
NODISCARD enum status store_open_beside(const struct store *store,
    int connections_max, int statement_ms, int lock_ms,
    struct store **beside, struct err *err);

/*
 * Runs a statement on a connection of the pool.  On success the caller clears
 * *result (PQclear).  A lost connection, a deadlock or a serialization failure
 * is tried again where that is safe; one that answers nothing is given up a
 * moment after the statement's limit.  ST_DB when the database is away,
 * ST_DB_BUSY when a lock or a limit ended it, ST_DUPLICATE for a unique
 * constraint, ST_BAD_INPUT for a check constraint or a value out of range,
 * ST_BUG for anything that a statement of ours must not meet.
 */
NODISCARD enum status db_run(struct store *store,
    const struct statement *statement, const char *const *argv,
    PGresult **result, struct err *err);

/* Runs a statement whose answer nobody reads. */
NODISCARD enum status db_do(struct store *store,
    const struct statement *statement, const char *const *argv,
    struct err *err);

/*
 * Runs a statement whose one row has one column, and gives its value; null is
 * 0, false or "".
 */
NODISCARD enum status db_get_i64(struct store *store,
    const struct statement *statement, const char *const *argv,
    int64_t *value, struct err *err);
NODISCARD enum status db_get_bool(struct store *store,
    const struct statement *statement, const char *const *argv,
    bool *value, struct err *err);
NODISCARD enum status db_get_text(struct store *store,
    const struct statement *statement, const char *const *argv,
    char *out, size_t size, struct err *err);

NODISCARD enum status db_run_arguments(struct store *store,
    const struct statement *statement, const struct arguments *arguments,
    PGresult **result, struct err *err);

/*
 * Runs a statement on a connection of the caller's own, inside its transaction;
 * it is never tried again.
 */
NODISCARD enum status db_run_on(PGconn *connection,
    const struct statement *statement, const char *const *argv,
    PGresult **result, struct err *err);

/* Runs a statement whose one column is a JSON object, row by row. */
NODISCARD enum status db_each(struct store *store,
    const struct statement *statement, const char *const *argv,
    store_row *each, void *context, struct err *err);

/*
 * The same page by page, each a statement of its own, so that neither end ever
 * holds more than one however long the list is.  keys (NULL-ended,
 * PAGE_KEYS_MAX at most) name the columns that the list is in the order of.
 * The statement's last parameters are theirs, all null for the first page and
 * else as in the row that a page begins after, and how many rows it may have;
 * they are set here.
 */
enum { PAGE_KEYS_MAX = 2 };
NODISCARD enum status db_pages(struct store *store,
    const struct statement *statement, const char *const *argv,
    const char *const *keys, store_row *each, void *context,
    struct err *err);

/*
 * A statement whose one row has one column, a JSON object: a page's data.  The
 * caller clears doc, which is empty after a failure.
 */
NODISCARD enum status db_document(struct store *store,
    const struct statement *statement, const char *const *argv,
    struct json_doc *doc, struct err *err);

/*
 * Columns by name.  A column that the result does not have is a bug, and reads
 * as "" or 0.
 */
const char *row_text(const PGresult *result, int row, const char *column);
int64_t row_i64(const PGresult *result, int row, const char *column);
bool row_bool(const PGresult *result, int row, const char *column);
bool row_is_null(const PGresult *result, int row, const char *column);

/* The first row's text, or a row's, cut to fit: the schema's limits are what
 * keeps it whole. */
void row_copy(char *out, size_t size, const PGresult *result,
    const char *column);
void row_copy_of(char *out, size_t size, const PGresult *result, int row,
    const char *column);

#endif
