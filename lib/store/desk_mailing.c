/* Nothing is queued here: that is a request (store/desk_requests.h). */
#include "store/desk_mailing.h"

#include "store/db.h"

static const struct statement choices_read = {
	.name = "desk_mailing_choices",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_mailing_choices(decode($1::text, 'hex'),\n"
	"    $2::bigint, $3::bigint, $4::text)::text"
};

static const struct statement mailing_read = {
	.name = "desk_mailing",
	.roles = ROLE_DESK,
	.params = 9,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select x::text\n"
	"from teamdues.desk_mailing(decode($1::text, 'hex'), $2::text,\n"
	"    $3::bigint, $4::bigint, $5::text, $6::boolean, $7::text,\n"
	"    nullif($8::bigint, 0), nullif($9::bigint, 0)) x"
};

static const struct statement mail_shown = {
	.name = "desk_show_mail",
	.roles = ROLE_DESK,
	.params = 6,
	.columns = OUTGOING_COLUMNS,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "player",
	.sql =
	OUTGOING_SELECT
	"from teamdues.desk_show_mail(decode($1::text, 'hex'), $2::text,\n"
	"    $3::bigint, nullif($4::bigint, 0), $5::jsonb, $6::text)"
};

const struct statement *const store_desk_mailing_statements[] = {
	&choices_read, &mailing_read, &mail_shown, NULL
};

enum status
store_desk_mailing_choices(struct store *store,
    const struct desk_mailing *mailing, struct json_doc *doc,
    struct err *err)
{
	const char *const argv[] = { mailing->session, mailing->player_id,
	    mailing->tournament_id, mailing->zone };

	return db_document(store, &choices_read, argv, doc, err);
}

enum status
store_desk_mailing(struct store *store, const struct desk_mailing *mailing,
    store_row *each, void *context, struct err *err)
{
	char after[I64_TEXT_SIZE];
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { mailing->session, mailing->what,
	    mailing->tournament_id, mailing->player_id, mailing->team,
	    db_bool(mailing->again), mailing->zone,
	    db_i64(after, mailing->after), db_i64(limit, mailing->limit) };

	return db_each(store, &mailing_read, argv, each, context, err);
}

enum status
store_desk_show_mail(struct store *store, const struct desk_mailing *mailing,
    const char *kind, int64_t player_id, int64_t order_id, const char *facts,
    struct outgoing *mail, struct err *err)
{
	char player[I64_TEXT_SIZE];
	char order[I64_TEXT_SIZE];
	const char *const argv[] = { mailing->session, kind,
	    db_i64(player, player_id), db_i64(order, order_id), facts,
	    mailing->zone };
	PGresult *r = NULL;
	enum status st = db_run(store, &mail_shown, argv, &r, err);

	if (st == ST_OK)
		outgoing_read(r, 0, mail);
	PQclear(r);
	return st;
}
