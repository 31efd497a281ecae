/*
 * GET /healthz: for a load balancer.  A line each for the database and its
 * schema version; Stripe and the mail server are not asked, since their trouble
 * is no reason to send visitors elsewhere.
 */
#include <inttypes.h>

#include "app/app.h"
#include "endpoint/run.h"
#include "store/migrate.h"
#include "store/schema.h"

static enum status
get_health(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct app *app = context;
	struct buf text = BUF_INIT(256);
	int64_t expected = store_schema_expected();
	int64_t version = 0;
	struct err why;
	int http = 200;
	enum status st;

	(void)request;
	/*
	 * Anybody may read this: it does not say why the database is away.  A
	 * newer schema is fine, since an upgrade migrates first and restarts
	 * the programs afterwards.
	 */
	if (store_schema_version(app->store, &version, &why) != ST_OK) {
		buf_puts(&text, "database: away\nschema: unknown\n");
		http = 503;
	} else if (version < expected) {
		buf_putf(&text, "database: ok\nschema: %" PRId64 ", needs %"
		    PRId64 "\n", version, expected);
		http = 503;
	} else {
		buf_putf(&text, "database: ok\nschema: %" PRId64 "\n", version);
	}
	st = buf_check(&text, "health", err);
	if (st == ST_OK)
		st = response_text(response, http, buf_str(&text), err);
	buf_clear(&text);
	return st;
}

static const struct route routes[] = {
	{ "/healthz", false, METHOD_GET, 0, get_health },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "healthz",
		.settings = NEEDS(SETTING_DATABASE_URL),
		/*
		 * A load balancer asks every few seconds: one connection is
		 * enough, and two threads, so that one question that hangs does
		 * not hide the next.
		 */
		.connections = 1,
	};

	return endpoint_run(&needs, routes, 2);
}
