/* One request over the network, for what its answer tells about the way. */
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
 * HEAD url, with the certificate and its name verified, by ca_file if it is not
 * NULL.  ST_UPSTREAM_BUSY when no answer came; ST_NOMEM.
 */
NODISCARD enum status probe_url(const char *url, const char *ca_file,
    struct probe *probe, struct err *err);

#endif
