/* teamdues link tournament: the signed URL that a family gets. */
#include <stdio.h>

#include "billing/links.h"
#include "command.h"

static const struct parameter tournament_parameters[] = {
	{ "--order", PARAMETER_ID, true, "N", "the order to be paid" },
	PARAMETER_END
};

static enum status
link_tournament(struct invocation *invocation, struct err *err)
{
	struct buf url = BUF_INIT(LINK_MAX);
	enum status st;

	st = billing_link_tournament(invocation->store, &invocation->config,
	    arguments_id(&invocation->arguments, "--order"), &url, err);
	if (st == ST_OK)
		printf("%s\n", buf_str(&url));
	buf_clear(&url);
	return st;
}

const struct command command_link_tournament = {
	.name = "link tournament",
	.summary = "print the pay link of a tournament's order",
	.needs = NEEDS(SETTING_DATABASE_URL) | NEEDS(SETTING_SITE_URL) |
	    NEEDS(SETTING_LINK_SECRET) | NEEDS(SETTING_CLUB_TIMEZONE),
	.parameters = tournament_parameters,
	.run = link_tournament,
};
