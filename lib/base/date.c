/*
 * The calendar is computed here: strptime() and mktime() depend on the locale
 * and on the process's time zone, and mktime() turns 31 April into 1 May.
 */
#include "base/date.h"

#include <string.h>

static const struct month {
	const char *name;
	int days;	/* in a common year */
} months[] = {
	{ "January", 31 }, { "February", 28 }, { "March", 31 },
	{ "April", 30 }, { "May", 31 }, { "June", 30 },
	{ "July", 31 }, { "August", 31 }, { "September", 30 },
	{ "October", 31 }, { "November", 30 }, { "December", 31 },
};

int
date_days_of_month(int year, int month)
{
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return months[month - 1].days + (month == 2 && is_leap ? 1 : 0);
}

const char *
date_month_name(int month)
{
	return months[month - 1].name;
}

static int
two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

bool
date_parse(const char *text, struct date *date)
{
	/* Every byte is compared, because scanf() would accept signs, blanks
	 * and one digit for two. */
	static const char form[] = "dddd-dd-dd";
	struct date read;

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9'
		    : text[i] != form[i])
			return false;
	read.year = two_digits(text) * 100 + two_digits(text + 2);
	read.month = two_digits(text + 5);
	read.day = two_digits(text + 8);
	if (read.year < 1 || read.month < 1 || read.month > 12 ||
	    read.day < 1 ||
	    read.day > date_days_of_month(read.year, read.month))
		return false;
	*date = read;
	return true;
}

void
date_put(struct buf *b, const struct date *date)
{
	buf_putf(b, "%d %s %d", date->day, date_month_name(date->month),
	    date->year);
}
