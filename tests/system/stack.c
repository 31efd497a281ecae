#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stack.h"
#include "sql.h"

/* NAME='value' of a shell, where each quote is written '\''. */
static char *
unquoted(const char *text)
{
	char *value = malloc(strlen(text) + 1);
	size_t len = 0;

	assert_non_null(value);
	for (const char *c = text; *c != '\0'; c++) {
		if (strncmp(c, "'\\''", 4) == 0) {
			value[len++] = '\'';
			c += 3;
		} else if (*c != '\'') {
			value[len++] = *c;
		}
	}
	value[len] = '\0';
	return value;
}

static void
add_setting(struct stack *stack, char *line)
{
	struct stack_setting *setting;
	char *equals = strchr(line, '=');

	if (strncmp(line, "export ", 7) != 0 || equals == NULL)
		return;
	assert_true(stack->setting_count < STACK_SETTINGS_MAX);
	setting = &stack->settings[stack->setting_count++];
	*equals = '\0';
	setting->name = strdup(line + 7);
	assert_non_null(setting->name);
	setting->value = unquoted(equals + 1);
}

static void
read_settings(struct stack *stack)
{
	char path[STACK_PATH_SIZE];
	char *text;
	char *rest = NULL;

	stack_path(stack, "env", path);
	text = stack_read_file(path);
	for (char *line = strtok_r(text, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest))
		add_setting(stack, line);
	free(text);
}

/*
 * A test that signs with another secret than the stand-in would prove that our
 * verification agrees with the test's, not with Stripe's.
 */
static void
check_webhook_secret(const struct stack *stack)
{
	char path[STACK_PATH_SIZE];
	char *standins;

	stack_path(stack, "state/settings/standin/STRIPE_WEBHOOK_SECRET", path);
	standins = stack_read_file(path);
	standins[strcspn(standins, "\n")] = '\0';
	if (strcmp(standins, stack_setting(stack, "STRIPE_WEBHOOK_SECRET")) !=
	    0)
		fail_msg("the stand-in signs with another secret than "
		    "STRIPE_WEBHOOK_SECRET of %s/env", stack->run_dir);
	free(standins);
}

int
stack_setup(void **state)
{
	struct stack *stack = calloc(1, sizeof(*stack));
	const char *build = getenv("BUILD");

	if (stack == NULL)
		return -1;
	stack->run_dir = getenv("TEAMDUES_RUN_DIR");
	stack->build = build != NULL ? build : "build";
	if (stack->run_dir == NULL) {
		fprintf(stderr, "TEAMDUES_RUN_DIR names no stack: "
		    "tests/stack/with-stack.sh makes one\n");
		free(stack);
		return -1;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	stack->curl = curl_easy_init();
	assert_non_null(stack->curl);
	read_settings(stack);
	check_webhook_secret(stack);
	*state = stack;
	return 0;
}

int
stack_teardown(void **state)
{
	struct stack *stack = *state;

	for (size_t i = 0; i < stack->setting_count; i++) {
		free(stack->settings[i].name);
		free(stack->settings[i].value);
	}
	PQfinish(stack->owner);
	curl_easy_cleanup(stack->curl);
	curl_global_cleanup();
	free(stack);
	return 0;
}

const char *
stack_setting(const struct stack *stack, const char *name)
{
	for (size_t i = 0; i < stack->setting_count; i++)
		if (strcmp(stack->settings[i].name, name) == 0)
			return stack->settings[i].value;
	fail_msg("%s/env does not set %s", stack->run_dir, name);
	return NULL;
}

char *
stack_first_secret(const struct stack *stack, const char *name)
{
	char *secret = strdup(stack_setting(stack, name));

	assert_non_null(secret);
	secret[strcspn(secret, ",")] = '\0';
	return secret;
}

void
stack_path(const struct stack *stack, const char *name,
    char path[STACK_PATH_SIZE])
{
	int len = snprintf(path, STACK_PATH_SIZE, "%s/%s", stack->run_dir,
	    name);

	assert_in_range(len, 1, STACK_PATH_SIZE - 1);
}

char *
stack_read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t len = 0;
	size_t got = 1;

	if (file == NULL)
		fail_msg("cannot read %s", path);
	while (got > 0) {
		text = realloc(text, len + 4097);
		assert_non_null(text);
		got = fread(text + len, 1, 4096, file);
		len += got;
	}
	fclose(file);
	text[len] = '\0';
	return text;
}

int
stack_count_logged(const struct stack *stack, const char *server,
    const char *text)
{
	char name[STACK_PATH_SIZE];
	char path[STACK_PATH_SIZE];
	char *log;
	int count = 0;

	snprintf(name, sizeof(name), "state/log/%s.log", server);
	stack_path(stack, name, path);
	log = stack_read_file(path);
	for (const char *at = log; (at = strstr(at, text)) != NULL; at++)
		count++;
	free(log);
	return count;
}

void
unique_name(const char *prefix, char name[UNIQUE_SIZE])
{
	static unsigned count;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(name, UNIQUE_SIZE, "%s%lld%06ldn%u", prefix,
	    (long long)now.tv_sec, now.tv_nsec / 1000, ++count);
}

int64_t
now_s(void)
{
	struct timespec now;

	/* time() may lag behind the database's clock by a tick, and so tell the
	 * second before. */
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
	return now.tv_sec;
}

int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
wait_a_moment(int64_t deadline_ms, const char *what)
{
	const struct timespec moment = { 0, 5 * 1000 * 1000 };

	if (monotonic_ms() > deadline_ms)
		fail_msg("waited in vain for: %s", what);
	nanosleep(&moment, NULL);
}
