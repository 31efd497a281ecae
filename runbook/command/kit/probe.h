/*
 * One request over the network, made for its status, its date and its
 * certificate.
 */
#ifndef TEAMDUES_COMMAND_PROBE_H
#define TEAMDUES_COMMAND_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct probe {
	int http;		/* the answer's status */
	int64_t date;		/* its Date, in Unix seconds; 0: it had none */
	int64_t trusted_until;	/* the certificate's end; 0: not known */
	bool is_distrusted;	/* no answer, because of the certificate */
};

/*
 * A connection that many questions have in common.  Who asks one alone needs
 * none, and NULL stands for it; so it does when there is no memory.
 */
struct probe_line;
struct probe_line *probe_line_new(void);
void probe_line_free(struct probe_line *line);

/*
 * HEAD url, with the certificate and its name verified, by ca_file if it is not
 * NULL.  When line was connected already, the certificate's end is not known.
 * ST_UPSTREAM_BUSY when no answer came; ST_NOMEM.
 */
NODISCARD enum status probe_url(struct probe_line *line, const char *url,
    const char *ca_file, struct probe *probe, struct err *err);

/* POST body to url with one header more, likewise. */
struct probe_post {
	const char *url;
	const char *header;	/* "Name: value" */
	const char *body;	/* JSON */
};
NODISCARD enum status probe_send(const struct probe_post *post,
    const char *ca_file, struct probe *probe, struct err *err);

#endif
