/*
 * What an order's status can be.  The database derives it (the view
 * order_standing); this table has its words, and what each means to whoever is
 * to pay.  sql/functions/order_status.sql says the same to the database.
 */
#ifndef TEAMDUES_STORE_ORDER_STATUS_H
#define TEAMDUES_STORE_ORDER_STATUS_H

#include "base/status.h"

enum order_status {
	ORDER_PENDING,
	ORDER_PROCESSING,
	ORDER_PAID,
	ORDER_PARTIALLY_REFUNDED,
	ORDER_REFUNDED,
	ORDER_DISPUTED,
	ORDER_CHARGED_BACK,
	ORDER_CANCELLED,
	ORDER_WAIVED,
	ORDER_STATUS_MAX
};

enum order_stage {
	STAGE_OPEN,		/* it can be paid */
	STAGE_UNDER_WAY,	/* a bank's money for it is on its way */
	STAGE_PAID,		/* the club has money for it */
	STAGE_WAIVED,		/* the club has let it go */
	STAGE_OVER		/* nothing is paid for it, now or later */
};

/* The words, in the order of the enum; NULL at the end. */
extern const char *const order_status_names[ORDER_STATUS_MAX + 1];

enum order_stage order_status_stage(enum order_status status);

/* ST_BAD_INPUT for a word that no status has. */
NODISCARD enum status order_status_parse(const char *word,
    enum order_status *status, struct err *err);

#endif
