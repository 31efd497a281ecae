#include "act.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "billing/order_change.h"

/* Whoever is root may call himself what he likes, as long as it is a name. */
static const char *
user_before_sudo(void)
{
	const char *name = getenv("SUDO_USER");
	struct err ignored;

	if (getuid() != 0 || name == NULL || name[0] == '\0' ||
	    text_check("SUDO_USER", name, strlen(name), ACTOR_SIZE - 1,
	    &ignored) != ST_OK)
		return NULL;
	return name;
}

void
act_actor(char actor[ACTOR_SIZE])
{
	const char *name = user_before_sudo();
	const struct passwd *user = NULL;

	if (name == NULL)
		user = getpwuid(getuid());
	if (user != NULL)
		name = user->pw_name;
	if (name != NULL)
		snprintf(actor, ACTOR_SIZE, "%s", name);
	else
		snprintf(actor, ACTOR_SIZE, "user %ld", (long)getuid());
}

enum status
act_report(struct invocation *invocation, const char *verb,
    const struct act_result *result, struct err *err)
{
	bool commit = arguments_flag(&invocation->arguments, "--commit");

	switch (result->outcome) {
	case ACT_UNKNOWN:
		return err_set(err, ST_NOT_FOUND, "%s", result->detail);
	case ACT_REFUSED:
		return err_set(err, ST_CONFLICT, "refused: %s",
		    result->detail);
	case ACT_ALREADY:
		printf("Nothing to do: %s.\n", result->detail);
		return ST_OK;
	case ACT_DONE:
		break;
	}
	if (commit) {
		printf("Done: %s: %s.\n", verb, result->detail);
		return ST_OK;
	}
	printf("Would %s: %s.\n"
	    "Nothing was changed; --commit does it.\n", verb, result->detail);
	invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

enum status
act_check_text(struct invocation *invocation, const char *name, size_t max,
    struct err *err)
{
	const char *text = arguments_text(&invocation->arguments, name);
	enum status st;

	st = text_check(name, text, strlen(text), max, err);
	if (st != ST_OK)
		invocation->exit = EXIT_USAGE;
	return st;
}

/* Data on standard output, what Stripe was made to do beside it. */
static enum status
report(struct invocation *invocation, const char *verb,
    const struct order_change_result *done, struct err *err)
{
	if (done->was_complete)
		return err_set(err, ST_CONFLICT, "refused: session %s turned "
		    "out complete and was applied; the order is %s",
		    done->session_id, order_status_names[done->status]);
	if (done->ended > 0)
		printf("Its open session was ended at Stripe.\n");
	else if (done->result.outcome == ACT_DONE &&
	    done->session_id[0] != '\0')
		printf("Would end its open session %s at Stripe.\n",
		    done->session_id);
	return act_report(invocation, verb, &done->result, err);
}

enum status
act_on_order(struct invocation *invocation, const char *verb,
    const struct order_change *change, struct err *err)
{
	struct order_change_result done;
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = order_change_apply(&invocation->app, change, actor,
		    arguments_flag(&invocation->arguments, "--commit"), &done,
		    err);
	return st != ST_OK ? st : report(invocation, verb, &done, err);
}
