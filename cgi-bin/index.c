/* GET /: the home page, which says where a visitor has arrived. */
#include "base/config.h"
#include "base/log.h"
#include "web/page.h"
#include "web/service.h"

enum { PAGE_MAX = 16 * 1024, TEXT_MAX = 512 };

static enum status
home_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	const char *club = config_text(context, SETTING_CLUB_NAME);
	struct buf title = BUF_INIT(TEXT_MAX);
	struct buf text = BUF_INIT(TEXT_MAX);
	struct buf html = BUF_INIT(PAGE_MAX);
	enum status st;

	(void)request;
	buf_putf(&title, "Payments of %s", club);
	buf_putf(&text, "This is where families pay what they owe %s. The club "
	    "sends you a link by e-mail; it leads straight to your payment.",
	    club);
	st = buf_check(&title, "the title", err);
	if (st == ST_OK)
		st = buf_check(&text, "the text", err);
	if (st == ST_OK) {
		page_put(&html, &(const struct page){
			.site_name = club,
			.title = buf_str(&title),
			.paragraphs =
			    (const char *const[]){ buf_str(&text), NULL },
		});
		st = response_html(response, 200, &html, err);
	}
	buf_clear(&html);
	buf_clear(&text);
	buf_clear(&title);
	return st;
}

static const struct route routes[] = {
	{ .path = "/", .methods = METHOD_GET, .handle = home_get },
	{ .path = NULL },
};

int
main(void)
{
	struct config config;
	struct err err;
	int code = 1;

	if (config_load(&config, NEEDS(SETTING_CLUB_NAME), NULL, NULL,
	    &err) == ST_OK) {
		log_set_level(log_level_parse(
		    config_text(&config, SETTING_LOG_LEVEL)));
		code = service_run(&(const struct service){
			.routes = routes,
			.context = &config,
			.threads = config_threads(&config, 2),
		});
	} else {
		log_event(LOG_ERROR, "config", LOG_TEXT("reason", err.msg),
		    NULL);
	}
	config_clear(&config);
	return code;
}
