/*
 * Where settings come from: the environment, then a file of KEY=value lines,
 * each with NAME_FILE=/path as another way to give NAME.  Values are read here
 * and checked elsewhere (config_check.h).
 */
#ifndef TEAMDUES_BASE_CONFIG_SOURCE_H
#define TEAMDUES_BASE_CONFIG_SOURCE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/setting.h"
#include "base/status.h"

/* The settings of the file. */
struct config_source {
	struct secret value[SETTING_MAX];
	struct secret path[SETTING_MAX];	/* NAME_FILE */
	bool is_folder;		/* of a club: the environment is not asked */
};

/*
 * Reads file; one that does not exist is empty.  What is wrong in it becomes a
 * line of problems.  ST_NOMEM.  Clear the source after a failure too.
 */
NODISCARD enum status config_source_read(struct config_source *source,
    const char *file, struct buf *problems, struct err *err);

/*
 * Reads a club's folder instead: its teamdues.conf, and as a NAME_FILE each
 * secret that is there, credentials/NAME (DATABASE_URL-operator, since each
 * login has its own).  The environment, which may be another club's, does not
 * count.  As config_source_read.
 */
NODISCARD enum status config_source_read_folder(struct config_source *source,
    const char *folder, struct buf *problems, struct err *err);

/*
 * The setting's value; empty when it is set nowhere.  A NAME_FILE that cannot
 * be read is a line of problems.  If this user may not read it and needed is
 * false, it counts as not set: it belongs to another program.  ST_NOMEM.
 */
NODISCARD enum status config_source_get(const struct config_source *source,
    enum setting setting, bool needed, struct secret *value,
    struct buf *problems, struct err *err);

void config_source_clear(struct config_source *source);

#endif
