/* The inside of base/json.h: tokens, and what is done to names and texts. */
#ifndef TEAMDUES_BASE_JSON_PARTS_H
#define TEAMDUES_BASE_JSON_PARTS_H

#include <stdint.h>

#include "base/json_node.h"
#include "base/status.h"

/*
 * A value, or an object's name, which its value follows.  The tokens of what an
 * array or object holds follow its own.
 */
struct json_token {
	uint32_t start;		/* in the text; of a string, behind its quote */
	uint32_t len;		/* without the quotes */
	uint32_t skip;		/* tokens to the next sibling, 1 or more */
	uint8_t kind;		/* enum json_kind */
	bool is_escaped;	/* a string with a backslash in it */
};

/* Positions must fit into uint32_t; far above what any caller takes. */
enum { JSON_TEXT_MAX = 256 * 1024 * 1024 };

/*
 * The pass.  *tokens is the caller's to free, the object's the first.
 * ST_BAD_INPUT, ST_NOMEM.
 */
NODISCARD enum status json_scan(const char *text, size_t len,
    struct json_token **tokens, struct err *err);

/* Refuses an object that has a name twice, however it is spelled.
 * ST_BAD_INPUT, ST_NOMEM. */
NODISCARD enum status json_names_check(const char *text,
    const struct json_token *object, struct err *err);

/* The length of the escape (RFC 8259, section 7) at `at`: 2 or 6; 0 when it is
 * no escape or is cut short. */
size_t json_escape_len(const char *at, const char *end);

/* A string's bytes, one by one, its escapes resolved. */
struct json_spelling {
	const char *at;
	const char *end;
	char bytes[4];		/* of the escape in hand */
	size_t len;
	size_t used;
};

struct json_spelling json_spelling(const char *text,
    const struct json_token *string);

/* 0 to 255, or -1 at the end. */
int json_next_byte(struct json_spelling *spelling);

#endif
