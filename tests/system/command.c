#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS_MAX = 32 };

static void
add_words(const char **argv, size_t *count, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++) {
		assert_true(*count < WORDS_MAX);
		argv[(*count)++] = *words;
	}
	argv[*count] = NULL;
}

static void
run_to(struct stack *stack, struct run *run, int code)
{
	run_command(stack, run);
	if (run->code != code)
		fail_msg("exit %d, not %d\n%s%s", run->code, code,
		    run->output, run->errors);
}

void
command_run(struct stack *stack, struct run *run, int code,
    const char *const *settings, const char *const *words)
{
	const char *argv[WORDS_MAX + 1];
	char path[STACK_PATH_SIZE];
	size_t count = 0;

	snprintf(path, sizeof(path), "%s/teamdues", stack->build);
	add_words(argv, &count, WORDS("/usr/bin/env"));
	add_words(argv, &count, settings);
	add_words(argv, &count, WORDS(path));
	add_words(argv, &count, words);
	*run = (struct run){ .argv = argv };
	run_to(stack, run, code);
	run->argv = NULL;
}

void
command_shell(struct stack *stack, struct run *run, int code,
    const char *line)
{
	char path[STACK_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/teamdues", stack->build);
	*run = (struct run){ .argv = WORDS("/bin/sh", "-c", line, path) };
	run_to(stack, run, code);
	run->argv = NULL;
}

void
command_assert_prints(struct stack *stack, const char *expected, int code,
    const char *const *words)
{
	struct run run;

	command_run(stack, &run, code, NULL, words);
	assert_string_equal(run.output, expected);
	run_clear(&run);
}

struct json_object *
command_rows(struct stack *stack, size_t count, int code,
    const char *const *words)
{
	struct json_object *rows;
	struct run run;

	command_run(stack, &run, code, NULL, words);
	rows = json_tokener_parse(run.output);
	if (!json_object_is_type(rows, json_type_array) ||
	    json_object_array_length(rows) != count)
		fail_msg("not an array of %zu rows: %s", count, run.output);
	run_clear(&run);
	return rows;
}

void
assert_holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in:\n%s", part, text);
}

const char *
word_of(char word[WORD_SIZE], int64_t value)
{
	snprintf(word, WORD_SIZE, "%" PRId64, value);
	return word;
}
