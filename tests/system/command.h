/* The built `teamdues` command, run as the operator runs it. */
#ifndef TEAMDUES_TESTS_SYSTEM_COMMAND_H
#define TEAMDUES_TESTS_SYSTEM_COMMAND_H

#include <json-c/json.h>

#include "process.h"

/*
 * Runs `teamdues WORDS` with the stack's settings; it must end with code.
 * settings (NULL: none) are NAME=value that stand instead of the stack's, or
 * "-u" and a NAME to be without it.  The caller runs run_clear.
 */
void command_run(struct stack *stack, struct run *run, int code,
    const char *const *settings, const char *const *words);

#define COMMAND(stack, run, code, ...) \
	command_run(stack, run, code, NULL, \
	    (const char *const[]){ __VA_ARGS__, NULL })

/* The same line through a shell, for redirections; "$0" is the command. */
void command_shell(struct stack *stack, struct run *run, int code,
    const char *line);

/* Has to end with code and print exactly this. */
void command_assert_prints(struct stack *stack, const char *expected,
    int code, const char *const *words);

/* Has to print one array, of count rows, to a program; the caller puts it. */
struct json_object *command_rows(struct stack *stack, size_t count, int code,
    const char *const *words);

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* text holds part, or the test fails and shows both. */
void assert_holds(const char *text, const char *part);

/* An integer as a word. */
enum { WORD_SIZE = 24 };
const char *word_of(char word[WORD_SIZE], int64_t value);

#endif
