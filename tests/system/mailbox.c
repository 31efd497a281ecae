#include "mailbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "sql.h"

/* Ended, or waiting for a slow init to notice. */
static bool
has_ended(pid_t pid)
{
	char path[STACK_PATH_SIZE];
	char state = 'Z';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return true;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(file);
	return state == 'Z';
}

int
mailbox_setup(void **state)
{
	pid_t pid;

	if (stack_setup(state) != 0)
		return -1;
	pid = server_pid(*state, "mailer");
	assert_int_equal(kill(pid, SIGTERM), 0);
	WAIT_UNTIL(10, has_ended(pid));
	return 0;
}

int
mailbox_clean(void **state)
{
	standin_clean(state);
	json_object_put(catcher_call(*state, "DELETE", "faults", NULL));
	json_object_put(catcher_call(*state, "DELETE", "messages", NULL));
	sql_run(*state, "update teamdues.players set active = false");
	sql_run(*state, "update teamdues.emails set state = 'dropped' "
	    "where state = 'queued'");
	return 0;
}

struct json_object *
catcher_call(struct stack *stack, const char *method, const char *path,
    const char *body)
{
	char url[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct json_object *json;

	snprintf(url, sizeof(url), "%s/%s", stack_setting(stack,
	    "TEAMDUES_CATCHER"), path);
	http_send(stack, &(struct http_request){
		.method = method, .target = url,
		.body = body, .len = body != NULL ? strlen(body) : 0,
	}, &answer);
	if (answer.status != 200)
		fail_msg("%s %s: %ld %s", method, path, answer.status,
		    answer.body);
	json = json_tokener_parse(answer.body);
	http_answer_clear(&answer);
	return json;
}

void
catcher_fault(struct stack *stack, const char *format, ...)
{
	char body[HTTP_VALUE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(body, sizeof(body), format, args);
	va_end(args);
	json_object_put(catcher_call(stack, "POST", "faults", body));
}

void
mailer_run(struct stack *stack, int code)
{
	char path[STACK_PATH_SIZE];
	struct run run = {
		.argv = (const char *const[]){ path, "mailer", "--once",
		    NULL },
		.role = "mailer",
	};

	snprintf(path, sizeof(path), "%s/teamdues", stack->build);
	run_command(stack, &run);
	if (run.code != code)
		fail_msg("the mailer ended with %d, not %d: %s%s", run.code,
		    code, run.output, run.errors);
	run_clear(&run);
}

pid_t
mailer_begin(struct stack *stack)
{
	char path[STACK_PATH_SIZE];
	char unused[STACK_PATH_SIZE];
	struct run run = {
		.argv = (const char *const[]){ path, "mailer", NULL },
		.role = "mailer",
	};

	snprintf(path, sizeof(path), "%s/teamdues", stack->build);
	stack_path(stack, "state/socket/mailer.sock", unused);
	return server_begin(stack, &run, unused);
}

int64_t
json_int_at(struct json_object *object, const char *path)
{
	struct json_object *value = json_object_object_get(object, path);

	if (!json_object_is_type(value, json_type_int))
		fail_msg("no number %s in %s", path,
		    json_object_to_json_string(object));
	return json_object_get_int64(value);
}

int64_t
mailbox_count(struct stack *stack)
{
	struct json_object *json = catcher_call(stack, "GET", "count", NULL);
	int64_t count = json_int_at(json, "messages");

	json_object_put(json);
	return count;
}

struct json_object *
mailbox_of(struct stack *stack, const char *to)
{
	struct json_object *all = catcher_call(stack, "GET", "messages", NULL);
	struct json_object *found = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *mail = json_object_array_get_idx(all, i);
		struct json_object *first = json_object_array_get_idx(
		    json_object_object_get(mail, "to"), 0);

		if (strcmp(json_object_get_string(first), to) == 0)
			json_object_array_add(found, json_object_get(mail));
	}
	json_object_put(all);
	return found;
}

struct json_object *
mailbox_only(struct stack *stack, const char *to)
{
	struct json_object *mails = mailbox_of(stack, to);
	struct json_object *mail;

	if (json_object_array_length(mails) != 1)
		fail_msg("%zu mails to %s", json_object_array_length(mails),
		    to);
	mail = json_object_get(json_object_array_get_idx(mails, 0));
	json_object_put(mails);
	assert_int_equal(json_object_array_length(json_object_object_get(mail,
	    "faults")), 0);
	return mail;
}

static const char *
body_of(struct json_object *mail, size_t i, const char *type)
{
	struct json_object *part = json_object_array_get_idx(
	    json_object_object_get(mail, "parts"), i);

	assert_non_null(part);
	assert_holds(json_text_at(part, "type"), type);
	return json_text_at(part, "body");
}

const char *
mail_text(struct json_object *mail)
{
	return body_of(mail, 0, "text/plain");
}

const char *
mail_html(struct json_object *mail)
{
	return body_of(mail, 1, "text/html");
}

const char *
mail_header(struct json_object *mail, const char *name)
{
	struct json_object *values = json_object_object_get(
	    json_object_object_get(mail, "headers"), name);

	if (values == NULL || json_object_array_length(values) != 1)
		fail_msg("not one header %s", name);
	return json_object_get_string(json_object_array_get_idx(values, 0));
}

void
mail_assert_says(struct json_object *mail, const char *part)
{
	assert_holds(mail_text(mail), part);
	assert_holds(mail_html(mail), part);
}

/* In HTML each & of the URL is written &amp;. */
static void
assert_in_html(struct json_object *mail, const char *url)
{
	char escaped[2 * LINK_SIZE];
	size_t len = 0;

	for (const char *c = url; *c != '\0'; c++)
		len += (size_t)snprintf(escaped + len, sizeof(escaped) - len,
		    *c == '&' ? "%c" "amp;" : "%c", *c);
	assert_holds(mail_html(mail), escaped);
}

void
mail_link(struct stack *stack, struct json_object *mail, char url[LINK_SIZE])
{
	const char *site = stack_setting(stack, "SITE_URL");
	const char *text = mail_text(mail);
	const char *at = strstr(text, site);
	size_t len;

	if (at == NULL)
		fail_msg("no link in:\n%s", text);
	len = strcspn(at, " \n");
	assert_true(at == text || at[-1] == '\n');
	assert_int_equal(at[len], '\n');
	assert_null(strstr(at + len, site));
	assert_in_range(len, 1, LINK_SIZE - 1);
	snprintf(url, LINK_SIZE, "%.*s", (int)len, at);
	assert_in_html(mail, url);
}

void
mail_assert_state(struct stack *stack, const char *to, const char *state,
    const char *error_part)
{
	char *error = sql_text(stack, "select last_error from teamdues.emails "
	    "where recipient = '%s' order by email_id desc limit 1", to);

	sql_assert_text(stack, state, "select state from teamdues.emails where "
	    "recipient = '%s' order by email_id desc limit 1", to);
	assert_holds(error, error_part);
	free(error);
}

void
family_make(struct stack *stack, int64_t fee_cents, struct family *family)
{
	unique_name("family", family->name);
	snprintf(family->email, sizeof(family->email), "%s@example.com",
	    family->name);
	family->fee_cents = fee_cents;
	family->parent_id = sql_int(stack, "insert into teamdues.parents "
	    "(name, email) values ('Parent %s', '%s') returning parent_id",
	    family->name, family->email);
	family->player_id = sql_int(stack, "insert into teamdues.players "
	    "(parent_id, name, monthly_fee_cents) values (%lld, 'Player %s', "
	    "%lld) returning player_id", (long long)family->parent_id,
	    family->name, (long long)fee_cents);
}

int64_t
family_order(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select coalesce(max(order_id), 0) from "
	    "teamdues.orders where player_id = %lld and kind = 'fee'",
	    (long long)family->player_id);
}

/* A media type's name is the same in any case, and blanks may follow it. */
void
admin_ask(struct stack *stack, const char *method, const char *target,
    const char *body, struct http_answer *answer)
{
	char header[HTTP_VALUE_SIZE];

	snprintf(header, sizeof(header), "Authorization: Bearer %s",
	    stack_setting(stack, "TEAMDUES_ADMIN_TOKEN"));
	http_send(stack, &(struct http_request){
		.method = method, .target = target,
		.headers = { header, body != NULL && body[0] == '{'
		    ? "Content-Type: Application/JSON ; charset=utf-8"
		    : "Content-Type: application/x-www-form-urlencoded" },
		.body = body, .len = body != NULL ? strlen(body) : 0,
	}, answer);
	http_assert_guarded(answer);
}

struct json_object *
admin_json(struct stack *stack, long status, const char *target,
    const char *body)
{
	struct http_answer answer;
	struct json_object *json;

	admin_ask(stack, strncmp(target, "/admin/email", 12) == 0 ? "POST"
	    : "GET", target, body, &answer);
	if (answer.status != status)
		fail_msg("%s: %ld, not %ld: %s", target, answer.status, status,
		    answer.body);
	json = json_tokener_parse(answer.body);
	http_answer_clear(&answer);
	return json;
}

void
family_body(char body[LINK_SIZE], const struct family *family,
    const char *more)
{
	snprintf(body, LINK_SIZE, "{\"player_id\":%lld%s}",
	    (long long)family->player_id, more);
}

const char *
skipped_reason(struct json_object *answer, int64_t player_id)
{
	static char reason[HTTP_VALUE_SIZE];
	struct json_object *skipped = json_object_object_get(answer,
	    "skipped");

	reason[0] = '\0';
	for (size_t i = 0; i < json_object_array_length(skipped); i++) {
		struct json_object *row = json_object_array_get_idx(skipped,
		    i);

		if (json_int_at(row, "player_id") == player_id)
			snprintf(reason, sizeof(reason), "%s",
			    json_text_at(row, "reason"));
	}
	return reason;
}
