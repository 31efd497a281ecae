/* A statement: who may run it, and the shape of its result. */
#ifndef TEAMDUES_STORE_STATEMENT_H
#define TEAMDUES_STORE_STATEMENT_H

#include <stdbool.h>

enum {
	ROLE_WEBHOOK = 1,
	ROLE_CHECKOUT = 2,
	ROLE_PUBLIC = 4,
	ROLE_ADMIN = 8,
	ROLE_MAILER = 16,
	ROLE_OPERATOR = 32,
	ROLE_DESK = 64,
	ROLE_CLERK = 128,
	ROLE_ALL = 255,
};

enum shape {
	SHAPE_ROWS,		/* any number of rows */
	SHAPE_ONE_ROW,		/* exactly one, or ST_BUG */
	SHAPE_MAYBE_ROW,	/* one, or ST_NOT_FOUND */
};

struct statement {
	const char *name;
	unsigned roles;		/* who runs it */
	int params;
	int columns;
	enum shape shape;
	bool once;		/* must not be repeated when in doubt */
	bool is_hot;		/* planned once a connection (exchange.h) */
	const char *sql;
	const char *noun;	/* "order": for `no such order` */
};

/* Parameters of which some are in PostgreSQL's binary form: format 1. */
struct arguments {
	const char *const *values;
	const int *lengths;	/* of the binary ones; NULL: all are text */
	const int *formats;
};

#endif
