/*
 * A program of the desk needs no key of Stripe's: what needs one is a request
 * for the clerk.  Four threads serve the few people who use the desk.
 */
#include "desk/run.h"

enum { THREADS = 4, URL_MAX = 2048 };

int
desk_run(const char *name, const struct route *routes)
{
	const struct app_needs needs = {
		.name = name,
		.settings = NEEDS(SETTING_DATABASE_URL)
		    | NEEDS(SETTING_SITE_URL) | NEEDS(SETTING_LINK_SECRET)
		    | NEEDS(SETTING_CLUB_NAME) | NEEDS(SETTING_CLUB_CONTACT)
		    | NEEDS(SETTING_CLUB_TIMEZONE) | NEEDS(SETTING_CURRENCY),
		.connections = STORE_CONNECTIONS_MAX,
		.is_for_staff = true,
	};

	return endpoint_run(&needs, routes, THREADS);
}

/*
 * With the site's own address in front: a redirect that took its host from the
 * request could be sent elsewhere by a forged Host header.
 */
enum status
desk_redirect(const struct visit *visit, const char *path,
    struct response *response, struct err *err)
{
	struct buf url = BUF_INIT(URL_MAX);
	enum status st;

	buf_puts(&url, config_text(&visit->app->config, SETTING_SITE_URL));
	buf_puts(&url, path);
	st = buf_check(&url, "the address", err);
	if (st == ST_OK)
		st = response_redirect(response, buf_str(&url), err);
	buf_clear(&url);
	return st;
}
