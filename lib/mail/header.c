/*
 * Our own encoder instead of libcurl's, so that a mail has the same bytes with
 * every version of it.  A line has at most 76 bytes where it has encoded words
 * (RFC 2047, section 2); every line may be folded at a space (RFC 5322, section
 * 2.2.3).
 */
#include "mail/header.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

enum {
	FIELD_LINE_MAX = 76,	/* RFC 2047, section 2 */
	WORD_MAX = 60,		/* of plain text: always fits a line */
	CHUNK_MAX = 45,		/* bytes of an encoded word of 72 */
	BASE64_SIZE = 61,
	ENCODED_FRAME = 12,	/* around an encoded word's base64 */
	QUOTED_MAX = 30,	/* each byte may need a backslash */
};

static size_t
column(const struct buf *b)
{
	size_t at = b->len;

	while (at > 0 && b->data[at - 1] != '\n')
		at--;
	return b->len - at;
}

/* Appends a space, or begins a new line with one where len more bytes do not
 * fit. */
static void
put_space_before(struct buf *b, size_t len)
{
	if (column(b) + 1 + len > FIELD_LINE_MAX)
		buf_puts(b, "\r\n");
	buf_putc(b, ' ');
}

/*
 * True for printable ASCII whose words fit a line, with one space between them:
 * folding changes nothing then.  A text that looks like an encoded word must be
 * encoded, because it would be decoded.
 */
static bool
is_plain(const char *text)
{
	size_t word = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~')
			return false;
		if (*c == ' ' && word == 0)
			return false;
		word = *c == ' ' ? 0 : word + 1;
		if (word > WORD_MAX)
			return false;
	}
	return word > 0 && strstr(text, "=?") == NULL;
}

static void
put_plain(struct buf *b, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		put_space_before(b, len);
		buf_put(b, text, len);
		text += len;
		if (*text == ' ')
			text++;
	}
}

/*
 * How many bytes of whole characters fit into max: an encoded word must not
 * split a character (RFC 2047, section 5).  Never 0, because max is larger than
 * any character.
 */
static size_t
whole_characters(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max)
		return len;
	len = max;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* How many bytes the next encoded word may take: what is left of the line or,
 * where that is little, of a new one. */
static size_t
chunk_max(const struct buf *b)
{
	size_t used = column(b) + 1 + ENCODED_FRAME;

	if (used + 8 > FIELD_LINE_MAX)
		return CHUNK_MAX;
	size_t max = (FIELD_LINE_MAX - used) / 4 * 3;
	return max < CHUNK_MAX ? max : CHUNK_MAX;
}

/* Base64, because in a name that is not ASCII most characters are not. */
static void
put_encoded(struct buf *b, const char *text)
{
	while (*text != '\0') {
		char base64[BASE64_SIZE];
		size_t len = whole_characters(text, chunk_max(b));
		int written = EVP_EncodeBlock((unsigned char *)base64,
		    (const unsigned char *)text, (int)len);

		put_space_before(b, (size_t)written + ENCODED_FRAME);
		buf_puts(b, "=?UTF-8?B?");
		buf_puts(b, base64);
		buf_puts(b, "?=");
		text += len;
	}
}

void
header_put_text(struct buf *b, const char *name, const char *text)
{
	buf_puts(b, name);
	buf_putc(b, ':');
	if (is_plain(text))
		put_plain(b, text);
	else
		put_encoded(b, text);
	buf_puts(b, "\r\n");
}

/* True for words that a display name may have without quotes (RFC 5322,
 * sections 3.2.3 and 3.2.5). */
static bool
is_phrase(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789 !#$%&'*+-/=?^_`{|}~";

	return text[strspn(text, allowed)] == '\0';
}

static void
put_quoted(struct buf *b, const char *text)
{
	buf_putc(b, '"');
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *c);
	}
	buf_putc(b, '"');
}

static void
put_display(struct buf *b, const char *display)
{
	if (is_plain(display) && is_phrase(display)) {
		put_plain(b, display);
	} else if (is_plain(display) && strlen(display) <= QUOTED_MAX) {
		buf_putc(b, ' ');
		put_quoted(b, display);
	} else {
		put_encoded(b, display);
	}
}

void
header_put_mailbox(struct buf *b, const char *name, const char *display,
    const char *address)
{
	bool has_display = display != NULL && display[0] != '\0';

	buf_puts(b, name);
	buf_putc(b, ':');
	if (has_display)
		put_display(b, display);
	/* An address cannot be folded, so it is moved to a line of its own. */
	put_space_before(b, strlen(address) + 2);
	buf_puts(b, has_display ? "<" : "");
	buf_puts(b, address);
	buf_puts(b, has_display ? ">" : "");
	buf_puts(b, "\r\n");
}

void
header_put_token(struct buf *b, const char *name, const char *token)
{
	buf_puts(b, name);
	buf_putc(b, ':');
	put_space_before(b, strlen(token));
	buf_puts(b, token);
	buf_puts(b, "\r\n");
}
