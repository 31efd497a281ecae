/*
 * All lines of a roster are imported in one transaction, so that a file with a
 * fault changes nothing.
 */
#include "store/roster.h"

#include "store/db.h"

/*
 * Repeated without harm: the second call finds the players as the first one
 * left them.
 */
static const struct statement roster_import = {
	.name = "roster_import",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(r)::text\n"
	"from teamdues.import_roster($1::jsonb, $2::text, $3::boolean) r"
};

/* Not repeated: the rows of a second call would say that nothing changed. */
static const struct statement active_set = {
	.name = "active_set",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.once = true,
	.sql =
	"select row_to_json(r)::text\n"
	"from teamdues.set_active(string_to_array($1::text, ',')::bigint[],\n"
	"    $2::boolean, $3::text, $4::boolean) r"
};

const struct statement *const store_roster_statements[] = {
	&roster_import, &active_set, NULL
};

enum status
store_import_roster(struct store *store, const struct buf *rows,
    const char *actor, bool commit, store_row *each, void *context,
    struct err *err)
{
	const char *const argv[] = { buf_str(rows), actor, db_bool(commit) };
	enum status st = buf_check(rows, "the roster", err);

	return st != ST_OK ? st : db_each(store, &roster_import, argv, each,
	    context, err);
}

enum status
store_set_active(struct store *store, const struct activity *activity,
    store_row *each, void *context, struct err *err)
{
	const char *const argv[] = { activity->player_ids,
	    db_bool(activity->active), activity->actor,
	    db_bool(activity->commit) };

	return db_each(store, &active_set, argv, each, context, err);
}
