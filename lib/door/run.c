#include "door/run.h"

int
door_run(const struct billing_needs *needs, const struct route *routes,
    int threads)
{
	struct billing billing;
	int code = 1;

	if (billing_open(&billing, needs) == ST_OK)
		code = service_run(&(const struct service){
			.routes = routes,
			.context = &billing,
			.contact = config_text(&billing.config,
			    SETTING_CLUB_CONTACT),
			.threads = config_threads(&billing.config, threads),
			.tick = billing_tick,
		});
	billing_close(&billing);
	return code;
}
