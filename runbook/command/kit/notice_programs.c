/*
 * Each program's own health, as nginx reaches it over its socket.  A program
 * that hangs is not seen by the others: each has its own processes.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "notice.h"
#include "probe.h"

enum { URL_SIZE = 512 };

/*
 * False: the site does not answer at all; that is the cause `site`, and it
 * would be repeated for each program.
 */
static bool
ask(struct probe_line *line, const char *site, const char *program, int *http)
{
	char url[URL_SIZE];
	struct buf b = BUF_FIXED(url);
	struct probe probe;
	struct err err;

	buf_putf(&b, "%s/healthz/%s", site, program);
	if (buf_str(&b) == NULL || probe_url(line, url,
	    getenv("TEAMDUES_CA_FILE"), &probe, &err) != ST_OK)
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
	int count = 0;

	while (notice_programs[count] != NULL)
		count++;
	if (down->len > 0)
		notice_set(notices, CAUSE_PROGRAMS, VERDICT_FAIL,
		    "hung or not there: %s", buf_str(down));
	else if (unknown->len > 0)
		notice_set(notices, CAUSE_PROGRAMS, VERDICT_WARN,
		    "nginx cannot be asked about %s: its configuration is of "
		    "another version", buf_str(unknown));
	else
		notice_set(notices, CAUSE_PROGRAMS, VERDICT_OK,
		    "all %d answer", count);
}

/* False when the site did not answer. */
static bool
ask_all(struct probe_line *line, const char *site, struct notices *notices,
    struct buf *down, struct buf *unknown)
{
	for (size_t i = 0; notice_programs[i] != NULL; i++) {
		int http;

		if (!ask(line, site, notice_programs[i], &http))
			return false;
		/*
		 * nginx answers 502 or 504 for a program that is not there or
		 * hangs.  Any other answer but 200 is nginx's own: it has no
		 * location for this program, as its configuration is older.
		 */
		if (http >= 500) {
			notices->programs_down++;
			add(down, notice_programs[i]);
		} else if (http != 200) {
			add(unknown, notice_programs[i]);
		}
	}
	return true;
}

void
notice_look_at_programs(const struct config *config, struct notices *notices)
{
	const char *site = config_text(config, SETTING_SITE_URL);
	char down_text[ERR_MSG_MAX] = "";
	char unknown_text[ERR_MSG_MAX] = "";
	struct buf down = BUF_FIXED(down_text);
	struct buf unknown = BUF_FIXED(unknown_text);
	struct probe_line *line;

	if (site == NULL)
		return;
	line = probe_line_new();
	if (ask_all(line, site, notices, &down, &unknown))
		tell(notices, &down, &unknown);
	probe_line_free(line);
}
