/*
 * The files with commands, in the order in which the usage lists them: what a
 * file here defines as commands_FILE, ended by COMMANDS_END.
 */
#ifndef TEAMDUES_COMMAND_COMMANDS_H
#define TEAMDUES_COMMAND_COMMANDS_H

#include "kit/invocation.h"

#define COMMAND_FILES(EACH) \
	EACH(setup) \
	EACH(migrate) \
	EACH(doctor) \
	EACH(import) \
	EACH(import_sessions) \
	EACH(player) \
	EACH(person) \
	EACH(product) \
	EACH(tournament) \
	EACH(orders) \
	EACH(order) \
	EACH(order_fee) \
	EACH(refund) \
	EACH(link) \
	EACH(regenerate) \
	EACH(reconcile) \
	EACH(endpoint) \
	EACH(events) \
	EACH(replay) \
	EACH(installation) \
	EACH(unmatched) \
	EACH(rules) \
	EACH(email) \
	EACH(email_ask) \
	EACH(email_act) \
	EACH(desk) \
	EACH(mailer) \
	EACH(clerk) \
	EACH(watch) \
	EACH(audit) \
	EACH(metrics) \
	EACH(clubs)

#define COMMANDS_DECLARE(file) extern const struct command commands_##file[];
COMMAND_FILES(COMMANDS_DECLARE)

#endif
