/* Who would enter is read with the tournament, so that both are of one moment.
 */
#include "store/desk_tournaments.h"

#include "store/db.h"

static const struct statement tournaments = {
	.name = "desk_tournaments",
	.roles = ROLE_DESK,
	.params = 6,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_tournaments(decode($1::text, 'hex'), $2::text,\n"
	"    $3::text, $4::text, $5::bigint, $6::bigint)::text"
};

static const struct statement subject = {
	.name = "desk_tournament_subject",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "tournament",
	.sql =
	"select s::text\n"
	"from teamdues.desk_tournament_subject(decode($1::text, 'hex'),\n"
	"    nullif($2::bigint, 0), $3::text, $4::text) s"
};

const struct statement *const store_desk_tournaments_statements[] = {
	&tournaments, &subject, NULL
};

enum status
store_desk_tournaments(struct store *store,
    const struct desk_tournaments_query *query, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->when, query->zone,
	    query->currency, query->after, db_i64(limit, query->limit) };

	return db_document(store, &tournaments, argv, doc, err);
}

enum status
store_desk_tournament_subject(struct store *store, const char *session,
    int64_t tournament_id, const char *team, const char *names,
    struct json_doc *doc, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, tournament_id), team,
	    names };

	return db_document(store, &subject, argv, doc, err);
}
