/*
 * The desk's users, for the operator's command alone: no program that faces the
 * web may add one.
 */
#include "store/desk_users.h"

#include <string.h>

#include "base/text.h"
#include "store/db.h"

static const struct statement user_add = {
	.name = "desk_user_add",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_user_add($1::text, $2::text, $3::text,\n"
	"    $4::text) as user_id"
};

static const struct statement user_remove = {
	.name = "desk_user_remove",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_user_remove($1::text, $2::text) as detail"
};

static const struct statement user_list = {
	.name = "desk_user_list",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(u)::text\n"
	"from teamdues.desk_user_list() u"
};

static const struct statement prune = {
	.name = "desk_prune",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_prune(to_timestamp($1::bigint), $2::boolean)\n"
	"    as count"
};

static const struct statement sign_out_all = {
	.name = "desk_sign_out_all",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_sign_out_all($1::text)"
};

const struct statement *const store_desk_users_statements[] = {
	&user_add, &user_remove, &user_list, &prune, &sign_out_all, NULL
};

enum status
store_desk_user_add(struct store *store, const struct new_desk_user *user,
    int64_t *user_id, struct err *err)
{
	const char *const argv[] = { user->name, user->email, user->role,
	    user->actor };

	return db_get_i64(store, &user_add, argv, user_id, err);
}

enum status
store_desk_user_remove(struct store *store, const char *key,
    const char *actor, char detail[DESK_DETAIL_SIZE], struct err *err)
{
	const char *const argv[] = { key, actor };
	PGresult *r = NULL;
	enum status st = db_run(store, &user_remove, argv, &r, err);

	if (st == ST_OK && row_is_null(r, 0, "detail"))
		/* The SQL answers null for a key that is nobody's. */
		st = err_set(err, ST_NOT_FOUND, "no user of the desk is %s",
		    key);
	if (st == ST_OK) {
		row_copy(detail, DESK_DETAIL_SIZE, r, "detail");
		text_disarm(detail, strlen(detail));
	}
	PQclear(r);
	return st;
}

enum status
store_desk_users(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &user_list, NULL, each, context, err);
}

enum status
store_desk_prune(struct store *store, int64_t before, bool commit,
    int64_t *count, struct err *err)
{
	char at[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(at, before), db_bool(commit) };

	return db_get_i64(store, &prune, argv, count, err);
}

enum status
store_desk_sign_out_all(struct store *store, const char *actor,
    int64_t *sessions, struct err *err)
{
	return db_get_i64(store, &sign_out_all,
	    (const char *const[]){ actor }, sessions, err);
}
