/*
 * The two bodies of a mail, from the same copy.  Both are UTF-8 with LF line
 * ends.  The plain text has the pay link alone on a line; the HTML has no
 * image, no script and nothing that is fetched.
 */
#ifndef TEAMDUES_MAIL_RENDER_H
#define TEAMDUES_MAIL_RENDER_H

#include "base/buf.h"
#include "mail/copy.h"

enum { RENDER_MAX = 64 * 1024 };

void render_text(struct buf *out, const struct mail_copy *copy);
void render_html(struct buf *out, const struct mail_copy *copy);

#endif
