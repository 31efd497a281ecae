#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "sql.h"

enum {
	NUMBER_SIZE = 24,
	ENVIRONMENT_MAX = 80,
	VALUE_SIZE = 1024,
	RUN_TIMEOUT_S = 60,
};

pid_t
server_pid(const struct stack *stack, const char *name)
{
	char path[STACK_PATH_SIZE];
	size_t name_len = strlen(name);
	char *servers;
	char *rest = NULL;
	pid_t pid = 0;

	stack_path(stack, "servers", path);
	servers = stack_read_file(path);
	for (char *line = strtok_r(servers, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest))
		if (strncmp(line, name, name_len) == 0 &&
		    line[name_len] == ' ')
			pid = (pid_t)strtol(line + name_len, NULL, 10);
	free(servers);
	if (pid <= 0)
		fail_msg("no server %s runs", name);
	return pid;
}

/* 0 while it has none. */
static pid_t
child_of(pid_t pid)
{
	char path[STACK_PATH_SIZE];
	char *children;
	pid_t child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	children = stack_read_file(path);
	child = (pid_t)strtol(children, NULL, 10);
	free(children);
	return child;
}

/* multiwatch forks before it executes: its child is ready as the program. */
static bool
is_program(pid_t pid, pid_t leader)
{
	char program[STACK_PATH_SIZE];
	char watcher[STACK_PATH_SIZE];
	char paths[2][STACK_PATH_SIZE];
	ssize_t len[2];

	snprintf(paths[0], sizeof(paths[0]), "/proc/%d/exe", pid);
	snprintf(paths[1], sizeof(paths[1]), "/proc/%d/exe", leader);
	len[0] = readlink(paths[0], program, sizeof(program));
	len[1] = readlink(paths[1], watcher, sizeof(watcher));
	return len[0] > 0 && (len[0] != len[1] ||
	    memcmp(program, watcher, (size_t)len[0]) != 0);
}

pid_t
program_wait_replaced(const struct stack *stack, const char *name, pid_t old)
{
	pid_t leader = server_pid(stack, name);
	pid_t pid = 0;

	WAIT_UNTIL(10, (pid = child_of(leader)) > 0 && pid != old &&
	    is_program(pid, leader));
	return pid;
}

pid_t
program_pid(const struct stack *stack, const char *name)
{
	return program_wait_replaced(stack, name, 0);
}

/* setting (NULL: none) is NAME=value. */
static void
control_postgresql(struct stack *stack, const char *verb, const char *setting)
{
	struct run run = {
		.argv = (const char *const[]){
		    "tests/stack/postgresql-control.sh", verb, NULL },
		.environment = (const char *const[]){ setting, NULL },
		.is_bare = true,
	};

	run_command(stack, &run);
	if (run.code != 0)
		fail_msg("%s PostgreSQL: %d %s%s", verb, run.code, run.output,
		    run.errors);
	run_clear(&run);
	sql_disconnect(stack);
}

void
server_stop_postgresql(struct stack *stack)
{
	control_postgresql(stack, "stop", NULL);
}

void
server_start_postgresql(struct stack *stack)
{
	control_postgresql(stack, "start", NULL);
}

void
server_start_postgresql_ahead(struct stack *stack, const char *clock_file)
{
	char setting[VALUE_SIZE];

	snprintf(setting, sizeof(setting), "TEAMDUES_TEST_CLOCK=%s",
	    clock_file);
	control_postgresql(stack, "start", setting);
}

struct environment {
	char values[ENVIRONMENT_MAX][VALUE_SIZE];
	char *pointers[ENVIRONMENT_MAX + 1];
	size_t count;
};

static void
environment_put(struct environment *environment, const char *name,
    const char *value)
{
	size_t i = environment->count++;

	assert_true(i < ENVIRONMENT_MAX);
	snprintf(environment->values[i], VALUE_SIZE, "%s%s%s", name,
	    value != NULL ? "=" : "", value != NULL ? value : "");
	environment->pointers[i] = environment->values[i];
	environment->pointers[i + 1] = NULL;
}

/* NAME_FILE=path for each setting that the role's programs are given. */
static void
environment_put_role(const struct stack *stack, const char *role,
    struct environment *environment)
{
	char name[STACK_PATH_SIZE];
	char path[STACK_PATH_SIZE];
	char file[2 * STACK_PATH_SIZE];
	struct dirent *entry;
	DIR *folder;

	snprintf(name, sizeof(name), "state/settings/%s", role);
	stack_path(stack, name, path);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%.200s_FILE", entry->d_name);
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		environment_put(environment, name, file);
	}
	closedir(folder);
}

static void
environment_make(const struct stack *stack, const struct run *run,
    struct environment *environment)
{
	const char *const *more = run->environment;

	environment->count = 0;
	environment_put(environment, "PATH", getenv("PATH"));
	environment_put(environment, "LC_ALL", "C.UTF-8");
	environment_put(environment, "RUN_DIR", stack->run_dir);
	environment_put(environment, "BUILD", stack->build);
	environment_put(environment, "TEAMDUES_TEST_FAST", "1");
	if (!run->is_bare && run->role == NULL)
		for (size_t i = 0; i < stack->setting_count; i++)
			environment_put(environment, stack->settings[i].name,
			    stack->settings[i].value);
	if (run->role != NULL) {
		environment_put_role(stack, run->role, environment);
		environment_put(environment, "TEAMDUES_CA_FILE",
		    stack_setting(stack, "TEAMDUES_CA_FILE"));
	}
	while (more != NULL && *more != NULL)
		environment_put(environment, *more++, NULL);
}

/* A file without a name that stands for one stream of the child. */
static int
stream_file(const char *content, size_t len)
{
	char path[] = "/tmp/teamdues-test.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, content, len), (ssize_t)len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static char *
stream_text(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)len + 1);

	assert_non_null(text);
	assert_int_equal(pread(fd, text, (size_t)len, 0), len);
	close(fd);
	return text;
}

/* Between fork and exec, so only what is safe there. */
static void
become(const struct run *run, struct environment *environment,
    const int streams[3])
{
	char *const *argv;

	for (int i = 0; i < 3; i++)
		dup2(streams[i], i);
	for (int fd = 3; fd < 256; fd++)
		close(fd);
	memcpy(&argv, &run->argv, sizeof(argv));
	execve(argv[0], argv, environment->pointers);
	_exit(127);
}

void
run_command(const struct stack *stack, struct run *run)
{
	struct environment *environment = malloc(sizeof(*environment));
	int64_t start_ms = monotonic_ms();
	int status = 0;
	int streams[3];
	pid_t pid;

	assert_non_null(environment);
	environment_make(stack, run, environment);
	streams[0] = stream_file(run->input != NULL ? run->input : "",
	    run->input_len);
	streams[1] = stream_file("", 0);
	streams[2] = stream_file("", 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become(run, environment, streams);
	WAIT_UNTIL(RUN_TIMEOUT_S, waitpid(pid, &status, WNOHANG) == pid);
	run->ms = monotonic_ms() - start_ms;
	run->code = WIFEXITED(status) ? WEXITSTATUS(status)
	    : 128 + WTERMSIG(status);
	close(streams[0]);
	run->output = stream_text(streams[1]);
	run->errors = stream_text(streams[2]);
	free(environment);
}

void
run_clear(struct run *run)
{
	free(run->output);
	free(run->errors);
	run->output = NULL;
	run->errors = NULL;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

pid_t
server_begin(const struct stack *stack, const struct run *run,
    const char *path)
{
	struct environment *environment = malloc(sizeof(*environment));
	char log[STACK_PATH_SIZE];
	int streams[3] = { listen_at(path), -1, -1 };
	pid_t pid;

	assert_non_null(environment);
	stack_path(stack, "state/log/by-hand.log", log);
	streams[1] = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	streams[2] = streams[1];
	assert_true(streams[1] >= 0);
	environment_make(stack, run, environment);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* A test that fails must leave nothing behind. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		become(run, environment, streams);
	}
	close(streams[0]);
	close(streams[1]);
	free(environment);
	return pid;
}

int
server_end(pid_t pid, int64_t *ms)
{
	int64_t start_ms = monotonic_ms();
	int status = 0;

	assert_int_equal(kill(pid, SIGTERM), 0);
	WAIT_UNTIL(10, waitpid(pid, &status, WNOHANG) == pid);
	*ms = monotonic_ms() - start_ms;
	return WIFEXITED(status) ? WEXITSTATUS(status)
	    : 128 + WTERMSIG(status);
}

static bool
thread_is_in(const char *process, const char *tid, const char *state)
{
	char path[STACK_PATH_SIZE];
	bool is_in;
	char *text;

	snprintf(path, sizeof(path), "/proc/%.20s/task/%.20s/stat", process,
	    tid);
	text = stack_read_file(path);
	is_in = strstr(text, state) != NULL;
	free(text);
	return is_in;
}

bool
thread_is_asleep(int tid)
{
	char number[NUMBER_SIZE];

	snprintf(number, sizeof(number), "%d", tid);
	return tid != 0 && thread_is_in("self", number, ") S ");
}

static bool
is_stopped(const char *process)
{
	char path[STACK_PATH_SIZE];
	struct dirent *entry;
	bool is_stopped = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%.20s/task", process);
	tasks = opendir(path);
	assert_non_null(tasks);
	while ((entry = readdir(tasks)) != NULL)
		if (entry->d_name[0] != '.' && !thread_is_in(process,
		    entry->d_name, ") T "))
			is_stopped = false;
	closedir(tasks);
	return is_stopped;
}

void
process_stop(pid_t pid)
{
	char number[NUMBER_SIZE];

	snprintf(number, sizeof(number), "%d", pid);
	assert_int_equal(kill(pid, SIGSTOP), 0);
	WAIT_UNTIL(10, is_stopped(number));
}

int64_t
process_figure(pid_t pid, const char *file, const char *name)
{
	char path[STACK_PATH_SIZE];
	const char *at;
	char *text;
	int64_t figure = -1;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	text = stack_read_file(path);
	at = strstr(text, name);
	if (at != NULL)
		figure = strtoll(at + strlen(name) + 1, NULL, 10);
	free(text);
	return figure;
}
