/* Reads settings without checking them, and leaves no copy of a value in freed
 * memory. */
#include "base/config_source.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	FILE_BYTES_MAX = 65536,
	NAME_SIZE = 64,
	PATH_SIZE = 512,
	/* A file of another kind has a problem in each line; ten show that. */
	FILE_PROBLEMS_MAX = 10,
	REASON_SIZE = 128
};

/* A line of the file, or a part of it: not terminated. */
struct slice {
	const char *text;
	size_t len;
};

/* The line that is read; a problem's message names it. */
struct place {
	const char *file;
	int line;
	int problem_count;
};

/* Returns 0 or an errno.  The memory has a fixed size, because growing it would
 * leave copies of secrets in memory that was given back. */
static int
read_whole(int fd, char *storage, size_t size, size_t *len)
{
	*len = 0;
	for (;;) {
		ssize_t got = read(fd, storage + *len, size - *len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		if (got == 0)
			return 0;
		*len += (size_t)got;
		/* A file that fills the memory may be longer: it is refused,
		 * not cut. */
		if (*len == size)
			return EFBIG;
	}
}

/* ST_NOT_FOUND with why set to an errno, ST_NOMEM. */
static enum status
read_secret_file(const char *path, struct secret *content, int *why,
    struct err *err)
{
	enum status st = ST_NOT_FOUND;
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*why = fd < 0 ? errno : 0;
	if (fd < 0)
		return st;
	char *storage = malloc(FILE_BYTES_MAX);
	if (storage == NULL) {
		st = err_set(err, ST_NOMEM, "no memory to read settings");
		goto out;
	}
	*why = read_whole(fd, storage, FILE_BYTES_MAX, &len);
	if (*why == 0)
		st = secret_set(content, storage, len, err);
	OPENSSL_cleanse(storage, len);
out:
	free(storage);
	(void)close(fd);
	return st;
}

static void
put_reason(struct buf *problems, int why)
{
	char reason[REASON_SIZE];

	if (strerror_r(why, reason, sizeof(reason)) != 0)
		buf_putf(problems, "error %d", why);
	else
		buf_puts(problems, reason);
	buf_putc(problems, '\n');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.text[0])) {
		s.text++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.text[s.len - 1]))
		s.len--;
	return s;
}

static bool
equals(struct slice s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.text, text, s.len) == 0;
}

/* Where a key's value is kept; NULL for a key that belongs to no setting.  No
 * setting's name ends in _FILE, so NAME_FILE never means two of them. */
static struct secret *
find_slot(struct config_source *source, struct slice key)
{
	struct slice stem = key;
	bool is_path = key.len > 5 &&
	    memcmp(key.text + key.len - 5, "_FILE", 5) == 0;

	if (is_path)
		stem.len -= 5;
	for (int i = 0; i < SETTING_MAX; i++)
		if (equals(stem, setting_name((enum setting)i)))
			return is_path ? &source->path[i] : &source->value[i];
	return NULL;
}

/*
 * Removes quotes as systemd does, which may read the same file.  A backslash
 * outside single quotes is an escape for systemd: it is refused, so that nobody
 * reads the line in another way.
 */
static bool
unquote(struct slice *value)
{
	char quote = value->len > 0 ? value->text[0] : '\0';

	if (quote == '"' || quote == '\'') {
		if (value->len < 2 || value->text[value->len - 1] != quote)
			return false;
		value->text++;
		value->len -= 2;
		if (memchr(value->text, quote, value->len) != NULL)
			return false;
	}
	return quote == '\'' || memchr(value->text, '\\', value->len) == NULL;
}

/* Never shows more of a line than a key: the rest may be a secret. */
static void
put_file_problem(struct place *place, struct buf *problems, const char *what,
    struct slice key)
{
	place->problem_count++;
	if (place->problem_count > FILE_PROBLEMS_MAX)
		return;
	buf_putf(problems, "%.200s line %d: %s%.*s\n", place->file,
	    place->line, what, (int)key.len, key.text);
}

static bool
is_key(struct slice key)
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.text[i];

		if (!((c >= 'A' && c <= 'Z') || c == '_' ||
		    (c >= '0' && c <= '9')))
			return false;
	}
	return key.len > 0 && key.len < NAME_SIZE;
}

static enum status
take_line(struct config_source *source, struct slice line,
    struct place *place, struct buf *problems, struct err *err)
{
	static const struct slice nothing = { "", 0 };

	line = trim(line);
	/* Both signs begin a comment in systemd's EnvironmentFile=, too. */
	if (line.len == 0 || line.text[0] == '#' || line.text[0] == ';')
		return ST_OK;
	const char *equal = memchr(line.text, '=', line.len);
	size_t key_len = equal != NULL ? (size_t)(equal - line.text) : 0;
	struct slice key = trim((struct slice){ line.text, key_len });
	if (!is_key(key)) {
		put_file_problem(place, problems, "not KEY=value", nothing);
		return ST_OK;
	}
	struct slice value = trim((struct slice){ line.text + key_len + 1,
	    line.len - key_len - 1 });
	struct secret *slot = find_slot(source, key);
	if (slot == NULL) {
		put_file_problem(place, problems, "unknown setting ", key);
		return ST_OK;
	}
	if (!unquote(&value)) {
		put_file_problem(place, problems, "stray quote or backslash "
		    "(put the value into a file and name it with _FILE) in ",
		    key);
		return ST_OK;
	}
	return secret_set(slot, value.text, value.len, err);
}

static enum status
take_lines(struct config_source *source, struct slice rest,
    struct place *place, struct buf *problems, struct err *err)
{
	enum status st = ST_OK;

	while (rest.len > 0 && st == ST_OK) {
		const char *newline = memchr(rest.text, '\n', rest.len);
		size_t len = newline != NULL ? (size_t)(newline - rest.text)
		    : rest.len;

		place->line++;
		st = take_line(source, (struct slice){ rest.text, len }, place,
		    problems, err);
		if (newline != NULL)
			len++;
		rest.text += len;
		rest.len -= len;
	}
	return st;
}

enum status
config_source_read(struct config_source *source, const char *file,
    struct buf *problems, struct err *err)
{
	struct secret content = { NULL, 0 };
	struct place place = { file, 0, 0 };
	int why = 0;
	enum status st = read_secret_file(file, &content, &why, err);

	/* A missing file is no problem: the environment may have all
	 * settings. */
	if (st == ST_NOT_FOUND && why != ENOENT) {
		buf_putf(problems, "%.200s: ", file);
		put_reason(problems, why);
	}
	if (st != ST_OK)
		return st == ST_NOT_FOUND ? ST_OK : st;
	st = take_lines(source, (struct slice){ secret_bytes(&content),
	    content.len }, &place, problems, err);
	if (place.problem_count > FILE_PROBLEMS_MAX)
		buf_putf(problems, "%.200s: %d more such lines\n", file,
		    place.problem_count - FILE_PROBLEMS_MAX);
	secret_clear(&content);
	return st;
}

/* Like a line NAME_FILE=folder/credentials/NAME, where there is such a file. */
static enum status
find_credential(struct config_source *source, const char *folder,
    enum setting setting, struct err *err)
{
	char storage[PATH_SIZE];
	struct buf path = BUF_FIXED(storage);

	buf_putf(&path, "%s/credentials/%s%s", folder, setting_name(setting),
	    setting == SETTING_DATABASE_URL ? "-operator" : "");
	if (buf_str(&path) == NULL || access(storage, F_OK) != 0)
		return ST_OK;
	return secret_set(&source->path[setting], storage, path.len, err);
}

enum status
config_source_read_folder(struct config_source *source, const char *folder,
    struct buf *problems, struct err *err)
{
	char storage[PATH_SIZE];
	struct buf path = BUF_FIXED(storage);
	enum status st;

	source->is_folder = true;
	buf_putf(&path, "%s/teamdues.conf", folder);
	st = buf_check(&path, "path of settings", err);
	if (st == ST_OK)
		st = config_source_read(source, storage, problems, err);
	for (int i = 0; i < SETTING_MAX && st == ST_OK; i++)
		if (setting_info((enum setting)i)->is_secret)
			st = find_credential(source, folder, (enum setting)i,
			    err);
	return st;
}

/* The value is the file's content without its last newline, which editors and
 * `echo` append. */
static enum status
get_from_path(const char *path, enum setting setting, bool needed,
    struct secret *value, struct buf *problems, struct err *err)
{
	int why = 0;
	enum status st = read_secret_file(path, value, &why, err);

	if (st == ST_OK && value->len > 0 &&
	    value->bytes[value->len - 1] == '\n')
		value->bytes[--value->len] = '\0';
	if (st != ST_NOT_FOUND)
		return st;
	if (needed || why != EACCES) {
		/* The path is not shown: somebody may have written the key
		 * itself there. */
		buf_putf(problems, "%s_FILE cannot be read: ",
		    setting_name(setting));
		put_reason(problems, why);
	}
	return ST_OK;
}

/* An empty variable counts as not set: a shell cannot always unset one. */
static const char *
get_environment(const struct config_source *source, enum setting setting,
    const char *suffix)
{
	char storage[NAME_SIZE];
	struct buf name = BUF_FIXED(storage);

	if (source->is_folder)
		return NULL;
	buf_puts(&name, setting_name(setting));
	buf_puts(&name, suffix);
	const char *text = buf_str(&name);
	const char *value = text != NULL ? getenv(text) : NULL;
	return value != NULL && value[0] != '\0' ? value : NULL;
}

enum status
config_source_get(const struct config_source *source, enum setting setting,
    bool needed, struct secret *value, struct buf *problems, struct err *err)
{
	const struct secret *in_file = &source->value[setting];
	const char *text = get_environment(source, setting, "");
	const char *path = get_environment(source, setting, "_FILE");

	if (text != NULL)
		return secret_set(value, text, strlen(text), err);
	if (path == NULL && in_file->len > 0)
		return secret_set(value, secret_bytes(in_file), in_file->len,
		    err);
	if (path == NULL)
		path = secret_bytes(&source->path[setting]);
	if (path == NULL)
		return ST_OK;
	return get_from_path(path, setting, needed, value, problems, err);
}

void
config_source_clear(struct config_source *source)
{
	for (int i = 0; i < SETTING_MAX; i++) {
		secret_clear(&source->value[i]);
		secret_clear(&source->path[i]);
	}
}
