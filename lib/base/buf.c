/*
 * A failure is kept in the buffer instead of being returned, so that a caller
 * can append many times and check once.  Every append asks reserve(), the only
 * place that compares with the maximum.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { FIRST_CAPACITY = 64 };

static void
fail(struct buf *b, enum status why)
{
	b->failed = true;
	b->why = why;
}

/* Doubles up to the maximum, so that n appends copy O(n) bytes in all. */
static bool
reserve(struct buf *b, size_t more)
{
	if (b->failed)
		return false;
	/* len is never above max, so this difference cannot wrap around, as a
	 * sum could. */
	if (more > b->max - b->len) {
		fail(b, ST_TOO_LARGE);
		return false;
	}
	size_t needed = b->len + more + 1;
	if (needed <= b->capacity)
		return true;

	/* The caller's own array never comes here: its capacity is its maximum
	 * and the terminator. */
	size_t capacity = b->capacity > 0 ? b->capacity : FIRST_CAPACITY;
	while (capacity < needed)
		capacity *= 2;
	if (capacity > b->max + 1)
		capacity = b->max + 1;
	char *data = realloc(b->data, capacity);
	if (data == NULL) {
		fail(b, ST_NOMEM);
		return false;
	}
	b->data = data;
	b->capacity = capacity;
	return true;
}

struct buf
buf_over(char *memory, size_t size)
{
	struct buf b = BUF_INIT(size - 1);

	b.data = memory;
	b.capacity = size;
	return b;
}

void
buf_put(struct buf *b, const char *bytes, size_t len)
{
	/* An empty text may be a NULL pointer, which memcpy() must not get. */
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void
buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void
buf_put_i64(struct buf *b, int64_t value)
{
	/* Unsigned, because -INT64_MIN is no int64_t. */
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char text[20];		/* a sign and 19 digits */
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		text[--at] = '-';
	buf_put(b, text + at, sizeof(text) - at);
}

void
buf_putf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	/* The length is measured first: a text above the maximum is refused as
	 * a whole, not cut. */
	int len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0) {
		fail(b, ST_BAD_INPUT);
	} else if (reserve(b, (size_t)len)) {
		(void)vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
		b->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* strchr() finds the terminator too; no set of ours means to hold it. */
static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static void
put_hex_byte(struct buf *b, unsigned char byte, const char *digits)
{
	buf_putc(b, digits[byte >> 4]);
	buf_putc(b, digits[byte & 15]);
}

/* Upper-case digits are the normal form (RFC 3986, section 2.1); a link that is
 * signed must have one spelling. */
void
buf_put_urlenc(struct buf *b, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (is_alphanumeric(bytes[i]) || is_one_of(bytes[i], "-._~")) {
			buf_putc(b, bytes[i]);
			continue;
		}
		buf_putc(b, '%');
		put_hex_byte(b, (unsigned char)bytes[i], "0123456789ABCDEF");
	}
}

/* Both quotes are escaped, so that the result is safe in an attribute, too,
 * whichever quote encloses it. */
void
buf_put_html(struct buf *b, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (bytes[i]) {
		case '&':
			buf_puts(b, "&amp;");
			break;
		case '<':
			buf_puts(b, "&lt;");
			break;
		case '>':
			buf_puts(b, "&gt;");
			break;
		case '"':
			buf_puts(b, "&quot;");
			break;
		case '\'':
			buf_puts(b, "&#39;");
			break;
		default:
			buf_putc(b, bytes[i]);
			break;
		}
	}
}

void
buf_put_header(struct buf *b, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		/* The first failure is reported; a later one keeps its
		 * reason. */
		if ((c < 0x20 || c == 0x7f) && !b->failed)
			fail(b, ST_BAD_INPUT);
	}
	buf_put(b, bytes, len);
}

/* The signs are those of ids, addresses, dates and URLs.  The equals sign is
 * not among them, because it separates a key from its value. */
static bool
is_bare(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_alphanumeric(bytes[i]) &&
		    !is_one_of(bytes[i], "._:/@+-,%~?&"))
			return false;
	return len > 0;
}

/* How many bytes at `at` are written into a JSON string unchanged. */
static size_t
json_plain_len(const char *at, const char *end)
{
	unsigned char c = (unsigned char)*at;

	if (c >= 0x80)
		return utf8_sequence_len(at, end);
	return c >= 0x20 && c != '"' && c != '\\';
}

static void
put_json_escape(struct buf *b, unsigned char c)
{
	if (c >= 0x80) {
		/* U+FFFD: JSON must be UTF-8 (RFC 8259, section 8.1). */
		buf_puts(b, "\xef\xbf\xbd");
	} else if (c >= 0x20) {
		buf_putc(b, '\\');
		buf_putc(b, (char)c);
	} else {
		buf_puts(b, "\\u00");
		put_hex_byte(b, c, "0123456789abcdef");
	}
}

void
buf_put_json(struct buf *b, const char *bytes, size_t len)
{
	/* A run of plain characters is appended at once: most texts have
	 * nothing to escape. */
	size_t from = 0;	/* not appended yet */
	size_t at = 0;

	buf_putc(b, '"');
	while (at < len) {
		size_t plain = json_plain_len(bytes + at, bytes + len);

		at += plain;
		if (plain > 0)
			continue;
		buf_put(b, bytes + from, at - from);
		put_json_escape(b, (unsigned char)bytes[at]);
		from = ++at;
	}
	buf_put(b, bytes + from, len - from);
	buf_putc(b, '"');
}

static void
put_log_quoted_char(struct buf *b, char c)
{
	if (c == '\n') {
		buf_puts(b, "\\n");
	} else if (c == '"' || c == '\\') {
		buf_putc(b, '\\');
		buf_putc(b, c);
	} else if (c >= 0x20 && c < 0x7f) {
		buf_putc(b, c);
	} else {
		/* UTF-8 too: a terminal must not be steered by a log. */
		buf_puts(b, "\\x");
		put_hex_byte(b, (unsigned char)c, "0123456789abcdef");
	}
}

void
buf_put_log(struct buf *b, const char *bytes, size_t len)
{
	if (is_bare(bytes, len)) {
		buf_put(b, bytes, len);
		return;
	}
	buf_putc(b, '"');
	for (size_t i = 0; i < len; i++)
		put_log_quoted_char(b, bytes[i]);
	buf_putc(b, '"');
}

void
buf_put_hex(struct buf *b, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_hex_byte(b, bytes[i], "0123456789abcdef");
}

void
buf_put_base64url(struct buf *b, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < len; i++) {
		/* At most 5 bits wait for the next byte: 16 bits hold both, and
		 * the mask drops what was written. */
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (held += 8; held >= 6; held -= 6)
			buf_putc(b, digits[bits >> (held - 6) & 63]);
	}
	if (held > 0)
		buf_putc(b, digits[bits << (6 - held) & 63]);
}

const char *
buf_str(const struct buf *b)
{
	if (b->failed)
		return NULL;
	/* A buffer that nothing was appended to has no memory. */
	return b->len > 0 ? b->data : "";
}

enum status
buf_check(const struct buf *b, const char *what, struct err *err)
{
	if (!b->failed)
		return ST_OK;
	if (b->why == ST_NOMEM)
		return err_set(err, ST_NOMEM, "no memory for %s", what);
	if (b->why == ST_TOO_LARGE)
		return err_set(err, ST_BAD_INPUT, "%s is too long", what);
	return err_set(err, ST_BAD_INPUT, "%s holds a control character",
	    what);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	b->why = ST_OK;
}

void
buf_clear(struct buf *b)
{
	/* The maximum stays, so that the buffer can be used again. */
	free(b->data);
	*b = (struct buf)BUF_INIT(b->max);
}
