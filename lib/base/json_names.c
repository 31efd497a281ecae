/*
 * An object's names: each once, and those that are known.  A name that occurs
 * twice is refused because readers differ in which value counts (RFC 8259,
 * section 4): two of them could see two amounts in one event.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_parts.h"

/*
 * Up to NAMES_FEW names are compared with each other; more of them, which only
 * an attacker sends, are sorted, so that the time stays in proportion to the
 * text's length.
 */
enum { NAMES_FEW = 128, NAME_SHOWN_MAX = 40, MARKS = 256 };

struct name {
	const char *text;
	const struct json_token *token;
};

/* The message goes into answers and logs, so it repeats nothing of the sender's
 * but a plain word.  The quote behind the name ends strspn(). */
static bool
is_plain(const char *name, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return len > 0 && len <= NAME_SHOWN_MAX && strspn(name, plain) >= len;
}

/* "unknown member NAME", as far as the name is fit to be shown. */
static enum status
refuse_name(const char *what, const char *text,
    const struct json_token *name, struct err *err)
{
	if (!is_plain(text + name->start, name->len))
		return err_set(err, ST_BAD_INPUT, "%s member (of an odd name)",
		    what);
	return err_set(err, ST_BAD_INPUT, "%s member %.*s", what,
	    (int)name->len, text + name->start);
}

/* Compares the bytes that two names mean: one of them may spell a letter as an
 * escape. */
static int
compare_spelled(const struct name *a, const struct name *b)
{
	struct json_spelling of_a = json_spelling(a->text, a->token);
	struct json_spelling of_b = json_spelling(b->text, b->token);
	int byte_a, byte_b;

	do {
		byte_a = json_next_byte(&of_a);
		byte_b = json_next_byte(&of_b);
	} while (byte_a == byte_b && byte_a >= 0);
	return byte_a - byte_b;
}

static int
compare(const void *left, const void *right)
{
	const struct name *a = left;
	const struct name *b = right;
	size_t len = a->token->len < b->token->len ? a->token->len
	    : b->token->len;
	int order;

	if (a->token->is_escaped || b->token->is_escaped)
		return compare_spelled(a, b);
	order = memcmp(a->text + a->token->start, b->text + b->token->start,
	    len);
	if (order != 0 || a->token->len == b->token->len)
		return order;
	return a->token->len < b->token->len ? -1 : 1;
}

static enum status
check_many(const char *text, const struct json_token *object, struct err *err)
{
	const struct json_token *end = object + object->skip;
	/* A member has two tokens or more. */
	struct name *names = malloc(object->skip / 2 * sizeof(*names));
	size_t count = 0;
	enum status st = ST_OK;

	if (names == NULL)
		return err_set(err, ST_NOMEM, "no memory to read JSON");
	for (const struct json_token *t = object + 1; t < end; t += t->skip)
		names[count++] = (struct name){ text, t };
	qsort(names, count, sizeof(*names), compare);
	for (size_t i = 1; st == ST_OK && i < count; i++)
		if (compare(&names[i - 1], &names[i]) == 0)
			st = refuse_name("repeated", text,
			    names[i].token, err);
	free(names);
	return st;
}

/* Equal names have equal marks, so a name whose mark is new is new itself.  For
 * an empty name only its two quotes are read. */
static unsigned char
mark_of(const char *text, const struct json_token *name)
{
	const char *start = text + name->start;

	return (unsigned char)(name->len + 3u * (unsigned char)start[0] +
	    5u * (unsigned char)start[name->len / 2] +
	    7u * (unsigned char)text[name->start + name->len - 1]);
}

/* Whether a name before this one is the same; neither has an escape. */
static bool
is_there_before(const char *text, const struct json_token *first,
    const struct json_token *name)
{
	for (const struct json_token *t = first; t < name; t += t->skip)
		if (t->len == name->len && memcmp(text + t->start,
		    text + name->start, name->len) == 0)
			return true;
	return false;
}

enum status
json_names_check(const char *text, const struct json_token *object,
    struct err *err)
{
	const struct json_token *end = object + object->skip;
	uint64_t marks[MARKS / 64] = { 0 };
	size_t count = 0;

	for (const struct json_token *t = object + 1; t < end; t += t->skip) {
		unsigned char mark = mark_of(text, t);
		uint64_t bit = UINT64_C(1) << mark % 64;

		/* A mark is made of the spelling, which an escape changes. */
		if (t->is_escaped || count++ == NAMES_FEW)
			return check_many(text, object, err);
		if ((marks[mark / 64] & bit) != 0 &&
		    is_there_before(text, object + 1, t))
			return refuse_name("repeated", text, t, err);
		marks[mark / 64] |= bit;
	}
	return ST_OK;
}

enum status
json_accept(struct json_node object, const char *const *names,
    struct err *err)
{
	for (struct json_node member = json_first(object); json_exists(member);
	    member = json_next(object, member)) {
		size_t i = 0;

		while (names[i] != NULL && !json_is_named(member, names[i]))
			i++;
		if (names[i] == NULL)
			return refuse_name("unknown", member.text,
			    member.token - 1, err);
	}
	return ST_OK;
}
