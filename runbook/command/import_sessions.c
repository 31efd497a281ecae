/*
 * teamdues import sessions: adopts sessions that something else made for our
 * orders.  Their payments are real money of families, so a line in doubt is
 * refused and the rest is adopted.
 */
#include <inttypes.h>
#include <stdio.h>

#include "billing/repair/adopt.h"
#include "kit/act.h"
#include "kit/input.h"
#include "kit/invocation.h"
#include "kit/output.h"
#include "suggest_file.h"

/*
 * What is decided comes first; the player and the payer follow, by whom a
 * person checks it.
 */
static const char *const columns[] = {
	"line", "order_id", "order_status", "at_stripe", "action", "status",
	"player_name", "team", "product_name", "amount_cents", "currency",
	"payer_name", "payer_email", "session_id", "reason", NULL
};

static const struct parameter parameters[] = {
	{ "FILE.csv", PARAMETER_TEXT, false, NULL, "order_id,session_id" },
	{ "--suggest", PARAMETER_FLAG, false, NULL,
	    "write such a file, from Stripe's list" },
	{ "--tournament-id", PARAMETER_ID, false, "N",
	    "whose orders to suggest" },
	{ "--anyway", PARAMETER_FLAG, false, NULL,
	    "though others pay, or orders are paid" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

/* The counts of the lines by what was done, or would be done. */
struct tally {
	size_t adopted;
	size_t ended;		/* of those */
	size_t same;
	size_t refused;		/* in doubt */
};

static void
complain(const struct adopt_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->lines[i].fault[0] != '\0')
			fprintf(stderr, "line %zu: %s\n", list->lines[i].line,
			    list->lines[i].fault);
}

static bool
is_ended(const struct adopt_line *line)
{
	return line->is_ended || line->adoption.result == ADOPT_END;
}

/*
 * The words for what happens at Stripe, which cannot be undone: a session that
 * was ended stays ended.
 */
static const char *
action_of(const struct adopt_line *line)
{
	if (line->adoption.result == ADOPT_DOUBT)
		return "refuse";
	if (is_ended(line))
		return "end, adopt";
	if (line->is_alone || line->adoption.result == ADOPT_FIRST)
		return "adopt, end its open session";
	return "adopt";
}

static enum status
print_line(struct output *output, const struct adopt_line *line,
    struct err *err)
{
	const struct adoption *adoption = &line->adoption;
	struct buf text = BUF_INIT(OUTPUT_ROW_MAX);
	struct json_out row = JSON_OUT(&text);
	enum status st;

	json_out_object(&row, NULL);
	json_out_i64(&row, "line", (int64_t)line->line);
	json_out_i64(&row, "order_id", line->order_id);
	json_out_i64(&row, "amount_cents", line->amount_cents);
	json_out_text(&row, "currency", line->currency);
	json_out_text(&row, "player_name", adoption->player_name);
	json_out_text(&row, "team", adoption->team);
	json_out_text(&row, "product_name", adoption->product_name);
	json_out_text(&row, "order_status", adoption->order_status);
	json_out_text(&row, "payer_name", line->payer_name);
	json_out_text(&row, "payer_email", line->payer_email);
	json_out_text(&row, "session_id", line->session_id);
	json_out_text(&row, "at_stripe", line->shown);
	json_out_text(&row, "action", action_of(line));
	json_out_text(&row, "status", adoption->status);
	json_out_text(&row, "reason", adoption->reason);
	json_out_end(&row);
	st = output_written(output, &row, err);
	buf_clear(&text);
	return st;
}

/*
 * Lines that are adopted already are counted only: the file may be given again
 * after a refusal was settled.
 */
static enum status
print_list(struct output *output, const struct adopt_list *list,
    struct tally *tally, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < list->count; i++) {
		const struct adopt_line *line = &list->lines[i];

		if (line->adoption.result == ADOPT_SAME) {
			tally->same++;
			continue;
		}
		if (line->adoption.result == ADOPT_DOUBT)
			tally->refused++;
		else
			tally->adopted++;
		tally->ended += is_ended(line);
		st = print_line(output, line, err);
	}
	return st;
}

static void
summarise(const struct output *output, const struct tally *tally, bool commit)
{
	FILE *file = output->format == OUTPUT_TABLE ? stdout : stderr;

	fprintf(file, "adopt %zu (end %zu of them), same %zu", tally->adopted,
	    tally->ended, tally->same);
	if (tally->refused > 0)
		fprintf(file, ", refused %zu (--anyway adopts them)",
		    tally->refused);
	if (tally->adopted == 0)
		fprintf(file, ": nothing to do\n");
	else if (commit)
		fprintf(file, ": done\n");
	else
		fprintf(file, ": nothing was written (--commit does it)\n");
}

static enum status
report(struct invocation *invocation, const struct adopt_list *list,
    struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	bool commit = arguments_flag(arguments, "--commit");
	struct tally tally = { .adopted = 0 };
	struct output output;
	enum status st;

	output_init(&output, arguments, columns);
	st = print_list(&output, list, &tally, err);
	st = output_end(&output, st, err);
	if (st != ST_OK)
		return st;
	summarise(&output, &tally, commit);
	if (tally.refused > 0)
		invocation->exit = EXIT_FAILED;
	else if (!commit && tally.adopted > 0)
		invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

static enum status
adopt(struct invocation *invocation, struct adopt_list *list, struct err *err)
{
	char actor[ACTOR_SIZE];
	const struct adopt_options options = {
		.actor = actor,
		.commit = arguments_flag(&invocation->arguments, "--commit"),
		.is_anyway = arguments_flag(&invocation->arguments,
		    "--anyway"),
	};
	enum status st;

	act_actor(actor);
	st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = adopt_sessions(&invocation->app, list, &options, err);
	return st;
}

static enum status
import_file(struct invocation *invocation, struct err *err)
{
	struct buf text = INPUT_INIT;
	struct adopt_list list = { NULL, 0 };
	enum status st;

	st = input_read(arguments_text(&invocation->arguments, "FILE.csv"),
	    &text, err);
	if (st == ST_OK)
		st = adopt_list_parse(buf_str(&text), text.len, &list, err);
	if (st == ST_OK)
		st = adopt(invocation, &list, err);
	if (st == ST_OK) {
		st = report(invocation, &list, err);
	} else {
		complain(&list);
		fprintf(stderr, "Nothing was written.\n");
	}
	adopt_list_clear(&list);
	buf_clear(&text);
	return st;
}

static enum status
import_sessions(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	bool has_file = arguments_text(arguments, "FILE.csv") != NULL;
	bool is_asked = arguments_flag(arguments, "--suggest");

	if (has_file == is_asked)
		return invocation_usage(invocation, err,
		    "either FILE.csv or --suggest");
	if (is_asked != (arguments_id(arguments, "--tournament-id") != 0))
		return invocation_usage(invocation, err,
		    "--suggest and --tournament-id go together");
	if (is_asked && (arguments_flag(arguments, "--commit") ||
	    arguments_flag(arguments, "--anyway")))
		return invocation_usage(invocation, err,
		    "--suggest changes nothing: there is nothing to commit");
	return is_asked ? suggest_file(invocation, err)
	    : import_file(invocation, err);
}

const struct command commands_import_sessions[] = {
	{
		.name = "import sessions",
		.summary = "adopt sessions made elsewhere, or suggest whose "
		    "they are",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_STRIPE_MODE) |
		    NEEDS(SETTING_STRIPE_SECRET_KEY) |
		    NEEDS(SETTING_STRIPE_API_BASE),
		.parameters = parameters,
		.run = import_sessions,
	},
	COMMANDS_END
};
