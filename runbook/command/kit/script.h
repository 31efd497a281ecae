/*
 * What looks after a whole machine (users, nginx, systemd) is done by scripts,
 * which are installed beside the programs (runbook/package/scripts).
 */
#ifndef TEAMDUES_COMMAND_SCRIPT_H
#define TEAMDUES_COMMAND_SCRIPT_H

#include <stddef.h>

#include "options.h"

/* Where they are installed, with a last slash; NULL: this command is not.  Made
 * by the build. */
extern const char *const script_folder;

/* An option of the command, and the variable by which the script gets it. */
struct script_variable {
	const char *option;
	const char *variable;
};

struct script {
	const char *name;
	const char *operands[3];	/* NULL-ended */
	const struct script_variable *variables;	/* ended by NULL */
};

/*
 * Becomes the script, with nothing of this environment but the terminal and who
 * was before sudo.  Returns only when it cannot: ST_NOT_FOUND.
 */
NODISCARD enum status script_run(const struct script *script,
    const struct arguments *arguments, struct err *err);

#endif
