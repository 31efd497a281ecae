/*
 * Signed links: what we sign verifies, and every way to change a link is
 * refused.  Each good case stands beside its bad ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/signed_url.h"

#define FIRST_KEY "first-link-secret-of-32-bytes-xx"
#define SECOND_KEY "second-link-secret-of-32-bytes-x"
#define TARGET "/checkout/tournament?order_id=7&expires=2000"

/*
 * Made with another program:
 *   printf %s "$TARGET" | openssl dgst -sha256 -hmac "$FIRST_KEY" -binary |
 *   basenc --base64url
 */
#define TARGET_SIGNATURE "vMg6ECSl0p4h9_hJ4b4Pab6WZwugFnY4WthNp6PDxVc"

enum { NOW = 1000, URL_MAX = 1024 };

static void
load(struct config *config, const char *link_secret)
{
	struct err err;

	assert_int_equal(setenv("SITE_URL", "https://pay.club.example", 1), 0);
	assert_int_equal(setenv("LINK_SECRET", link_secret, 1), 0);
	assert_int_equal(config_load(config, NEEDS(SETTING_LINK_SECRET), NULL,
	    NULL, &err), ST_OK);
}

static int
set_up(void **state)
{
	static struct config config;

	load(&config, FIRST_KEY "," SECOND_KEY);
	*state = &config;
	return 0;
}

static int
tear_down(void **state)
{
	config_clear(*state);
	return 0;
}

/* target, signed with the secrets of config, without the site. */
static void
sign(const struct config *config, const char *target, char out[URL_MAX])
{
	struct buf url = BUF_INIT(URL_MAX - 1);
	struct err err;

	assert_int_equal(signed_url_put(config, target, &url, &err), ST_OK);
	const char *target_signed = strstr(buf_str(&url), target);
	memcpy(out, target_signed, strlen(target_signed) + 1);
	buf_clear(&url);
}

static void
expect_denied(const struct config *config, const char *target,
    const char *reason)
{
	struct err err;
	size_t len;

	assert_int_equal(signed_url_verify(config, target, NOW, &len, &err),
	    strcmp(reason, "expired") == 0 ? ST_EXPIRED : ST_DENIED);
	assert_string_equal(err.msg, reason);
}

static void
expect_good(const struct config *config, const char *target)
{
	struct err err;
	size_t len;

	assert_int_equal(signed_url_verify(config, target, NOW, &len, &err),
	    ST_OK);
}

static void
signs_as_another_program_does(void **state)
{
	struct buf url = BUF_INIT(URL_MAX);
	struct err err;

	assert_int_equal(signed_url_put(*state, TARGET, &url, &err), ST_OK);
	assert_string_equal(buf_str(&url), "https://pay.club.example" TARGET
	    "&signature=" TARGET_SIGNATURE);
	buf_clear(&url);
	expect_good(*state, TARGET "&signature=" TARGET_SIGNATURE);
}

static void
every_changed_byte_is_refused(void **state)
{
	char target[URL_MAX];

	sign(*state, TARGET, target);
	expect_good(*state, target);
	for (size_t i = 0; i < strlen(target); i++) {
		for (int bit = 0; bit < 8; bit++) {
			char byte = target[i];

			target[i] = (char)(byte ^ (1 << bit));
			expect_denied(*state, target, "signature");
			target[i] = byte;
		}
	}
	expect_good(*state, target);
}

static void
every_truncation_is_refused(void **state)
{
	char target[URL_MAX];

	sign(*state, TARGET, target);
	for (size_t len = strlen(target); len-- > 0;) {
		target[len] = '\0';
		expect_denied(*state, target, "signature");
	}
}

/* Any byte added at any place: the one rule for "before or after". */
static void
every_added_byte_is_refused(void **state)
{
	static const char added[] = "a0&=?%/+ #";
	char target[URL_MAX];
	char longer[URL_MAX + 1];

	sign(*state, TARGET, target);
	for (size_t i = 0; i <= strlen(target); i++) {
		for (size_t j = 0; j < strlen(added); j++) {
			memcpy(longer, target, i);
			longer[i] = added[j];
			memcpy(longer + i + 1, target + i,
			    strlen(target + i) + 1);
			expect_denied(*state, longer, "signature");
		}
	}
}

static void
tampering_by_table(void **state)
{
#define GOOD TARGET "&signature=" TARGET_SIGNATURE
	static const char *const table[] = {
		"",
		"/",
		"?",
		"&signature=",
		TARGET,
		TARGET "&signature=",
		TARGET "&signature",
		TARGET "&signature=" TARGET_SIGNATURE "=",
		TARGET "&signature=" TARGET_SIGNATURE "&",
		TARGET "&signature=" TARGET_SIGNATURE "&order_id=8",
		TARGET "&signature=" TARGET_SIGNATURE "#x",
		TARGET "&signature=" TARGET_SIGNATURE "%00",
		TARGET "&signature=" TARGET_SIGNATURE
		    "&signature=" TARGET_SIGNATURE,
		TARGET "&Signature=" TARGET_SIGNATURE,
		TARGET "&%73ignature=" TARGET_SIGNATURE,
		TARGET ";signature=" TARGET_SIGNATURE,
		TARGET "?signature=" TARGET_SIGNATURE,
		TARGET "&amount=1&signature=" TARGET_SIGNATURE,
		TARGET "&expires=3000&signature=" TARGET_SIGNATURE,
		"/checkout/tournament?x=1&order_id=7&expires=2000"
		    "&signature=" TARGET_SIGNATURE,
		"/checkout/tournament?expires=2000&order_id=7"
		    "&signature=" TARGET_SIGNATURE,
		"/checkout/tournament?order_id=8&expires=2000"
		    "&signature=" TARGET_SIGNATURE,
		"/checkout/tournament?order_id=%37&expires=2000"
		    "&signature=" TARGET_SIGNATURE,
		"/checkout/tournament?order_id=7&expires=2001"
		    "&signature=" TARGET_SIGNATURE,
		"/checkout/tournament?order_id=7&signature=" TARGET_SIGNATURE,
		"/tryouts/pay?order_id=7&expires=2000"
		    "&signature=" TARGET_SIGNATURE,
		"//checkout/tournament?order_id=7&expires=2000"
		    "&signature=" TARGET_SIGNATURE,
		"https://pay.club.example" GOOD,
	};

	expect_good(*state, GOOD);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		expect_denied(*state, table[i], "signature");
#undef GOOD
}

/* The last character has two spare bits: other spellings decode alike. */
static void
only_one_spelling_of_a_signature(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_+/=";
	char target[URL_MAX];
	int good = 0;

	sign(*state, TARGET, target);
	size_t last = strlen(target) - 1;
	for (size_t i = 0; i < strlen(digits); i++) {
		struct err err;
		size_t len;

		target[last] = digits[i];
		good += signed_url_verify(*state, target, NOW, &len, &err) ==
		    ST_OK;
	}
	assert_int_equal(good, 1);
}

/* Even under a true signature, `expires` is there once and a number. */
static void
expires_is_there_once(void **state)
{
	static const struct {
		const char *target;
		const char *reason;	/* NULL: good */
	} table[] = {
		{ "/p?expires=1000", NULL },
		{ "/p?expires=2000&a=1", NULL },
		{ "/p?a=expires=1&expires=2000", NULL },
		{ "/p?xexpires=1&expires=2000", NULL },
		{ "/p?expires=0000000002000", NULL },
		{ "/p?expires=999999999999999", NULL },
		{ "/p?expires=999", "expired" },
		{ "/p?expires=0", "expired" },
		{ "/p", "signature" },
		{ "/p?", "signature" },
		{ "/p?a=1", "signature" },
		{ "/p&expires=2000", "signature" },
		{ "/p?expires", "signature" },
		{ "/p?expires=", "signature" },
		{ "/p?expires=-2000", "signature" },
		{ "/p?expires=+2000", "signature" },
		{ "/p?expires=%32000", "signature" },
		{ "/p?expires= 2000", "signature" },
		{ "/p?expires=2000x", "signature" },
		{ "/p?expires=2e9", "signature" },
		{ "/p?expires=1000000000000000", "signature" },
		{ "/p?expires=99999999999999999999", "signature" },
		{ "/p?expires=2000&expires=2000", "signature" },
		{ "/p?expires=2000&a=1&expires=3000", "signature" },
		{ "/p?expires=x&expires=2000", "signature" },
		{ "/p?signature=x&expires=2000", "signature" },
		{ "/p?expires=2000&signature=x", "signature" },
		{ "/p?expires=2000&signature=", "signature" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char target[URL_MAX];

		sign(*state, table[i].target, target);
		if (table[i].reason == NULL)
			expect_good(*state, target);
		else
			expect_denied(*state, target, table[i].reason);
	}
}

static void
a_link_lasts_to_its_second(void **state)
{
	char target[URL_MAX];
	struct err err;
	size_t len;

	sign(*state, "/p?expires=1500", target);
	assert_int_equal(signed_url_verify(*state, target, 1500, &len, &err),
	    ST_OK);
	assert_int_equal(signed_url_verify(*state, target, 1501, &len, &err),
	    ST_EXPIRED);
	assert_string_equal(err.msg, "expired");
}

/* Mail programs and shops of attention add words of their own. */
static void
what_is_added_behind_is_not_read(void **state)
{
	static const char *const harmless[] = { "&utm_source=mail",
	    "&fbclid=IwAR0&utm_x=%26order_id%3D1", "&a", "&a=b=c", "&x=%zz",
	    "&amp;utm_source=x", "&orders=1", "&order_idx=1", "&xorder_id=1",
	    "&ORDER_ID=1" };
	static const char *const refused[] = { "&", "&&utm_source=x",
	    "&utm_source=x&", "&=1", "&order_id=1", "&order_id",
	    "&utm_source=x&order_id=1", "&%6frder_id=1", "&order%5Fid=1",
	    "&expires=9999", "&signature=x", "&signature=", "&player_id=1",
	    "&amount_cents=1", "&parent_id=1", "&word=1", "?utm_source=x", "#x",
	    "utm_source=x" };
	char target[URL_MAX];
	struct err err;
	size_t len;

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		size_t whole;

		sign(*state, TARGET, target);
		whole = strlen(target);
		strcat(target, harmless[i]);
		if (signed_url_verify(*state, target, NOW, &len, &err) !=
		    ST_OK)
			fail_msg("%s is refused", harmless[i]);
		assert_int_equal(len, whole);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		sign(*state, TARGET, target);
		strcat(target, refused[i]);
		expect_denied(*state, target, "signature");
	}
}

/* Rotation: the new secret is put first, the old one still verifies. */
static void
every_secret_verifies_and_the_first_signs(void **state)
{
	struct config old, rotated, gone;
	char by_old[URL_MAX];
	char by_new[URL_MAX];

	(void)state;
	load(&old, FIRST_KEY);
	load(&rotated, SECOND_KEY "," FIRST_KEY);
	load(&gone, SECOND_KEY);
	sign(&old, TARGET, by_old);
	sign(&rotated, TARGET, by_new);
	expect_good(&rotated, by_old);
	expect_good(&rotated, by_new);
	expect_good(&gone, by_new);
	expect_denied(&gone, by_old, "signature");
	expect_denied(&old, by_new, "signature");
	config_clear(&gone);
	config_clear(&rotated);
	config_clear(&old);
}

static void
without_a_secret_nothing_is_signed_or_good(void **state)
{
	struct config empty = { 0 };
	struct buf url = BUF_INIT(URL_MAX);
	struct err err;

	(void)state;
	assert_int_equal(signed_url_put(&empty, TARGET, &url, &err),
	    ST_CONFIG);
	expect_denied(&empty, TARGET "&signature=" TARGET_SIGNATURE,
	    "signature");
	expect_denied(&empty, TARGET "&signature=", "signature");
	buf_clear(&url);
}

static void
a_link_too_long_is_said(void **state)
{
	struct buf url = BUF_INIT(60);
	struct err err;

	assert_int_equal(signed_url_put(*state, TARGET, &url, &err),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg, "the link is too long");
	buf_clear(&url);
}

/* The three fields of a form stand for exactly one URL. */
static void
fields_stand_for_their_url(void **state)
{
	char target[URL_MAX];
	struct err err;

	sign(*state, "/checkout/jersey?player_id=7&expires=2000", target);
	const char *signature = strrchr(target, '=') + 1;
	const struct {
		const char *path;
		int64_t player_id;
		int64_t expires;
		const char *signature;
		enum status st;
	} table[] = {
		{ "/checkout/jersey", 7, 2000, signature, ST_OK },
		{ "/checkout/create-session", 7, 2000, signature, ST_DENIED },
		{ "/checkout/jersey", 8, 2000, signature, ST_DENIED },
		{ "/checkout/jersey", -7, 2000, signature, ST_DENIED },
		{ "/checkout/jersey", 7, 2001, signature, ST_DENIED },
		{ "/checkout/jersey", 7, 2000, signature + 1, ST_DENIED },
		{ "/checkout/jersey", 7, 2000, "", ST_DENIED },
		{ "/checkout/jersey?player_id=7&expires=2000#", 7, 2000,
			signature, ST_DENIED },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(signed_url_verify_fields(*state,
		    table[i].path, &(const struct signed_fields){
			table[i].player_id, "", table[i].expires,
			table[i].signature }, NOW, &err), table[i].st);
	assert_int_equal(signed_url_verify_fields(*state, "/checkout/jersey",
	    &(const struct signed_fields){ 7, "", 2000, signature }, 2001,
	    &err), ST_EXPIRED);
	assert_string_equal(err.msg, "expired");
}

/* It may say in one way only where it ends. */
static void
fields_with_a_word(void **state)
{
	char target[URL_MAX];
	const char *signature;
	struct err err;
	static const struct {
		const char *word;
		enum status st;
	} table[] = {
		{ "a-B_9xyz", ST_OK },
		{ "a-B_9xyZ", ST_DENIED },
		{ "", ST_DENIED },
		{ "a-B_9xyz&expires=2000", ST_DENIED },
		{ "a-B_9xyz&", ST_DENIED },
		{ "a-B_9xy%7a", ST_DENIED },
	};

	sign(*state, "/checkout/jersey?player_id=7&word=a-B_9xyz&expires=2000",
	    target);
	signature = strstr(target, "&signature=") + strlen("&signature=");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(signed_url_verify_fields(*state,
		    "/checkout/jersey", &(const struct signed_fields){ 7,
			table[i].word, 2000, signature }, NOW, &err),
		    table[i].st);
	/* What is signed with a word that is none of ours is not taken. */
	sign(*state, "/checkout/jersey?player_id=7&word=a&b&expires=2000",
	    target);
	signature = strstr(target, "&signature=") + strlen("&signature=");
	assert_int_equal(signed_url_verify_fields(*state, "/checkout/jersey",
	    &(const struct signed_fields){ 7, "a&b", 2000, signature }, NOW,
	    &err), ST_DENIED);
}

#define SIGNED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SIGNED(signs_as_another_program_does),
		SIGNED(every_changed_byte_is_refused),
		SIGNED(every_truncation_is_refused),
		SIGNED(every_added_byte_is_refused),
		SIGNED(tampering_by_table),
		SIGNED(only_one_spelling_of_a_signature),
		SIGNED(expires_is_there_once),
		SIGNED(a_link_lasts_to_its_second),
		SIGNED(what_is_added_behind_is_not_read),
		SIGNED(every_secret_verifies_and_the_first_signs),
		SIGNED(without_a_secret_nothing_is_signed_or_good),
		SIGNED(a_link_too_long_is_said),
		SIGNED(fields_stand_for_their_url),
		SIGNED(fields_with_a_word),
	};

	return cmocka_run_group_tests_name("signed_url", tests, NULL, NULL);
}
