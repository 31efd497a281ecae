/*
 * Notices of the database: each act of a person is reported by one when it is
 * committed (sql/migrations/0013_told.sql).  It becomes one line in the log of
 * the program that did it, so that yesterday's acts can be read when
 * yesterday's backup has been restored.
 */
#ifndef TEAMDUES_STORE_ACT_LOG_H
#define TEAMDUES_STORE_ACT_LOG_H

#include <libpq-fe.h>

/* A PQnoticeReceiver; other notices are for people at psql. */
void act_log_receive(void *unused, const PGresult *notice);

#endif
