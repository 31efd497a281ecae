/* Days of the Gregorian calendar, from year 1. */
#ifndef TEAMDUES_BASE_DATE_H
#define TEAMDUES_BASE_DATE_H

#include <stdbool.h>

#include "base/buf.h"

struct date {
	int year;	/* 1 to 9999 */
	int month;	/* from 1 */
	int day;	/* from 1 */
};

/* Exactly YYYY-MM-DD of a day that there is. */
bool date_parse(const char *text, struct date *date);

/* month is 1 to 12. */
int date_days_of_month(int year, int month);

/* "April", whatever the locale; month is 1 to 12. */
const char *date_month_name(int month);

/* "15 April 2026" */
void date_put(struct buf *b, const struct date *date);

#endif
