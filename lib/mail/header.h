/*
 * Header fields of a mail (RFC 5322) with text in them (RFC 2047).  What is
 * given has been checked: UTF-8 without control characters, addresses of
 * email_check.
 */
#ifndef TEAMDUES_MAIL_HEADER_H
#define TEAMDUES_MAIL_HEADER_H

#include "base/buf.h"

/* "NAME: TEXT", as it is where that is possible, else in encoded words of at
 * most 75 bytes; folded to lines of at most 76. */
void header_put_text(struct buf *b, const char *name, const char *text);

/* "NAME: DISPLAY <ADDRESS>", or the address alone when display is NULL or
 * empty. */
void header_put_mailbox(struct buf *b, const char *name, const char *display,
    const char *address);

/* "NAME: TOKEN", with the token on a line of its own when it is long. */
void header_put_token(struct buf *b, const char *name, const char *token);

#endif
