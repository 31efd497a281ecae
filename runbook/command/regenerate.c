/*
 * teamdues regenerate: fresh sessions for a tournament's broken ones.  An order
 * that fails at Stripe never stops the others; the next run repairs it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "billing/repair/regenerate.h"
#include "kit/invocation.h"
#include "kit/output.h"
#include "kit/progress.h"
#include "kit/table.h"
#include "store/mail_queue.h"
#include "store/order_status.h"
#include "store/views.h"

enum { CELL_MAX = 4096 };

/* The payer is who paid, or else who is to pay. */
static const char *const columns[] = {
	"order_id", "player_name", "team", "product_name", "amount_cents",
	"currency", "order_status", "payer_name", "payer_email", "action",
	"reason", NULL
};

/* All members, for programs: a table of them is too wide. */
static const char *const all_columns[] = {
	"order_id", "player_id", "player_name", "parent_email",
	"amount_cents", "currency", "action", "status", "reason", "pay_link",
	"team", "product_name", "order_status", "payer_name", "payer_email",
	NULL
};

static const struct parameter parameters[] = {
	{ "--tournament-id", PARAMETER_ID, true, "N",
	    "look at its pending orders" },
	{ "--product-ids", PARAMETER_IDS, false, "1,2",
	    "only those of these products" },
	{ "--anyway", PARAMETER_FLAG, false, NULL,
	    "book payments of others than the family, too" },
	{ "--force", PARAMETER_FLAG, false, NULL,
	    "replace good sessions as well" },
	{ "--email", PARAMETER_FLAG, false, NULL,
	    "send each family its new pay link" },
	PARAMETER_COMMIT,
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

struct repairs {
	const struct arguments *arguments;
	struct app *app;
	struct regenerate_options options;
	struct kept orders;	/* rows of order_overview */
	size_t count;		/* of them */
	struct output output;
	struct progress progress;
	bool has_lines;		/* for people, as each order is done */
	size_t counts[REPAIR_MAX];
	size_t failed;
	size_t mailed;
};

static const char *const actions[] = {
	[REPAIR_LEAVE] = "leave",
	[REPAIR_REPLACE] = "replace",
	[REPAIR_FULFIL] = "fulfil",
	[REPAIR_REFUSE] = "refuse",
};

static const char *const actions_done[] = {
	[REPAIR_LEAVE] = "left",
	[REPAIR_REPLACE] = "replaced",
	[REPAIR_FULFIL] = "fulfilled",
	[REPAIR_REFUSE] = "refused",
};

/* The options' check has made sure that each part is an id. */
static bool
is_wanted_product(const struct arguments *arguments, int64_t product_id)
{
	const char *at = arguments_text(arguments, "--product-ids");

	if (at == NULL)
		return true;
	for (;;) {
		size_t len = strcspn(at, ",");
		int64_t id;

		if (text_parse_id(at, len, &id) && id == product_id)
			return true;
		if (at[len] == '\0')
			return false;
		at += len + 1;
	}
}

/* The list is read whole: Stripe is not asked while a query is open. */
static enum status
keep_order(void *context, struct json_node row, struct err *err)
{
	struct repairs *repairs = context;

	if (!is_wanted_product(repairs->arguments,
	    json_i64_or_0(row, "product_id")))
		return ST_OK;
	return kept_add(&repairs->orders, row, err);
}

static enum status
see_tournament(void *context, struct json_node row, struct err *err)
{
	bool *is_known = context;

	(void)row;
	(void)err;
	*is_known = true;
	return ST_OK;
}

/* With a mistyped id, an empty list would look like "nothing to do". */
static enum status
list_orders(struct repairs *repairs, struct err *err)
{
	struct store *store = repairs->app->store;
	int64_t id = arguments_id(repairs->arguments, "--tournament-id");
	bool is_known = false;
	enum status st;

	st = store_tournaments(store, id, see_tournament, &is_known, err);
	if (st == ST_OK && !is_known)
		st = err_set(err, ST_NOT_FOUND, "no tournament %" PRId64, id);
	if (st != ST_OK)
		return st;
	return store_orders(store, &(struct order_filter){
		.status = order_status_names[ORDER_PENDING],
		.tournament_id = id,
	}, keep_order, repairs, err);
}

/*
 * order 12  Mia Alvarez  U14  Fall Cup  $150.00  pending  Ruth Alvarez
 * ruth@example.com  replaced: expired  https://...
 */
static void
print_line(struct repairs *repairs, struct json_node row)
{
	static const char *const cells[] = { "order_id", "player_name",
	    "team", "product_name", "amount_cents", "order_status",
	    "payer_name", "payer_email" };
	struct json_node link = json_at(row, "pay_link");
	struct buf line = BUF_INIT(CELL_MAX);

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		size_t before = line.len;

		table_put_cell(&line, row, cells[i]);
		if (line.len > before)
			buf_puts(&line, "  ");
	}
	table_put_cell(&line, row, "action");
	buf_puts(&line, ": ");
	table_put_cell(&line, row, "reason");
	if (json_exists(link))
		buf_puts(&line, "  ");
	json_put_chars(&line, link);
	progress_hide(&repairs->progress);
	printf("order %s\n", buf_str(&line) != NULL ? buf_str(&line) : "");
	/* Who ends a long run early has seen what is done. */
	fflush(stdout);
	buf_clear(&line);
}

/* The payer as Stripe names them; until somebody pays, the parent. */
static void
put_payer(struct json_out *row, struct json_node order,
    const struct regeneration *done)
{
	if (done->payer_email[0] != '\0' || done->payer_name[0] != '\0') {
		json_out_text(row, "payer_name", done->payer_name);
		json_out_text(row, "payer_email", done->payer_email);
	} else {
		json_out_node(row, "payer_name",
		    json_at(order, "parent_name"));
		json_out_node(row, "payer_email",
		    json_at(order, "parent_email"));
	}
}

/* order_status is the order's before the repair, status the one after. */
static void
put_row(struct json_out *row, struct json_node order, const char *action,
    const struct regeneration *done)
{
	json_out_object(row, NULL);
	for (struct json_node member = json_first(order);
	    json_exists(member); member = json_next(order, member))
		if (!json_is_named(member, "status"))
			json_out_member(row, member);
	json_out_node(row, "order_status", json_at(order, "status"));
	put_payer(row, order, done);
	json_out_text(row, "action", action);
	json_out_text(row, "status", done->status);
	json_out_text(row, "reason", done->reason);
	json_out_optional(row, "pay_link", done->link);
	json_out_end(row);
}

/* A commit prints each row at once; a table needs its widths first. */
static enum status
print_row(struct repairs *repairs, struct json_node row,
    const struct regeneration *done, struct err *err)
{
	if (!repairs->has_lines)
		return output_row(&repairs->output, row, err);
	/* On a terminal the bar counts the orders that are left. */
	if (done->repair != REPAIR_LEAVE || done->status[0] == '\0' ||
	    !repairs->progress.has_terminal)
		print_line(repairs, row);
	return ST_OK;
}

static enum status
print_order(struct repairs *repairs, struct json_node order,
    const char *action, const struct regeneration *done, struct err *err)
{
	struct buf text = BUF_INIT(OUTPUT_ROW_MAX);
	struct json_out row = JSON_OUT(&text);
	struct json_doc doc;
	enum status st;

	put_row(&row, order, action, done);
	st = json_out_parse(&row, "a row", &doc, err);
	if (st == ST_OK)
		st = print_row(repairs, json_root(&doc), done, err);
	json_clear(&doc);
	buf_clear(&text);
	return st;
}

/* None is queued for a family that was mailed today or has no address. */
static enum status
mail_link(struct repairs *repairs, int64_t order_id,
    const struct regeneration *done, struct err *err)
{
	bool is_queued = false;
	enum status st;

	if (done->repair != REPAIR_REPLACE || !repairs->options.commit ||
	    !arguments_flag(repairs->arguments, "--email"))
		return ST_OK;
	st = store_queue_replaced_link(repairs->app->store, order_id,
	    config_text(&repairs->app->config, SETTING_CLUB_TIMEZONE),
	    &is_queued, err);
	repairs->mailed += is_queued;
	return st;
}

/* A failure is this order's alone: its row says why. */
static enum status
repair_order(struct repairs *repairs, struct json_node row, struct err *err)
{
	const char *const *words = repairs->has_lines ? actions_done : actions;
	int64_t order_id = json_i64_or_0(row, "order_id");
	struct regeneration done;
	struct err why;
	enum status st;

	st = regenerate_order(repairs->app, order_id, &repairs->options,
	    &done, &why);
	if (st == ST_OK)
		st = mail_link(repairs, order_id, &done, &why);
	if (st == ST_OK) {
		repairs->counts[done.repair]++;
		return print_order(repairs, row, words[done.repair], &done,
		    err);
	}
	struct buf reason = BUF_FIXED(done.reason);

	repairs->failed++;
	/* It may have failed after a step at Stripe. */
	done.status[0] = '\0';
	buf_puts(&reason, why.msg);
	return print_order(repairs, row, "failed", &done, err);
}

static void
summarise(const struct repairs *repairs)
{
	FILE *file = repairs->output.format == OUTPUT_TABLE ? stdout : stderr;
	size_t work = repairs->counts[REPAIR_REPLACE] +
	    repairs->counts[REPAIR_FULFIL];

	fprintf(file, "%zu pending: replace %zu, fulfil %zu, leave %zu, "
	    "failed %zu", repairs->count,
	    repairs->counts[REPAIR_REPLACE], repairs->counts[REPAIR_FULFIL],
	    repairs->counts[REPAIR_LEAVE], repairs->failed);
	if (repairs->counts[REPAIR_REFUSE] > 0)
		fprintf(file, ", refused %zu (--anyway books them)",
		    repairs->counts[REPAIR_REFUSE]);
	if (arguments_flag(repairs->arguments, "--email"))
		fprintf(file, ", mail %zu", repairs->mailed);
	if (repairs->failed > 0)
		fputs(": run it again for those that failed\n", file);
	else if (work == 0)
		fputs(": nothing to do\n", file);
	else if (repairs->options.commit)
		fputs(": done\n", file);
	else
		fputs(": nothing was changed (--commit does it)\n", file);
}

/* A refused payment is money that only a person can book. */
static enum exit_code
exit_of(const struct repairs *repairs)
{
	if (repairs->failed + repairs->counts[REPAIR_REFUSE] > 0)
		return EXIT_FAILED;
	if (!repairs->options.commit && repairs->counts[REPAIR_REPLACE] +
	    repairs->counts[REPAIR_FULFIL] > 0)
		return EXIT_FOUND_WORK;
	return EXIT_DONE;
}

static enum status
repair_all(struct repairs *repairs, struct err *err)
{
	struct json_node rows = JSON_NONE;
	enum status st = kept_rows(&repairs->orders, &rows, err);

	repairs->count = json_count(rows);
	if (repairs->has_lines)
		progress_begin(&repairs->progress, repairs->count);
	for (struct json_node row = json_first(rows);
	    st == ST_OK && json_exists(row); row = json_next(rows, row)) {
		st = repair_order(repairs, row, err);
		progress_step(&repairs->progress);
	}
	progress_hide(&repairs->progress);
	if (!repairs->has_lines)
		st = output_end(&repairs->output, st, err);
	return st;
}

static enum status
regenerate(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct repairs repairs = {
		.arguments = arguments,
		.app = &invocation->app,
		.options = {
			.commit = arguments_flag(arguments, "--commit"),
			.force = arguments_flag(arguments, "--force"),
			.is_anyway = arguments_flag(arguments, "--anyway"),
		},
		.orders = KEPT_INIT,
	};
	enum status st;

	output_init(&repairs.output, arguments, columns);
	if (repairs.output.format != OUTPUT_TABLE)
		repairs.output.columns = all_columns;
	repairs.has_lines = repairs.options.commit &&
	    repairs.output.format == OUTPUT_TABLE;
	st = list_orders(&repairs, err);
	if (st == ST_OK)
		st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = repair_all(&repairs, err);
	if (st == ST_OK) {
		summarise(&repairs);
		invocation->exit = exit_of(&repairs);
	}
	kept_clear(&repairs.orders);
	return st;
}

const struct command commands_regenerate[] = {
	{
		.name = "regenerate",
		.summary = "replace a tournament's broken sessions, book what "
		    "was paid",
		.needs = APP_NEEDS_CHECKOUT,
		.parameters = parameters,
		.run = regenerate,
	},
	COMMANDS_END
};
