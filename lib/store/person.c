/* The document of a person and the erasure of one are the database's work. */
#include "store/person.h"

#include "store/db.h"

static const struct statement person_export = {
	.name = "person_export",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.person_export($1::text, $2::bigint, $3::bigint)\n"
	"    as document"
};

/* Repeated without harm: the second finds nothing to blank. */
static const struct statement person_erase = {
	.name = "person_erase",
	.roles = ROLE_OPERATOR,
	.params = 6,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.person_erase($1::text, $2::bigint, $3::bigint,\n"
	"    $4::boolean, $5::text, $6::boolean)"
};

const struct statement *const store_person_statements[] = {
	&person_export, &person_erase, NULL
};

static const char *
id_or_null(char text[I64_TEXT_SIZE], int64_t id)
{
	return id != 0 ? db_i64(text, id) : NULL;
}

enum status
store_person_export(struct store *store, const struct person_key *key,
    struct buf *document, struct err *err)
{
	char parent[I64_TEXT_SIZE];
	char player[I64_TEXT_SIZE];
	const char *const argv[] = { key->email,
	    id_or_null(parent, key->parent_id),
	    id_or_null(player, key->player_id) };
	PGresult *r = NULL;
	enum status st = db_run(store, &person_export, argv, &r, err);

	if (st == ST_OK && row_is_null(r, 0, "document"))
		st = err_set(err, ST_NOT_FOUND,
		    "the books hold nothing of that person");
	if (st == ST_OK) {
		buf_puts(document, row_text(r, 0, "document"));
		st = buf_check(document, "the document", err);
	}
	PQclear(r);
	return st;
}

enum status
store_person_erase(struct store *store, const struct erasure *erasure,
    struct act_result *result, struct err *err)
{
	char parent[I64_TEXT_SIZE];
	char player[I64_TEXT_SIZE];
	const char *const argv[] = { erasure->key.email,
	    id_or_null(parent, erasure->key.parent_id),
	    id_or_null(player, erasure->key.player_id),
	    db_bool(erasure->is_anyway), erasure->actor,
	    db_bool(erasure->commit) };

	return act_run(store, &person_erase, argv, result, err);
}
