/* The names in JSON's outermost object, which json-c would merge silently. */
#include "base/json.h"

#include <string.h>

enum { NAME_SHOWN_MAX = 40, NAMES_MAX = 32 };

/* A walk through text that is known to be JSON. */
struct walk {
	const char *text;
	size_t len;
	size_t at;
	int depth;
};

/* From behind a string's first quote to behind its last one. */
static void
skip_string(struct walk *walk)
{
	while (walk->at < walk->len && walk->text[walk->at] != '"')
		walk->at += walk->text[walk->at] == '\\' ? 2 : 1;
	walk->at++;
}

/* In JSON, what is followed by a colon is a name. */
static bool
is_before_colon(struct walk *walk)
{
	while (walk->at < walk->len &&
	    strchr(" \t\r\n", walk->text[walk->at]) != NULL)
		walk->at++;
	return walk->at < walk->len && walk->text[walk->at] == ':';
}

/* Moves behind the outermost object's next name; false: there is none. */
static bool
next_name(struct walk *walk, const char **name, size_t *len)
{
	while (walk->at < walk->len) {
		char c = walk->text[walk->at++];

		walk->depth += (c == '{' || c == '[') -
		    (c == '}' || c == ']');
		if (c != '"')
			continue;
		*name = walk->text + walk->at;
		skip_string(walk);
		*len = (size_t)(walk->text + walk->at - 1 - *name);
		if (walk->depth == 1 && is_before_colon(walk))
			return true;
	}
	return false;
}

/* Which of names it is, or their count.  One that is written with escapes is
 * none of ours. */
static size_t
find_name(const char *const *names, const char *name, size_t len)
{
	size_t i = 0;

	while (names[i] != NULL && (strlen(names[i]) != len ||
	    memcmp(names[i], name, len) != 0))
		i++;
	return i;
}

/* Anything but a plain word is somebody else's text. */
static bool
is_plain(const char *name, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return len > 0 && len <= NAME_SHOWN_MAX &&
	    strspn(name, plain) >= len;
}

enum status
json_accept(const char *text, size_t len, const char *const *names,
    struct err *err)
{
	struct walk walk = { .text = text, .len = len };
	bool is_seen[NAMES_MAX] = { false };
	const char *name = NULL;
	size_t name_len = 0;

	while (next_name(&walk, &name, &name_len)) {
		size_t i = find_name(names, name, name_len);

		if (names[i] == NULL && is_plain(name, name_len))
			return err_set(err, ST_BAD_INPUT, "unknown member %.*s",
			    (int)name_len, name);
		if (names[i] == NULL)
			return err_set(err, ST_BAD_INPUT,
			    "unknown member (of an odd name)");
		if (i >= NAMES_MAX || is_seen[i])
			return err_set(err, ST_BAD_INPUT, "repeated member %s",
			    names[i]);
		is_seen[i] = true;
	}
	return ST_OK;
}
