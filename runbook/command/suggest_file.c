/*
 * The file is the same as `import sessions FILE.csv` reads: a person checks it,
 * deletes the lines that are wrong, and gives it back.
 */
#include "suggest_file.h"

#include <stdio.h>

#include "billing/repair/suggest.h"
#include "kit/output.h"
#include "kit/table.h"

enum { LINE_MAX_LEN = 8 * 1024 };

/*
 * Only the first two columns are read back (billing/repair/adopt_file.c); the
 * others are for the person who checks the file.
 */
static const char *const columns[] = {
	"order_id", "session_id", "sure", "why", "player_name", "team",
	"product_name", "amount_cents", "currency", "payer_name",
	"payer_email", NULL
};

struct suggestions {
	struct output output;
	struct buf left_out;	/* a line for each */
	size_t count;		/* of the others */
	size_t left_out_count;
};

/* "left out: cs_...  $150.00  Pat Payer  pat@example.com: ..." */
static enum status
leave_out(struct suggestions *suggestions, struct json_node row,
    struct err *err)
{
	static const char *const cells[] = { "session_id", "amount_cents",
	    "payer_name", "payer_email" };
	struct buf *line = &suggestions->left_out;

	suggestions->left_out_count++;
	buf_puts(line, "left out: ");
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		table_put_cell(line, row, cells[i]);
		buf_puts(line, i + 1 < sizeof(cells) / sizeof(cells[0])
		    ? "  " : ": ");
	}
	table_put_cell(line, row, "why");
	buf_putc(line, '\n');
	return buf_check(line, "what is left out", err);
}

static enum status
take_row(void *context, struct json_node row, struct err *err)
{
	struct suggestions *suggestions = context;

	/*
	 * A row without an order cannot be read back.  Programs get it as well,
	 * and see that its order_id is null.
	 */
	if (json_i64_or_0(row, "order_id") == 0 &&
	    suggestions->output.format != OUTPUT_JSON)
		return leave_out(suggestions, row, err);
	suggestions->count++;
	return output_row(&suggestions->output, row, err);
}

enum status
suggest_file(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct suggestions suggestions = {
		.left_out = BUF_INIT((size_t)1024 * LINE_MAX_LEN),
	};
	enum status st;

	output_init(&suggestions.output, arguments, columns);
	if (suggestions.output.format == OUTPUT_TABLE)
		/*
		 * The output is to become a file, so there is no table of it;
		 * texts are marked against formulas, since a spreadsheet will
		 * open it.
		 */
		suggestions.output.format = OUTPUT_CSV;
	st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = suggest_sessions(&invocation->app, arguments_id(arguments,
		    "--tournament-id"), take_row, &suggestions, err);
	st = output_end(&suggestions.output, st, err);
	if (st == ST_OK) {
		/*
		 * The summary comes after the file on a terminal, where both
		 * streams meet.
		 */
		fflush(stdout);
		fprintf(stderr, "%ssuggested %zu, left out %zu\n",
		    suggestions.left_out.len > 0
		    ? buf_str(&suggestions.left_out) : "",
		    suggestions.count, suggestions.left_out_count);
	}
	buf_clear(&suggestions.left_out);
	return st;
}
