/* What an operator does to a mail that did not go out. */
#include "store/mail_acts.h"

#include <string.h>

#include "store/db.h"

/*
 * Not repeated: the rows of a second call would not say what the first one
 * changed.
 */
static const struct statement emails_retry = {
	.name = "emails_retry",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.once = true,
	.sql =
	"select row_to_json(r)::text\n"
	"from teamdues.retry_emails($1::bigint, $2::bigint, $3::text) r"
};

/*
 * Not repeated: the second call would find the mail dropped and report a
 * conflict.
 */
static const struct statement email_drop = {
	.name = "email_drop",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.drop_email($1::bigint, $2::text) as state"
};

static const struct statement emails_prune = {
	.name = "emails_prune",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.prune_emails(to_timestamp($1::bigint),\n"
	"    $2::boolean) as count"
};

const struct statement *const store_mail_acts_statements[] = {
	&emails_retry, &email_drop, &emails_prune, NULL
};

enum status
store_retry_emails(struct store *store, int64_t email_id, int64_t batch_id,
    const char *actor, store_row *each, void *context, struct err *err)
{
	char email[I64_TEXT_SIZE];
	char batch[I64_TEXT_SIZE];
	const char *const argv[] = {
	    email_id == 0 ? NULL : db_i64(email, email_id),
	    batch_id == 0 ? NULL : db_i64(batch, batch_id), actor };

	return db_each(store, &emails_retry, argv, each, context, err);
}

/*
 * state is the one that the mail had before: only a queued or a failed mail was
 * dropped, and any other is refused in words.
 */
static enum status
check_drop(int64_t email_id, const char *state, struct err *err)
{
	long long id = (long long)email_id;

	if (strcmp(state, "queued") == 0 || strcmp(state, "failed") == 0)
		return ST_OK;
	if (strcmp(state, "sending") == 0)
		return err_set(err, ST_CONFLICT,
		    "mail %lld is being sent this moment", id);
	return err_set(err, ST_CONFLICT, "mail %lld is %s already", id, state);
}

enum status
store_drop_email(struct store *store, int64_t email_id, const char *actor,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, email_id), actor };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &email_drop, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "state"))
		st = err_set(err, ST_NOT_FOUND, "no such mail");
	if (st == ST_OK)
		st = check_drop(email_id, row_text(r, 0, "state"), err);
	PQclear(r);
	return st;
}

enum status
store_prune_emails(struct store *store, int64_t before, bool commit,
    int64_t *count, struct err *err)
{
	char at[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(at, before), db_bool(commit) };

	return db_get_i64(store, &emails_prune, argv, count, err);
}
