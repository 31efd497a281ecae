/*
 * A machine may serve many clubs.  Each has a folder of settings and users of
 * its own (runbook/package).  Root looks after one by `teamdues --club CLUB`,
 * and the command then acts as the club's operator, whom its database knows.
 */
#ifndef TEAMDUES_COMMAND_CLUB_H
#define TEAMDUES_COMMAND_CLUB_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"

#define CLUBS_FOLDER "/etc/teamdues"

enum { CLUB_FOLDER_SIZE = 64 };

/* Whom a command acts as: the operator, the database's owner, or root. */
enum club_user { CLUB_OPERATOR, CLUB_OWNER, CLUB_ROOT };

/*
 * Whether a text can be a club's name: a letter, and at most 12 letters and
 * digits more, all of them small.  It becomes a part of names that may have 31
 * characters, of users and roles.
 */
bool club_is_name(const char *name);

/* The folder of its settings.  ST_BAD_INPUT: no such name; ST_NOT_FOUND: no
 * such club. */
NODISCARD enum status club_folder(const char *name,
    char folder[CLUB_FOLDER_SIZE], struct err *err);

/*
 * Acts as that user of the club from here on, by the effective ids alone: the
 * real user stays root, so that the acts' log still learns who called.
 * ST_DENIED: who calls is not root; ST_NOT_FOUND: there is no such user.
 */
NODISCARD enum status club_become(const char *name, enum club_user user,
    struct err *err);

/* Takes that back. */
NODISCARD enum status club_leave(struct err *err);

/* As fopen, with the rights of who called. */
FILE *club_open_file(const char *path, const char *mode);

#endif
