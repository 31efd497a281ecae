/*
 * The named fields of an admin's or a script's request, from its query or its
 * body.
 */
#ifndef TEAMDUES_ENDPOINT_FIELDS_H
#define TEAMDUES_ENDPOINT_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"
#include "web/request.h"

/*
 * Fields of the query string, and of a body that is a form or a flat JSON
 * object (numbers and booleans count as their text).  ST_BAD_INPUT names one
 * that is not in names (NULL-ended), is repeated or is of no such type.  The
 * caller clears params, after a failure too.
 */
NODISCARD enum status fields_read(const struct request *request,
    const char *const *names, struct params *params, struct err *err);

/* "true" or "false"; absent is false.  ST_BAD_INPUT names it. */
NODISCARD enum status fields_bool(const struct params *params,
    const char *name, bool *value, struct err *err);

/*
 * Whether player_id, word, expires and signature of a JSON object prove a
 * family: the signature is that of the URL `PATH?player_id=N&word=W&expires=T`.
 * ST_DENIED, ST_EXPIRED; ST_GONE: the word is another's; ST_NOT_FOUND: no such
 * player; ST_DB.
 */
NODISCARD enum status fields_signed_player(const struct app *app,
    const char *path, struct json_node body, struct err *err);

/* The id of ours that follows prefix in path, and ends it.  ST_NOT_FOUND. */
NODISCARD enum status fields_id_of_path(const char *path, const char *prefix,
    int64_t *id, struct err *err);

#endif
