/*
 * What people type into the club's forms.  Each check gives NULL when the text
 * is well, else what is wrong: a sentence for whoever typed it, static.  Pure.
 */
#ifndef TEAMDUES_BILLING_ENTRY_H
#define TEAMDUES_BILLING_ENTRY_H

#include <stdint.h>

enum {
	ENTRY_NAME_MAX = 200,		/* characters */
	ENTRY_PHONE_MAX = 40,
	ENTRY_EMAIL_MAX = 254,
	ENTRY_JERSEY_NAME_MAX = 30,
};

const char *entry_fault_name(const char *text);
const char *entry_fault_email(const char *text);
const char *entry_fault_phone(const char *text);

/* YYYY-MM-DD; now is in Unix seconds. */
const char *entry_fault_birth_date(const char *text, int64_t now);

/* A number on a jersey: 0 to 99, or 00, which is another one than 0. */
const char *entry_fault_number(const char *text);
const char *entry_fault_jersey_name(const char *text);

#endif
