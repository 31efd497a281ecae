/*
 * Who stands before the desk: which cookies are believed, and which forms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "desk/visit.h"

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define SESSION "__Host-teamdues="
#define ASKED "__Host-teamdues-asked="

enum { LINE_MAX_LEN = 512 };

static const struct app app;

struct scene {
	char cookie[LINE_MAX_LEN];
	char *environment[3];
	struct request request;
	struct visit visit;
};

/* cookies NULL: the browser sends none. */
static struct visit *
begin(struct scene *scene, const char *cookies)
{
	static char method[] = "REQUEST_METHOD=GET";
	struct err err;

	memset(scene, 0, sizeof(*scene));
	snprintf(scene->cookie, sizeof(scene->cookie), "HTTP_COOKIE=%s",
	    cookies != NULL ? cookies : "");
	scene->environment[0] = method;
	scene->environment[1] = cookies != NULL ? scene->cookie : NULL;
	assert_int_equal(request_init(&scene->request, scene->environment,
	    &err), ST_OK);
	assert_int_equal(visit_begin(&scene->visit, &app, &scene->request,
	    &err), ST_OK);
	return &scene->visit;
}

static void
end(struct scene *scene)
{
	request_clear(&scene->request);
}

static void
assert_session(const char *cookies, const char *session)
{
	struct scene scene;
	struct visit *visit = begin(&scene, cookies);

	assert_string_equal(visit->session, session);
	assert_true((visit_session(visit) != NULL) == (session[0] != '\0'));
	end(&scene);
}

static void
test_cookies(void **state)
{
	(void)state;
	assert_session(NULL, "");
	assert_session("", "");
	assert_session(SESSION KEY_A, KEY_A);
	assert_session("a=b; " SESSION KEY_A "; c=d", KEY_A);
	assert_session(ASKED KEY_B "; " SESSION KEY_A, KEY_A);
	/* Of two the first. */
	assert_session(SESSION KEY_A "; " SESSION KEY_B, KEY_A);
	/* Too short, too long, of other characters, of another name. */
	assert_session(SESSION "AAAA", "");
	assert_session(SESSION KEY_A "A", "");
	assert_session(SESSION "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
	    "");
	assert_session("x" SESSION KEY_A, "");
	assert_session(SESSION, "");
}

static void
test_a_new_browser(void **state)
{
	struct scene first, second;

	(void)state;
	assert_true(begin(&first, NULL)->is_new);
	assert_true(begin(&second, NULL)->is_new);
	assert_string_not_equal(first.visit.browser, second.visit.browser);
	end(&second);
	assert_false(begin(&second, ASKED KEY_B)->is_new);
	assert_string_equal(second.visit.browser, KEY_B);
	end(&first);
	end(&second);
}

/* The token of the form, as params that were sent. */
static void
take_form(struct visit *visit, const char *action, char token[LINE_MAX_LEN],
    struct params *params)
{
	static const char before[] = "<input type=\"hidden\" name=\"form\" "
	    "value=\"";
	char text[LINE_MAX_LEN];
	struct buf html = BUF_FIXED(text);

	visit_put_form(visit, action, &html);
	assert_int_equal(visit->failure.st, ST_OK);
	assert_int_equal(strncmp(text, before, sizeof(before) - 1), 0);
	snprintf(token, LINE_MAX_LEN, "%.*s", (int)strcspn(text +
	    sizeof(before) - 1, "\""), text + sizeof(before) - 1);
	memset(params, 0, sizeof(*params));
	params->item[0] = (struct param){ "form", token };
	params->count = 1;
}

static enum status
check(const struct visit *visit, const char *action,
    const struct params *params, char form_id[FORM_ID_SIZE])
{
	struct err err;

	return visit_check_form(visit, action, params, form_id, &err);
}

static void
test_forms(void **state)
{
	char token[LINE_MAX_LEN], id[FORM_ID_SIZE], other_id[FORM_ID_SIZE];
	struct params params;
	struct scene scene, later;

	(void)state;
	begin(&scene, SESSION KEY_A);
	take_form(&scene.visit, "/desk/a", token, &params);
	/* It is checked by another request of the same session. */
	begin(&later, SESSION KEY_A);
	assert_int_equal(check(&later.visit, "/desk/a", &params, id), ST_OK);
	assert_int_equal(check(&later.visit, "/desk/b", &params, other_id),
	    ST_DENIED);
	assert_in_range(strlen(id), 16, 64);
	end(&later);
	begin(&later, SESSION KEY_B);
	assert_int_equal(check(&later.visit, "/desk/a", &params, other_id),
	    ST_DENIED);
	end(&later);
	begin(&later, ASKED KEY_A);
	assert_int_equal(check(&later.visit, "/desk/a", &params, other_id),
	    ST_OK);
	end(&later);
	/* Each form of a page has a number of its own. */
	take_form(&scene.visit, "/desk/a", token, &params);
	assert_int_equal(check(&scene.visit, "/desk/a", &params, other_id),
	    ST_OK);
	assert_string_not_equal(id, other_id);
	end(&scene);
}

static void
test_forged_forms(void **state)
{
	static const char *const forged[] = { "", ".", "a", "a.b",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.b" };
	char token[LINE_MAX_LEN], id[FORM_ID_SIZE];
	struct params params;
	struct scene scene;

	(void)state;
	begin(&scene, SESSION KEY_A);
	take_form(&scene.visit, "/desk/a", token, &params);
	for (size_t i = 0; i < strlen(token); i++) {
		char kept = token[i];

		token[i] = kept == 'x' ? 'y' : 'x';
		assert_int_equal(check(&scene.visit, "/desk/a", &params, id),
		    ST_DENIED);
		token[i] = kept;
	}
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		params.item[0].value = forged[i];
		assert_int_equal(check(&scene.visit, "/desk/a", &params, id),
		    ST_DENIED);
	}
	params.count = 0;
	assert_int_equal(check(&scene.visit, "/desk/a", &params, id),
	    ST_DENIED);
	end(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_a_new_browser),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_forged_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
