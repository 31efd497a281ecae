/*
 * One statement on one connection, from sending it to its last result, never
 * waited for beyond a limit.  The server's own statement_timeout comes first;
 * this is for a server that answers nothing any more: a backend that is
 * stopped, a disk that is stuck, a host that is gone while its network
 * acknowledges.
 */
#ifndef TEAMDUES_STORE_EXCHANGE_H
#define TEAMDUES_STORE_EXCHANGE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "store/db.h"

/*
 * Both give the last result, which the caller clears; NULL when the connection
 * is lost, or when nothing has come statement_ms and a moment later (0: there
 * is no limit).  After NULL the connection is of no more use.
 */
PGresult *exchange_statement(PGconn *connection,
    const struct statement *statement, const char *const *argv,
    int statement_ms);
PGresult *exchange_command(PGconn *connection, const char *sql,
    int statement_ms);

/* After NULL: whether it was the time that ran out. */
bool exchange_is_late(const PGconn *connection);

#endif
