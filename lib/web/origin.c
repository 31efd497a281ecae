#include <string.h>

#include "web/request.h"

static const char https[] = "https://";

/* An Origin header is scheme, host and port alone: texts can be compared. */
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
 * Where a page hides its origin the browser says "null"; then only
 * Sec-Fetch-Site (Fetch Metadata), which no page can set, may vouch for it.
 */
bool
request_is_foreign(const struct request *request, const char *site_url)
{
	const char *origin = request_variable(request, "HTTP_ORIGIN");
	const char *site = request_variable(request, "HTTP_SEC_FETCH_SITE");
	bool is_vouched = site != NULL && strcmp(site, "same-origin") == 0;

	if (site != NULL && !is_vouched && strcmp(site, "none") != 0)
		return true;
	if (origin == NULL || (is_vouched && strcmp(origin, "null") == 0))
		return false;
	return !is_ours(request, origin, site_url);
}
