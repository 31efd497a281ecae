/*
 * The scripts act as root: they get an environment that is made here, since a
 * variable of the caller's could lead them elsewhere.
 */
#include "script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

enum { TEXTS_BYTES_MAX = 16 * 1024, TEXTS_MAX = 32 };

/* Arguments or variables, one after the other in one buffer: execve() takes
 * texts that it may change, by its type. */
struct texts {
	struct buf bytes;
	size_t at[TEXTS_MAX];
	size_t count;
};

#define TEXTS_INIT { .bytes = BUF_INIT(TEXTS_BYTES_MAX) }

static void
add(struct texts *texts, const char *begin, const char *end)
{
	if (texts->count + 1 < TEXTS_MAX)
		texts->at[texts->count++] = texts->bytes.len;
	buf_puts(&texts->bytes, begin);
	buf_put(&texts->bytes, end, strlen(end) + 1);
}

static void
add_variable(struct texts *texts, const char *name, const char *value)
{
	if (value != NULL) {
		add(texts, name, "=");
		/* The value goes over the end of the name. */
		texts->bytes.len--;
		buf_put(&texts->bytes, value, strlen(value) + 1);
	}
}

static void
point(const struct texts *texts, char *pointers[TEXTS_MAX])
{
	for (size_t i = 0; i < texts->count; i++)
		pointers[i] = texts->bytes.data + texts->at[i];
	pointers[texts->count] = NULL;
}

static void
add_environment(struct texts *texts, const struct script *script,
    const struct arguments *arguments)
{
	add_variable(texts, "TERM", getenv("TERM"));
	add_variable(texts, "SUDO_USER", getenv("SUDO_USER"));
	add_variable(texts, "HOME", "/root");
	add_variable(texts, "PATH", "/usr/local/sbin:/usr/local/bin:"
	    "/usr/sbin:/usr/bin:/sbin:/bin");
	for (const struct script_variable *v = script->variables;
	    v != NULL && v->option != NULL; v++)
		add_variable(texts, v->variable, arguments_text(arguments,
		    v->option));
}

enum status
script_run(const struct script *script, const struct arguments *arguments,
    struct err *err)
{
	struct texts words = TEXTS_INIT;
	struct texts environment = TEXTS_INIT;
	char *word_pointers[TEXTS_MAX];
	char *variable_pointers[TEXTS_MAX];

	if (script_folder == NULL)
		return err_set(err, ST_NOT_FOUND, "only the installed teamdues"
		    " can do that (make install, or the package)");
	add(&words, script_folder, script->name);
	for (size_t i = 0; script->operands[i] != NULL; i++)
		add(&words, "", script->operands[i]);
	add_environment(&environment, script, arguments);
	if (!words.bytes.failed && !environment.bytes.failed) {
		point(&words, word_pointers);
		point(&environment, variable_pointers);
		if (word_pointers[0] != NULL)
			(void)execve(word_pointers[0], word_pointers,
			    variable_pointers);
	}
	err_set(err, ST_NOT_FOUND, "%s%s: %s", script_folder, script->name,
	    strerror(errno));
	buf_clear(&words.bytes);
	buf_clear(&environment.bytes);
	return err->st;
}
