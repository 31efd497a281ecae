/*
 * What a mail says.  The copy is filled once from the facts of the mail;
 * the HTML and the plain text are two renderings of the same parts
 * (render.h), so that they cannot differ.  A pure function: no clock, no
 * database, no settings.
 */
#ifndef TEAMDUES_MAIL_COPY_H
#define TEAMDUES_MAIL_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum mail_kind {
	MAIL_FIRST_PAYMENT,
	MAIL_TOURNAMENT,
	MAIL_REMINDER,		/* of either of these */
	MAIL_RECEIPT,
	MAIL_REPLACED_LINK,	/* an earlier one did not work as it should */
	MAIL_TRYOUT,		/* a registration that was not paid for */
	MAIL_KIND_MAX
};

/* All text is UTF-8 of one line. */
struct mail_facts {
	enum mail_kind kind;
	const char *club_name;
	const char *contact;		/* how the club is reached */
	const char *parent_name;	/* NULL or "": greeted without a name */
	const char *player_name;	/* not of a tryout */
	const char *item;		/* what is paid for, as "Spring Cup";
					 * NULL: the first month's fee, which
					 * quoted and prorate name */
	const char *quoted;		/* YYYY-MM-DD; with item: not read */
	bool prorate;			/* the rule of the link */
	int64_t amount_cents;
	int64_t left_cents;		/* of a receipt: still to pay of what
					 * is paid in parts; 0: nothing */
	const char *currency;
	const char *link;		/* the signed URL; not of a receipt */
	const char *last_day;		/* YYYY-MM-DD in the club's zone: the
					 * link works to its end; NULL: no
					 * sentence about it */
};

enum copy_part {
	COPY_CLUB,
	COPY_SUBJECT,
	COPY_HEADING,
	COPY_GREETING,
	COPY_INTRO,
	COPY_LABEL,		/* "Prorated April fee" */
	COPY_AMOUNT,		/* "$80.00" */
	COPY_EXPLANATION,	/* how the amount comes about; may be empty */
	COPY_ACTION,		/* what the link does; empty without link */
	COPY_LINK,		/* empty in a receipt */
	COPY_EXPIRY,		/* may be empty */
	COPY_CLOSING,
	COPY_PART_MAX
};

struct mail_copy {
	struct buf part[COPY_PART_MAX];
	/* The next in the same mail (several.h), whose parts from COPY_LABEL to
	 * COPY_EXPIRY stand behind these; owned.  NULL: none. */
	struct mail_copy *beside;
};

/*
 * On the first of a month the fee is whole, and the copy is the flat fee's.
 * ST_BAD_INPUT: a fact is missing, or is not one line of UTF-8; ST_NOMEM.
 * Free with copy_clear, after a failure too.
 */
NODISCARD enum status copy_fill(struct mail_copy *copy,
    const struct mail_facts *facts, struct err *err);

/*
 * For a mail of another kind, whose parts its own file fills: empties the
 * parts, checks what may be in them, and whether all of them fitted.
 * ST_BAD_INPUT, ST_NOMEM.
 */
void copy_init(struct mail_copy *copy);
NODISCARD enum status copy_check_line(const char *what, const char *text,
    struct err *err);
NODISCARD enum status copy_check_link(const char *link, struct err *err);
NODISCARD enum status copy_check(const struct mail_copy *copy,
    struct err *err);

/* Whether a part is of what is paid for, and not of the mail as a whole. */
bool copy_is_of_item(enum copy_part part);

/* Borrowed; "" when this mail has no such part. */
const char *copy_text(const struct mail_copy *copy, enum copy_part part);

void copy_clear(struct mail_copy *copy);

/* By the name that its mails have in the database.  False: no kind has it. */
bool mail_kind_parse(const char *name, enum mail_kind *kind);

#endif
