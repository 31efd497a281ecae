/*
 * teamdues mailer: sends what the outbox holds, until SIGTERM.  It also watches
 * the webhook: while payments may go unheard, nobody must be asked for money
 * that they have paid.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "billing/mailing/mailer.h"
#include "kit/invocation.h"
#include "kit/probe.h"
#include "kit/stops.h"
#include "store/notice.h"

enum {
	LOOK_EVERY_S = 1,	/* a family waits for its link */
	MENDING_WAIT_S = 30,
	REFUSED_WAIT_S = 300,	/* trying on may prolong a quota's block */
	WEBHOOK_LOOK_MS = 60000,
};

static const struct parameter mailer_parameters[] = {
	{ "--once", PARAMETER_FLAG, false, NULL,
	    "send what is due now, and end" },
	PARAMETER_END
};

/*
 * Only a 5xx of nginx's is a sign that the program behind it is down.  No
 * answer at all may be this host's own network, while Stripe still reaches the
 * site.
 */
static bool
webhook_is_down(const struct config *config)
{
	char text[512];
	struct buf url = BUF_FIXED(text);
	struct probe probe;
	struct err err;

	buf_putf(&url, "%s/healthz/webhooks",
	    config_text(config, SETTING_SITE_URL));
	return buf_str(&url) != NULL && probe_url(NULL, text,
	    getenv("TEAMDUES_CA_FILE"), &probe, &err) == ST_OK &&
	    probe.http >= 500;
}

/*
 * The database holds mails that ask for money back after this sight, until
 * reconcile has read what Stripe knows.
 */
static void
note_webhook_down(struct store *store)
{
	struct err err;

	if (store_note_sight(store, "webhook_down", 1, &err) != ST_OK)
		log_event(LOG_ERROR, "mailer", LOG_TEXT("reason", err.msg),
		    NULL);
}

/*
 * The webhook counts as down when two looks in a row find it so: a restart in
 * between must not hold the mails back.
 */
struct webhook_look {
	int64_t next_ms;
	bool was_down;
};

static void
look_at_webhook(struct invocation *invocation, struct webhook_look *look)
{
	bool is_down;

	if (clock_monotonic_ms() < look->next_ms)
		return;
	is_down = webhook_is_down(&invocation->app.config);
	if (is_down && look->was_down)
		note_webhook_down(invocation->app.store);
	look->was_down = is_down;
	look->next_ms = clock_monotonic_ms() + WEBHOOK_LOOK_MS;
}

/*
 * A failure is logged and never ends the service: the mails stay in the outbox.
 */
static void
serve(struct invocation *invocation, struct mailer *mailer)
{
	static const time_t waits_s[] = {
		[MAILER_IDLE] = LOOK_EVERY_S,
		[MAILER_IN_TROUBLE] = MENDING_WAIT_S,
		[MAILER_REFUSED] = REFUSED_WAIT_S,
	};
	struct webhook_look look = { 0, false };
	enum mailer_pause pause;

	log_as_service();
	do {
		struct err err = { ST_OK, "" };
		enum status st;

		look_at_webhook(invocation, &look);
		st = mailer_send_due(mailer, stops_now, &pause, &err);
		if (st != ST_OK)
			log_event(LOG_ERROR, "mailer",
			    LOG_TEXT("reason", err.msg), NULL);
	} while (pause != MAILER_STOPPED && !stops_within(waits_s[pause]));
}

/*
 * One look must do here: a wrong sight only delays the mails until the next
 * reconcile.
 */
static enum status
send_once(struct invocation *invocation, struct mailer *mailer,
    struct err *err)
{
	enum mailer_pause pause;

	if (webhook_is_down(&invocation->app.config))
		note_webhook_down(invocation->app.store);
	return mailer_send_due(mailer, stops_now, &pause, err);
}

static enum status
run(struct invocation *invocation, struct err *err)
{
	struct mailer *mailer = NULL;
	enum status st;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ST_NOMEM, "libcurl does not start");
	/*
	 * Blocked before any thread of libcurl's resolver exists, since threads
	 * inherit the mask.
	 */
	stops_block();
	st = mailer_open(&invocation->app.config, &mailer, err);
	if (st == ST_OK && arguments_flag(&invocation->arguments, "--once"))
		st = send_once(invocation, mailer, err);
	else if (st == ST_OK)
		serve(invocation, mailer);
	mailer_close(mailer);
	curl_global_cleanup();
	return st;
}

const struct command commands_mailer[] = {
	{
		.name = "mailer",
		.summary = "send the mails that are due, until it is told to "
		    "stop",
		.needs = MAILER_NEEDS,
		.parameters = mailer_parameters,
		.run = run,
	},
	COMMANDS_END
};
