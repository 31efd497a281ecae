/*
 * What became of mails, as the desk shows it: sql/functions/desk_mails.sql.
 * session is the SHA-256 of the cookie in hex, NULL without one; the caller
 * clears doc.  ST_UNAUTHENTICATED: nobody is signed in.
 */
#ifndef TEAMDUES_STORE_DESK_MAILS_H
#define TEAMDUES_STORE_DESK_MAILS_H

#include "store/store.h"

/* A page of a list: the rows behind the one of the key `after` (NULL: the
 * first), limit at most. */
struct desk_page {
	const char *session;
	const char *after;
	int64_t limit;
	const char *zone;
};

/* {user, held, waiting, failed, rows: [{key, title, actor, at, mails, sent,
 * waiting, failed, dropped}]}, the newest batch first. */
NODISCARD enum status store_desk_batches(struct store *store,
    const struct desk_page *page, struct json_doc *doc, struct err *err);

/*
 * {user, title, batch, held, state, rows: [{key, email_id, player, recipient,
 * state, error, at, ...}]}: mails of a state, of the batch or (NULL) of all.
 * state NULL: what is most in need of a look.  ST_NOT_FOUND.
 */
NODISCARD enum status store_desk_mails(struct store *store,
    const struct desk_page *page, const char *batch_id, const char *state,
    struct json_doc *doc, struct err *err);

/* {user, mail, batch}: what an act is about; either id may be NULL. */
NODISCARD enum status store_desk_mail(struct store *store,
    const char *session, const char *email_id, const char *batch_id,
    const char *zone, struct json_doc *doc, struct err *err);

#endif
