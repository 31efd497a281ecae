/* Each is one document of one statement: its foot agrees with its rows. */
#include "store/desk_tournament.h"

#include "store/db.h"

static const struct statement tournament_read = {
	.name = "desk_tournament",
	.roles = ROLE_DESK,
	.params = 6,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "tournament",
	.sql =
	"select d::text\n"
	"from teamdues.desk_tournament(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::text, $4::bigint, $5::bigint, $6::text) d"
};

static const struct statement gate_read = {
	.name = "desk_gate",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "tournament",
	.sql =
	"select d::text\n"
	"from teamdues.desk_gate(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::bigint) d"
};

const struct statement *const store_desk_tournament_statements[] = {
	&tournament_read, &gate_read, NULL
};

enum status
store_desk_tournament(struct store *store,
    const struct desk_roster_query *query, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->tournament_id,
	    query->status, query->after, db_i64(limit, query->limit),
	    query->zone };

	return db_document(store, &tournament_read, argv, doc, err);
}

enum status
store_desk_gate(struct store *store, const char *session,
    int64_t tournament_id, int64_t limit, struct json_doc *doc,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	char most[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, tournament_id),
	    db_i64(most, limit) };

	return db_document(store, &gate_read, argv, doc, err);
}
