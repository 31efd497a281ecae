/* One family, for the desk. */
#ifndef TEAMDUES_STORE_DESK_FAMILY_H
#define TEAMDUES_STORE_DESK_FAMILY_H

#include "store/store.h"

/*
 * The data of a family's page (desk_family in sql/functions/desk_family.sql);
 * family_id is as typed, session as for all of the desk.  The caller clears
 * doc.  ST_NOT_FOUND: no such family; ST_BAD_INPUT: no number;
 * ST_UNAUTHENTICATED.
 */
NODISCARD enum status store_desk_family(struct store *store,
    const char *session, const char *family_id, const char *zone,
    const char *currency, struct json_doc *doc, struct err *err);

/* The same of what a form is about: {user, family, address}; family_id NULL:
 * {user}. */
NODISCARD enum status store_desk_family_subject(struct store *store,
    const char *session, const char *family_id, struct json_doc *doc,
    struct err *err);

#endif
