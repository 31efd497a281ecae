/*
 * The token of a link that signs in: what we made is read, whatever is changed
 * in it is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/entry_token.h"
#include "base/signed_url.h"

#define FIRST_KEY "first-link-secret-of-32-bytes-xx"
#define SECOND_KEY "second-link-secret-of-32-bytes-x"

enum { NOW = 1000, EXPIRES = 1600, ENTRY = 42, TOKEN_MAX = 128 };

static void
load(struct config *config, const char *link_secret)
{
	struct err err;

	assert_int_equal(setenv("LINK_SECRET", link_secret, 1), 0);
	assert_int_equal(config_load(config, NEEDS(SETTING_LINK_SECRET), NULL,
	    NULL, &err), ST_OK);
}

static void
make(const char *link_secret, char text[TOKEN_MAX])
{
	struct config config;
	struct buf token = buf_over(text, TOKEN_MAX);
	struct err err;

	load(&config, link_secret);
	assert_int_equal(entry_token_put(&config, ENTRY, EXPIRES, &token,
	    &err), ST_OK);
	config_clear(&config);
}

static enum status
read_at(const char *text, int64_t now)
{
	struct config config;
	int64_t entry_id = 0;
	struct err err;
	enum status st;

	load(&config, FIRST_KEY "," SECOND_KEY);
	st = entry_token_read(&config, text, now, &entry_id, &err);
	config_clear(&config);
	if (st == ST_OK)
		assert_int_equal(entry_id, ENTRY);
	return st;
}

static void
test_what_we_made(void **state)
{
	char text[TOKEN_MAX];

	(void)state;
	make(FIRST_KEY, text);
	assert_int_equal(strncmp(text, "42.1600.", 8), 0);
	assert_int_equal(read_at(text, NOW), ST_OK);
	assert_int_equal(read_at(text, EXPIRES), ST_OK);
	assert_int_equal(read_at(text, EXPIRES + 1), ST_EXPIRED);
	/* A secret that is on its way out still reads. */
	make(SECOND_KEY, text);
	assert_int_equal(read_at(text, NOW), ST_OK);
	make("another-link-secret-of-32-bytes-", text);
	assert_int_equal(read_at(text, NOW), ST_DENIED);
}

/* Every character, one after the other, into another one. */
static void
test_what_was_changed(void **state)
{
	char text[TOKEN_MAX];
	char changed[TOKEN_MAX + 1];

	(void)state;
	make(FIRST_KEY, text);
	for (size_t i = 0; i < strlen(text); i++) {
		memcpy(changed, text, sizeof(text));
		changed[i] = changed[i] == '1' ? '2' : '1';
		assert_int_equal(read_at(changed, NOW), ST_DENIED);
		/* And cut off there. */
		changed[i] = '\0';
		assert_int_equal(read_at(changed, NOW), ST_DENIED);
	}
	memcpy(changed, text, sizeof(text));
	strncat(changed, "A", 1);
	assert_int_equal(read_at(changed, NOW), ST_DENIED);
	assert_int_equal(read_at("042.1600.x", NOW), ST_DENIED);
	assert_int_equal(read_at("-1.1600.x", NOW), ST_DENIED);
	assert_int_equal(read_at("..", NOW), ST_DENIED);
}

/* What a pay link is signed with is no token, whatever it says. */
static void
test_another_purpose(void **state)
{
	static const char said[] = "42.1600";
	char text[TOKEN_MAX] = "42.1600.";
	struct buf token = { text, 8, sizeof(text), sizeof(text) - 1, false,
	    ST_OK };
	struct config config;
	struct err err;

	(void)state;
	load(&config, FIRST_KEY);
	assert_int_equal(signature_put(&config, (struct bytes){ said,
	    sizeof(said) - 1 }, &token, &err), ST_OK);
	config_clear(&config);
	assert_int_equal(read_at(text, NOW), ST_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_we_made),
		cmocka_unit_test(test_what_was_changed),
		cmocka_unit_test(test_another_purpose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
