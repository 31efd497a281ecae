/*
 * Read by /healthz and by doctor, under whichever role they connect as: every
 * role may run schema_version.
 */
#include "store/schema.h"

#include "store/db.h"

static const struct statement schema_version = {
	.name = "schema_version",
	.roles = ROLE_ALL,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.schema_version() as version"
};

/*
 * The cast alone is the check: PostgreSQL refuses a zone that it does not know,
 * class 22, which becomes ST_BAD_INPUT.
 */
static const struct statement zone_check = {
	.name = "zone_check",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select now() at time zone $1::text as there"
};

const struct statement *const store_schema_statements[] = {
	&schema_version, &zone_check, NULL
};

enum status
store_schema_version(struct store *store, int64_t *version, struct err *err)
{
	return db_get_i64(store, &schema_version, NULL, version, err);
}

enum status
store_check_zone(struct store *store, const char *zone, struct err *err)
{
	const char *const argv[] = { zone };

	return db_do(store, &zone_check, argv, err);
}
