/*
 * What `teamdues notice` compares with its limits.  Ages come in seconds from
 * the database's clock, so that a host with a wrong clock raises no false
 * alarm.
 */
#include "store/notice.h"

#include <string.h>

#include "base/buf.h"
#include "store/db.h"

/* Far more than the ids of one page of Stripe's list of events. */
enum { IDS_MAX = 32 * 1024 };

/*
 * Repeated without harm: it notes a time, and the webhook calls it once a
 * second at most.
 */
static const struct statement refusal_note = {
	.name = "refusal_note",
	.roles = ROLE_WEBHOOK,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.note_refusal()"
};

static const struct statement figures_see = {
	.name = "notice_figures",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 10,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select reconcile_s, audit_s, refused_s, is_refused, unresolved,\n"
	"    fraud_warnings, failed_refunds, refused_sign_ins,\n"
	"    failed_requests, requests_s\n"
	"from teamdues.notice_figures()"
};

static const struct statement backup_see = {
	.name = "backup_figures",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select age_s, is_bad\n"
	"from teamdues.backup_figures()"
};

static const struct statement unrecorded = {
	.name = "events_unrecorded",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.unrecorded_events($1::text[]) as count"
};

static const struct statement ours = {
	.name = "payment_is_ours",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.is_our_payment($1::text) as is_ours"
};

static const struct statement sight_note = {
	.name = "sight_note",
	.roles = ROLE_OPERATOR | ROLE_MAILER,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.note_sight($1::text, $2::bigint)"
};

/*
 * Reads and decides; alarm_mailed writes, and only after the mail has gone, so
 * that a failed mail is tried again at the next run.
 */
static const struct statement alarm_due = {
	.name = "alarm_due",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.alarm_due($1::text, $2::boolean) as due"
};

static const struct statement alarm_mailed = {
	.name = "alarm_mailed",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.alarm_mailed($1::text, $2::text)"
};

const struct statement *const store_notice_statements[] = {
	&refusal_note, &figures_see, &backup_see, &unrecorded, &ours,
	&sight_note, &alarm_due, &alarm_mailed, NULL
};

static const char *const alarm_names[] = {
	[ALARM_NONE] = "",
	[ALARM_BEGIN] = "begin",
	[ALARM_STILL] = "still",
	[ALARM_OVER] = "over",
};

enum status
store_note_refusal(struct store *store, struct err *err)
{
	return db_do(store, &refusal_note, NULL, err);
}

enum status
store_notice_figures(struct store *store, struct notice_figures *figures,
    struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, &figures_see, NULL, &r, err);

	if (st == ST_OK) {
		figures->reconcile_s = row_i64(r, 0, "reconcile_s");
		figures->audit_s = row_i64(r, 0, "audit_s");
		figures->refused_s = row_is_null(r, 0, "refused_s") ? -1
		    : row_i64(r, 0, "refused_s");
		figures->is_refused = row_bool(r, 0, "is_refused");
		figures->unresolved = row_i64(r, 0, "unresolved");
		figures->fraud_warnings = row_i64(r, 0, "fraud_warnings");
		figures->failed_refunds = row_i64(r, 0, "failed_refunds");
		figures->refused_sign_ins = row_i64(r, 0,
		    "refused_sign_ins");
		figures->failed_requests = row_i64(r, 0, "failed_requests");
		figures->requests_s = row_i64(r, 0, "requests_s");
	}
	PQclear(r);
	return st;
}

enum status
store_backup_figures(struct store *store, struct backup_figures *figures,
    struct err *err)
{
	PGresult *r = NULL;
	enum status st = db_run(store, &backup_see, NULL, &r, err);

	if (st == ST_OK) {
		figures->age_s = row_i64(r, 0, "age_s");
		figures->is_bad = row_bool(r, 0, "is_bad");
	}
	PQclear(r);
	return st;
}

enum status
store_unrecorded_events(struct store *store, const char *ids, int64_t *count,
    struct err *err)
{
	struct buf array = BUF_INIT(IDS_MAX);
	const char *argv[1];
	enum status st;

	/*
	 * PostgreSQL's text form of an array; Stripe's ids have no character
	 * that needs quoting there.
	 */
	buf_putf(&array, "{%s}", ids);
	st = buf_check(&array, "the list of events", err);
	argv[0] = buf_str(&array);
	if (st == ST_OK)
		st = db_get_i64(store, &unrecorded, argv, count, err);
	buf_clear(&array);
	return st;
}

enum status
store_is_our_payment(struct store *store, const char *payment_intent,
    bool *is_ours, struct err *err)
{
	const char *const argv[] = { payment_intent };

	return db_get_bool(store, &ours, argv, is_ours, err);
}

enum status
store_note_sight(struct store *store, const char *name, int64_t value,
    struct err *err)
{
	char text[I64_TEXT_SIZE];
	const char *const argv[] = { name, db_i64(text, value) };

	return db_do(store, &sight_note, argv, err);
}

/* An unknown word is no alarm: the state stays as it is until the next run. */
enum status
store_alarm_due(struct store *store, const char *cause, bool is_wrong,
    enum alarm *alarm, struct err *err)
{
	const char *const argv[] = { cause, db_bool(is_wrong) };
	PGresult *r = NULL;
	enum status st = db_run(store, &alarm_due, argv, &r, err);

	*alarm = ALARM_NONE;
	for (int i = ALARM_BEGIN; st == ST_OK && i <= ALARM_OVER; i++)
		if (strcmp(row_text(r, 0, "due"), alarm_names[i]) == 0)
			*alarm = (enum alarm)i;
	PQclear(r);
	return st;
}

enum status
store_alarm_mailed(struct store *store, const char *cause, enum alarm alarm,
    struct err *err)
{
	const char *const argv[] = { cause, alarm_names[alarm] };

	return db_do(store, &alarm_mailed, argv, err);
}
