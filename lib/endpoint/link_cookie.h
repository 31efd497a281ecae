/*
 * What a link was about, for paid.html: nginx serves that page to anybody, so
 * that the browser which followed a signed link brings it along, in a cookie of
 * that page alone and for an hour.
 */
#ifndef TEAMDUES_ENDPOINT_LINK_COOKIE_H
#define TEAMDUES_ENDPOINT_LINK_COOKIE_H

#include "billing/checkout.h"
#include "web/response.h"

/* Before a payment what and for whom, after it how much and when as well. */
NODISCARD enum status link_cookie_put(const struct checkout *checkout,
    struct response *response, struct err *err);

#endif
