/*
 * Only hashes come here: neither a cookie nor a link's secret reaches the
 * database, so that nobody signs in with what a backup holds.
 */
#include "store/desk_sign_in.h"

#include <string.h>

#include "store/db.h"

/*
 * Not repeated: each call counts against the five links an hour that a user can
 * be mailed.
 */
static const struct statement desk_ask = {
	.name = "desk_ask",
	.roles = ROLE_DESK,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_ask($1::text, decode($2::text, 'hex'))"
};

/* Not repeated: a refusal counts once. */
static const struct statement token_count = {
	.name = "desk_token_count",
	.roles = ROLE_DESK,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_count_refusal('token')"
};

/*
 * Not repeated: the first call may have spent the link, and the second one
 * would tell the user that the link was used already.
 */
static const struct statement desk_enter = {
	.name = "desk_enter",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_enter($1::bigint, decode($2::text, 'hex'),\n"
	"    decode($3::text, 'hex'), decode($4::text, 'hex')) as entry"
};

static const struct statement desk_leave = {
	.name = "desk_leave",
	.roles = ROLE_DESK,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_leave(decode($1::text, 'hex'), $2::boolean)"
};

const struct statement *const store_desk_sign_in_statements[] = {
	&desk_ask, &token_count, &desk_enter, &desk_leave, NULL
};

enum status
store_desk_ask(struct store *store, const char *email, const char *browser,
    struct err *err)
{
	const char *const argv[] = { email, browser };

	return db_do(store, &desk_ask, argv, err);
}

enum status
store_desk_count_token(struct store *store, struct err *err)
{
	return db_do(store, &token_count, NULL, err);
}

/* An unknown word counts as DESK_OVER, which signs nobody in. */
enum status
store_desk_enter(struct store *store, const struct desk_entering *entering,
    enum desk_entry *entry, struct err *err)
{
	static const char *const words[] = {
		[DESK_ENTERED] = "entered",
		[DESK_ELSEWHERE] = "elsewhere",
		[DESK_SPENT] = "spent",
		[DESK_OVER] = "over",
	};
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, entering->entry_id),
	    entering->browser, entering->session, entering->before };
	PGresult *r = NULL;
	enum status st = db_run(store, &desk_enter, argv, &r, err);

	*entry = DESK_OVER;
	for (int i = DESK_ENTERED; st == ST_OK && i < DESK_OVER; i++)
		if (strcmp(row_text(r, 0, "entry"), words[i]) == 0)
			*entry = (enum desk_entry)i;
	PQclear(r);
	return st;
}

enum status
store_desk_leave(struct store *store, const char *session,
    bool is_everywhere, struct err *err)
{
	const char *const argv[] = { session, db_bool(is_everywhere) };

	return db_do(store, &desk_leave, argv, err);
}
