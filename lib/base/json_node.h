/* A value in JSON that has been read, and the steps from one to the next. */
#ifndef TEAMDUES_BASE_JSON_NODE_H
#define TEAMDUES_BASE_JSON_NODE_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_DEPTH_MAX = 64 };

enum json_kind {
	JSON_NULL,
	JSON_BOOLEAN,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_token;

/* A text that has been read: an object.  Zeroed it is empty. */
struct json_doc {
	const char *text;	/* borrowed, or the copy */
	struct json_token *tokens;	/* owned */
	char *copy;		/* owned; NULL: the text is the caller's */
};

/* A value in a document, borrowed from it. {NULL, NULL} is no value. */
struct json_node {
	const char *text;
	const struct json_token *token;
};

#define JSON_NONE ((struct json_node){ NULL, NULL })

/* The object; JSON_NONE for an empty document. */
struct json_node json_root(const struct json_doc *doc);

/* False for JSON_NONE, whatever the kind. */
bool json_is(struct json_node node, enum json_kind kind);

static inline bool
json_exists(struct json_node node)
{
	return node.token != NULL;
}

/*
 * The elements of an array or the members of an object, nulls included: the
 * first, or the one after child.  JSON_NONE at the end and for any other value.
 */
struct json_node json_first(struct json_node parent);
struct json_node json_next(struct json_node parent, struct json_node child);

/* How many there are. */
size_t json_count(struct json_node parent);

#endif
