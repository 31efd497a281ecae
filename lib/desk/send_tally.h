/* Why players are left out of a mailing: in the desk's words, and counted. */
#ifndef TEAMDUES_DESK_SEND_TALLY_H
#define TEAMDUES_DESK_SEND_TALLY_H

#include "base/json_out.h"

enum { SEND_WHYS = 8, SEND_WHY_SIZE = 96 };

struct send_why_count {
	char why[SEND_WHY_SIZE];
	int64_t count;
};

struct send_tally {
	/* The last is of all other reasons. */
	struct send_why_count item[SEND_WHYS];
	size_t count;
};

/* A reason of lib/billing/mailing, as a treasurer says it; borrowed. */
const char *send_why(const char *reason);

/* Counts one who is left out for that reason. */
void send_tally_add(struct send_tally *tally, const char *reason);

/* Writes the member `whys`: [{why, count}], the most frequent first. */
void send_tally_put(struct send_tally *tally, struct json_out *json);

#endif
