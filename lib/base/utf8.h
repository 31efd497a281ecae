/* UTF-8 (RFC 3629). */
#ifndef TEAMDUES_BASE_UTF8_H
#define TEAMDUES_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True for well-formed UTF-8: no surrogates, nothing overlong or cut short. */
bool utf8_is_valid(const char *bytes, size_t len);

#endif
