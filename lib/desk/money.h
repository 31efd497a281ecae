/* Amounts in a page, and those that are typed there. */
#ifndef TEAMDUES_DESK_MONEY_H
#define TEAMDUES_DESK_MONEY_H

#include "base/json.h"

/* The member NAME of a row, in the row's member `currency` or, without one, in
 * currency: "$150.00"; nothing for null. */
void desk_put_money(struct buf *html, struct json_node row,
    const char *member, const char *currency);

/* Appends how much of a list's sums is not placed yet, where they have
 * loose_cents. */
void desk_put_loose(struct buf *html, struct json_node sums);

/*
 * Words of the books, escaped, with their amounts written as above: "50.00 of
 * 150.00 usd" becomes "$50.00 of $150.00".  An amount's currency stands after
 * it or after a later one; one that has none stays as it is.
 */
void desk_put_words(struct buf *html, const char *words);
void desk_put_words_of(struct buf *html, struct json_node row,
    const char *member);

/*
 * "150", "150.0" or "1,500.00" to cents, more than none.  NULL, or a sentence
 * that says what is wrong.
 */
const char *desk_read_money(const char *text, int64_t *cents);

#endif
