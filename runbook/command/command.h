/*
 * The shape of a command of `teamdues`.  Each has a file here with its struct
 * command, and a line in the table of runbook/teamdues.c, from which the usage
 * is made.
 */
#ifndef TEAMDUES_COMMAND_COMMAND_H
#define TEAMDUES_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/status.h"
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
	struct arguments arguments;
	struct config config;
	struct buf problems;	/* with the settings; "" when there are none */
	struct store *store;	/* when the command needs DATABASE_URL */
	enum exit_code exit;	/* set by the command when it is not EXIT_DONE
				 * (or, on a failure, not EXIT_FAILED) */
};

struct command {
	const char *name;	/* one word or more: "product add" */
	const char *summary;
	uint32_t needs;		/* NEEDS() of the settings */
	bool is_default;	/* its last word may be left out */
	bool is_lenient;	/* runs though settings are wrong: reports it */
	const struct parameter *parameters;
	enum status (*run)(struct invocation *, struct err *);
};

/* A usage error that only the command can see: returns ST_BAD_INPUT. */
enum status invocation_usage(struct invocation *invocation, struct err *err,
    const char *text);

extern const struct command command_audit;
extern const struct command command_desk_add;
extern const struct command command_desk_list;
extern const struct command command_desk_remove;
extern const struct command command_doctor;
extern const struct command command_email_batch;
extern const struct command command_email_blast;
extern const struct command command_email_drop;
extern const struct command command_email_list;
extern const struct command command_email_remind;
extern const struct command command_email_retry;
extern const struct command command_events_list;
extern const struct command command_events_prune;
extern const struct command command_events_replay;
extern const struct command command_events_show;
extern const struct command command_import_roster;
extern const struct command command_import_sessions;
extern const struct command command_installation_adopt;
extern const struct command command_installation_disown;
extern const struct command command_installation_show;
extern const struct command command_link_create_session;
extern const struct command command_link_first_payment;
extern const struct command command_link_jersey;
extern const struct command command_link_tournament;
extern const struct command command_link_tryout;
extern const struct command command_mailer;
extern const struct command command_metrics;
extern const struct command command_migrate;
extern const struct command command_order_adjust;
extern const struct command command_order_cancel;
extern const struct command command_order_fee;
extern const struct command command_order_record_payment;
extern const struct command command_order_reopen;
extern const struct command command_order_show;
extern const struct command command_order_unrecord_payment;
extern const struct command command_order_waive;
extern const struct command command_orders;
extern const struct command command_player_leave;
extern const struct command command_player_return;
extern const struct command command_product_add;
extern const struct command command_product_list;
extern const struct command command_product_return;
extern const struct command command_product_withdraw;
extern const struct command command_reconcile;
extern const struct command command_refund;
extern const struct command command_regenerate;
extern const struct command command_rules_list;
extern const struct command command_rules_remove;
extern const struct command command_tournament_add;
extern const struct command command_tournament_list;
extern const struct command command_tournament_roster;
extern const struct command command_unmatched_attach;
extern const struct command command_unmatched_detach;
extern const struct command command_unmatched_dismiss;
extern const struct command command_unmatched_list;
extern const struct command command_unmatched_reopen;
extern const struct command command_unmatched_show;
extern const struct command command_watch;

#endif
