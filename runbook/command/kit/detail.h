/* Prints one row in full, for a person. */
#ifndef TEAMDUES_COMMAND_DETAIL_H
#define TEAMDUES_COMMAND_DETAIL_H

#include "base/json.h"
#include "base/status.h"

/* The members that are not printed. */
struct detail {
	const char *const *omitted;	/* names of members; NULL-ended */
};

/*
 * A store_row: writes a line for each member of row that has a value, amounts
 * as money, and after them a table for each member that is an array of objects.
 * context is a struct detail, or NULL to print every member.
 */
enum status detail_write(void *context, struct json_node row,
    struct err *err);

#endif
