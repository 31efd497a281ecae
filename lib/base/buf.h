/*
 * The one string builder.  A buffer has its maximum fixed at birth and a
 * sticky failure: append as often as you like, check once where the text is
 * used.  Escaping is in the name of the function, so that a reader sees which
 * language the bytes are written in.
 */
#ifndef TEAMDUES_BASE_BUF_H
#define TEAMDUES_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct buf {
	char *data;		/* terminated once len > 0 */
	size_t len;
	size_t capacity;
	size_t max;		/* most bytes of text, without the terminator */
	bool failed;		/* nothing more is appended */
	enum status why;	/* of failed: ST_TOO_LARGE, ST_NOMEM or, for a
				 * byte that was refused, ST_BAD_INPUT */
};

/* maximum must be far below SIZE_MAX, because the terminator is added to it. */
#define BUF_INIT(maximum) { NULL, 0, 0, (maximum), false, ST_OK }

/* Over an array of the caller's: never allocates, must not be cleared. */
#define BUF_FIXED(array) \
	{ (array), 0, sizeof(array), sizeof(array) - 1, false, ST_OK }

/* The same over memory whose size is known elsewhere. */
struct buf buf_over(char *memory, size_t size);

void buf_put(struct buf *b, const char *bytes, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_put_i64(struct buf *b, int64_t value);
void buf_putf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* RFC 3986 percent-encoding of all but the unreserved characters. */
void buf_put_urlenc(struct buf *b, const char *bytes, size_t len);

/* Text or attribute value of HTML: & < > " ' become references. */
void buf_put_html(struct buf *b, const char *bytes, size_t len);

/* A header's value: any control character (CR and LF above all) fails b. */
void buf_put_header(struct buf *b, const char *bytes, size_t len);

/*
 * A JSON string, with its quotes (RFC 8259, section 7).  A byte that is no
 * UTF-8 becomes U+FFFD: a message that was cut to fit may end in such ones.
 */
void buf_put_json(struct buf *b, const char *bytes, size_t len);

/* A value of a key=value log line: bare when harmless, else quoted. */
void buf_put_log(struct buf *b, const char *bytes, size_t len);

void buf_put_hex(struct buf *b, const unsigned char *bytes, size_t len);

/* RFC 4648 section 5, without padding. */
void buf_put_base64url(struct buf *b, const unsigned char *bytes, size_t len);

/* The text, "" when nothing was appended, or NULL if b failed.  Borrowed: valid
 * until b changes. */
const char *buf_str(const struct buf *b);

/* ST_OK or, when b failed, ST_NOMEM or ST_BAD_INPUT "WHAT is too long" (or
 * "holds a control character"). */
NODISCARD enum status buf_check(const struct buf *b, const char *what,
    struct err *err);

/* Empties b and forgets a failure; the memory is kept. */
void buf_reset(struct buf *b);

/* Frees b's memory; b is then as after BUF_INIT.  Twice is harmless. */
void buf_clear(struct buf *b);

#endif
