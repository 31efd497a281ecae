#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "http.h"

enum { TIMEOUT_S = 40, AT_ONCE_MAX = 256 };

struct sink {
	char **text;
	size_t *len;
};

/* A request under way, with all that curl holds on to meanwhile. */
struct transfer {
	CURL *easy;
	struct curl_slist *headers;
	struct sink sinks[2];
};

static size_t
take(char *bytes, size_t size, size_t count, void *to)
{
	struct sink *sink = to;
	size_t len = size * count;
	char *text = realloc(*sink->text, *sink->len + len + 1);

	if (text == NULL)
		return 0;
	memcpy(text + *sink->len, bytes, len);
	*sink->text = text;
	*sink->len += len;
	text[*sink->len] = '\0';
	return len;
}

static void
set_address(const struct stack *stack, CURL *easy, const char *target)
{
	char url[HTTP_VALUE_SIZE];
	const char *site = stack_setting(stack, "SITE_URL");

	if (target[0] != '/')
		site = "";
	snprintf(url, sizeof(url), "%s%s", site, target);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_CAINFO, stack_setting(stack,
	    "TEAMDUES_CA_FILE"));
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
}

static void
set_request(struct transfer *transfer, const struct http_request *request)
{
	CURL *easy = transfer->easy;

	if (request->from != NULL) {
		curl_easy_setopt(easy, CURLOPT_INTERFACE, request->from);
		curl_easy_setopt(easy, CURLOPT_IPRESOLVE,
		    (long)CURL_IPRESOLVE_V4);
	}
	if (request->body != NULL) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)request->len);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
	}
	if (request->method != NULL && strcmp(request->method, "HEAD") == 0)
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else if (request->method != NULL)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	transfer->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; request->headers[i] != NULL; i++)
		transfer->headers = curl_slist_append(transfer->headers,
		    request->headers[i]);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void
begin(const struct stack *stack, struct transfer *transfer,
    const struct http_request *request, struct http_answer *answer)
{
	CURL *easy = transfer->easy;

	memset(answer, 0, sizeof(*answer));
	transfer->sinks[0] = (struct sink){ &answer->headers,
	    &answer->header_len };
	transfer->sinks[1] = (struct sink){ &answer->body,
	    &answer->body_len };
	set_address(stack, easy, request->target);
	set_request(transfer, request);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer->sinks[0]);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer->sinks[1]);
}

static void
finish(struct transfer *transfer, struct http_answer *answer)
{
	curl_off_t time_us = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
	    &answer->status);
	curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &time_us);
	answer->ms = time_us / 1000;
	if (answer->body == NULL)
		answer->body = calloc(1, 1);
	if (answer->headers == NULL)
		answer->headers = calloc(1, 1);
	assert_non_null(answer->body);
	assert_non_null(answer->headers);
	curl_slist_free_all(transfer->headers);
}

void
http_send(struct stack *stack, const struct http_request *request,
    struct http_answer *answer)
{
	struct transfer transfer = { .easy = stack->curl };
	CURLcode code;

	curl_easy_reset(stack->curl);
	begin(stack, &transfer, request, answer);
	code = curl_easy_perform(stack->curl);
	if (code != CURLE_OK)
		print_message("%s: %s\n", request->target,
		    curl_easy_strerror(code));
	finish(&transfer, answer);
}

void
http_get(struct stack *stack, const char *target, struct http_answer *answer)
{
	http_send(stack, &(struct http_request){ .target = target }, answer);
}

void
http_send_all(struct stack *stack, const struct http_request *requests,
    size_t count, struct http_answer *answers)
{
	struct transfer transfers[AT_ONCE_MAX] = { { .easy = NULL } };
	CURLM *multi = curl_multi_init();
	int running = 1;

	assert_non_null(multi);
	assert_in_range(count, 1, AT_ONCE_MAX);
	for (size_t i = 0; i < count; i++) {
		transfers[i].easy = curl_easy_init();
		assert_non_null(transfers[i].easy);
		begin(stack, &transfers[i], &requests[i], &answers[i]);
		curl_multi_add_handle(multi, transfers[i].easy);
	}
	while (running > 0) {
		assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
		if (running > 0)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	for (size_t i = 0; i < count; i++) {
		finish(&transfers[i], &answers[i]);
		curl_multi_remove_handle(multi, transfers[i].easy);
		curl_easy_cleanup(transfers[i].easy);
	}
	curl_multi_cleanup(multi);
}

int
http_header(const struct http_answer *answer, const char *name,
    char value[HTTP_VALUE_SIZE])
{
	size_t name_len = strlen(name);
	const char *line = answer->headers;
	int found = 0;

	value[0] = '\0';
	while (*line != '\0') {
		size_t len = strcspn(line, "\r\n");

		if (len > name_len && line[name_len] == ':' &&
		    strncasecmp(line, name, name_len) == 0) {
			const char *start = line + name_len + 1;

			start += strspn(start, " ");
			snprintf(value, HTTP_VALUE_SIZE, "%.*s",
			    (int)(line + len - start), start);
			found++;
		}
		line += len;
		line += strspn(line, "\r\n");
	}
	return found;
}

void
http_assert_status(const struct http_answer *answer, long status)
{
	if (answer->status != status)
		fail_msg("answered %ld, not %ld: %s%s", answer->status, status,
		    answer->headers, answer->body);
}

void
http_assert_header(const struct http_answer *answer, const char *name,
    const char *value)
{
	char got[HTTP_VALUE_SIZE];

	http_header(answer, name, got);
	assert_string_equal(got, value);
}

void
http_assert_body_has(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) == NULL)
		fail_msg("no \"%s\" in: %s", part, answer->body);
}

void
http_assert_guarded(const struct http_answer *answer)
{
	static const struct {
		const char *name;
		const char *start;
	} expected[] = {
		{ "Strict-Transport-Security", "max-age=" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Content-Security-Policy", "default-src 'none';" },
		{ "X-Request-Id", "" },
	};
	char value[HTTP_VALUE_SIZE];

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (http_header(answer, expected[i].name, value) != 1 ||
		    strncmp(value, expected[i].start,
		    strlen(expected[i].start)) != 0)
			fail_msg("%s of %ld is not once there, or is \"%s\"",
			    expected[i].name, answer->status, value);
	}
	assert_int_equal(strspn(value, "0123456789abcdef"), 32);
	assert_int_equal(strlen(value), 32);
}

void
http_answer_clear(struct http_answer *answer)
{
	free(answer->headers);
	free(answer->body);
	memset(answer, 0, sizeof(*answer));
}

long
http_status_of(struct stack *stack, const char *target)
{
	struct http_answer answer;
	long status;

	http_get(stack, target, &answer);
	status = answer.status;
	http_answer_clear(&answer);
	return status;
}
