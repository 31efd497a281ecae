/* Names of people, as a form accepts them that is open to everybody. */
#ifndef TEAMDUES_BASE_NAME_H
#define TEAMDUES_BASE_NAME_H

#include <stdbool.h>

/*
 * True for letters and marks of any script with spaces, apostrophes, hyphens
 * and full stops between them, in well-formed UTF-8.  No digits, no symbols,
 * nothing that a mail program shows as a link (evil.example) or a spreadsheet
 * runs as a formula.
 */
bool name_is_plain(const char *text);

#endif
