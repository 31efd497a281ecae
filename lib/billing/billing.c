#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "billing/billing.h"

static const char settings_file[] = "/etc/teamdues/teamdues.conf";

enum { PROBLEMS_MAX = 8192 };

/* One line per problem: an administrator mends them all in one go. */
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
read_settings(struct billing *billing, uint32_t settings, struct err *err)
{
	struct buf problems = BUF_INIT(PROBLEMS_MAX);
	const char *level;
	enum status st;

	st = config_load(&billing->config, settings, settings_file, &problems,
	    err);
	if (st != ST_OK && buf_str(&problems) != NULL)
		log_problems(buf_str(&problems), err);
	level = config_text(&billing->config, SETTING_LOG_LEVEL);
	if (st == ST_OK && level != NULL)
		log_set_level(log_level_parse(level));
	buf_clear(&problems);
	return st;
}

static void
want_receipts(struct billing *billing)
{
	const char *receipts = config_text(&billing->config, SETTING_RECEIPTS);

	if (receipts == NULL || strcmp(receipts, "on") == 0)
		store_queue_receipts(billing->store,
		    config_text(&billing->config, SETTING_CLUB_TIMEZONE));
}

enum status
billing_open(struct billing *billing, const struct billing_needs *needs)
{
	struct err err = { ST_OK, "" };
	enum status st;

	memset(billing, 0, sizeof(*billing));
	st = read_settings(billing, needs->settings, &err);
	if (st == ST_OK && (needs->settings & NEEDS(SETTING_DATABASE_URL)))
		st = store_open(config_secret(&billing->config,
		    SETTING_DATABASE_URL), needs->name, needs->connections,
		    &billing->store, &err);
	if (st == ST_OK && needs->receipts)
		want_receipts(billing);
	if (st == ST_OK && billing->store != NULL)
		st = ledger_open(billing->store, &billing->ledger, &err);
	if (st == ST_OK && (needs->settings & NEEDS(SETTING_STRIPE_SECRET_KEY)))
		st = stripe_open(&billing->config, needs->stripe_calls,
		    &billing->stripe, &err);
	if (st != ST_OK)
		log_event(LOG_ERROR, "cannot_start",
		    LOG_TEXT("program", needs->name),
		    LOG_TEXT("reason", err.msg), NULL);
	return st;
}

void
billing_tick(void *billing)
{
	struct billing *b = billing;

	if (b->store == NULL)
		return;
	store_tick(b->store);
	ledger_tick(b->ledger);
}

void
billing_close(struct billing *billing)
{
	stripe_close(billing->stripe);
	ledger_close(billing->ledger);
	store_close(billing->store);
	config_clear(&billing->config);
}
