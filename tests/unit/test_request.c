/* A request from its CGI variables: path, target, id, who asks and for what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/accept.h"
#include "web/request.h"

/* The variables of a request, as a gateway has them. */
#define ENVIRONMENT(...) ((char *[]){ __VA_ARGS__, NULL })

static char method_get[] = "REQUEST_METHOD=GET";

static void
nginx_variables_are_read(void **state)
{
	char document[] = "DOCUMENT_URI=/checkout/tournament";
	char script[] = "SCRIPT_NAME=/something/else";
	char uri[] = "REQUEST_URI=/checkout/tournament?order_id=1&x=%20?y";
	char query[] = "QUERY_STRING=rewritten=1";
	char id[] = "REQUEST_ID=0123456789abcdef0123456789abcdef";
	char address[] = "REMOTE_ADDR=192.0.2.7";
	char type[] = "CONTENT_TYPE=application/json";
	char signature[] = "HTTP_STRIPE_SIGNATURE=t=1,v1=2";
	struct request request;
	struct err err;

	(void)state;
	assert_int_equal(request_init(&request, ENVIRONMENT(method_get,
	    document, script, uri, query, id, address, type, signature), &err),
	    ST_OK);
	assert_int_equal(request.method, METHOD_GET);
	assert_string_equal(request.path, "/checkout/tournament");
	assert_string_equal(request.target,
	    "/checkout/tournament?order_id=1&x=%20?y");
	assert_string_equal(request.query, "order_id=1&x=%20?y");
	assert_string_equal(request.id, "0123456789abcdef0123456789abcdef");
	assert_string_equal(request.client, "192.0.2.7");
	assert_string_equal(request.content_type, "application/json");
	assert_string_equal(request_variable(&request,
	    "HTTP_STRIPE_SIGNATURE"), "t=1,v1=2");
	assert_null(request_variable(&request, "HTTP_STRIPE"));
	assert_false(request.wants_html);
	assert_false(request.is_preview);
	request_clear(&request);
	request_clear(&request);
}

static void
plain_cgi_variables_are_joined(void **state)
{
	char script[] = "SCRIPT_NAME=/admin/batches";
	char info[] = "PATH_INFO=/12";
	char query[] = "QUERY_STRING=a=b";
	struct request request;
	struct err err;

	(void)state;
	assert_int_equal(request_init(&request, ENVIRONMENT(method_get, script,
	    info, query), &err), ST_OK);
	assert_string_equal(request.path, "/admin/batches/12");
	assert_string_equal(request.target, "/admin/batches/12?a=b");
	assert_string_equal(request.query, "a=b");
	assert_string_equal(request.client, "");
	assert_string_equal(request.content_type, "");
	request_clear(&request);
}

static void
no_variables_make_an_empty_request(void **state)
{
	char *none[] = { NULL };
	struct request request;
	struct err err;

	(void)state;
	assert_int_equal(request_init(&request, none, &err), ST_OK);
	assert_int_equal(request.method, METHOD_OTHER);
	assert_string_equal(request.path, "");
	assert_string_equal(request.target, "");
	assert_string_equal(request.query, "");
	request_clear(&request);
	request_clear(NULL);
}

static void
methods_are_told_apart(void **state)
{
	static const struct {
		const char *variable;
		enum method method;
	} rows[] = {
		{ "REQUEST_METHOD=GET", METHOD_GET },
		{ "REQUEST_METHOD=HEAD", METHOD_HEAD },
		{ "REQUEST_METHOD=POST", METHOD_POST },
		{ "REQUEST_METHOD=get", METHOD_OTHER },
		{ "REQUEST_METHOD=PUT", METHOD_OTHER },
		{ "REQUEST_METHOD=", METHOD_OTHER },
	};
	struct request request;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char variable[32];

		strcpy(variable, rows[i].variable);
		assert_int_equal(request_init(&request, ENVIRONMENT(variable),
		    &err), ST_OK);
		assert_int_equal(request.method, rows[i].method);
		request_clear(&request);
	}
}

static void
an_unfit_id_is_replaced(void **state)
{
	static const char *const unfit[] = {
		"REQUEST_ID=", "REQUEST_ID=short", "REQUEST_ID=has space in it",
		"REQUEST_ID=line\nbreak0", "REQUEST_ID=under_score_", NULL,
	};
	char too_long[] = "REQUEST_ID="
	    "0123456789012345678901234567890123456789012345678901234567890123x";
	char first[REQUEST_ID_MAX + 1];
	struct request request;
	struct err err;

	(void)state;
	for (size_t i = 0; unfit[i] != NULL; i++) {
		char variable[64];

		strcpy(variable, unfit[i]);
		assert_int_equal(request_init(&request, ENVIRONMENT(variable),
		    &err), ST_OK);
		assert_int_equal(strlen(request.id), 32);
		assert_int_equal(strspn(request.id, "0123456789abcdef"), 32);
		request_clear(&request);
	}
	assert_int_equal(request_init(&request, ENVIRONMENT(too_long), &err),
	    ST_OK);
	strcpy(first, request.id);
	assert_int_equal(strlen(first), 32);
	request_clear(&request);
	too_long[strlen(too_long) - 1] = '\0';
	assert_int_equal(request_init(&request, ENVIRONMENT(too_long), &err),
	    ST_OK);
	assert_int_equal(strlen(request.id), REQUEST_ID_MAX);
	assert_string_not_equal(first, request.id);
	request_clear(&request);
}

static void
an_overlong_path_is_refused(void **state)
{
	static char script[20000] = "SCRIPT_NAME=/";
	struct request request;
	struct err err;

	(void)state;
	memset(script + strlen("SCRIPT_NAME=/"), 'a',
	    sizeof(script) - strlen("SCRIPT_NAME=/") - 1);
	assert_int_not_equal(request_init(&request, ENVIRONMENT(script), &err),
	    ST_OK);
	assert_string_equal(request.path, "");
	assert_string_equal(request.target, "");
	request_clear(&request);
}

static void
accept_is_weighed(void **state)
{
	static const struct {
		const char *accept;
		bool html;
	} rows[] = {
		{ "", false },
		{ "*/*", false },
		{ "application/json", false },
		{ "application/problem+json, */*", false },
		{ "text/plain", false },
		{ "text/html", true },
		{ "TEXT/HTML", true },
		{ "text/*", true },
		{ "application/xhtml+xml;q=0.1", true },
		{ "text/html,application/xhtml+xml,application/xml;q=0.9,"
		    "image/avif,image/webp,*/*;q=0.8", true },
		{ "application/json, text/html;q=0.5", false },
		{ "application/json;q=0.5, text/html", true },
		{ "application/json;q=0.5;x=y, text/html ; level=1 ; Q=0.501",
		    true },
		{ "text/html;q=0", false },
		{ "text/html;q=0.000", false },
		{ "text/html;q=nonsense", false },
		{ "text/html;q=0.001", true },
		{ "text/html;q=1.999", true },
		{ "text/html, application/json", false },
		{ "text/htmlx", false },
		{ ",,;;,text/html;;;,", true },
		{ "text/html;", true },
		{ " \t text/html\t;\tq=0.3", true },
		{ ";q=1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (accept_prefers_html(rows[i].accept) != rows[i].html)
			fail_msg("Accept: %s", rows[i].accept);
}

static void
prefetches_are_recognised(void **state)
{
	static const struct {
		const char *variable;
		bool is_prefetch;
	} rows[] = {
		{ "HTTP_SEC_PURPOSE=prefetch", true },
		{ "HTTP_SEC_PURPOSE=prefetch;prerender", true },
		{ "HTTP_PURPOSE=prefetch", true },
		{ "HTTP_PURPOSE=preview", true },
		{ "HTTP_X_MOZ=prefetch", true },
		{ "HTTP_PURPOSE=", false },
		{ "HTTP_USER_AGENT=WhatsApp/2.23.20.0 A", false },
	};
	struct request request;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char head[] = "REQUEST_METHOD=HEAD";
		char variable[256];

		strcpy(variable, rows[i].variable);
		assert_int_equal(request_init(&request,
		    ENVIRONMENT(method_get, variable), &err), ST_OK);
		if (request.is_prefetch != rows[i].is_prefetch)
			fail_msg("%s", rows[i].variable);
		request_clear(&request);
		assert_int_equal(request_init(&request,
		    ENVIRONMENT(head, variable), &err), ST_OK);
		assert_false(request.is_prefetch);
		request_clear(&request);
	}
}

static void
previews_are_recognised(void **state)
{
	static const struct {
		const char *variable;
		bool is_preview;
	} rows[] = {
		{ "HTTP_SEC_PURPOSE=prefetch", false },
		{ "HTTP_USER_AGENT=Slackbot-LinkExpanding 1.0 "
		    "(+https://api.slack.com/robots)", true },
		{ "HTTP_USER_AGENT=Mozilla/5.0 (Macintosh; Intel Mac OS X "
		    "10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
		    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 "
		    "Facebot Twitterbot/1.0", true },
		{ "HTTP_USER_AGENT=WhatsApp/2.23.20.0 A", true },
		{ "HTTP_USER_AGENT=TelegramBot (like TwitterBot)", true },
		{ "HTTP_USER_AGENT=Mozilla/5.0 (Windows NT 6.1; WOW64) "
		    "SkypeUriPreview Preview/0.5 "
		    "skype-url-preview@microsoft.com", true },
		{ "HTTP_USER_AGENT=LINKEDINBOT/1.0", true },
		{ "HTTP_USER_AGENT=Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like"
		    " Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
		    "Version/17.4 Mobile/15E148 Safari/604.1", false },
		{ "HTTP_USER_AGENT=Mozilla/5.0 (Linux; Android 14) AppleWebKit/"
		    "537.36 (KHTML, like Gecko) Chrome/124.0 Mobile "
		    "Safari/537.36 [FB_IAB/FB4A;FBAV/460.0;]", false },
		{ "HTTP_USER_AGENT=curl/7.88.1", false },
		{ "HTTP_USER_AGENT=", false },
	};
	char head[] = "REQUEST_METHOD=HEAD";
	struct request request;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char variable[256];

		strcpy(variable, rows[i].variable);
		assert_int_equal(request_init(&request,
		    ENVIRONMENT(method_get, variable), &err), ST_OK);
		if (request.is_preview != rows[i].is_preview)
			fail_msg("%s", rows[i].variable);
		request_clear(&request);
	}
	assert_int_equal(request_init(&request, ENVIRONMENT(head), &err),
	    ST_OK);
	assert_true(request.is_preview);
	request_clear(&request);
}

/* RFC 9110, 8.3.1: names in any case, blanks before a parameter. */
static void
media_types_are_compared(void **state)
{
	static const struct {
		const char *variable;
		bool is_json;
	} rows[] = {
		{ "CONTENT_TYPE=application/json", true },
		{ "CONTENT_TYPE=Application/JSON", true },
		{ "CONTENT_TYPE=application/json;charset=utf-8", true },
		{ "CONTENT_TYPE=application/json ; charset=UTF-8", true },
		{ "CONTENT_TYPE=APPLICATION/json\t; charset=UTF-8", true },
		{ "CONTENT_TYPE=application/jsonl", false },
		{ "CONTENT_TYPE=application/json-seq", false },
		{ "CONTENT_TYPE=application/json text/plain", false },
		{ "CONTENT_TYPE=application/jso", false },
		{ "CONTENT_TYPE=text/plain; application/json", false },
		{ "CONTENT_TYPE=", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char variable[256];
		struct request request;
		struct err err;

		strcpy(variable, rows[i].variable);
		assert_int_equal(request_init(&request,
		    ENVIRONMENT(method_get, variable), &err), ST_OK);
		if (request_is_type(&request, "application/json") !=
		    rows[i].is_json)
			fail_msg("%s", rows[i].variable);
		request_clear(&request);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nginx_variables_are_read),
		cmocka_unit_test(plain_cgi_variables_are_joined),
		cmocka_unit_test(no_variables_make_an_empty_request),
		cmocka_unit_test(methods_are_told_apart),
		cmocka_unit_test(an_unfit_id_is_replaced),
		cmocka_unit_test(an_overlong_path_is_refused),
		cmocka_unit_test(accept_is_weighed),
		cmocka_unit_test(media_types_are_compared),
		cmocka_unit_test(prefetches_are_recognised),
		cmocka_unit_test(previews_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
