/*
 * Checks for typing errors, as mild as the schema and Stripe permit: a family
 * whose name or number is refused cannot register at all.
 */
#include "endpoint/form_checks.h"

#include <string.h>

#include "base/clock.h"
#include "base/email.h"
#include "base/name.h"
#include "base/text.h"

enum { PHONE_DIGITS_MIN = 5, DAY_LEN = 10 };

static const char earliest_birth[] = "1900-01-01";

/* One line of at most max characters, in UTF-8. */
static bool
is_line(const char *text, size_t max)
{
	struct err ignored;

	return text_check("it", text, strlen(text), max, &ignored) == ST_OK;
}

const char *
form_check_name(const char *text)
{
	if (text[0] == '\0')
		return "Please enter a name.";
	if (!is_line(text, FORM_NAME_MAX))
		return "Please enter the name on one line of at most 200 "
		    "characters.";
	if (!name_is_plain(text))
		return "Please enter the name in letters; spaces, apostrophes, "
		    "hyphens and full stops may stand between them.";
	return NULL;
}

const char *
form_check_email(const char *text)
{
	struct err ignored;

	if (text[0] == '\0')
		return "Please enter an email address.";
	if (email_check_public(text, strlen(text), &ignored) != ST_OK)
		return "Please enter an email address such as "
		    "name@example.com.";
	return NULL;
}

const char *
form_check_phone(const char *text)
{
	size_t digits = 0;

	for (const char *c = text; *c != '\0'; c++)
		digits += *c >= '0' && *c <= '9';
	if (text[0] == '\0')
		return "Please enter a telephone number.";
	if (text[strspn(text, "0123456789 +-()./")] != '\0' ||
	    digits < PHONE_DIGITS_MIN || strlen(text) > FORM_PHONE_MAX)
		return "Please enter a telephone number in digits, such as "
		    "+1 303 555 0100.";
	return NULL;
}

const char *
form_check_birth_date(const char *text, int64_t now)
{
	char storage[32];
	struct buf today = BUF_FIXED(storage);

	if (text[0] == '\0')
		return "Please enter the date of birth.";
	if (!text_is_date(text))
		return "Please enter the date of birth as year, month and "
		    "day, such as 2014-05-31.";
	clock_put_utc(&today, now);
	/*
	 * Dates of this form sort as texts.  Today is UTC's: that the club's
	 * own day may be another does not matter for a date of birth.
	 */
	if (strcmp(text, earliest_birth) < 0 ||
	    strncmp(text, storage, DAY_LEN) > 0)
		return "Please check the year of birth.";
	return NULL;
}

/* "00" and "0" are two numbers on a field, and "07" is none. */
const char *
form_check_number(const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return "Please enter a number.";
	if (len > 2 || strspn(text, "0123456789") != len ||
	    (len == 2 && text[0] == '0' && text[1] != '0'))
		return "Please enter a number from 0 to 99, or 00.";
	return NULL;
}

const char *
form_check_jersey_name(const char *text)
{
	if (text[0] == '\0')
		return "Please enter the name to be printed.";
	if (!is_line(text, FORM_JERSEY_NAME_MAX))
		return "Please enter the name on one line of at most 30 "
		    "characters.";
	return NULL;
}
