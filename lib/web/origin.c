/*
 * A form on a stranger's page can post to us in a family's name.  Fetch
 * Metadata and Origin, which no page can set, say where the form was; a client
 * that sends neither is no browser.
 */
#include <string.h>

#include "web/request.h"

static const char https[] = "https://";

/* An Origin header has scheme, host and port only, so texts can be compared.
 * The request's own host is ours, too: SITE_URL names one of a site's names. */
static bool
is_ours(const struct request *request, const char *origin,
    const char *site_url)
{
	const char *host = request_variable(request, "HTTP_HOST");

	if (strcmp(origin, site_url) == 0)
		return true;
	return host != NULL && strncmp(origin, https, sizeof(https) - 1) == 0 &&
	    strcmp(origin + sizeof(https) - 1, host) == 0;
}

/*
 * A page that hides its origin makes the browser send "null", which a
 * stranger's page can do, too.  Then only Sec-Fetch-Site can prove that the
 * form is ours.
 */
bool
request_is_foreign(const struct request *request, const char *site_url)
{
	const char *origin = request_variable(request, "HTTP_ORIGIN");
	const char *site = request_variable(request, "HTTP_SEC_FETCH_SITE");
	bool is_vouched = site != NULL && strcmp(site, "same-origin") == 0;

	/* "none" is a person who typed the address or used a bookmark. */
	if (site != NULL && !is_vouched && strcmp(site, "none") != 0)
		return true;
	if (origin == NULL || (is_vouched && strcmp(origin, "null") == 0))
		return false;
	return !is_ours(request, origin, site_url);
}
