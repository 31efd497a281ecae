/* teamdues mailer: sends what the outbox holds, until SIGTERM. */
#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "base/log.h"
#include "billing/mailer.h"
#include "command.h"

enum { LOOK_EVERY_S = 1, MENDING_WAIT_S = 30, REFUSED_WAIT_S = 300 };

static const struct parameter mailer_parameters[] = {
	{ "--once", PARAMETER_FLAG, false, NULL,
	    "send what is due now, and end" },
	PARAMETER_END
};

static void
stop_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
}

/*
 * Stops are blocked from the start and only ever asked for here: none can be
 * lost between a look and a sleep, and none cuts a mail in two.
 */
static bool
told_to_stop(time_t wait_s)
{
	const struct timespec wait = { wait_s, 0 };
	sigset_t stops;

	stop_signals(&stops);
	return sigtimedwait(&stops, NULL, &wait) > 0;
}

static bool
told_to_stop_now(void)
{
	return told_to_stop(0);
}

static void
serve(struct mailer *mailer)
{
	static const time_t waits_s[] = {
		[MAILER_IDLE] = LOOK_EVERY_S,
		[MAILER_IN_TROUBLE] = MENDING_WAIT_S,
		[MAILER_REFUSED] = REFUSED_WAIT_S,
	};
	enum mailer_pause pause;

	do {
		struct err err = { ST_OK, "" };
		enum status st = mailer_send_due(mailer, told_to_stop_now,
		    &pause, &err);

		if (st != ST_OK)
			log_event(LOG_ERROR, "mailer",
			    LOG_TEXT("reason", err.msg), NULL);
	} while (pause != MAILER_STOPPED && !told_to_stop(waits_s[pause]));
}

static enum status
run(struct invocation *invocation, struct err *err)
{
	struct mailer *mailer = NULL;
	enum mailer_pause pause;
	sigset_t stops;
	enum status st;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ST_NOMEM, "libcurl does not start");
	stop_signals(&stops);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	st = mailer_open(&invocation->config, &mailer, err);
	if (st == ST_OK && arguments_flag(&invocation->arguments, "--once"))
		st = mailer_send_due(mailer, told_to_stop_now, &pause, err);
	else if (st == ST_OK)
		serve(mailer);
	mailer_close(mailer);
	curl_global_cleanup();
	return st;
}

const struct command command_mailer = {
	.name = "mailer",
	.summary = "send the mails that are due, until it is told to stop",
	.needs = MAILER_NEEDS,
	.parameters = mailer_parameters,
	.run = run,
};
