#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "desk.h"
#include "sql.h"
#include "treasurer.h"

enum { UPLOAD_SIZE = 16 * 1024 * 1024 };

static const char session_name[] = "__Host-teamdues";
static const char asked_name[] = "__Host-teamdues-asked";

void
desk_user_make(struct stack *stack, const char *role, struct desk_user *user)
{
	char name[UNIQUE_SIZE];
	struct json_object *rows;

	unique_name("desk", name);
	snprintf(user->email, sizeof(user->email), "%s@club.example", name);
	rows = command_rows(stack, 1, 0, WORDS("desk", "add", "--name",
	    "Ruth Ames", "--email", user->email, "--role", role, "--json"));
	word_of(user->id, json_int_at(json_object_array_get_idx(rows, 0),
	    "user_id"));
	json_object_put(rows);
}

void
desk_browser_make(struct desk_browser *browser)
{
	*browser = (struct desk_browser){ .session = "" };
	visitor_address(browser->address);
}

/* What an answer sets; a cookie that is taken away becomes "". */
static void
keep_cookie(const struct http_answer *answer, const char *name,
    char value[COOKIE_SIZE])
{
	char line[HTTP_VALUE_SIZE];
	const char *at;

	snprintf(line, sizeof(line), "\nSet-Cookie: %s=", name);
	at = strstr(answer->headers, line);
	if (at == NULL)
		return;
	at += strlen(line);
	snprintf(value, COOKIE_SIZE, "%.*s", (int)strcspn(at, ";\r"), at);
}

/* Where a line may end is not read. */
static void
join_lines(struct http_answer *answer)
{
	static const char mark[] = "<wbr>";
	size_t size = sizeof(mark) - 1;

	for (char *at = strstr(answer->body, mark); at != NULL;
	    at = strstr(at, mark)) {
		memmove(at, at + size, strlen(at + size) + 1);
		answer->body_len -= size;
	}
}

static void
ask(struct stack *stack, struct desk_browser *browser,
    struct http_request *request, struct http_answer *answer)
{
	char cookies[HTTP_VALUE_SIZE];
	char origin[HTTP_VALUE_SIZE];

	snprintf(cookies, sizeof(cookies), "Cookie: other=1; %s=%s; %s=%s",
	    session_name, browser->session, asked_name, browser->asked);
	snprintf(origin, sizeof(origin), "Origin: %s",
	    stack_setting(stack, "SITE_URL"));
	request->from = browser->address;
	request->headers[0] = "Accept: text/html";
	request->headers[1] = cookies;
	if (request->body != NULL)
		request->headers[2] = origin;
	http_send(stack, request, answer);
	join_lines(answer);
	http_assert_guarded(answer);
	http_assert_header(answer, "Cache-Control", "no-store");
	keep_cookie(answer, session_name, browser->session);
	keep_cookie(answer, asked_name, browser->asked);
}

void
desk_get(struct stack *stack, struct desk_browser *browser,
    const char *target, struct http_answer *answer)
{
	ask(stack, browser, &(struct http_request){ .target = target },
	    answer);
}

void
desk_post(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    struct http_answer *answer)
{
	char *body = malloc(FORM_SIZE);

	assert_non_null(body);
	form_encode(pairs, body);
	ask(stack, browser, &(struct http_request){ .method = "POST",
	    .target = path, .body = body, .len = strlen(body) }, answer);
	free(body);
}

#define BOUNDARY "----WebKitFormBoundary7MA4YWxkTrZu0gW"

void
desk_upload(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    const struct desk_file *file, struct http_answer *answer)
{
	static const char type[] =
	    "Content-Type: multipart/form-data; boundary=" BOUNDARY;
	struct buf body = BUF_INIT(UPLOAD_SIZE);

	for (; pairs->name != NULL; pairs++)
		buf_putf(&body, "--" BOUNDARY "\r\nContent-Disposition: "
		    "form-data; name=\"%s\"\r\n\r\n%s\r\n", pairs->name,
		    pairs->value);
	if (file != NULL) {
		buf_putf(&body, "--" BOUNDARY "\r\nContent-Disposition: "
		    "form-data; name=\"file\"; filename=\"%s\"\r\n"
		    "Content-Type: application/octet-stream\r\n\r\n",
		    file->name);
		buf_put(&body, file->bytes, file->len);
		buf_puts(&body, "\r\n");
	}
	buf_puts(&body, "--" BOUNDARY "--\r\n");
	assert_false(body.failed);
	ask(stack, browser, &(struct http_request){ .method = "POST",
	    .target = path, .body = body.data, .len = body.len,
	    .headers = { [3] = type } }, answer);
	buf_clear(&body);
}

void
desk_token(const struct http_answer *page, const char *action,
    char token[TOKEN_SIZE])
{
	static const char field[] = "name=\"form\" value=\"";
	char form[HTTP_VALUE_SIZE];
	const char *at;

	snprintf(form, sizeof(form), "action=\"%s\"", action);
	at = strstr(page->body, form);
	if (at != NULL)
		at = strstr(at, field);
	if (at == NULL)
		fail_msg("no form for %s in:\n%s", action, page->body);
	at += strlen(field);
	snprintf(token, TOKEN_SIZE, "%.*s", (int)strcspn(at, "\""), at);
}

void
desk_ask(struct stack *stack, struct desk_browser *browser,
    const char *email)
{
	struct http_answer answer;
	char token[TOKEN_SIZE];

	desk_get(stack, browser, "/desk/", &answer);
	http_assert_status(&answer, 200);
	desk_token(&answer, "/desk/sign-in", token);
	http_answer_clear(&answer);
	desk_post(stack, browser, "/desk/sign-in", (const struct form_pair[]){
	    { "email", email }, { "form", token }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "Look at your mail");
	http_answer_clear(&answer);
}

void
desk_link(struct stack *stack, const struct desk_user *user,
    char path[LINK_SIZE])
{
	const char *site = stack_setting(stack, "SITE_URL");
	struct json_object *mails;
	char url[LINK_SIZE];
	size_t count;

	mailer_run(stack, 0);
	mails = mailbox_of(stack, user->email);
	count = json_object_array_length(mails);
	assert_true(count > 0);
	mail_link(stack, json_object_array_get_idx(mails, count - 1), url);
	json_object_put(mails);
	snprintf(path, LINK_SIZE, "%s", url + strlen(site));
}

void
desk_follow(struct stack *stack, struct desk_browser *browser,
    const char *path, struct http_answer *answer)
{
	char token[TOKEN_SIZE];

	desk_get(stack, browser, path, answer);
	http_assert_status(answer, 200);
	desk_token(answer, "/desk/enter", token);
	http_answer_clear(answer);
	desk_post(stack, browser, "/desk/enter", (const struct form_pair[]){
	    { "token", strchr(path, '=') + 1 }, { "form", token },
	    { NULL, NULL } }, answer);
}

void
desk_sign_in(struct stack *stack, struct desk_browser *browser,
    const struct desk_user *user)
{
	struct http_answer answer;
	char path[LINK_SIZE];

	desk_ask(stack, browser, user->email);
	desk_link(stack, user, path);
	desk_follow(stack, browser, path, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	assert_true(desk_is_in(stack, browser));
}

bool
desk_is_in(struct stack *stack, struct desk_browser *browser)
{
	struct http_answer answer;
	bool is_in;

	desk_get(stack, browser, "/desk/", &answer);
	http_assert_status(&answer, 200);
	is_in = strstr(answer.body, "<h1>Today</h1>") != NULL;
	if (!is_in)
		http_assert_body_has(&answer, "<h1>Sign in</h1>");
	http_answer_clear(&answer);
	return is_in;
}

void
desk_enter(struct stack *stack, const char *role,
    struct desk_browser *browser)
{
	char hash[SHA256_HEX_LEN + 1];
	char name[UNIQUE_SIZE];
	struct err err;

	desk_browser_make(browser);
	/* As long as the programs make one. */
	form_id_make(browser->session);
	snprintf(browser->session + 32, COOKIE_SIZE - 32, "0123456789a");
	assert_int_equal(crypto_sha256_hex(browser->session,
	    strlen(browser->session), hash, &err), ST_OK);
	unique_name("Ruth", name);
	sql_run(stack, "with made as (insert into teamdues.desk_users (name, "
	    "email, role, added_by) values ('%s', '%s@desk.example', '%s', "
	    "'test') returning user_id) insert into teamdues.desk_sessions "
	    "(session_hash, user_id, ends_at) select decode('%s', 'hex'), "
	    "user_id, now() + interval '1 hour' from made", name, name, role,
	    hash);
}

void
desk_do(struct stack *stack, struct desk_browser *browser, const char *path,
    const struct form_pair *pairs, struct http_answer *answer)
{
	struct form_pair sent[FORM_PAIRS_MAX] = { { NULL, NULL } };
	char token[TOKEN_SIZE];
	size_t count = 0;

	desk_post(stack, browser, path, pairs, answer);
	http_assert_status(answer, 200);
	desk_token(answer, path, token);
	http_answer_clear(answer);
	for (; pairs[count].name != NULL; count++)
		sent[count] = pairs[count];
	sent[count++] = (struct form_pair){ "form", token };
	sent[count++] = (struct form_pair){ "confirm", "yes" };
	assert_true(count < FORM_PAIRS_MAX);
	desk_post(stack, browser, path, sent, answer);
}

void
desk_request(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    struct http_answer *answer)
{
	char location[HTTP_VALUE_SIZE];
	const char *site = stack_setting(stack, "SITE_URL");

	desk_do(stack, browser, path, pairs, answer);
	http_assert_status(answer, 303);
	http_header(answer, "Location", location);
	http_answer_clear(answer);
	assert_int_equal(strncmp(location, site, strlen(site)), 0);
	desk_get(stack, browser, location + strlen(site), answer);
	http_assert_status(answer, 200);
}

void
desk_assert_status(struct stack *stack, struct desk_browser *browser,
    const char *target, int http)
{
	struct http_answer answer;

	desk_get(stack, browser, target, &answer);
	http_assert_status(&answer, http);
	http_answer_clear(&answer);
}

bool
desk_next_page(const struct http_answer *answer, char target[LINK_SIZE])
{
	static const char way[] = "<a rel=\"next\" href=\"";
	const char *at = strstr(answer->body, way);
	size_t len = 0;

	if (at == NULL)
		return false;
	for (at += strlen(way); *at != '"' && len < LINK_SIZE - 1; at++) {
		target[len++] = *at;
		if (strncmp(at, "&amp;", 5) == 0)
			at += 4;
	}
	target[len] = '\0';
	return true;
}
