/*
 * The characters that are looked for begin with few different bytes, so the
 * text is searched as bytes and never decoded.
 */
#include "base/text.h"

#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/utf8.h"

/* Control characters: C0, DEL and, as two bytes of UTF-8, C1. */
static bool
has_control(const unsigned char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] == 0x7f ||
		    (text[i] == 0xc2 && i + 1 < len && text[i + 1] < 0xa0))
			return true;
	return false;
}

/* How many bytes of a character that would steer a terminal begin here; 0:
 * none. */
static size_t
steering_len(const unsigned char *text, size_t len)
{
	/*
	 * Each row is a range of characters that differ in their last byte
	 * only: C1 controls, marks of direction (Unicode's UAX #9), line and
	 * paragraph separators, the byte order mark.
	 */
	static const struct {
		size_t len;
		unsigned char bytes[3];
		unsigned char last;	/* the last byte's greatest value */
	} marks[] = {
		{ 2, { 0xc2, 0x80 }, 0x9f },		/* C1 controls */
		{ 2, { 0xd8, 0x9c }, 0x9c },		/* U+061C */
		{ 3, { 0xe2, 0x80, 0x8e }, 0x8f },	/* U+200E */
		{ 3, { 0xe2, 0x80, 0xa8 }, 0xae },	/* U+2028 */
		{ 3, { 0xe2, 0x81, 0xa6 }, 0xa9 },	/* U+2066 */
		{ 3, { 0xef, 0xbb, 0xbf }, 0xbf },	/* U+FEFF */
	};

	if (text[0] < 0x20 || text[0] == 0x7f)
		return 1;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t last = marks[i].len - 1;

		if (len > last && memcmp(text, marks[i].bytes, last) == 0 &&
		    text[last] >= marks[i].bytes[last] &&
		    text[last] <= marks[i].last)
			return last + 1;
	}
	return 0;
}

void
text_disarm(char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t at = 0;

	while (at < len) {
		size_t step = steering_len(bytes + at, len - at);

		memset(text + at, '?', step);
		at += step > 0 ? step : 1;
	}
}

/* Counts the characters of well-formed UTF-8 by the bytes that begin one. */
static size_t
count_characters(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			count++;
	return count;
}

enum status
text_check(const char *what, const char *text, size_t len, size_t max,
    struct err *err)
{
	if (!utf8_is_valid(text, len))
		return err_set(err, ST_BAD_INPUT, "%s: not UTF-8", what);
	if (has_control((const unsigned char *)text, len))
		return err_set(err, ST_BAD_INPUT,
		    "%s: has a control character or a line end", what);
	if (count_characters(text, len) > max)
		return err_set(err, ST_BAD_INPUT,
		    "%s: longer than %zu characters", what, max);
	return ST_OK;
}

bool
text_holds(const char *text, const char *part)
{
	size_t len = strlen(part);

	for (; *text != '\0'; text++)
		if (strncasecmp(text, part, len) == 0)
			return true;
	return false;
}

bool
text_parse_id(const char *text, size_t len, int64_t *id)
{
	int64_t value = 0;

	/* A number that is signed or a key must have one spelling. */
	if (len == 0 || text[0] == '0')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		int digit = text[i] - '0';
		if (value > (INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*id = value;
	return true;
}

void
text_split(char *text, const char **parts, size_t max)
{
	size_t count = 0;

	while (text != NULL && *text != '\0' && count < max) {
		char *comma = strchr(text, ',');

		parts[count++] = text;
		if (comma != NULL)
			*comma++ = '\0';
		text = comma;
	}
	parts[count] = NULL;
}

bool
text_is_date(const char *text)
{
	struct date date;

	return date_parse(text, &date);
}
