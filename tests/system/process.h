/*
 * Processes: the servers of the stack, which a test may kill, stop and start,
 * and commands that it runs to the end.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_PROCESS_H
#define TEAMDUES_TESTS_SYSTEM_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "stack.h"

/* The leader of a server of the stack, as `servers` in the run's folder
 * says. */
pid_t server_pid(const struct stack *stack, const char *name);

/* The program itself, which multiwatch (the leader) has started. */
pid_t program_pid(const struct stack *stack, const char *name);

/* Waits until multiwatch has put another one in the place of old. */
pid_t program_wait_replaced(const struct stack *stack, const char *name,
    pid_t old);

/* The whole server: its data stay. */
void server_stop_postgresql(struct stack *stack);
void server_start_postgresql(struct stack *stack);

/* Its clock is ahead by what the file says at the time: "+SECONDS". */
void server_start_postgresql_ahead(struct stack *stack,
    const char *clock_file);

struct run {
	const char *const *argv;	/* argv[0] is the path */
	const char *const *environment;	/* NAME=value beside the settings */
	const char *input;		/* NULL: none */
	size_t input_len;
	bool is_bare;			/* without the settings of the stack */
	const char *role;		/* whose settings instead; NULL: all */
	char *output;
	char *errors;
	int code;			/* exit code, or 128 + the signal */
	int64_t ms;
};

/* Runs a command to its end; the caller clears. */
void run_command(const struct stack *stack, struct run *run);
void run_clear(struct run *run);

/*
 * Starts a server by hand, as spawn-fcgi does: its standard input is a socket
 * that listens at path.  The test ends it with server_end, which gives its exit
 * code, or 128 + the signal, and how long it took after the SIGTERM.
 */
pid_t server_begin(const struct stack *stack, const struct run *run,
    const char *path);
int server_end(pid_t pid, int64_t *ms);

/* Stops it (SIGSTOP) and waits until its last thread has stopped. */
void process_stop(pid_t pid);

/* Whether a thread of the test's own (gettid; 0: none yet) waits. */
bool thread_is_asleep(int tid);

/* The first number after "NAME:" in /proc/PID/FILE; -1 when it is not there. */
int64_t process_figure(pid_t pid, const char *file, const char *name);

#endif
