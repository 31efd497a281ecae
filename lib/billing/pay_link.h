/*
 * The links that families get: signed, dated URLs of ours, which outlast any
 * session of Stripe's.  Each kind ends when what it is for ends.  Beside the
 * number of an order or player they carry its random word: books that were
 * restored may have given the number again.
 */
#ifndef TEAMDUES_BILLING_PAY_LINK_H
#define TEAMDUES_BILLING_PAY_LINK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "store/store.h"

enum { LINK_MAX = 2048 };

/*
 * Appends the pay link of a tournament's order; it ends with the tournament's
 * day in CLUB_TIMEZONE, or with until (YYYY-MM-DD; NULL: none).  ST_NOT_FOUND:
 * no such order; ST_CONFLICT: it is for no tournament; ST_GONE: that day is
 * over, and the link would be dead; ST_DB.
 */
NODISCARD enum status pay_link_tournament(struct store *store,
    const struct config *config, int64_t order_id, const char *until,
    struct buf *url, struct err *err);

/*
 * The others end after 30 days.  Of a tryout's order, which may be paid by it:
 * ST_NOT_FOUND, ST_CONFLICT: it is for something else; ST_DB.
 */
NODISCARD enum status pay_link_tryout(struct store *store,
    const struct config *config, int64_t order_id, struct buf *url,
    struct err *err);

/*
 * To a player's form for a jersey, and what a family's page sends to
 * /checkout/create-session.  ST_NOT_FOUND: no such player; ST_DB.
 */
NODISCARD enum status pay_link_jersey(struct store *store,
    const struct config *config, int64_t player_id, struct buf *url,
    struct err *err);
NODISCARD enum status pay_link_create_session(struct store *store,
    const struct config *config, int64_t player_id, struct buf *url,
    struct err *err);

/*
 * Whether a link's word ("": it has none) is that of what it names.  ST_GONE,
 * in words for the family: it was for another, of books that were lost.
 */
NODISCARD enum status pay_link_check_word(const char *word,
    const char *wanted, struct err *err);

/* The same for the player that it names.  ST_NOT_FOUND: no player; ST_DB. */
NODISCARD enum status pay_link_check_player(struct store *store,
    int64_t player_id, const char *word, struct err *err);

#endif
