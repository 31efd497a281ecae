/* Each is one document of one statement: its figures are of one moment. */
#include "store/desk_family.h"

#include "store/db.h"

static const struct statement family_read = {
	.name = "desk_family",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "family",
	.sql =
	"select d::text\n"
	"from teamdues.desk_family(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::text, $4::text) d"
};

static const struct statement subject_read = {
	.name = "desk_family_subject",
	.roles = ROLE_DESK,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "family",
	.sql =
	"select d::text\n"
	"from teamdues.desk_family_subject(decode($1::text, 'hex'),\n"
	"    $2::bigint) d"
};

const struct statement *const store_desk_family_statements[] = {
	&family_read, &subject_read, NULL
};

enum status
store_desk_family(struct store *store, const char *session,
    const char *family_id, const char *zone, const char *currency,
    struct json_doc *doc, struct err *err)
{
	const char *const argv[] = { session, family_id, zone, currency };

	return db_document(store, &family_read, argv, doc, err);
}

enum status
store_desk_family_subject(struct store *store, const char *session,
    const char *family_id, struct json_doc *doc, struct err *err)
{
	const char *const argv[] = { session, family_id };

	return db_document(store, &subject_read, argv, doc, err);
}
