/* What the database is: its schema's version, and the time zones it knows. */
#ifndef TEAMDUES_STORE_SCHEMA_H
#define TEAMDUES_STORE_SCHEMA_H

#include <stdint.h>

#include "store/store.h"

/* The number of the newest migration that was applied. */
NODISCARD enum status store_schema_version(struct store *store,
    int64_t *version, struct err *err);

/* ST_BAD_INPUT: the database knows no such time zone. */
NODISCARD enum status store_check_zone(struct store *store, const char *zone,
    struct err *err);

#endif
