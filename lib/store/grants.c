/*
 * For `teamdues doctor`: a role that lacks a grant is found before the command
 * needs it.
 */
#include "store/grants.h"

#include "base/buf.h"
#include "store/db.h"

enum { SQL_MAX = 8192, PARAMS_MAX = 16 };

/*
 * EXPLAIN plans a statement without running it, and planning is when PostgreSQL
 * checks the rights on functions and views.  All parameters are null, which no
 * type refuses.
 */
static enum status
check_statement(struct store *store, const struct statement *statement,
    struct err *err)
{
	static const char *const nulls[PARAMS_MAX];
	struct buf sql = BUF_INIT(SQL_MAX);
	struct statement explain = *statement;
	PGresult *result = NULL;
	enum status st;

	buf_puts(&sql, "explain ");
	buf_puts(&sql, statement->sql);
	st = buf_check(&sql, statement->name, err);
	if (st == ST_OK) {
		/*
		 * EXPLAIN's text cannot be prepared under the statement's name.
		 */
		explain.is_hot = false;
		explain.columns = 1;
		explain.shape = SHAPE_ROWS;
		explain.sql = buf_str(&sql);
		st = db_run(store, &explain, nulls, &result, err);
	}
	PQclear(result);
	buf_clear(&sql);
	return st;
}

enum status
store_check_operator(struct store *store, int *count, struct err *err)
{
	enum status st = ST_OK;

	*count = 0;
	for (size_t t = 0; store_statements[t] != NULL; t++)
		for (size_t i = 0; store_statements[t][i] != NULL; i++) {
			const struct statement *s = store_statements[t][i];

			if ((s->roles & ROLE_OPERATOR) == 0)
				continue;
			st = check_statement(store, s, err);
			if (st != ST_OK)
				return st;
			*count += 1;
		}
	return ST_OK;
}
