/* Names of people, as a form that is open to everybody may take them. */
#ifndef TEAMDUES_BASE_NAME_H
#define TEAMDUES_BASE_NAME_H

#include <stdbool.h>

/*
 * True for letters and marks of any script with spaces, apostrophes, hyphens
 * and full stops between them, in well-formed UTF-8: no digits, no symbols,
 * nothing that a mail program makes a link of (evil.example) or a spreadsheet a
 * formula.
 */
bool name_is_plain(const char *text);

#endif
