/* The parts of a response that its own room needs.  Inside lib/web only. */
#ifndef TEAMDUES_WEB_RESPONSE_PARTS_H
#define TEAMDUES_WEB_RESPONSE_PARTS_H

#include "web/response.h"

/* response_json_end with a content type of its own. */
NODISCARD enum status response_json_end_as(struct response *response,
    int http, const char *content_type, struct json_out *json,
    struct err *err);

/* Where name's header line begins; NULL when there is none.  Borrowed. */
const char *response_find_header(const struct response *response,
    const char *name);

/*
 * What is sent when there is no memory for an answer: a head of its own and a
 * line of text.  Static.
 */
extern const char response_last_head[];
extern const char response_last_body[];

#endif
