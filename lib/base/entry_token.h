/*
 * What a mailed link to sign in at the desk carries: "ID.EXPIRES.SIGNATURE",
 * signed with LINK_SECRET for nothing else.
 */
#ifndef TEAMDUES_BASE_ENTRY_TOKEN_H
#define TEAMDUES_BASE_ENTRY_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/status.h"

/* expires is Unix seconds.  ST_NOMEM, ST_CONFIG. */
NODISCARD enum status entry_token_put(const struct config *config,
    int64_t entry_id, int64_t expires, struct buf *out, struct err *err);

/* ST_DENIED: it is not ours; ST_EXPIRED: its time is over at now. */
NODISCARD enum status entry_token_read(const struct config *config,
    const char *token, int64_t now, int64_t *entry_id, struct err *err);

#endif
