/* A text as a QR code (ISO/IEC 18004), drawn as SVG. */
#ifndef TEAMDUES_DESK_QR_H
#define TEAMDUES_DESK_QR_H

#include "base/buf.h"

/* Appends it, named label for whoever does not see it.  ST_TOO_LARGE: the text
 * is too long for one; ST_NOMEM. */
NODISCARD enum status qr_put(struct buf *html, const char *text,
    const char *label, struct err *err);

#endif
