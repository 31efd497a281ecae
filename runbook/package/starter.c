/*
 * starter FOLDER PROGRAM...: the programs of one trust level, which are below
 * FOLDER, for systemd, which hands over their listening sockets
 * (sd_listen_fds(3)).  A socket's file is named as its program, with '-' for
 * each '/', and ".sock".  The first request to it starts the program, whose
 * standard input it becomes; when the program has ended, the next one starts it
 * again.  When none runs and nobody waits, the starter ends, too: systemd holds
 * the sockets, and starts it with the next request.  What a unit costs systemd
 * it costs once for all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum { FIRST_FD = 3, PROGRAMS_MAX = 64, PATH_SIZE = 4096, REST_MS = 1000 };

struct program {
	const char *name;	/* "desk/index" */
	int socket;
	pid_t pid;		/* 0: it does not run */
	int64_t failed_ms;	/* when it last did; 0: it did not */
};

struct starter {
	const char *folder;
	int signals;		/* signalfd(2) */
	sigset_t mask;		/* as it was, for the programs */
	size_t count;
	struct program programs[PROGRAMS_MAX];
};

/* A second, so that one that cannot run is no loop; its requests wait. */
static bool
rests(const struct program *program)
{
	return program->failed_ms != 0 &&
	    clock_monotonic_ms() - program->failed_ms < REST_MS;
}

static bool
start_failed(const char *what)
{
	log_event(LOG_ERROR, "start_failed", LOG_TEXT("what", what),
	    LOG_TEXT("reason", strerror(errno)), NULL);
	return false;
}

/* Whether that is the file of the program's socket. */
static bool
is_socket_of(const char *path, const char *program)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	for (; *program != '\0'; name++, program++)
		if (*name != (*program == '/' ? '-' : *program))
			return false;
	return strcmp(name, ".sock") == 0;
}

/* programs as main's, after the folder. */
static bool
take_socket(struct starter *starter, int fd, char *const *programs)
{
	struct sockaddr_un address = { .sun_family = AF_UNSPEC };
	socklen_t size = sizeof(address) - 1;	/* it ends with '\0' */

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return start_failed("socket");
	while (*programs != NULL && !is_socket_of(address.sun_path, *programs))
		programs++;
	if (*programs == NULL) {
		errno = ENOENT;
		return start_failed(address.sun_path);
	}
	starter->programs[starter->count++] =
	    (struct program){ .name = *programs, .socket = fd };
	return true;
}

static bool
take_sockets(struct starter *starter, const char *count, char *const *programs)
{
	long sockets = strtol(count, NULL, 10);

	if (sockets < 1 || sockets > PROGRAMS_MAX) {
		errno = ERANGE;
		return start_failed("sockets");
	}
	for (int i = 0; i < sockets; i++)
		if (!take_socket(starter, FIRST_FD + i, programs))
			return false;
	return true;
}

static bool
take_signals(struct starter *starter)
{
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGCHLD);
	sigaddset(&ours, SIGTERM);
	starter->signals = sigprocmask(SIG_BLOCK, &ours, &starter->mask) == 0
	    ? signalfd(-1, &ours, SFD_CLOEXEC) : -1;
	return starter->signals >= 0 || start_failed("signals");
}

/* In the child; returns only when that failed. */
static void
become(const struct starter *starter, const struct program *program)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/%s", starter->folder,
	    program->name);
	if (dup2(program->socket, STDIN_FILENO) == STDIN_FILENO &&
	    sigprocmask(SIG_SETMASK, &starter->mask, NULL) == 0)
		(void)execl(path, path, (char *)NULL);
	start_failed(program->name);
}

static void
start(const struct starter *starter, struct program *program)
{
	pid_t pid = fork();

	if (pid == 0) {
		become(starter, program);
		_exit(1);
	}
	if (pid > 0) {
		program->pid = pid;
		return;
	}
	start_failed(program->name);
	program->failed_ms = clock_monotonic_ms();
}

static void
note_end(struct program *program, int status)
{
	program->pid = 0;
	program->failed_ms = status != 0 ? clock_monotonic_ms() : 0;
	if (status != 0)
		log_event(LOG_WARN, "program_failed",
		    LOG_TEXT("program", program->name),
		    LOG_NUM("status", WIFEXITED(status)
		        ? WEXITSTATUS(status) : 0),
		    LOG_NUM("signal", WIFSIGNALED(status)
		        ? WTERMSIG(status) : 0), NULL);
}

/* options as of waitpid(2).  False when there was none to collect. */
static bool
collect(struct starter *starter, int options)
{
	int status;
	pid_t pid = waitpid(-1, &status, options);

	for (size_t i = 0; pid > 0 && i < starter->count; i++)
		if (starter->programs[i].pid == pid)
			note_end(&starter->programs[i], status);
	return pid > 0;
}

/* False when it is time to end. */
static bool
take_signal(struct starter *starter)
{
	struct signalfd_siginfo info;

	if (read(starter->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	while (collect(starter, WNOHANG))
		continue;
	return info.ssi_signo != SIGTERM;
}

/* Waits for a signal, or for requests to programs that do not run, and starts
 * these.  False when it is time to end. */
static bool
step(struct starter *starter)
{
	struct pollfd polls[PROGRAMS_MAX + 1];
	int timeout_ms = 0;	/* nothing to wait for */
	int ready;

	for (size_t i = 0; i < starter->count; i++) {
		const struct program *program = &starter->programs[i];
		bool is_closed = program->pid != 0 || rests(program);

		polls[i] = (struct pollfd){ .events = POLLIN,
			.fd = is_closed ? -1 : program->socket };
		if (rests(program))
			timeout_ms = REST_MS;
		else if (is_closed && timeout_ms == 0)
			timeout_ms = -1;
	}
	polls[starter->count] = (struct pollfd){ .events = POLLIN,
		.fd = starter->signals };
	ready = poll(polls, starter->count + 1, timeout_ms);
	if (ready <= 0)
		return timeout_ms > 0 && ready == 0;
	for (size_t i = 0; i < starter->count; i++)
		if (polls[i].revents != 0)
			start(starter, &starter->programs[i]);
	return polls[starter->count].revents == 0 || take_signal(starter);
}

/* systemd tells the starter alone.  The programs finish what they have
 * begun. */
static void
end_programs(struct starter *starter)
{
	for (size_t i = 0; i < starter->count; i++)
		if (starter->programs[i].pid != 0)
			(void)kill(starter->programs[i].pid, SIGTERM);
	while (collect(starter, 0))
		continue;
}

int
main(int argc, char **argv)
{
	struct starter starter = { .folder = argv[1] };
	const char *sockets = getenv("LISTEN_FDS");

	log_as_service();
	if (argc < 3 || sockets == NULL) {
		fprintf(stderr, "starter FOLDER PROGRAM..., with sockets of "
		    "systemd's\n");
		return 2;
	}
	if (!take_sockets(&starter, sockets, argv + 2) ||
	    !take_signals(&starter))
		return 1;
	while (step(&starter))
		continue;
	end_programs(&starter);
	return 0;
}
