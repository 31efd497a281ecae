/*
 * Each of these commands tries its act first and does it only with --commit, so
 * the same answer of the database is printed as "Would" or as "Done".
 */
#include "act.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "billing/order_change.h"

/*
 * SUDO_USER is believed only of root, because any other user could set it to
 * somebody else's name.  Root can become anybody anyway; the text must only be
 * fit for the audit log.
 */
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

/*
 * A user id without a name (a container, a directory server that is away) is no
 * reason to refuse the act: the number goes into the audit log instead.
 */
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
		/*
		 * A second run of the same command succeeds: the state that was
		 * asked for has been reached.
		 */
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
	/*
	 * A script can tell a dry run that would change something from one that
	 * would not.
	 */
	invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

/*
 * The options' own check allows longer texts than the database's constraint on
 * this column; here the operator reads which option is too long.
 */
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

/*
 * The end of the session is printed before the act: it has happened at Stripe
 * even when the database then refuses the act.
 */
static enum status
report(struct invocation *invocation, const char *verb,
    const struct order_change_result *done, struct err *err)
{
	/*
	 * The family paid while the act was prepared.  Their payment is
	 * applied, so the act was decided on an order that is different now.
	 */
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
	/*
	 * Opened for a dry run too: only Stripe knows whether the order's
	 * session was paid meanwhile.
	 */
	st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = order_change_apply(&invocation->app, change, actor,
		    arguments_flag(&invocation->arguments, "--commit"), &done,
		    err);
	return st != ST_OK ? st : report(invocation, verb, &done, err);
}
