/*
 * Signing in at the desk.  Whatever a browser holds comes as the SHA-256 of it,
 * in hex: the database knows no more.
 */
#ifndef TEAMDUES_STORE_DESK_SIGN_IN_H
#define TEAMDUES_STORE_DESK_SIGN_IN_H

#include <stdbool.h>

#include "store/store.h"

/*
 * Queues the mail with the link if email is a user's.  Whether it is one is not
 * given back: nobody outside may learn it.
 */
NODISCARD enum status store_desk_ask(struct store *store, const char *email,
    const char *browser, struct err *err);

/* Counts that a link came that we did not sign. */
NODISCARD enum status store_desk_count_token(struct store *store,
    struct err *err);

enum desk_entry {
	DESK_ENTERED,		/* session is somebody's now */
	DESK_ELSEWHERE,		/* another browser asked for the link */
	DESK_SPENT,		/* it was used before */
	DESK_OVER,		/* its time is over, or the user was removed */
};

struct desk_entering {
	int64_t entry_id;	/* of the link */
	const char *browser;
	const char *session;	/* to be begun */
	const char *before;	/* ends then; NULL: there was none */
};

NODISCARD enum status store_desk_enter(struct store *store,
    const struct desk_entering *entering, enum desk_entry *entry,
    struct err *err);

/*
 * Ends a session, or all of its user's.  A session that does not exist is no
 * failure: it has ended.
 */
NODISCARD enum status store_desk_leave(struct store *store,
    const char *session, bool is_everywhere, struct err *err);

#endif
