/*
 * What people type into the club's forms.  Each check gives NULL for a text
 * without a fault, else a static sentence for whoever typed it.  Pure.
 */
#ifndef TEAMDUES_ENDPOINT_FORM_CHECKS_H
#define TEAMDUES_ENDPOINT_FORM_CHECKS_H

#include <stdint.h>

enum {
	FORM_NAME_MAX = 200,		/* characters */
	FORM_PHONE_MAX = 40,
	FORM_EMAIL_MAX = 254,
	FORM_JERSEY_NAME_MAX = 30,
};

const char *form_check_name(const char *text);
const char *form_check_email(const char *text);
const char *form_check_phone(const char *text);

/* YYYY-MM-DD; now is in Unix seconds. */
const char *form_check_birth_date(const char *text, int64_t now);

/* A number on a jersey: 0 to 99, or 00, which is another one than 0. */
const char *form_check_number(const char *text);
const char *form_check_jersey_name(const char *text);

#endif
