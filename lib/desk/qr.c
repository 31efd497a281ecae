/*
 * Drawn as one path, a row's dark modules that touch as one piece of it: a
 * fifth of the bytes of a square for each, and no seams between them.
 */
#include "desk/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stddef.h>

/* So many light modules around it, by which a camera finds it. */
enum { QUIET = 4 };

static void
put_row(struct buf *html, const unsigned char *row, int width, int y)
{
	for (int x = 0; x < width; x++) {
		int begin = x;

		/* The lowest bit is the module's colour. */
		while (x < width && (row[x] & 1) != 0)
			x++;
		if (x > begin)
			buf_putf(html, "M%d %dh%dv1h-%dz", begin + QUIET,
			    y + QUIET, x - begin, x - begin);
	}
}

/* Medium error correction: a seventh of it may be covered or torn. */
enum status
qr_put(struct buf *html, const char *text, const char *label, struct err *err)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (code == NULL)
		return errno == ERANGE
		    ? err_set(err, ST_TOO_LARGE, "too long for a QR code")
		    : err_set(err, ST_NOMEM, "no QR code could be made");
	int side = code->width + 2 * QUIET;
	buf_putf(html, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"%s\" shape-rendering=\"crispEdges\">\n"
	    "<rect width=\"%d\" height=\"%d\"/><path d=\"", side, side, label,
	    side, side);
	for (int y = 0; y < code->width; y++)
		put_row(html, code->data + (ptrdiff_t)y * code->width,
		    code->width, y);
	buf_puts(html, "\"/></svg>\n");
	QRcode_free(code);
	return ST_OK;
}
