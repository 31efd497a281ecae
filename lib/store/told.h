/*
 * What the database tells beside its answers: each act of a person, when it is
 * done for good (sql/migrations/0013_told.sql).  It becomes one line of the log
 * of whoever did it, so that yesterday's acts can be read when yesterday's
 * backup has been restored.
 */
#ifndef TEAMDUES_STORE_TOLD_H
#define TEAMDUES_STORE_TOLD_H

#include <libpq-fe.h>

/* A PQnoticeReceiver; other notices are for people at psql. */
void told_receive(void *unused, const PGresult *notice);

#endif
