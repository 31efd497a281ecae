/* The strict pass over a JSON text: RFC 8259, and nothing beside it. */
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

/* Doubling: most texts have more bytes a token than is guessed at first. */
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

/* A token of no length yet, of what begins at start; NULL: no memory. */
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

/* The next byte that is no white space; NUL, which JSON has not, at the end. */
static inline char
peek(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' ||
	    *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
		scan->at++;
	return scan->at < scan->end ? *scan->at : '\0';
}

/* Eight bytes of text, the first the lowest. */
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
 * The top bit of each of eight bytes that is no plain one: below 0x20, a quote,
 * a backslash, above 0x7f.  A borrow may set the bit of a byte above such a one
 * as well; the lowest is right.
 */
static uint64_t
marks_of(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return ((bytes - ones * 0x20) | ((bytes ^ ones * '"') - ones) |
	    ((bytes ^ ones * '\\') - ones) | bytes) & ones * 0x80;
}

/* Behind the bytes that stand for themselves in a string, ASCII all. */
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

/* Of any size; who needs it as a number judges that. */
static bool
scan_number(struct scan *scan)
{
	struct json_token *token = add_token(scan, JSON_NUMBER, scan->at);
	bool is_good;

	if (token == NULL)
		return false;
	(void)skip_one_of(scan, "-");
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
	/* From a name one comes to the next name. */
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

/* What the innermost container goes on with: its end, or one thing more. */
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
