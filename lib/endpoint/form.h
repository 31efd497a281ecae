/* What the endpoints that take forms have in common. */
#ifndef TEAMDUES_ENDPOINT_FORM_H
#define TEAMDUES_ENDPOINT_FORM_H

#include <stdint.h>

#include "app/app.h"
#include "web/form_page.h"
#include "web/request.h"
#include "web/response.h"

/*
 * Reads a form's fields from a POST, which may have no query.  ST_FOREIGN:
 * another site's page sent it; ST_BAD_INPUT.  The caller clears params, after a
 * failure too.
 */
NODISCARD enum status form_open(const struct app *app,
    const struct request *request, struct params *params, struct err *err);

/*
 * The player whom player_id, word, expires and signature among the fields are
 * signed for: the signature is that of the URL
 * `PATH?player_id=N&word=W&expires=T`.  ST_DENIED when one is missing, repeated
 * or changed, or the time is over.
 */
NODISCARD enum status form_signed_player(const struct app *app,
    const char *path, const struct params *params, int64_t *player_id,
    struct err *err);

/* What was sent for each field becomes its entry's value; borrowed. */
void form_read(const struct params *params, const struct form_field *fields,
    struct form_entry *entries, size_t count);

/*
 * Shows the form with st's HTTP code (ST_OK: 200).  A client that prefers JSON
 * gets the first fault of a field instead, as an error st.
 */
NODISCARD enum status form_answer(const struct request *request,
    struct response *response, const struct form_page *page, enum status st,
    struct err *err);

#endif
