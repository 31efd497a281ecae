/* Quoted-printable (RFC 2045, section 6.7). */
#ifndef TEAMDUES_MAIL_QUOTED_PRINTABLE_H
#define TEAMDUES_MAIL_QUOTED_PRINTABLE_H

#include "base/buf.h"

/*
 * Appends text, whose line ends are LF, in lines of at most 76 bytes that end
 * with CRLF, the last one too.  No line begins with a dot, which SMTP would
 * have to double, and nothing in it can be "=_".
 */
void quoted_printable_put(struct buf *b, const char *text);

#endif
