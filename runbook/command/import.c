/*
 * teamdues import roster: players and parents from the club's own list.  The
 * file is read and checked whole before the database sees a row, and all rows
 * are imported in one transaction: a file with one fault changes nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "billing/roster/roster.h"
#include "billing/roster/roster_text.h"
#include "kit/act.h"
#include "kit/input.h"
#include "kit/invocation.h"
#include "kit/output.h"
#include "store/roster.h"

/* A file of one team leaves most players out: ten show what is meant. */
enum { MISSING_SHOWN_MAX = 10, NOTE_SIZE = 2048,
	TEXT_MAX = ROSTER_TEXT_FACTOR * CSV_LEN_MAX };

static const char *const columns[] = {
	"line", "action", "player_id", "player_name", "team", NULL
};

static const struct parameter roster_parameters[] = {
	{ "FILE.csv", PARAMETER_TEXT, true, NULL, "parent_name,parent_email,"
	    "parent_phone,player_name,team,monthly_fee" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

/*
 * A roster_complaint.  Every fault of the file is printed, so that the
 * treasurer mends all of them at once.
 */
static void
print_complaint(void *context, size_t line, const char *reason)
{
	(void)context;
	fprintf(stderr, "line %zu: %s\n", line, reason);
}

/*
 * The result of the import so far, and the roster's rows, which have the
 * players' names: the database answers with ids.
 */
struct import {
	struct json_node rows;
	struct json_node row;	/* of them: the answer has the same order */
	struct output *output;
	size_t created;
	size_t updated;
	size_t same;
	size_t missing;		/* players who are not in it */
};

/*
 * Prints the database's answer with the name and the team of the roster's row.
 */
static enum status
print_row(struct output *output, struct json_node answer,
    struct json_node row, struct err *err)
{
	struct buf text = BUF_INIT(OUTPUT_ROW_MAX);
	struct json_out json = JSON_OUT(&text);
	enum status st;

	json_out_object(&json, NULL);
	json_out_members(&json, answer);
	json_out_node(&json, "player_name", json_at(row, "player_name"));
	json_out_node(&json, "team", json_at(row, "team"));
	json_out_end(&json);
	st = output_written(output, &json, err);
	buf_clear(&text);
	return st;
}

/*
 * Rows that change nothing are counted only: a list of hundreds would hide the
 * few that matter.
 */
static enum status
show_row(struct import *import, struct json_node answer, struct err *err)
{
	struct json_node row = import->row;

	if (json_exists(row))
		import->row = json_next(import->rows, row);
	if (json_text_is(answer, "action", "same")) {
		import->same++;
		return ST_OK;
	}
	if (json_text_is(answer, "action", "create"))
		import->created++;
	else
		import->updated++;
	return print_row(import->output, answer, row, err);
}

/*
 * Nobody is removed because a file lacks them: it may be one team's list.  But
 * whoever is missing is still asked for money, so the first are named with the
 * command that ends it.
 */
static enum status
print_missing(struct import *import, struct json_node answer,
    const char *who, struct err *err)
{
	int64_t id;
	enum status st = json_get_i64(answer, "player_id", 1, INT64_MAX, &id,
	    err);

	if (st == ST_OK && import->missing == 0)
		fprintf(stderr, "Not in this file, and still asked for money "
		    "(`teamdues player leave ID` ends that):\n");
	if (st == ST_OK && import->missing++ < MISSING_SHOWN_MAX)
		fprintf(stderr, "  player %" PRId64 ": %s\n", id, who);
	return st;
}

/*
 * A note is a doubt and no fault: a new player may be one of the team whom the
 * file spells in another way.  A dry run shows it in time.
 */
static enum status
print_note(struct json_node answer, const char *note, struct err *err)
{
	int64_t line;
	enum status st = json_get_i64(answer, "line", 1, INT64_MAX, &line,
	    err);

	if (st == ST_OK)
		fprintf(stderr, "line %" PRId64 ": %s\n", line, note);
	return st;
}

/*
 * A store_row: {line, player_id, action, note}. Missing players come after the
 * file's rows and belong to none of its lines.
 */
static enum status
import_row(void *context, struct json_node answer, struct err *err)
{
	struct import *import = context;
	char note[NOTE_SIZE];
	enum status st = json_get_text(answer, "note", note, sizeof(note),
	    err);

	if (st == ST_OK && json_text_is(answer, "action", "missing"))
		return print_missing(import, answer, note, err);
	if (st == ST_OK && note[0] != '\0')
		st = print_note(answer, note, err);
	return st == ST_OK ? show_row(import, answer, err) : st;
}

static void
summarise(const struct import *import, bool commit)
{
	/* CSV and JSON on standard output must stay a list. */
	FILE *file = import->output->format == OUTPUT_TABLE ? stdout : stderr;

	if (import->missing > MISSING_SHOWN_MAX)
		fprintf(stderr, "  and %zu more\n",
		    import->missing - MISSING_SHOWN_MAX);
	fprintf(file, "create %zu, update %zu, same %zu", import->created,
	    import->updated, import->same);
	if (import->created + import->updated == 0)
		fprintf(file, ": nothing to do\n");
	else if (commit)
		fprintf(file, ": done\n");
	else
		fprintf(file, ": nothing was written (--commit does it)\n");
}

static enum status
import_rows(struct invocation *invocation, const struct buf *rows,
    struct json_node list, struct err *err)
{
	bool commit = arguments_flag(&invocation->arguments, "--commit");
	struct output output;
	struct import import = { .rows = list, .row = json_first(list),
		.output = &output };
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	output_init(&output, &invocation->arguments, columns);
	st = store_import_roster(invocation->app.store, rows, actor, commit,
	    import_row, &import, err);
	st = output_end(&output, st, err);
	if (st != ST_OK)
		return st;
	summarise(&import, commit);
	if (!commit && import.created + import.updated > 0)
		invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

/*
 * The rows go to the database as text, and are parsed here a second time for
 * the names that are printed.
 */
static enum status
read_and_import(struct invocation *invocation, const struct buf *rows,
    struct err *err)
{
	struct buf text = BUF_INIT(rows->max);
	struct json_out json = JSON_OUT(&text);
	struct json_doc doc;
	enum status st;

	json_out_object(&json, NULL);
	json_out_source(&json, "rows", rows);
	json_out_end(&json);
	st = json_out_parse(&json, "the roster", &doc, err);
	if (st == ST_OK)
		st = import_rows(invocation, rows,
		    json_at(json_root(&doc), "rows"), err);
	json_clear(&doc);
	buf_clear(&text);
	return st;
}

static enum status
import_roster(struct invocation *invocation, struct err *err)
{
	struct buf file = INPUT_INIT;
	struct buf text = BUF_INIT(TEXT_MAX);
	struct buf rows = BUF_INIT(0);
	enum status st;

	st = input_read(arguments_text(&invocation->arguments, "FILE.csv"),
	    &file, err);
	if (st == ST_OK)
		st = roster_text(buf_str(&file), file.len, &text, err);
	if (st == ST_OK)
		st = roster_parse(buf_str(&text), text.len, print_complaint,
		    NULL, &rows, err);
	/* A file that could not be read has said so; it has no faulty lines. */
	if (st == ST_BAD_INPUT && file.len > 0)
		fprintf(stderr, "Nothing was written.\n");
	if (st == ST_OK)
		st = read_and_import(invocation, &rows, err);
	buf_clear(&rows);
	buf_clear(&text);
	buf_clear(&file);
	return st;
}

const struct command commands_import[] = {
	{
		.name = "import roster",
		.summary = "bring players and parents in from the club's list",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = roster_parameters,
		.run = import_roster,
	},
	COMMANDS_END
};
