/* Content negotiation: who reads an answer, a person or a program? */
#ifndef TEAMDUES_WEB_ACCEPT_H
#define TEAMDUES_WEB_ACCEPT_H

#include <stdbool.h>

/*
 * True when an Accept header (RFC 9110, 12.5.1) names HTML and rates it above
 * JSON.  Only types that it names count: a bare star-slash-star, which every
 * HTTP library sends, is no wish for a page.
 */
bool accept_prefers_html(const char *accept);

#endif
