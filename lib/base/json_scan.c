/*
 * The strict pass over a JSON text: RFC 8259, and nothing beside it.  A stack
 * of fixed depth holds the open containers instead of recursion, so that a text
 * of nothing but brackets cannot exhaust a thread's stack.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_parts.h"
#include "base/utf8.h"

enum { TOKENS_FIRST = 64, BYTES_A_TOKEN = 10 };

struct scan {
	const char *text;
	const char *at;
	const char *end;
	struct json_token *tokens;
	uint32_t count;
	uint32_t room;
	uint32_t open[JSON_DEPTH_MAX];	/* the containers, outermost first */
	int depth;
	struct err *err;	/* set once anything is wrong */
};

static bool
refuse(struct scan *scan, const char *what)
{
	(void)err_set(scan->err, ST_BAD_INPUT, "not JSON: %s at byte %zu",
	    what, (size_t)(scan->at - scan->text));
	return false;
}

/* The first guess is enough for most texts; doubling serves the others.
 * JSON_TEXT_MAX keeps all counts far below 2^32. */
static bool
make_room(struct scan *scan)
{
	uint32_t room = scan->room == 0
	    ? TOKENS_FIRST + (uint32_t)(scan->end - scan->text) / BYTES_A_TOKEN
	    : scan->room * 2;
	struct json_token *tokens = realloc(scan->tokens,
	    room * sizeof(*tokens));

	if (tokens == NULL) {
		(void)err_set(scan->err, ST_NOMEM, "no memory to read JSON");
		return false;
	}
	scan->tokens = tokens;
	scan->room = room;
	return true;
}

/* Adds a token of no length yet that begins at start; NULL: no memory.  Good
 * until the next call, which may move the array. */
static inline struct json_token *
add_token(struct scan *scan, enum json_kind kind, const char *start)
{
	struct json_token *token;

	if (scan->count == scan->room && !make_room(scan))
		return NULL;
	token = &scan->tokens[scan->count++];
	token->start = (uint32_t)(start - scan->text);
	token->len = 0;
	token->skip = 1;
	token->kind = (uint8_t)kind;
	token->is_escaped = false;
	return token;
}

static void
end_token(struct scan *scan, struct json_token *token)
{
	token->len = (uint32_t)(scan->at - scan->text) - token->start;
}

/* The next byte that is no white space; at the end NUL, which begins nothing in
 * JSON. */
static inline char
peek(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' ||
	    *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
		scan->at++;
	return scan->at < scan->end ? *scan->at : '\0';
}

/* Eight bytes of text, the first the lowest, copied because the text may begin
 * at any address. */
static uint64_t
load(const char *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	return bytes;
}

/*
 * Sets the top bit of each byte that is no plain one: below 0x20, a quote, a
 * backslash, above 0x7f.  A borrow may set the bit of a byte above such a one,
 * too, so only the lowest bit that is set can be trusted.
 */
static uint64_t
marks_of(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return ((bytes - ones * 0x20) | ((bytes ^ ones * '"') - ones) |
	    ((bytes ^ ones * '\\') - ones) | bytes) & ones * 0x80;
}

/* Moves behind plain ASCII, eight bytes at a time: strings are most of an
 * event's text. */
static const char *
skip_plain(const char *at, const char *end)
{
	while (end - at >= (ptrdiff_t)sizeof(uint64_t)) {
		uint64_t marks = marks_of(load(at));

		if (marks != 0)
			return at + __builtin_ctzll(marks) / 8;
		at += sizeof(uint64_t);
	}
	while (at < end && (unsigned char)*at >= 0x20 &&
	    (unsigned char)*at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* At a string's first quote; moves behind its last. */
static bool
scan_string(struct scan *scan)
{
	struct json_token *token = add_token(scan, JSON_STRING, scan->at + 1);

	if (token == NULL)
		return false;
	scan->at++;
	for (;;) {
		size_t len;

		scan->at = skip_plain(scan->at, scan->end);
		if (scan->at == scan->end)
			return refuse(scan, "a string without an end");
		if (*scan->at == '"')
			break;
		if (*scan->at == '\\') {
			token->is_escaped = true;
			len = json_escape_len(scan->at, scan->end);
		} else if ((unsigned char)*scan->at < 0x20) {
			return refuse(scan, "a control character");
		} else {
			len = utf8_sequence_len(scan->at, scan->end);
		}
		if (len == 0)
			return refuse(scan, *scan->at == '\\'
			    ? "no escape" : "not UTF-8");
		scan->at += len;
	}
	end_token(scan, token);
	scan->at++;
	return true;
}

/* Moves behind digits; false when there is none. */
static bool
skip_digits(struct scan *scan)
{
	const char *first = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return scan->at > first;
}

static bool
skip_one_of(struct scan *scan, const char *bytes)
{
	if (scan->at == scan->end || *scan->at == '\0' ||
	    strchr(bytes, *scan->at) == NULL)
		return false;
	scan->at++;
	return true;
}

/* A number may have any size here; the getter that reads it checks the
 * range. */
static bool
scan_number(struct scan *scan)
{
	struct json_token *token = add_token(scan, JSON_NUMBER, scan->at);
	bool is_good;

	if (token == NULL)
		return false;
	(void)skip_one_of(scan, "-");
	/* No digit may follow a first 0; if one does, no comma or bracket is
	 * found behind this number, and the text is refused. */
	is_good = skip_one_of(scan, "0") || skip_digits(scan);
	if (is_good && skip_one_of(scan, "."))
		is_good = skip_digits(scan);
	if (is_good && skip_one_of(scan, "eE")) {
		(void)skip_one_of(scan, "+-");
		is_good = skip_digits(scan);
	}
	if (!is_good)
		return refuse(scan, "no value");
	end_token(scan, token);
	return true;
}

static bool
scan_word(struct scan *scan, enum json_kind kind, const char *word)
{
	struct json_token *token = add_token(scan, kind, scan->at);
	size_t len = strlen(word);

	if (token == NULL)
		return false;
	if ((size_t)(scan->end - scan->at) < len ||
	    memcmp(scan->at, word, len) != 0)
		return refuse(scan, "no value");
	scan->at += len;
	end_token(scan, token);
	return true;
}

static bool
open_container(struct scan *scan, enum json_kind kind)
{
	if (scan->depth == JSON_DEPTH_MAX)
		return refuse(scan, "nesting too deep");
	scan->open[scan->depth++] = scan->count;
	if (add_token(scan, kind, scan->at) == NULL)
		return false;
	scan->at++;
	return true;
}

/* At the innermost container's last bracket; moves behind it. */
static bool
close_container(struct scan *scan)
{
	uint32_t place = scan->open[--scan->depth];
	struct json_token *token = &scan->tokens[place];

	scan->at++;
	end_token(scan, token);
	token->skip = scan->count - place;
	/* A name's skip leads to the next name, past the value, whose end is
	 * only known here. */
	if (scan->depth > 0 && scan->tokens[scan->open[scan->depth - 1]].kind ==
	    JSON_OBJECT)
		token[-1].skip = token->skip + 1;
	return token->kind != JSON_OBJECT ||
	    json_names_check(scan->text, token, scan->err) == ST_OK;
}

/* A name and its colon. */
static bool
scan_name(struct scan *scan)
{
	if (peek(scan) != '"')
		return refuse(scan, "no name");
	if (!scan_string(scan))
		return false;
	/* Right for a value of one token; close_container() mends it for
	 * others. */
	scan->tokens[scan->count - 1].skip = 2;
	if (peek(scan) != ':')
		return refuse(scan, "no colon");
	scan->at++;
	return true;
}

static bool
scan_value(struct scan *scan)
{
	switch (peek(scan)) {
	case '{':
		return open_container(scan, JSON_OBJECT);
	case '[':
		return open_container(scan, JSON_ARRAY);
	case '"':
		return scan_string(scan);
	case 'n':
		return scan_word(scan, JSON_NULL, "null");
	case 't':
		return scan_word(scan, JSON_BOOLEAN, "true");
	case 'f':
		return scan_word(scan, JSON_BOOLEAN, "false");
	default:
		return scan_number(scan);
	}
}

/*
 * Reads on in the innermost container: its end, or one element or member.  A
 * comma before the end is refused by scan_name() or scan_number(), which find
 * neither a name nor a value.
 */
static bool
scan_on(struct scan *scan)
{
	uint32_t place = scan->open[scan->depth - 1];
	bool is_object = scan->tokens[place].kind == JSON_OBJECT;
	char c = peek(scan);

	if (c == (is_object ? '}' : ']'))
		return close_container(scan);
	if (scan->count > place + 1) {
		if (c != ',')
			return refuse(scan, "no comma");
		scan->at++;
	}
	if (is_object && !scan_name(scan))
		return false;
	return scan_value(scan);
}

static bool
scan_text(struct scan *scan)
{
	/* Events, answers, requests and rows are objects, all of them. */
	bool is_good = peek(scan) == '{' && scan_value(scan);

	while (is_good && scan->depth > 0)
		is_good = scan_on(scan);
	if (is_good)
		(void)peek(scan);
	return is_good && scan->at == scan->end;
}

enum status
json_scan(const char *text, size_t len, struct json_token **tokens,
    struct err *err)
{
	struct err why = { ST_OK, "" };
	struct scan scan = {
		.text = text,
		.at = text,
		.end = text + len,
		.err = &why,
	};

	*tokens = NULL;
	if (len > JSON_TEXT_MAX)
		return err_set(err, ST_BAD_INPUT, "not JSON: too long");
	if (scan_text(&scan)) {
		*tokens = scan.tokens;
		return ST_OK;
	}
	free(scan.tokens);
	if (why.st == ST_OK)
		return err_set(err, ST_BAD_INPUT, "not one JSON object");
	*err = why;
	return why.st;
}
