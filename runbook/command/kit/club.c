/*
 * The database knows a club's operator by the operating system's user (peer
 * authentication), so that becoming that user is all it takes to act for one
 * club, and for that club alone.
 */
#include "club.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

enum { NAME_MAX_LEN = 13, USER_SIZE = 32 };

bool
club_is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = strlen(name);

	return len >= 1 && len <= NAME_MAX_LEN &&
	    strchr(letters, name[0]) != NULL && strspn(name, rest) == len;
}

enum status
club_folder(const char *name, char folder[CLUB_FOLDER_SIZE], struct err *err)
{
	struct buf path = buf_over(folder, CLUB_FOLDER_SIZE);
	struct stat there;

	if (!club_is_name(name))
		return err_set(err, ST_BAD_INPUT, "a club's name is a letter "
		    "and at most %d letters and digits more, all small",
		    NAME_MAX_LEN - 1);
	buf_putf(&path, CLUBS_FOLDER "/%s", name);
	if (buf_str(&path) == NULL || stat(folder, &there) != 0)
		return err_set(err, ST_NOT_FOUND, "no club %s: %s", name,
		    strerror(errno));
	return ST_OK;
}

static enum status
become(const struct passwd *user, struct err *err)
{
	/* The group first: who is not root any more may not change it. */
	if (setegid(user->pw_gid) != 0 || seteuid(user->pw_uid) != 0)
		return err_set(err, ST_DENIED, "cannot act as %s: %s",
		    user->pw_name, strerror(errno));
	return ST_OK;
}

enum status
club_become(const char *name, enum club_user user, struct err *err)
{
	char storage[USER_SIZE] = "postgres";
	struct buf login = BUF_FIXED(storage);
	const struct passwd *found;

	if (getuid() != 0)
		return err_set(err, ST_DENIED,
		    "only root acts for a club: sudo teamdues --club %s ...",
		    name);
	if (user == CLUB_ROOT)
		return ST_OK;
	if (user == CLUB_OPERATOR)
		buf_putf(&login, "teamdues_%s_operator", name);
	found = getpwnam(storage);
	if (found == NULL)
		return err_set(err, ST_NOT_FOUND,
		    "there is no user %s: `teamdues setup %s` makes it",
		    storage, name);
	return become(found, err);
}

enum status
club_leave(struct err *err)
{
	if (seteuid(getuid()) != 0 || setegid(getgid()) != 0)
		return err_set(err, ST_DENIED, "cannot become root again: %s",
		    strerror(errno));
	return ST_OK;
}

FILE *
club_open_file(const char *path, const char *mode)
{
	uid_t acting = geteuid();
	FILE *file;
	int why;

	if (acting == getuid())
		return fopen(path, mode);
	if (seteuid(getuid()) != 0)
		return NULL;
	file = fopen(path, mode);
	why = errno;
	/* Root must not go on by accident. */
	if (seteuid(acting) != 0 && file != NULL) {
		(void)fclose(file);
		return NULL;
	}
	errno = why;
	return file;
}
