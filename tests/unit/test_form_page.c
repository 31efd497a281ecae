/* Pages with forms, and whose forms are taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/form_page.h"

enum { PAGE_MAX = 64 * 1024, FIELDS = 4 };

static const char *const sizes[] = { "S", "M&M", NULL };

static const struct form_field fields[FIELDS] = {
	{ .name = "size", .control = FORM_SELECT, .label = "Size",
	    .autocomplete = "off" },
	{ .name = "who", .label = "Who <is> it", .hint = "Write \"it\".",
	    .type = "text", .autocomplete = "name", .characters_max = 30 },
	{ .name = "trap", .control = FORM_TRAP, .label = "Trap",
	    .type = "text", .autocomplete = "off" },
	{ .name = "agree", .control = FORM_CHECKBOX, .label = "I agree" },
};

static const char *
put(struct buf *html, const struct form_entry *entries)
{
	static const struct param hidden[] = { { "id", "\"7\"" },
	    { NULL, NULL } };

	form_page_put(html, &(const struct form_page){
		.site_name = "Club", .title = "Form",
		.paragraphs = (const char *const[]){ "a < b", NULL },
		.action = "/form", .fields = fields, .entries = entries,
		.count = FIELDS, .hidden = hidden, .button = "Go",
	});
	assert_non_null(buf_str(html));
	return buf_str(html);
}

static void
assert_has(const char *html, const char *part)
{
	if (strstr(html, part) == NULL)
		fail_msg("no %s in: %s", part, html);
}

static void
an_empty_form_says_nothing_is_wrong(void **state)
{
	const struct form_entry entries[FIELDS] = { { .choices = sizes } };
	struct buf html = BUF_INIT(PAGE_MAX);
	const char *text = put(&html, entries);

	(void)state;
	assert_has(text, "<p>a &lt; b</p>");
	assert_has(text, "<label for=\"who\">Who &lt;is&gt; it</label>");
	assert_has(text, "name=\"id\" value=\"&quot;7&quot;\"");
	assert_has(text, "<option>M&amp;M</option>");
	assert_has(text, "aria-describedby=\"who-hint\"");
	assert_has(text, "<div class=\"field\" hidden>\n<label for=\"trap\">");
	assert_has(text, "content=\"same-origin\"");
	assert_null(strstr(text, "aria-invalid"));
	assert_null(strstr(text, "autofocus"));
	assert_null(strstr(text, "role=\"alert\""));
	assert_null(strstr(text, "checked"));
	buf_clear(&html);
}

static void
what_was_typed_is_kept_beside_what_is_wrong(void **state)
{
	const struct form_entry entries[FIELDS] = {
		{ .value = "M&M", .choices = sizes },
		{ .value = "\"><script>", .fault = "Not <so>." },
		{ .value = "x", .fault = "Leave it." },
		{ .value = "yes" },
	};
	struct buf html = BUF_INIT(PAGE_MAX);
	const char *text = put(&html, entries);
	const char *focus;

	(void)state;
	assert_has(text, "<option selected>M&amp;M</option>");
	assert_has(text, "value=\"&quot;&gt;&lt;script&gt;\"");
	assert_has(text, "<p class=\"fault\" id=\"who-fault\">Not &lt;so&gt;."
	    "</p>");
	assert_has(text, "aria-describedby=\"who-hint who-fault\" "
	    "aria-invalid=\"true\"");
	assert_has(text, "<div class=\"field\">\n<label for=\"trap\">");
	assert_has(text, " checked>");
	assert_has(text, "role=\"alert\"");
	focus = strstr(text, "autofocus");
	assert_non_null(focus);
	assert_null(strstr(focus + 1, "autofocus"));
	buf_clear(&html);
}

static bool
is_foreign(char *host, char *origin, char *site)
{
	char *environment[4] = { host };
	struct request request = { .environment = environment };
	size_t count = 1;

	if (origin != NULL)
		environment[count++] = origin;
	if (site != NULL)
		environment[count++] = site;
	return request_is_foreign(&request, "https://pay.club.example");
}

static void
forms_of_other_origins_are_foreign(void **state)
{
	static char host[] = "HTTP_HOST=localhost:8443";
	static char ours[] = "HTTP_ORIGIN=https://pay.club.example";
	static char by_host[] = "HTTP_ORIGIN=https://localhost:8443";
	static char plain[] = "HTTP_ORIGIN=http://localhost:8443";
	static char other[] = "HTTP_ORIGIN=https://pay.club.example.evil";
	static char hidden[] = "HTTP_ORIGIN=null";
	static char same[] = "HTTP_SEC_FETCH_SITE=same-origin";
	static char none[] = "HTTP_SEC_FETCH_SITE=none";
	static char cousin[] = "HTTP_SEC_FETCH_SITE=same-site";
	static char cross[] = "HTTP_SEC_FETCH_SITE=cross-site";

	(void)state;
	assert_false(is_foreign(host, NULL, NULL));
	assert_false(is_foreign(host, ours, NULL));
	assert_false(is_foreign(host, by_host, NULL));
	assert_false(is_foreign(host, ours, same));
	assert_false(is_foreign(host, NULL, none));
	assert_false(is_foreign(host, hidden, same));
	assert_true(is_foreign(host, hidden, NULL));
	assert_true(is_foreign(host, hidden, none));
	assert_true(is_foreign(host, plain, NULL));
	assert_true(is_foreign(host, other, NULL));
	assert_true(is_foreign(host, other, same));
	assert_true(is_foreign(host, ours, cross));
	assert_true(is_foreign(host, ours, cousin));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_form_says_nothing_is_wrong),
		cmocka_unit_test(what_was_typed_is_kept_beside_what_is_wrong),
		cmocka_unit_test(forms_of_other_origins_are_foreign),
	};

	return cmocka_run_group_tests_name("form_page", tests, NULL, NULL);
}
