/*
 * teamdues person export|erase: what the law of the EU gives a person a right
 * to, to see what the books hold of them and to have it taken out.
 */
#include <stdio.h>

#include "kit/act.h"
#include "store/person.h"

/* Of one family: the bodies of its events are most of it. */
enum { DOCUMENT_MAX = 256 * 1024 * 1024 };

#define PARAMETERS_WHO \
	{ "--email", PARAMETER_TEXT, false, "ADDRESS", \
	    "who has this address, or paid with it" }, \
	{ "--parent", PARAMETER_ID, false, "N", \
	    "this parent, with the children" }, \
	{ "--player", PARAMETER_ID, false, "N", \
	    "this player, with the family" }

static const struct parameter export_parameters[] = {
	PARAMETERS_WHO, PARAMETER_END
};

static const struct parameter erase_parameters[] = {
	PARAMETERS_WHO,
	{ "--anyway", PARAMETER_FLAG, false, NULL,
	    "though something is owed, or a mail waits" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
read_key(struct invocation *invocation, struct person_key *key,
    struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;

	key->email = arguments_text(arguments, "--email");
	key->parent_id = arguments_id(arguments, "--parent");
	key->player_id = arguments_id(arguments, "--player");
	if ((key->email != NULL) + (key->parent_id != 0) +
	    (key->player_id != 0) != 1)
		return invocation_usage(invocation, err,
		    "give one of --email, --parent and --player");
	return ST_OK;
}

static enum status
export_person(struct invocation *invocation, struct err *err)
{
	struct buf document = BUF_INIT(DOCUMENT_MAX);
	struct person_key key;
	enum status st;

	st = read_key(invocation, &key, err);
	if (st == ST_OK)
		st = store_person_export(invocation->app.store, &key,
		    &document, err);
	if (st == ST_OK)
		printf("%s\n", buf_str(&document));
	buf_clear(&document);
	return st;
}

static enum status
erase_person(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct erasure erasure = {
		.is_anyway = arguments_flag(arguments, "--anyway"),
		.commit = arguments_flag(arguments, "--commit"),
	};
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	erasure.actor = actor;
	st = read_key(invocation, &erasure.key, err);
	if (st == ST_OK)
		st = store_person_erase(invocation->app.store, &erasure,
		    &result, err);
	if (st == ST_OK)
		st = act_report(invocation, "erase", &result, err);
	return st;
}

const struct command commands_person[] = {
	{
		.name = "person export",
		.summary = "print all that the books hold of a person, as JSON",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = export_parameters,
		.run = export_person,
	},
	{
		.name = "person erase",
		.summary = "take name, address and all that a person said out "
		    "of the books",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = erase_parameters,
		.run = erase_person,
	},
	COMMANDS_END
};
