/*
 * Each is filled as if it went alone; then the words that are of all are put in
 * the place of the first's own.
 */
#include "mail/several.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"

static const char intro[] = "These payments have not reached us yet. If you "
    "have paid one already, do not pay it again: reply to this mail, and we "
    "will look for it.";

static enum status
check(const struct mail_facts *facts, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (facts[i].kind != MAIL_REMINDER ||
		    strcmp(facts[i].currency, facts[0].currency) != 0)
			return err_set(err, ST_BAD_INPUT,
			    "only reminders of one currency go together");
	return ST_OK;
}

static enum status
put_words(struct mail_copy *copy, const struct mail_facts *facts,
    size_t count, struct err *err)
{
	struct buf *subject = &copy->part[COPY_SUBJECT];
	struct mail_copy *one = copy;
	int64_t cents = 0;

	for (size_t i = 0; one != NULL && i < count; i++) {
		buf_putf(&one->part[COPY_LABEL], " for %s",
		    facts[i].player_name);
		cents += facts[i].amount_cents;
		one = one->beside;
	}
	buf_reset(subject);
	buf_putf(subject, "Reminder: %zu payments, ", count);
	money_put(subject, cents, facts[0].currency);
	buf_reset(&copy->part[COPY_INTRO]);
	buf_puts(&copy->part[COPY_INTRO], intro);
	return copy_check(copy, err);
}

enum status
copy_fill_several(struct mail_copy *copy, const struct mail_facts *facts,
    size_t count, struct err *err)
{
	struct mail_copy *last = copy;
	enum status st = copy_fill(copy, &facts[0], err);

	if (st != ST_OK || count == 1)
		return st;
	st = check(facts, count, err);
	for (size_t i = 1; st == ST_OK && i < count; i++) {
		last->beside = calloc(1, sizeof(*last));
		if (last->beside == NULL)
			return err_set(err, ST_NOMEM, "no memory for a mail");
		last = last->beside;
		st = copy_fill(last, &facts[i], err);
	}
	return st != ST_OK ? st : put_words(copy, facts, count, err);
}
