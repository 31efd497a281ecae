/*
 * From a value to those that it holds.  The tokens are in the text's order: an
 * element's or a member's value follows its container at once or behind its
 * name, and json_token.skip leads past all that a value holds.
 */
#include "base/json_parts.h"

struct json_node
json_root(const struct json_doc *doc)
{
	return (struct json_node){ doc->text, doc->tokens };
}

bool
json_is(struct json_node node, enum json_kind kind)
{
	return node.token != NULL && node.token->kind == kind;
}

struct json_node
json_first(struct json_node parent)
{
	bool is_object = json_is(parent, JSON_OBJECT);

	if ((!is_object && !json_is(parent, JSON_ARRAY)) ||
	    parent.token->skip == 1)
		return JSON_NONE;
	return (struct json_node){ parent.text, parent.token + 1 + is_object };
}

struct json_node
json_next(struct json_node parent, struct json_node child)
{
	/* In an object the next token is a name; its value follows it. */
	const struct json_token *next = child.token + child.token->skip +
	    json_is(parent, JSON_OBJECT);

	if (next >= parent.token + parent.token->skip)
		return JSON_NONE;
	return (struct json_node){ child.text, next };
}

size_t
json_count(struct json_node parent)
{
	size_t count = 0;

	for (struct json_node child = json_first(parent); json_exists(child);
	    child = json_next(parent, child))
		count++;
	return count;
}
