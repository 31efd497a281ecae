/*
 * teamdues migrate: brings the schema up to date.  The only command that
 * connects as the owner of the schema, whose URL the other commands and
 * programs never need.
 */
#include <inttypes.h>
#include <stdio.h>

#include "kit/invocation.h"
#include "store/migrate.h"

static const struct parameter parameters[] = { PARAMETER_END };

static enum status
migrate(struct invocation *invocation, struct err *err)
{
	struct migrate_result result;
	enum status st;

	st = store_migrate(config_secret(&invocation->app.config,
	    SETTING_OWNER_DATABASE_URL), &result, err);
	if (st != ST_OK)
		return st;
	printf("The schema is at version %" PRId64, result.version);
	if (result.applied == 0)
		printf(", as it was; ");
	else
		printf(" (migrations applied: %d); ", result.applied);
	printf("functions, views and grants are current.\n");
	return ST_OK;
}

const struct command commands_migrate[] = {
	{
		.name = "migrate",
		.summary = "bring the schema up to date; safe to run twice",
		.needs = NEEDS(SETTING_OWNER_DATABASE_URL),
		.user = CLUB_OWNER,
		.parameters = parameters,
		.run = migrate,
	},
	COMMANDS_END
};
