/*
 * The real database, as its superuser: for arranging what a test needs and for
 * looking at what came of it.  Statements are formatted like printf; whatever
 * is put into one was made up by the test itself.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_SQL_H
#define TEAMDUES_TESTS_SYSTEM_SQL_H

#include <stdbool.h>

#include "stack.h"

#define SQL_FORMAT __attribute__((format(printf, 2, 3)))

/* Runs it; any failure ends the test. */
void sql_run(struct stack *stack, const char *format, ...) SQL_FORMAT;

/* Runs a whole file of statements, of any size. */
void sql_run_file(struct stack *stack, const char *path);

/* One row, one column. */
int64_t sql_int(struct stack *stack, const char *format, ...) SQL_FORMAT;

/* "" for null or no row; the caller frees it. */
char *sql_text(struct stack *stack, const char *format, ...) SQL_FORMAT;

/* Whether the one value of the statement is exactly text. */
void sql_assert_text(struct stack *stack, const char *text,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The SQLSTATE that it fails with, "" when it works; static until the next. */
const char *sql_state_of(struct stack *stack, const char *format, ...)
    SQL_FORMAT;

/* A connection of the test's own, as superuser; the caller PQfinishes it. */
PGconn *sql_connect(struct stack *stack);

/* A connection of one of the programs' roles; the caller PQfinishes it. */
PGconn *sql_connect_as(struct stack *stack, const char *role);

/* What a role's programs are given; the caller clears it. */
struct secret;
void sql_url_of(struct stack *stack, const char *role, struct secret *url);

/* Forgets a connection that the server has closed. */
void sql_disconnect(struct stack *stack);

#endif
