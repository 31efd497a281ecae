/*
 * The users who may sign in at the desk: the operator's command adds and
 * removes them.
 */
#ifndef TEAMDUES_STORE_DESK_USERS_H
#define TEAMDUES_STORE_DESK_USERS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct new_desk_user {
	const char *name;
	const char *email;
	const char *role;	/* treasurer or viewer */
	const char *actor;
};

/* Gives the new user's id.  ST_DUPLICATE: a user has that address already. */
NODISCARD enum status store_desk_user_add(struct store *store,
    const struct new_desk_user *user, int64_t *user_id, struct err *err);

enum { DESK_DETAIL_SIZE = 512 };

/*
 * Removes a user; key is the decimal id or the address.  The user's sessions
 * end at once; detail says who it was and how many sessions there were.
 * ST_NOT_FOUND.
 */
NODISCARD enum status store_desk_user_remove(struct store *store,
    const char *key, const char *actor, char detail[DESK_DETAIL_SIZE],
    struct err *err);

/* Ends the sessions of all users; gives how many were open. */
NODISCARD enum status store_desk_sign_out_all(struct store *store,
    const char *actor, int64_t *sessions, struct err *err);

/* Rows {user_id, name, email, role, added_at, last_entered_at, sessions}. */
NODISCARD enum status store_desk_users(struct store *store, store_row *each,
    void *context, struct err *err);

/*
 * Deletes sign-ins and sessions that were over by then, and what rosters held
 * that were imported by then; before is Unix seconds, count is of those that
 * are (or would be) gone.
 */
NODISCARD enum status store_desk_prune(struct store *store, int64_t before,
    bool commit, int64_t *count, struct err *err);

#endif
