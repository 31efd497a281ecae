/*
 * Who may use /admin/: whoever sends `Authorization: Bearer TOKEN` with a token
 * whose SHA-256 is in ADMIN_TOKENS (`name:hex`, comma-separated).
 */
#ifndef TEAMDUES_ENDPOINT_ADMIN_H
#define TEAMDUES_ENDPOINT_ADMIN_H

#include "base/config.h"
#include "web/request.h"

enum { ADMIN_NAME_SIZE = 64 };

/*
 * Copies the name that belongs to the token, for the audit log.
 * ST_UNAUTHENTICATED for a missing, malformed or unknown token; the answer does
 * not say which.  Every stored hash is compared, each in constant time.
 */
NODISCARD enum status admin_authenticate(const struct config *config,
    const struct request *request, char name[ADMIN_NAME_SIZE],
    struct err *err);

#endif
