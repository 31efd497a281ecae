/*
 * Opens in the order in which the parts need each other, and closes in the
 * reverse one.  What a program does not ask for stays NULL: a program without
 * Stripe's key cannot call Stripe even by a mistake in its code.
 */
#include <string.h>

#include "app/app.h"
#include "base/buf.h"
#include "base/log.h"

enum { PROBLEMS_MAX = 8192 };

/* One line for each problem, so that an administrator sees and mends all of
 * them at once. */
static void
log_problems(const char *problems, const struct err *err)
{
	while (*problems != '\0') {
		size_t len = strcspn(problems, "\n");
		struct buf line = BUF_INIT(1024);

		buf_put(&line, problems, len);
		log_event(LOG_ERROR, "setting", LOG_TEXT("problem",
		    buf_str(&line) != NULL ? buf_str(&line) : err->msg), NULL);
		buf_clear(&line);
		problems += len + (problems[len] == '\n');
	}
}

static enum status
read_settings(struct app *app, uint32_t settings, struct err *err)
{
	struct buf problems = BUF_INIT(PROBLEMS_MAX);
	const char *level;
	enum status st;

	st = config_load(&app->config, settings, CONFIG_FILE, &problems,
	    err);
	if (st != ST_OK && buf_str(&problems) != NULL)
		log_problems(buf_str(&problems), err);
	level = config_text(&app->config, SETTING_LOG_LEVEL);
	if (st == ST_OK && level != NULL)
		log_set_level(log_level_parse(level));
	buf_clear(&problems);
	return st;
}

/* Receipts are queued in the transaction that records a payment, so the store
 * must know of them before anything is recorded. */
static void
want_receipts(struct app *app)
{
	const char *receipts = config_text(&app->config, SETTING_RECEIPTS);

	if (receipts == NULL || strcmp(receipts, "on") == 0)
		store_queue_receipts(app->store,
		    config_text(&app->config, SETTING_CLUB_TIMEZONE));
}

enum status
app_open(struct app *app, const struct app_needs *needs)
{
	struct err err = { ST_OK, "" };
	enum status st;

	/* app_close() is called after a failure, too. */
	memset(app, 0, sizeof(*app));
	st = read_settings(app, needs->settings, &err);
	if (st == ST_OK && (needs->settings & NEEDS(SETTING_DATABASE_URL)))
		st = store_open(config_secret(&app->config,
		    SETTING_DATABASE_URL), needs->name, needs->connections,
		    &app->store, &err);
	if (st == ST_OK && needs->receipts)
		want_receipts(app);
	if (st == ST_OK && app->store != NULL)
		st = ledger_open(app->store, &app->ledger, &err);
	if (st == ST_OK && (needs->settings & NEEDS(SETTING_STRIPE_SECRET_KEY)))
		st = stripe_open(&app->config, needs->stripe_calls,
		    &app->stripe, &err);
	if (st != ST_OK)
		log_event(LOG_ERROR, "cannot_start",
		    LOG_TEXT("program", needs->name),
		    LOG_TEXT("reason", err.msg), NULL);
	return st;
}

void
app_tick(void *context)
{
	struct app *app = context;

	if (app->store == NULL)
		return;
	store_tick(app->store);
	ledger_tick(app->ledger);
}

void
app_close(struct app *app)
{
	stripe_close(app->stripe);
	ledger_close(app->ledger);
	store_close(app->store);
	config_clear(&app->config);
}
