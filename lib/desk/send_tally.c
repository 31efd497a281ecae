/*
 * A reason may hold a day or an amount, so there may be as many as players:
 * those that only differ in it count as one, and what does not fit counts as
 * "other".
 */
#include "desk/send_tally.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *reason;
	const char *why;
} whys[] = {
	{ "not active", "plays no more" },
	{ "no parent known", "no family is known" },
	{ "parent has no e-mail address", "the family has no address" },
	{ "partially_refunded", "paid, and some given back" },
	{ "refunded", "paid, and given back" },
	{ "charged_back", "charged back" },
	{ "processing", "a bank payment is on its way" },
	{ "first payment paid", "paid" },
	{ "first payment partially_refunded", "paid, and some given back" },
	{ "first payment refunded", "paid, and given back" },
	{ "first payment cancelled", "cancelled" },
	{ "first payment waived", "waived" },
};

const char *
send_why(const char *reason)
{
	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
		if (strcmp(reason, whys[i].reason) == 0)
			return whys[i].why;
	return reason;
}

/* The same without what differs from player to player. */
static const char *
why_of_many(const char *reason)
{
	static const char asked[] = "asked on ";

	if (strncmp(reason, asked, sizeof(asked) - 1) == 0)
		return "asked before";
	if (strstr(reason, " is not placed yet") != NULL)
		return "with money that is not placed yet";
	return send_why(reason);
}

void
send_tally_add(struct send_tally *tally, const char *reason)
{
	const char *why = why_of_many(reason);
	size_t i = 0;

	while (i < tally->count && strcmp(tally->item[i].why, why) != 0)
		i++;
	if (i >= SEND_WHYS - 1) {
		i = SEND_WHYS - 1;
		why = "other reasons";
	}
	if (i >= tally->count) {
		struct buf text = BUF_FIXED(tally->item[i].why);

		buf_puts(&text, why);
		tally->count = i + 1;
	}
	tally->item[i].count++;
}

static int
by_count(const void *a, const void *b)
{
	const int64_t counts[] = { ((const struct send_why_count *)a)->count,
	    ((const struct send_why_count *)b)->count };

	return (counts[0] < counts[1]) - (counts[0] > counts[1]);
}

void
send_tally_put(struct send_tally *tally, struct json_out *json)
{
	qsort(tally->item, tally->count, sizeof(tally->item[0]), by_count);
	json_out_array(json, "whys");
	for (size_t i = 0; i < tally->count; i++) {
		json_out_object(json, NULL);
		json_out_text(json, "why", tally->item[i].why);
		json_out_i64(json, "count", tally->item[i].count);
		json_out_end(json);
	}
	json_out_end(json);
}
