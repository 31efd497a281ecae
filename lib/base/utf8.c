/*
 * Malformed UTF-8 is refused everywhere, since PostgreSQL, Stripe and mail
 * programs would each treat it in another way.
 */
#include "base/utf8.h"

/* The forms of RFC 3629, section 4; the second byte's range excludes overlong
 * sequences, surrogates and what lies beyond U+10FFFF. */
static const struct form {
	unsigned char first_min;
	unsigned char first_max;
	unsigned char second_min;
	unsigned char second_max;
	size_t len;
} forms[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct form *
form_find(unsigned char first)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (first >= forms[i].first_min && first <= forms[i].first_max)
			return &forms[i];
	return NULL;
}

size_t
utf8_sequence_len(const char *at, const char *end)
{
	const unsigned char *text = (const unsigned char *)at;
	const struct form *form = form_find(text[0]);

	if (form == NULL || form->len > (size_t)(end - at))
		return 0;
	if (form->len > 1 && (text[1] < form->second_min ||
	    text[1] > form->second_max))
		return 0;
	for (size_t i = 2; i < form->len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return form->len;
}

bool
utf8_is_valid(const char *bytes, size_t len)
{
	const char *end = bytes + len;

	while (bytes < end) {
		size_t step = utf8_sequence_len(bytes, end);

		if (step == 0)
			return false;
		bytes += step;
	}
	return true;
}
