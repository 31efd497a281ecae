/*
 * Strings of JSON: their escapes, and the text that they mean.  Escapes are
 * resolved byte by byte when somebody asks, so that a name is compared without
 * allocating.
 */
#include <string.h>

#include "base/json.h"
#include "base/json_parts.h"

enum { ESCAPE_LEN = 2, UNICODE_LEN = 6, REPLACEMENT = 0xfffd };

/* The letters that follow a backslash, and in the same order what they mean. */
static const char short_escapes[] = "\"\\/bfnrt";
static const char short_meanings[] = "\"\\/\b\f\n\r\t";

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The number of a \uXXXX at `at`, or -1. */
static long
unit_at(const char *at, const char *end)
{
	long unit = 0;

	if (end - at < UNICODE_LEN || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = ESCAPE_LEN; i < UNICODE_LEN; i++) {
		int value = hex_value(at[i]);

		if (value < 0)
			return -1;
		unit = unit * 16 + value;
	}
	return unit;
}

size_t
json_escape_len(const char *at, const char *end)
{
	if (end - at < ESCAPE_LEN)
		return 0;
	if (at[1] == 'u')
		return unit_at(at, end) >= 0 ? UNICODE_LEN : 0;
	return at[1] != '\0' && strchr(short_escapes, at[1]) != NULL
	    ? ESCAPE_LEN : 0;
}

/*
 * The code point of \uXXXX at *at, which moves behind it, and behind the second
 * half of a surrogate pair (RFC 8259, section 7).  One half alone, as a program
 * leaves that cuts an emoji in two, becomes a replacement character: what
 * somebody wrote must not stop a payment.
 */
static long
take_point(const char **at, const char *end)
{
	long high = unit_at(*at, end);
	long low = unit_at(*at + UNICODE_LEN, end);

	*at += UNICODE_LEN;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return REPLACEMENT;
	*at += UNICODE_LEN;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* UTF-8 of a code point; returns its length. */
static size_t
encode(long point, char bytes[4])
{
	static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = point < 0x80 ? 1 : point < 0x800 ? 2
	    : point < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	bytes[0] = (char)(first[len] | point);
	return len;
}

struct json_spelling
json_spelling(const char *text, const struct json_token *string)
{
	return (struct json_spelling){
		.at = text + string->start,
		.end = text + string->start + string->len,
	};
}

/* json_scan() has checked the escape. */
static void
take_escape(struct json_spelling *spelling)
{
	char c = spelling->at[1];

	spelling->used = 0;
	if (c == 'u') {
		spelling->len = encode(take_point(&spelling->at,
		    spelling->end), spelling->bytes);
		return;
	}
	spelling->bytes[0] = short_meanings[strchr(short_escapes, c) -
	    short_escapes];
	spelling->len = 1;
	spelling->at += ESCAPE_LEN;
}

int
json_next_byte(struct json_spelling *spelling)
{
	if (spelling->used == spelling->len) {
		if (spelling->at == spelling->end)
			return -1;
		if (*spelling->at != '\\')
			return (unsigned char)*spelling->at++;
		take_escape(spelling);
	}
	return (unsigned char)spelling->bytes[spelling->used++];
}

/* Whether a string with escapes is these bytes. */
static bool
is_spelled(const char *text, const struct json_token *string,
    const char *bytes, size_t len)
{
	struct json_spelling spelling = json_spelling(text, string);
	size_t i = 0;

	while (i < len && json_next_byte(&spelling) == (unsigned char)bytes[i])
		i++;
	return i == len && json_next_byte(&spelling) == -1;
}

/* Whether the string is these bytes.  Nearly all names have no escape. */
static inline bool
is_text(const char *text, const struct json_token *string, const char *bytes,
    size_t len)
{
	if (string->is_escaped)
		return is_spelled(text, string, bytes, len);
	return string->len == len &&
	    memcmp(text + string->start, bytes, len) == 0;
}

/* The member of that name; its value may be null. */
static struct json_node
find_member(struct json_node object, const char *name, size_t len)
{
	const struct json_token *end;

	if (!json_is(object, JSON_OBJECT))
		return JSON_NONE;
	end = object.token + object.token->skip;
	for (const struct json_token *t = object.token + 1; t < end;
	    t += t->skip)
		if (is_text(object.text, t, name, len))
			return (struct json_node){ object.text, t + 1 };
	return JSON_NONE;
}

bool
json_has(struct json_node object, const char *name)
{
	return json_exists(find_member(object, name, strlen(name)));
}

struct json_node
json_at(struct json_node object, const char *path)
{
	for (;;) {
		size_t len = strcspn(path, ".");

		object = find_member(object, path, len);
		/* Stripe writes null for what an object does not have. */
		if (!json_exists(object) || json_is(object, JSON_NULL))
			return JSON_NONE;
		if (path[len] == '\0')
			return object;
		path += len + 1;
	}
}

bool
json_is_named(struct json_node member, const char *name)
{
	return is_text(member.text, member.token - 1, name, strlen(name));
}

bool
json_text_is(struct json_node object, const char *path, const char *text)
{
	struct json_node value = json_at(object, path);

	return json_exists(value) && value.token->kind == JSON_STRING &&
	    is_text(value.text, value.token, text, strlen(text));
}

static void
put_string(struct buf *b, const char *text, const struct json_token *string)
{
	struct json_spelling spelling = json_spelling(text, string);
	int byte;

	if (!string->is_escaped) {
		buf_put(b, text + string->start, string->len);
		return;
	}
	while ((byte = json_next_byte(&spelling)) >= 0)
		buf_putc(b, (char)byte);
}

void
json_put_chars(struct buf *b, struct json_node node)
{
	if (!json_exists(node))
		return;
	if (json_is(node, JSON_STRING))
		put_string(b, node.text, node.token);
	else
		buf_put(b, node.text + node.token->start, node.token->len);
}

void
json_put_name(struct buf *b, struct json_node member)
{
	put_string(b, member.text, member.token - 1);
}
