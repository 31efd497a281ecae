/*
 * Bringing the schema up to date, in one transaction: roles, the migrations
 * that were not applied yet, then all functions, views and grants from their
 * current text.  Safe to run twice, and from two hosts at once.
 */
#ifndef TEAMDUES_STORE_MIGRATE_H
#define TEAMDUES_STORE_MIGRATE_H

#include <stdint.h>

#include "base/secret.h"
#include "base/status.h"

struct migrate_result {
	int applied;		/* migrations that were new */
	int64_t version;	/* the newest one now */
};

/*
 * url: a role that may create roles and schemas.  ST_CONFLICT, and nothing is
 * changed, when a landed migration's text was edited or the database is newer
 * than this program; ST_DB.
 */
NODISCARD enum status store_migrate(const struct secret *url,
    struct migrate_result *result, struct err *err);

/* The number of the newest migration that is built in here. */
int64_t store_schema_expected(void);

#endif
