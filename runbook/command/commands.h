/*
 * Every command, in the order in which the usage lists them.  Each has a file
 * here, which defines its struct command, command_NAME.
 */
#ifndef TEAMDUES_COMMAND_COMMANDS_H
#define TEAMDUES_COMMAND_COMMANDS_H

#include "command.h"

#define COMMANDS(EACH) \
	EACH(migrate) \
	EACH(doctor) \
	EACH(import_roster) \
	EACH(import_sessions) \
	EACH(player_leave) \
	EACH(player_return) \
	EACH(product_add) \
	EACH(product_list) \
	EACH(product_withdraw) \
	EACH(product_return) \
	EACH(tournament_add) \
	EACH(tournament_list) \
	EACH(tournament_roster) \
	EACH(orders) \
	EACH(order_show) \
	EACH(order_fee) \
	EACH(order_cancel) \
	EACH(order_waive) \
	EACH(order_reopen) \
	EACH(order_adjust) \
	EACH(order_record_payment) \
	EACH(order_unrecord_payment) \
	EACH(refund) \
	EACH(link_first_payment) \
	EACH(link_tournament) \
	EACH(link_tryout) \
	EACH(link_jersey) \
	EACH(link_create_session) \
	EACH(regenerate) \
	EACH(reconcile) \
	EACH(events_list) \
	EACH(events_show) \
	EACH(events_replay) \
	EACH(events_prune) \
	EACH(installation_show) \
	EACH(installation_adopt) \
	EACH(installation_disown) \
	EACH(unmatched_list) \
	EACH(unmatched_show) \
	EACH(unmatched_attach) \
	EACH(unmatched_detach) \
	EACH(unmatched_dismiss) \
	EACH(unmatched_reopen) \
	EACH(rules_list) \
	EACH(rules_remove) \
	EACH(email_list) \
	EACH(email_blast) \
	EACH(email_remind) \
	EACH(email_batch) \
	EACH(email_retry) \
	EACH(email_drop) \
	EACH(desk_add) \
	EACH(desk_list) \
	EACH(desk_remove) \
	EACH(mailer) \
	EACH(watch) \
	EACH(audit) \
	EACH(metrics)

#define COMMAND_DECLARE(name) extern const struct command command_##name;
COMMANDS(COMMAND_DECLARE)

#endif
