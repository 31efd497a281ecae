/* Content negotiation: whether a person or a program reads the answer. */
#ifndef TEAMDUES_WEB_ACCEPT_H
#define TEAMDUES_WEB_ACCEPT_H

#include <stdbool.h>

/*
 * True when an Accept header (RFC 9110, section 12.5.1) names HTML and rates it
 * above JSON.  Only types that it names count: every HTTP library sends a bare
 * star-slash-star, which does not ask for a page.
 */
bool accept_prefers_html(const char *accept);

#endif
