/*
 * A list of sessions that something else made for orders of ours, as a CSV
 * file. Nothing here asks Stripe or the database.
 */
#ifndef TEAMDUES_BILLING_REPAIR_ADOPT_FILE_H
#define TEAMDUES_BILLING_REPAIR_ADOPT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "store/adopt.h"
#include "stripe/session.h"

enum { ADOPT_FAULT_SIZE = 256 };

/* One line, and what billing/adopt.h learns of it. */
struct adopt_line {
	size_t line;
	int64_t order_id;	/* 0 in a malformed line */
	char session_id[STRIPE_ID_SIZE];
	char fault[ADOPT_FAULT_SIZE];	/* why it is refused; "": it is not */
	const char *shown;	/* "open", "complete", "expired", or "" while
				 * Stripe does not know it */
	char payer_name[STRIPE_NAME_SIZE];	/* as Stripe shows it, this
						 * and the next three */
	char payer_email[STRIPE_EMAIL_SIZE];
	int64_t amount_cents;
	char currency[8];
	bool is_ended;		/* it was open, and was expired for this */
	bool is_alone;		/* its order's open one was */
	struct buf request;	/* for store_adopt; empty in a malformed one */
	struct adoption adoption;
};

struct adopt_list {
	struct adopt_line *lines;
	size_t count;
};

/*
 * Reads a header line of order_id and session_id, in any order among the
 * columns that `import sessions --suggest` adds and that are passed over, then
 * a session a line; a malformed one has a fault.  ST_BAD_INPUT when the header
 * is wrong or the rest cannot be read as CSV; ST_NOMEM.  The caller clears the
 * list in any case.
 */
NODISCARD enum status adopt_list_parse(const char *text, size_t len,
    struct adopt_list *list, struct err *err);

void adopt_list_clear(struct adopt_list *list);

#endif
