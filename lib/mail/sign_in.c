/*
 * The mail says in which browser the link works and for how long, because both
 * are checked (cgi-bin/desk): a link that was forwarded lets nobody in.
 */
#include "mail/sign_in.h"

#include "mail/compose.h"

static void
put_parts(struct mail_copy *copy, const struct sign_in_facts *facts)
{
	buf_puts(&copy->part[COPY_CLUB], facts->club_name);
	buf_putf(&copy->part[COPY_SUBJECT], "Sign in at %s", facts->club_name);
	buf_puts(&copy->part[COPY_HEADING], "Sign in");
	buf_putf(&copy->part[COPY_GREETING], "Hello %s,", facts->name);
	buf_puts(&copy->part[COPY_INTRO], "Here is your link to the club's "
	    "payments. Open it in the browser in which you asked for it, and "
	    "press the button there.");
	buf_puts(&copy->part[COPY_ACTION], "Sign in");
	buf_puts(&copy->part[COPY_LINK], facts->link);
	buf_puts(&copy->part[COPY_EXPIRY],
	    "The link works once, and for ten minutes.");
	buf_putf(&copy->part[COPY_CLOSING], "If you did not ask for it, you "
	    "need not do anything: in any other browser the link lets nobody "
	    "in. If it happens again, please tell the club: %s",
	    facts->contact);
}

enum status
sign_in_compose(struct buf *out, const struct message *envelope,
    const struct sign_in_facts *facts, struct err *err)
{
	struct mail_copy copy;
	enum status st;

	copy_init(&copy);
	st = copy_check_line("the club's name", facts->club_name, err);
	if (st == ST_OK)
		st = copy_check_line("how the club is reached",
		    facts->contact, err);
	if (st == ST_OK)
		st = copy_check_line("the user's name", facts->name, err);
	if (st == ST_OK)
		st = copy_check_link(facts->link, err);
	if (st == ST_OK) {
		put_parts(&copy, facts);
		st = mail_compose_copy(out, envelope, &copy, err);
	}
	copy_clear(&copy);
	return st;
}
