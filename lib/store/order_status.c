/*
 * Statuses come as words, from the database and from people who filter by one.
 */
#include "store/order_status.h"

#include <string.h>

const char *const order_status_names[ORDER_STATUS_MAX + 1] = {
	[ORDER_PENDING] = "pending",
	[ORDER_PROCESSING] = "processing",
	[ORDER_PAID] = "paid",
	[ORDER_PARTIALLY_REFUNDED] = "partially_refunded",
	[ORDER_REFUNDED] = "refunded",
	[ORDER_DISPUTED] = "disputed",
	[ORDER_CHARGED_BACK] = "charged_back",
	[ORDER_CANCELLED] = "cancelled",
	[ORDER_WAIVED] = "waived",
};

/*
 * What the status means to a payer.  A family that disputes its payment has
 * paid until its bank decides, so that it is not asked again; one whose dispute
 * is lost is asked by the club itself, not by a link.
 */
enum order_stage
order_status_stage(enum order_status status)
{
	static const enum order_stage stages[ORDER_STATUS_MAX] = {
		[ORDER_PENDING] = STAGE_OPEN,
		[ORDER_PROCESSING] = STAGE_UNDER_WAY,
		[ORDER_PAID] = STAGE_PAID,
		[ORDER_PARTIALLY_REFUNDED] = STAGE_PAID,
		[ORDER_REFUNDED] = STAGE_OVER,
		[ORDER_DISPUTED] = STAGE_PAID,
		[ORDER_CHARGED_BACK] = STAGE_OVER,
		[ORDER_CANCELLED] = STAGE_OVER,
		[ORDER_WAIVED] = STAGE_WAIVED,
	};

	return stages[status];
}

enum status
order_status_parse(const char *word, enum order_status *status,
    struct err *err)
{
	for (int i = 0; i < ORDER_STATUS_MAX; i++)
		if (strcmp(order_status_names[i], word) == 0) {
			*status = (enum order_status)i;
			return ST_OK;
		}
	return err_set(err, ST_BAD_INPUT,
	    "status is none that an order has");
}
