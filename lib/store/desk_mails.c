/* Numbers that a query brought are passed on as text: the database refuses what
 * is none. */
#include "store/desk_mails.h"

#include "store/db.h"

static const struct statement batches_read = {
	.name = "desk_batches",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_batches(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::bigint, $4::text)::text"
};

static const struct statement mails_read = {
	.name = "desk_mails",
	.roles = ROLE_DESK,
	.params = 6,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "batch",
	.sql =
	"select d::text\n"
	"from teamdues.desk_mails(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::text, $4::bigint, $5::bigint, $6::text) d"
};

static const struct statement mail_read = {
	.name = "desk_mail",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_mail(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::bigint, $4::text)::text"
};

const struct statement *const store_desk_mails_statements[] = {
	&batches_read, &mails_read, &mail_read, NULL
};

enum status
store_desk_batches(struct store *store, const struct desk_page *page,
    struct json_doc *doc, struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { page->session, page->after,
	    db_i64(limit, page->limit), page->zone };

	return db_document(store, &batches_read, argv, doc, err);
}

enum status
store_desk_mails(struct store *store, const struct desk_page *page,
    const char *batch_id, const char *state, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { page->session, batch_id, state,
	    page->after, db_i64(limit, page->limit), page->zone };

	return db_document(store, &mails_read, argv, doc, err);
}

enum status
store_desk_mail(struct store *store, const char *session,
    const char *email_id, const char *batch_id, const char *zone,
    struct json_doc *doc, struct err *err)
{
	const char *const argv[] = { session, email_id, batch_id, zone };

	return db_document(store, &mail_read, argv, doc, err);
}
