/*
 * A browser names text/html; programs name JSON or nothing.  So only types that
 * are named decide, by their weights (RFC 9110, section 12.5.1).
 */
#include "web/accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { WEIGHT_MAX = 1000 };

static const char *const html_types[] = {
	"text/html", "application/xhtml+xml", "text/*", NULL,
};
static const char *const json_types[] = {
	"application/json", "application/problem+json", NULL,
};

static const char *
blanks_skip(const char *at)
{
	return at + strspn(at, " \t");
}

static bool
is_one_of(const char *const *types, const char *text, size_t len)
{
	for (; *types != NULL; types++)
		if (strlen(*types) == len &&
		    strncasecmp(*types, text, len) == 0)
			return true;
	return false;
}

/*
 * The weight in thousandths of "1", "0.25" and the like; what is malformed
 * counts as 0, so that nonsense never wins.
 */
static int
weight_parse(const char *text)
{
	int weight = 0;
	int place = WEIGHT_MAX / 10;

	if (*text != '0' && *text != '1')
		return 0;
	weight = (*text - '0') * WEIGHT_MAX;
	if (*++text != '.')
		return weight;
	for (text++; *text >= '0' && *text <= '9' && place > 0; text++) {
		weight += (*text - '0') * place;
		place /= 10;
	}
	return weight < WEIGHT_MAX ? weight : WEIGHT_MAX;
}

/* The weight (q) among a range's parameters, from its first semicolon up to
 * end; 1 if it has none. */
static int
weight_find(const char *at, const char *end)
{
	while (at < end) {
		at = blanks_skip(at + 1);
		if (strncasecmp(at, "q=", 2) == 0)
			return weight_parse(at + 2);
		at += strcspn(at, ";,");
	}
	return WEIGHT_MAX;
}

bool
accept_prefers_html(const char *accept)
{
	int html = 0;
	int json = 0;

	while (*accept != '\0') {
		const char *type = blanks_skip(accept);
		const char *end = type + strcspn(type, ",");
		size_t len = strcspn(type, " \t;,");
		int weight = weight_find(type + strcspn(type, ";,"), end);

		if (is_one_of(html_types, type, len) && weight > html)
			html = weight;
		if (is_one_of(json_types, type, len) && weight > json)
			json = weight;
		accept = *end == ',' ? end + 1 : end;
	}
	return html > json;
}
