/* Answers: what a handler builds, and what a failed request is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/page.h"
#include "web/response_parts.h"

static const struct request for_program = { .id = "id-12345" };
static char site_name[] = "SITE_NAME=Kings & Queens";
static char *const from_nginx[] = { site_name, NULL };
static const struct request for_person = {
	.id = "id-12345", .reference = "id-123", .wants_html = true,
	.contact = "dues@kings.example", .environment = from_nginx,
};

static const char *
head_of(const struct response *response, struct buf *head)
{
	buf_reset(head);
	response_put_head(response, head);
	assert_non_null(buf_str(head));
	return buf_str(head);
}

static void
text_gets_its_head(void **state)
{
	struct response response = RESPONSE_INIT;
	struct buf head = BUF_INIT(4096);
	struct err err;

	(void)state;
	assert_int_equal(response_text(&response, 200, "hello", &err), ST_OK);
	assert_string_equal(head_of(&response, &head),
	    "Status: 200 OK\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Length: 5\r\n\r\n");
	assert_string_equal(buf_str(&response.body), "hello");
	assert_int_equal(response_text(&response, 200, "again", &err), ST_BUG);
	assert_string_equal(err.msg, "a second answer (200 after 200)");
	response_clear(&response);
	response_clear(&response);
	response_clear(NULL);
	buf_clear(&head);
}

static void
a_handlers_caching_stays(void **state)
{
	struct response response = RESPONSE_INIT;
	struct buf head = BUF_INIT(4096);
	struct err err;

	(void)state;
	assert_int_equal(response_header(&response, "cache-control",
	    "max-age=60", &err), ST_OK);
	assert_int_equal(response_text(&response, 200, "", &err), ST_OK);
	assert_string_equal(head_of(&response, &head),
	    "Status: 200 OK\r\n"
	    "cache-control: max-age=60\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: 0\r\n\r\n");
	response_clear(&response);
	buf_clear(&head);
}

static void
a_header_cannot_be_split(void **state)
{
	struct response response = RESPONSE_INIT;
	struct err err;

	(void)state;
	assert_int_equal(response_redirect(&response,
	    "https://example.org/\r\nSet-Cookie: a=b", &err), ST_BAD_INPUT);
	assert_int_equal(response.http, 0);
	response_error(&response, &for_program, &err);
	assert_int_equal(response.http, 400);
	assert_null(response_find_header(&response, "Location"));
	assert_null(response_find_header(&response, "Set-Cookie"));
	response_clear(&response);
}

static void
redirects_are_303(void **state)
{
	struct response response = RESPONSE_INIT;
	struct buf head = BUF_INIT(4096);
	struct err err;

	(void)state;
	assert_int_equal(response_redirect(&response, "https://example.org/a?b",
	    &err), ST_OK);
	assert_string_equal(head_of(&response, &head),
	    "Status: 303 See Other\r\n"
	    "Location: https://example.org/a?b\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: 0\r\n\r\n");
	response_clear(&response);
	buf_clear(&head);
}

static void
json_is_plain(void **state)
{
	struct response response = RESPONSE_INIT;
	struct json_out json = response_json_begin(&response);
	struct err err;

	(void)state;
	json_out_text(&json, "url", "https://a/b");
	assert_int_equal(response_json_end(&response, 202, &json, &err), ST_OK);
	assert_string_equal(buf_str(&response.body),
	    "{\"url\":\"https://a/b\"}");
	assert_non_null(response_find_header(&response, "content-type"));
	assert_int_equal(response.http, 202);
	json = response_json_begin(&response);
	assert_int_equal(response_json_end(&response, 202, &json, &err),
	    ST_BUG);
	response_clear(&response);
}

static void
json_has_an_end_and_fits(void **state)
{
	struct response response = { 0, BUF_INIT(RESPONSE_HEADERS_MAX),
		BUF_INIT(64) };
	struct json_out json = response_json_begin(&response);
	struct err err;

	(void)state;
	json_out_array(&json, "open");
	assert_int_equal(response_json_end(&response, 200, &json, &err),
	    ST_BUG);
	assert_string_equal(err.msg,
	    "the answer: a bracket too few or too many");
	assert_int_equal(response.http, 0);
	response_clear(&response);
	json = response_json_begin(&response);
	for (int i = 0; i < 10; i++)
		json_out_text(&json, "name", "a text");
	assert_int_equal(response_json_end(&response, 200, &json, &err),
	    ST_BUG);
	assert_string_equal(err.msg, "the answer is longer than 64 bytes");
	assert_int_equal(response.http, 0);
	response_clear(&response);
}

/* The text at key of the problem that response holds. */
static void
problem_get(const struct response *response, const char *key, char *out,
    size_t size)
{
	struct json_doc problem;
	struct err err;

	assert_int_equal(json_parse(response->body.data, response->body.len,
	    &problem, &err), ST_OK);
	assert_int_equal(json_get_text(json_root(&problem), key, out, size,
	    &err), ST_OK);
	json_clear(&problem);
}

static void
problems_follow_rfc_9457(void **state)
{
	struct response response = RESPONSE_INIT;
	struct json_doc problem;
	struct err err;
	int64_t status = 0;
	char text[256];

	(void)state;
	assert_int_equal(err_set(&err, ST_BAD_INPUT, "unknown parameter %s",
	    "x"), ST_BAD_INPUT);
	response_error(&response, &for_program, &err);
	assert_int_equal(response.http, 400);
	assert_int_equal(strncmp(response_find_header(&response,
	    "Content-Type"), "Content-Type: application/problem+json\r\n", 40),
	    0);
	problem_get(&response, "type", text, sizeof(text));
	assert_string_equal(text, "about:blank");
	problem_get(&response, "title", text, sizeof(text));
	assert_string_equal(text, "Bad Request");
	problem_get(&response, "detail", text, sizeof(text));
	assert_string_equal(text, "unknown parameter x");
	problem_get(&response, "code", text, sizeof(text));
	assert_string_equal(text, status_info(ST_BAD_INPUT)->name);
	assert_int_equal(json_parse(response.body.data, response.body.len,
	    &problem, &err), ST_OK);
	assert_int_equal(json_get_i64(json_root(&problem), "status", 0, 999,
	    &status, &err), ST_OK);
	assert_int_equal(status, 400);
	json_clear(&problem);
	response_clear(&response);
}

/* Whatever fails, both readers get an answer, and our faults keep quiet. */
static void
every_status_has_an_answer(void **state)
{
	static const bool shows[ST_MAX] = {
		[ST_BAD_INPUT] = true, [ST_NOT_FOUND] = true,
		[ST_METHOD] = true, [ST_CONFLICT] = true, [ST_GONE] = true,
	};
	const struct request *const readers[] = { &for_program, &for_person };
	struct err err;

	(void)state;
	for (int st = ST_OK + 1; st < ST_MAX; st++) {
		for (size_t i = 0; i < 2; i++) {
			struct response response = RESPONSE_INIT;
			const struct status_info *info =
			    status_info((enum status)st);

			(void)err_set(&err, (enum status)st, "zebra at %s",
			    "/etc/shadow");
			response_error(&response, readers[i], &err);
			assert_int_equal(response.http, info->http);
			assert_string_not_equal(response_reason(info->http),
			    "");
			assert_int_equal(strstr(buf_str(&response.body),
			    "ebra at /etc/shadow") != NULL, shows[st]);
			assert_int_equal(response_find_header(&response,
			    "Retry-After") != NULL, info->retry_after_s > 0);
			assert_int_equal(response_find_header(&response,
			    "WWW-Authenticate") != NULL,
			    st == ST_UNAUTHENTICATED);
			response_clear(&response);
		}
	}
}

static void
a_person_gets_a_page(void **state)
{
	struct response response = RESPONSE_INIT;
	struct err err;
	const char *html = NULL;

	(void)state;
	(void)err_set(&err, ST_GONE, "this order was <refunded>");
	response_error(&response, &for_person, &err);
	html = buf_str(&response.body);
	assert_non_null(strstr(html, "<!DOCTYPE html>"));
	assert_non_null(strstr(html,
	    "<p>This order was &lt;refunded&gt;.</p>"));
	assert_non_null(strstr(html, "please mention: id-123</p>"));
	assert_non_null(strstr(html, "<a href=\"mailto:dues@kings.example\">"
	    "dues@kings.example</a>"));
	assert_non_null(strstr(html, "Kings &amp; Queens</a></header>"));
	assert_non_null(strstr(html, "<svg class=\"mark\""));
	assert_null(strstr(html, "style="));
	assert_null(strstr(html, "<script"));
	response_clear(&response);

	(void)err_set(&err, ST_DENIED, "signature");
	response_error(&response, &for_person, &err);
	html = buf_str(&response.body);
	assert_non_null(strstr(html, "ask the club for a new link"));
	assert_non_null(strstr(html, "<svg class=\"mark alarm\""));
	response_clear(&response);
}

static void
what_was_built_is_replaced(void **state)
{
	struct response response = RESPONSE_INIT;
	struct err err;

	(void)state;
	assert_int_equal(response_header(&response, "Set-Cookie", "a=b", &err),
	    ST_OK);
	assert_int_equal(response_header(&response, "Allow", "GET, HEAD", &err),
	    ST_OK);
	assert_int_equal(response_text(&response, 200, "half an answer", &err),
	    ST_OK);
	(void)err_set(&err, ST_METHOD, "not that method");
	response_error(&response, &for_program, &err);
	assert_int_equal(response.http, 405);
	assert_null(response_find_header(&response, "Set-Cookie"));
	assert_int_equal(strncmp(response_find_header(&response, "Allow"),
	    "Allow: GET, HEAD\r\n", 18), 0);
	assert_null(strstr(buf_str(&response.body), "half"));
	response_clear(&response);
}

static void
a_message_cut_in_a_character_is_not_shown(void **state)
{
	struct response response = RESPONSE_INIT;
	struct err err;
	char text[256];

	(void)state;
	(void)err_set(&err, ST_CONFLICT, "J\xc3");
	response_error(&response, &for_program, &err);
	problem_get(&response, "detail", text, sizeof(text));
	assert_string_equal(text, status_info(ST_CONFLICT)->title);
	response_clear(&response);
}

/* A body of ten bytes stands for a machine without memory. */
static void
without_memory_nothing_is_left(void **state)
{
	struct response response = {
		0, BUF_INIT(RESPONSE_HEADERS_MAX), BUF_INIT(10),
	};
	struct err err;

	(void)state;
	(void)err_set(&err, ST_BAD_INPUT, "something");
	response_error(&response, &for_program, &err);
	assert_int_equal(response.http, 503);
	assert_int_equal(response.headers.len, 0);
	assert_int_equal(response.body.len, 0);
	response_clear(&response);
	assert_non_null(strstr(response_last_head, "Content-Length: 30\r\n"));
	assert_int_equal(strlen(response_last_body), 30);
}

/* A tap on it writes or calls, where it is one mailbox or number. */
static void
a_contact_can_be_tapped(void **state)
{
	static const struct {
		const char *contact;
		const char *html;
	} CASES[] = {
		{ "a@b.example", "<a href=\"mailto:a@b.example\">a@b.example"
		    "</a>" },
		{ "+1 (303) 555-0100", "<a href=\"tel:+1 (303) 555-0100\">+1 "
		    "(303) 555-0100</a>" },
		{ "Jo <b>, a@b.example",
		    "club: Jo &lt;b&gt;, a@b.example</p>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct buf html = BUF_INIT(4096);

		page_put(&html, &(const struct page){
			.title = "Hello",
			.contact = CASES[i].contact,
		});
		assert_non_null(strstr(buf_str(&html), CASES[i].html));
		buf_clear(&html);
	}
}

static void
pages_escape_what_they_show(void **state)
{
	static const char *const paragraphs[] = {
		"a < b", "\"c\" & 'd'", NULL,
	};
	struct buf html = BUF_INIT(4096);

	(void)state;
	page_put(&html, &(const struct page){
		.site_name = "Kings & Queens",
		.title = "<Title>",
		.paragraphs = paragraphs,
		.note = "1 < 2",
	});
	assert_non_null(strstr(buf_str(&html),
	    "<title>&lt;Title&gt; - Kings &amp; Queens</title>"));
	assert_non_null(strstr(buf_str(&html), "<html lang=\"en\">"));
	assert_non_null(strstr(buf_str(&html), "<p>a &lt; b</p>"));
	assert_null(strstr(buf_str(&html), "\"c\""));
	assert_non_null(strstr(buf_str(&html), ">1 &lt; 2</p>"));
	assert_null(strstr(buf_str(&html), "<svg"));
	buf_clear(&html);
}

/* Without a name there is still a way home. */
static void
a_page_of_nobody_leads_home(void **state)
{
	struct buf html = BUF_INIT(4096);

	(void)state;
	page_put_head(&html, NULL, "Title");
	page_put_foot(&html);
	assert_non_null(strstr(buf_str(&html), "<title>Title</title>"));
	assert_non_null(strstr(buf_str(&html), "<a href=\"/\">"));
	assert_non_null(strstr(buf_str(&html), "Home page</a></header>"));
	buf_clear(&html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_gets_its_head),
		cmocka_unit_test(a_handlers_caching_stays),
		cmocka_unit_test(a_header_cannot_be_split),
		cmocka_unit_test(redirects_are_303),
		cmocka_unit_test(json_is_plain),
		cmocka_unit_test(json_has_an_end_and_fits),
		cmocka_unit_test(problems_follow_rfc_9457),
		cmocka_unit_test(every_status_has_an_answer),
		cmocka_unit_test(a_person_gets_a_page),
		cmocka_unit_test(what_was_built_is_replaced),
		cmocka_unit_test(a_message_cut_in_a_character_is_not_shown),
		cmocka_unit_test(without_memory_nothing_is_left),
		cmocka_unit_test(a_contact_can_be_tapped),
		cmocka_unit_test(pages_escape_what_they_show),
		cmocka_unit_test(a_page_of_nobody_leads_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
