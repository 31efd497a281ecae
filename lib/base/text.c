#include "base/text.h"

#include "base/date.h"
#include "base/utf8.h"

/* The C0 controls, DEL, and in UTF-8's two bytes the C1 controls. */
static bool
has_control(const unsigned char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] == 0x7f ||
		    (text[i] == 0xc2 && i + 1 < len && text[i + 1] < 0xa0))
			return true;
	return false;
}

/* Characters of well-formed UTF-8: the bytes that begin one. */
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
text_parse_id(const char *text, size_t len, int64_t *id)
{
	int64_t value = 0;

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

bool
text_is_date(const char *text)
{
	struct date date;

	return date_parse(text, &date);
}
