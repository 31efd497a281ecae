/*
 * A transaction for each mail, over a connection outside the pool, because the
 * row's lock must last while the mail server is talked to.  The claim marks the
 * mail as sent; failing marks it otherwise.  So the commit is all that is left
 * to do once the server has taken the mail, and a mailer that is killed before
 * leaves it unsent, as its transaction is rolled back.
 */
#include "store/mail_send.h"

#include <stdlib.h>
#include <string.h>

#include "store/connections.h"
#include "store/db.h"
#include "store/exchange.h"

static const struct statement email_claim = {
	.name = "email_claim",
	.roles = ROLE_MAILER | ROLE_OPERATOR,
	.params = 2,
	.columns = OUTGOING_COLUMNS,
	.shape = SHAPE_ROWS,
	.noun = "mail that is due",
	.sql =
	OUTGOING_SELECT
	"from teamdues.claim_emails($1::text, $2::integer)"
};

/* Not repeated: its transaction is gone with the connection. */
static const struct statement email_finish = {
	.name = "email_finish",
	.roles = ROLE_MAILER | ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.finish_email($1::bigint, $2::text, $3::text,\n"
	"    $4::integer)"
};

static const struct statement entry_claim = {
	.name = "desk_entry_claim",
	.roles = ROLE_MAILER | ROLE_OPERATOR,
	.params = 0,
	.columns = 6,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "link to sign in that is due",
	.sql =
	"select entry_id, name, email, attempts, link_expires,\n"
	"    installation_id\n"
	"from teamdues.desk_claim_entry()"
};

static const struct statement entry_finish = {
	.name = "desk_entry_finish",
	.roles = ROLE_MAILER | ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.desk_finish_entry($1::bigint, $2::text, $3::text,\n"
	"    $4::integer)"
};

const struct statement *const store_mail_send_statements[] = {
	&email_claim, &email_finish, &entry_claim, &entry_finish, NULL
};

struct outbox {
	struct database database;
	const char *zone;
	PGconn *connection;	/* NULL: not open */
};

enum status
outbox_open(const struct secret *url, const char *zone,
    struct outbox **outbox, struct err *err)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for an outbox");
	o->database = (struct database){ url, "teamdues mailer",
	    STATEMENT_MS, LOCK_MS };
	o->zone = zone;
	*outbox = o;
	return ST_OK;
}

void
outbox_close(struct outbox *outbox)
{
	if (outbox == NULL)
		return;
	PQfinish(outbox->connection);
	free(outbox);
}

/*
 * A connection whose transaction is in doubt is closed: the transaction ends
 * with it, and its lock.
 */
static void
let_go(struct outbox *outbox)
{
	PQfinish(outbox->connection);
	outbox->connection = NULL;
}

/* For begin and commit, which give no rows and so do not fit db_run_on. */
static enum status
command(struct outbox *outbox, const char *sql, struct err *err)
{
	PGresult *result = exchange_command(outbox->connection, sql,
	    STATEMENT_MS);
	enum status st = ST_OK;

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		st = err_set(err, ST_DB, "%s: %s", sql,
		    PQerrorMessage(outbox->connection));
	PQclear(result);
	return st;
}

/*
 * The transaction is idle for as long as the mail server takes: RFC 5321
 * (4.5.3.2) allows minutes for each step, together about an hour, where the
 * connection's own limit is 30 s (connections.c).
 */
static enum status
begin(struct outbox *outbox, struct err *err)
{
	enum status st = ST_OK;

	if (outbox->connection == NULL)
		st = connection_open(&outbox->database, &outbox->connection,
		    err);
	if (st == ST_OK)
		st = command(outbox, "begin; set local"
		    " idle_in_transaction_session_timeout = '70min'", err);
	return st;
}

/*
 * Claims a row, and ends the transaction when there is none: an idle mailer
 * must not keep a transaction open, which would hold back vacuum.  The commit's
 * own failure is no news: the connection is closed then.
 */
static enum status
claim(struct outbox *outbox, const struct statement *statement,
    const char *const *argv, PGresult **r, struct err *err)
{
	struct err unused;
	enum status st = begin(outbox, err);

	if (st == ST_OK)
		st = db_run_on(outbox->connection, statement, argv, r, err);
	if (st == ST_OK && PQntuples(*r) == 0)
		st = err_set(err, ST_NOT_FOUND, "no such %s",
		    statement->noun);
	if (st != ST_OK && (st != ST_NOT_FOUND ||
	    command(outbox, "commit", &unused) != ST_OK))
		let_go(outbox);
	return st;
}

enum status
outbox_claim(struct outbox *outbox, struct outgoing_group *group,
    struct err *err)
{
	char most[I64_TEXT_SIZE];
	const char *const argv[] = { outbox->zone,
	    db_i64(most, OUTGOING_MOST) };
	PGresult *r = NULL;
	enum status st = claim(outbox, &email_claim, argv, &r, err);

	group->count = st == ST_OK ? (size_t)PQntuples(r) : 0;
	for (size_t i = 0; i < group->count; i++)
		outgoing_read(r, (int)i, &group->mail[i]);
	PQclear(r);
	return st;
}

enum status
outbox_claim_entry(struct outbox *outbox, struct outgoing_entry *entry,
    struct err *err)
{
	PGresult *r = NULL;
	enum status st = claim(outbox, &entry_claim, NULL, &r, err);

	if (st == ST_OK) {
		entry->entry_id = row_i64(r, 0, "entry_id");
		row_copy(entry->name, sizeof(entry->name), r, "name");
		row_copy(entry->email, sizeof(entry->email), r, "email");
		entry->attempts = (int)row_i64(r, 0, "attempts");
		entry->link_expires = row_i64(r, 0, "link_expires");
		row_copy(entry->installation_id,
		    sizeof(entry->installation_id), r, "installation_id");
	}
	PQclear(r);
	return st;
}

static enum status
note_end(struct outbox *outbox, const struct statement *statement,
    int64_t id, const struct outbox_end *end, struct err *err)
{
	char id_text[I64_TEXT_SIZE];
	char wait_s[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id_text, id), end->end,
	    end->error, db_i64(wait_s, end->wait_s) };
	PGresult *r = NULL;
	enum status st = ST_OK;

	if (strcmp(end->end, "sent") != 0)
		st = db_run_on(outbox->connection, statement, argv, &r, err);
	PQclear(r);
	return st;
}

/*
 * A mail that was sent is marked so since its claim: nothing is left but the
 * commit, so that the moment in which a killed mailer would send the mail twice
 * is as short as can be.
 */
static enum status
commit(struct outbox *outbox, enum status st, struct err *err)
{
	if (st == ST_OK)
		st = command(outbox, "commit", err);
	if (st != ST_OK)
		let_go(outbox);
	return st;
}

enum status
outbox_finish(struct outbox *outbox, const struct outgoing_group *group,
    const struct outbox_end *end, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < group->count; i++)
		st = note_end(outbox, &email_finish, group->mail[i].email_id,
		    end, err);
	return commit(outbox, st, err);
}

enum status
outbox_finish_entry(struct outbox *outbox,
    const struct outgoing_entry *entry, const struct outbox_end *end,
    struct err *err)
{
	return commit(outbox, note_end(outbox, &entry_finish, entry->entry_id,
	    end, err), err);
}
