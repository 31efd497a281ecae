/*
 * The shape of a command of `teamdues`, and one run of one.  A file of
 * runbook/command ends with the array of its commands; commands.h lists the
 * files, and the usage is made of that.
 */
#ifndef TEAMDUES_COMMAND_INVOCATION_H
#define TEAMDUES_COMMAND_INVOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/buf.h"
#include "base/status.h"
#include "club.h"
#include "options.h"
#include "store/store.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_FOUND_WORK = 3,	/* a dry run that would change something */
};

/* One run of one command. */
struct invocation {
	const char *club;	/* --club's; NULL: the machine's one */
	struct arguments arguments;
	struct app app;		/* with the store where DATABASE_URL is needed,
				 * and Stripe once it was opened */
	struct buf problems;	/* with the settings; "" when there are none */
	enum exit_code exit;	/* set by the command when it is not EXIT_DONE
				 * (or, on a failure, not EXIT_FAILED) */
};

struct command {
	const char *name;	/* one word or more: "product add" */
	const char *summary;
	uint32_t needs;		/* NEEDS() of the settings */
	bool is_default;	/* its last word may be left out */
	bool is_lenient;	/* runs though settings are wrong: reports it */
	enum club_user user;	/* who it acts as for a club */
	const struct parameter *parameters;
	enum status (*run)(struct invocation *, struct err *);
};

#define COMMANDS_END { .name = NULL }

/* Opens app.stripe, for one call at a time.  As stripe_open. */
NODISCARD enum status invocation_open_stripe(struct invocation *invocation,
    struct err *err);

/* A usage error that only the command can see: returns ST_BAD_INPUT. */
enum status invocation_usage(struct invocation *invocation, struct err *err,
    const char *text);

#endif
