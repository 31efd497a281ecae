/* A migration is one transaction: a failure leaves the schema of before.
 * Grants follow functions, which they name; what is no longer in the source
 * goes last. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/connections.h"
#include "store/sql_files.h"

/* A try fails when running programs and the migration block each other. */
enum { TRIES_MAX = 5 };

/* Of two migrations at once the second waits for this lock, and then finds all
 * done.  Its number is arbitrary, and the same in every version. */
static const char begin_sql[] =
    "begin;\n"
    "set local lock_timeout = '60s';\n"
    "select pg_advisory_xact_lock(7365106301)";

/* What the migrations need themselves: where it is noted which were applied. */
static const char schema_sql[] =
    "create schema if not exists teamdues authorization teamdues_owner;\n"
    "set local role teamdues_owner;\n"
    "alter default privileges revoke execute on functions from public;\n"
    "create table if not exists teamdues.schema_migrations (\n"
    "	version integer primary key,\n"
    "	name text not null,\n"
    "	checksum text not null,\n"
    "	applied_at timestamptz not null default now()\n"
    ");\n"
    "comment on table teamdues.schema_migrations is\n"
    "	'The migrations that were applied';\n"
    "comment on column teamdues.schema_migrations.version is 'Its number';\n"
    "comment on column teamdues.schema_migrations.name is 'Its file';\n"
    "comment on column teamdues.schema_migrations.checksum is\n"
    "	'SHA-256 of its text then: a landed migration is never edited';\n"
    "comment on column teamdues.schema_migrations.applied_at is 'When';\n"
    "create table if not exists teamdues.schema_views (\n"
    "	path text primary key,\n"
    "	checksum text not null\n"
    ");\n"
    "comment on table teamdues.schema_views is\n"
    "	'The files of views as they were made last';\n"
    "comment on column teamdues.schema_views.path is 'The file';\n"
    "comment on column teamdues.schema_views.checksum is\n"
    "	'SHA-256 of its text then'";

/*
 * Functions are replaced in place, so that a program that runs one meanwhile
 * loses nothing.  One that this transaction has not written (its xmin is older)
 * is not in the source any more, but programs of the version before may call
 * it: it is marked now, and dropped by a later version's migration.  One on
 * which a trigger or a view depends was made by a migration, and stays.
 */
static const char functions_sql[] =
    "set local check_function_bodies = off";
static const char drop_functions_sql[] =
    "do $$\n"
    "declare\n"
    "	v_function record;\n"
    "	v_version integer := (select max(version)\n"
    "	    from teamdues.schema_migrations);\n"
    "begin\n"
    "	for v_function in\n"
    "		select p.oid::regprocedure as name,\n"
    "		    substring(obj_description(p.oid, 'pg_proc')\n"
    "		    from '^Not used since version ([0-9]+)$')::integer\n"
    "		    as unused_since\n"
    "		from pg_proc p\n"
    "		where p.pronamespace = 'teamdues'::regnamespace\n"
    "		and age(p.xmin) > age(pg_current_xact_id()::xid)\n"
    "		and not exists (select from pg_depend d\n"
    "		    where d.refclassid = 'pg_proc'::regclass\n"
    "		    and d.refobjid = p.oid and d.deptype = 'n')\n"
    "	loop\n"
    "		if v_function.unused_since < v_version then\n"
    "			execute 'drop function ' || v_function.name;\n"
    "		elsif v_function.unused_since is null then\n"
    "			execute format('comment on function %s is %L',\n"
    "			    v_function.name,\n"
    "			    'Not used since version ' || v_version);\n"
    "		end if;\n"
    "	end loop;\n"
    "end\n"
    "$$";

static bool
has_code(const PGresult *result, const char *code)
{
	const char *has = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return has != NULL && strncmp(has, code, strlen(code)) == 0;
}

/* ST_DB_BUSY for class 40 and 55P03, a deadlock or a lock that took too long:
 * running programs were in the way, and another try may succeed. */
static enum status
fail(PGconn *connection, const PGresult *result, const char *what,
    struct err *err)
{
	bool is_busy = has_code(result, "40") || has_code(result, "55P03");

	return err_set(err, is_busy ? ST_DB_BUSY : ST_DB, "%s: %s", what,
	    PQerrorMessage(connection));
}

/* PQexec runs several commands as one string and gives the last result, or the
 * first failure.  It has no time limit, since a migration may take long. */
static enum status
run(PGconn *connection, const char *what, const char *sql, struct err *err)
{
	PGresult *result = PQexec(connection, sql);
	ExecStatusType got = PQresultStatus(result);
	enum status st = ST_OK;

	if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK)
		st = fail(connection, result, what, err);
	PQclear(result);
	return st;
}

/* Runs every file of one folder ("functions/"), or one file. */
static enum status
run_files(PGconn *connection, const char *prefix, struct err *err)
{
	enum status st = ST_OK;

	for (const struct sql_file *f = sql_files; f->path != NULL; f++) {
		if (strncmp(f->path, prefix, strlen(prefix)) != 0)
			continue;
		st = run(connection, f->path, f->text, err);
		if (st != ST_OK)
			break;
	}
	return st;
}

/* Drops all functions of the names that the file makes, with any arguments. */
static enum status
drop_functions_of(PGconn *connection, const struct sql_file *file,
    struct err *err)
{
	const char *const argv[] = { file->text };
	PGresult *result = PQexecParams(connection,
	    "select 'drop function ' || p.oid::regprocedure\n"
	    "from pg_proc p\n"
	    "where p.pronamespace = 'teamdues'::regnamespace\n"
	    "and p.proname in (select x[1] from regexp_matches($1::text,\n"
	    "    'create or replace function teamdues[.]([a-z_0-9]+)',\n"
	    "    'g') x)\n"
	    "and not exists (select from pg_depend d\n"
	    "    where d.refclassid = 'pg_proc'::regclass\n"
	    "    and d.refobjid = p.oid and d.deptype = 'n')",
	    1, NULL, argv, NULL, NULL, 0);
	enum status st = ST_OK;

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		st = err_set(err, ST_DB, "%s: %s", file->path,
		    PQerrorMessage(connection));
	for (int i = 0; st == ST_OK && i < PQntuples(result); i++)
		st = run(connection, file->path, PQgetvalue(result, i, 0),
		    err);
	PQclear(result);
	return st;
}

/* Replaces a file's functions in place.  PostgreSQL refuses one that gives
 * another type than before (42P13): after the savepoint it is made anew. */
static enum status
make_functions(PGconn *connection, const struct sql_file *file,
    struct err *err)
{
	PGresult *result;
	enum status st;
	bool is_other;

	st = run(connection, file->path, "savepoint functions", err);
	if (st != ST_OK)
		return st;
	result = PQexec(connection, file->text);
	is_other = has_code(result, "42P13");
	if (!is_other && PQresultStatus(result) != PGRES_COMMAND_OK)
		st = fail(connection, result, file->path, err);
	PQclear(result);
	if (!is_other)
		return st;
	st = run(connection, file->path, "rollback to functions", err);
	if (st == ST_OK)
		st = drop_functions_of(connection, file, err);
	if (st == ST_OK)
		st = run(connection, file->path, file->text, err);
	return st;
}

static const char views[] = "functions/views";

/* Files of views hold no functions.  Replacing a view locks it against
 * everybody; a program that has read one view and wants another would wait
 * for us, and we for it.  So a file of views runs only when its text has
 * changed. */
static enum status
views_changed(PGconn *connection, const struct sql_file *file, bool *changed,
    struct err *err)
{
	char checksum[SHA256_HEX_LEN + 1];
	const char *const argv[] = { file->path, checksum };
	PGresult *result = NULL;
	enum status st;

	*changed = true;
	if (strncmp(file->path, views, sizeof(views) - 1) != 0)
		return ST_OK;
	st = crypto_sha256_hex(file->text, strlen(file->text), checksum, err);
	if (st != ST_OK)
		return st;
	result = PQexecParams(connection,
	    "insert into teamdues.schema_views as v (path, checksum)\n"
	    "values ($1::text, $2::text)\n"
	    "on conflict (path) do update set checksum = excluded.checksum\n"
	    "where v.checksum <> excluded.checksum\n"
	    "returning path", 2, NULL, argv, NULL, NULL, 0);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		*changed = PQntuples(result) > 0;
	else
		st = fail(connection, result, file->path, err);
	PQclear(result);
	return st;
}

static enum status
make_all_functions(PGconn *connection, struct err *err)
{
	static const char folder[] = "functions/";
	enum status st = ST_OK;

	for (const struct sql_file *f = sql_files;
	    st == ST_OK && f->path != NULL; f++) {
		bool changed = false;

		if (strncmp(f->path, folder, sizeof(folder) - 1) == 0)
			st = views_changed(connection, f, &changed, err);
		if (st == ST_OK && changed)
			st = make_functions(connection, f, err);
	}
	return st;
}

static const char migrations[] = "migrations/";

/* The number that a migration's file begins with; 0 for other files. */
static int64_t
file_version(const struct sql_file *file)
{
	if (strncmp(file->path, migrations, sizeof(migrations) - 1) != 0)
		return 0;
	return strtol(file->path + sizeof(migrations) - 1, NULL, 10);
}

int64_t
store_schema_expected(void)
{
	int64_t newest = 0;

	for (const struct sql_file *f = sql_files; f->path != NULL; f++)
		if (file_version(f) > newest)
			newest = file_version(f);
	return newest;
}

/* Applies one migration, or sees that it was applied with this very text. xmax
 * is 0 in a row that was inserted just now; the update, which changes nothing,
 * makes `returning` give the row that was there before. */
static enum status
migrate_one(PGconn *connection, const struct sql_file *file, int *applied,
    struct err *err)
{
	char version[I64_TEXT_SIZE];
	char checksum[SHA256_HEX_LEN + 1];
	const char *const argv[] = { db_i64(version, file_version(file)),
	    file->path, checksum };
	PGresult *result = NULL;
	enum status st;

	st = crypto_sha256_hex(file->text, strlen(file->text), checksum, err);
	if (st != ST_OK)
		return st;
	result = PQexecParams(connection,
	    "insert into teamdues.schema_migrations (version, name, checksum)\n"
	    "values ($1::integer, $2::text, $3::text)\n"
	    "on conflict (version) do update set version = excluded.version\n"
	    "returning checksum = $3::text, xmax = 0",
	    3, NULL, argv, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		st = err_set(err, ST_DB, "%s: %s", file->path,
		    PQerrorMessage(connection));
	else if (PQgetvalue(result, 0, 0)[0] != 't')
		st = err_set(err, ST_CONFLICT,
		    "%s was applied with another text: a migration that landed"
		    " is never edited", file->path);
	else if (PQgetvalue(result, 0, 1)[0] == 't') {
		*applied += 1;
		st = run(connection, file->path, file->text, err);
	}
	PQclear(result);
	return st;
}

/* An older program would bring back functions that a migration replaced. */
static enum status
refuse_newer(PGconn *connection, struct err *err)
{
	PGresult *result = PQexec(connection, "select coalesce(max(version), 0)"
	    " from teamdues.schema_migrations");
	enum status st = ST_OK;
	int64_t there;

	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		st = err_set(err, ST_DB, "schema_migrations: %s",
		    PQerrorMessage(connection));
		goto out;
	}
	there = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	if (there > store_schema_expected())
		st = err_set(err, ST_CONFLICT, "the database is at version %lld"
		    ", this program knows %lld: install the newer teamdues",
		    (long long)there, (long long)store_schema_expected());
out:
	PQclear(result);
	return st;
}

static enum status
migrate_all(PGconn *connection, int *applied, struct err *err)
{
	enum status st;

	st = refuse_newer(connection, err);
	for (const struct sql_file *f = sql_files; f->path != NULL; f++)
		if (st == ST_OK && file_version(f) > 0)
			st = migrate_one(connection, f, applied, err);
	return st;
}

static enum status
migrate_once(const struct secret *url, struct migrate_result *result,
    struct err *err)
{
	const struct database database = { .url = url,
	    .name = "teamdues migrate", .lock_ms = LOCK_MS };
	PGconn *connection = NULL;
	enum status st;

	result->applied = 0;
	st = connection_open(&database, &connection, err);
	if (st != ST_OK)
		return st;
	st = run(connection, "begin", begin_sql, err);
	if (st == ST_OK)
		st = run_files(connection, "roles.sql", err);
	if (st == ST_OK)
		st = run_files(connection, "ownership.sql", err);
	if (st == ST_OK)
		st = run(connection, "schema", schema_sql, err);
	if (st == ST_OK)
		st = migrate_all(connection, &result->applied, err);
	if (st == ST_OK)
		/* Unchecked: functions call those of files that come later. */
		st = run(connection, "functions", functions_sql, err);
	if (st == ST_OK)
		st = make_all_functions(connection, err);
	if (st == ST_OK)
		st = run_files(connection, "grants.sql", err);
	if (st == ST_OK)
		st = run(connection, "functions", drop_functions_sql, err);
	if (st == ST_OK)
		st = run(connection, "commit", "commit", err);
	PQfinish(connection);
	return st;
}

enum status
store_migrate(const struct secret *url, struct migrate_result *result,
    struct err *err)
{
	enum status st = ST_DB_BUSY;

	result->version = store_schema_expected();
	for (int i = 0; st == ST_DB_BUSY && i < TRIES_MAX; i++)
		st = migrate_once(url, result, err);
	return st;
}
