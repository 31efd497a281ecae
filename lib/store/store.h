/*
 * The database, as the rest of teamdues sees it.  A store holds a small pool of
 * connections to PostgreSQL, opened on need; every statement that can be run
 * over it is a typed function in one of this room's headers.  Nothing here
 * knows Stripe, and no function takes SQL.
 */
#ifndef TEAMDUES_STORE_STORE_H
#define TEAMDUES_STORE_STORE_H

#include <stdint.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/status.h"

struct store;

enum { STORE_CONNECTIONS_MAX = 4 };

/*
 * Remembers url (a libpq URI; must outlive the store) and opens nothing yet.
 * name is the application_name that PostgreSQL shows.  ST_NOMEM.
 */
NODISCARD enum status store_open(const struct secret *url, const char *name,
    int connections_max, struct store **store, struct err *err);

/*
 * For a person's command, which may read for long and can be interrupted: a
 * statement may take as long as it wants.  To be said before the first one.
 */
void store_lift_time_limit(struct store *store);

/*
 * From now on, what is recorded over the store and makes an order paid queues
 * its receipt, dated in zone (which must outlive the store).
 */
void store_queue_receipts(struct store *store, const char *zone);

/* Closes connections that have been idle for a minute. */
void store_tick(struct store *store);

/* No call may be under way.  NULL is harmless. */
void store_close(struct store *store);

/*
 * What lists give: a callback per row, as a JSON object whose members are the
 * columns in order.  The row is lent for the call.  A status other than ST_OK
 * ends the list and is returned.
 */
typedef enum status store_row(void *context, struct json_node row,
    struct err *err);

#endif
