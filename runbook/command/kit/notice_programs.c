/* Each program's own health, as nginx reaches it over its socket. */
#include <stdlib.h>

#include "base/buf.h"
#include "notice.h"
#include "probe.h"

/* As their sockets are called: nginx/teamdues.conf knows these. */
static const char *const programs[] = {
	"index", "healthz", "webhooks-stripe", "checkout-first-payment",
	"checkout-tournament", "checkout-jersey", "checkout-create-session",
	"checkout-status", "tryouts-register", "tryouts-pay", "admin-email",
	"admin-orders", "desk-index", "desk-sign-in", "desk-enter",
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]), URL_SIZE = 512 };

/* False: the site itself does not answer, which is said elsewhere. */
static bool
ask(const char *site, const char *program, int *http)
{
	char url[URL_SIZE];
	struct buf b = BUF_FIXED(url);
	struct probe probe;
	struct err err;

	buf_putf(&b, "%s/healthz/%s", site, program);
	if (buf_str(&b) == NULL || probe_url(url, getenv("TEAMDUES_CA_FILE"),
	    &probe, &err) != ST_OK)
		return false;
	*http = probe.http;
	return true;
}

/* A list of names, such as "index, tryouts-pay". */
static void
add(struct buf *list, const char *program)
{
	buf_putf(list, "%s%s", list->len > 0 ? ", " : "", program);
}

static void
tell(struct notices *notices, const struct buf *down,
    const struct buf *unknown)
{
	if (down->len > 0)
		notice_set(notices, CAUSE_PROGRAMS, VERDICT_FAIL,
		    "hung or not there: %s", buf_str(down));
	else if (unknown->len > 0)
		notice_set(notices, CAUSE_PROGRAMS, VERDICT_WARN,
		    "nginx cannot be asked about %s: its configuration is of "
		    "another version", buf_str(unknown));
	else
		notice_set(notices, CAUSE_PROGRAMS, VERDICT_OK,
		    "all %d answer", PROGRAMS);
}

void
notice_look_at_programs(const struct config *config, struct notices *notices)
{
	const char *site = config_text(config, SETTING_SITE_URL);
	char down_text[ERR_MSG_MAX] = "";
	char unknown_text[ERR_MSG_MAX] = "";
	struct buf down = BUF_FIXED(down_text);
	struct buf unknown = BUF_FIXED(unknown_text);

	for (size_t i = 0; site != NULL && i < PROGRAMS; i++) {
		int http;

		if (!ask(site, programs[i], &http))
			return;
		if (http >= 500) {
			notices->programs_down++;
			add(&down, programs[i]);
		} else if (http != 200) {
			add(&unknown, programs[i]);
		}
	}
	if (site != NULL)
		tell(notices, &down, &unknown);
}
