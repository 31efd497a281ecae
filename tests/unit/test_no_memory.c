/*
 * Each allocation fails in its turn, the first, the second, ... until the work
 * succeeds: every path out says ST_NOMEM and leaks nothing (which a run under
 * AddressSanitizer shows).  The linker puts the wrappers below in the place of
 * the calls; unit.mk lists them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <json-c/json.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/config.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/signed_url.h"
#include "billing/roster/roster.h"
#include "mail/compose.h"
#include "stripe/charge.h"
#include "stripe/event.h"

/* The names are the linker's. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
struct json_object *__real_json_object_new_object(void);
struct json_object *__wrap_json_object_new_object(void);
struct json_object *__real_json_object_new_string(const char *text);
struct json_object *__wrap_json_object_new_string(const char *text);
int __real_json_object_object_add(struct json_object *object, const char *key,
    struct json_object *value);
int __wrap_json_object_object_add(struct json_object *object, const char *key,
    struct json_object *value);
EVP_MAC *__real_EVP_MAC_fetch(OSSL_LIB_CTX *context, const char *name,
    const char *properties);
EVP_MAC *__wrap_EVP_MAC_fetch(OSSL_LIB_CTX *context, const char *name,
    const char *properties);
EVP_MAC_CTX *__real_EVP_MAC_CTX_new(EVP_MAC *algorithm);
EVP_MAC_CTX *__wrap_EVP_MAC_CTX_new(EVP_MAC *algorithm);
int __real_EVP_MAC_init(EVP_MAC_CTX *context, const unsigned char *key,
    size_t len, const OSSL_PARAM *params);
int __wrap_EVP_MAC_init(EVP_MAC_CTX *context, const unsigned char *key,
    size_t len, const OSSL_PARAM *params);

/* Calls until one fails; below zero: none does. */
static int calls_left = -1;

static bool
fails_now(void)
{
	if (calls_left < 0)
		return false;
	return calls_left-- == 0;
}

void *
__wrap_malloc(size_t size)
{
	return fails_now() ? NULL : __real_malloc(size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails_now() ? NULL : __real_realloc(old, size);
}

struct json_object *
__wrap_json_object_new_object(void)
{
	return fails_now() ? NULL : __real_json_object_new_object();
}

struct json_object *
__wrap_json_object_new_string(const char *text)
{
	return fails_now() ? NULL : __real_json_object_new_string(text);
}

int
__wrap_json_object_object_add(struct json_object *object, const char *key,
    struct json_object *value)
{
	if (fails_now())
		return -1;
	return __real_json_object_object_add(object, key, value);
}

EVP_MAC *
__wrap_EVP_MAC_fetch(OSSL_LIB_CTX *context, const char *name,
    const char *properties)
{
	if (fails_now())
		return NULL;
	return __real_EVP_MAC_fetch(context, name, properties);
}

EVP_MAC_CTX *
__wrap_EVP_MAC_CTX_new(EVP_MAC *algorithm)
{
	return fails_now() ? NULL : __real_EVP_MAC_CTX_new(algorithm);
}

int
__wrap_EVP_MAC_init(EVP_MAC_CTX *context, const unsigned char *key, size_t len,
    const OSSL_PARAM *params)
{
	if (fails_now())
		return 0;
	return __real_EVP_MAC_init(context, key, len, params);
}

typedef enum status job(struct err *err);

/* Returns how many calls there were to fail. */
static int
fail_each_call(job *work)
{
	for (int n = 0; n < 1000; n++) {
		struct err err = { ST_OK, "" };

		calls_left = n;
		enum status st = work(&err);
		bool failed = calls_left < 0;
		calls_left = -1;
		if (!failed) {
			assert_int_equal(st, ST_OK);
			return n;
		}
		assert_int_equal(st, ST_NOMEM);
		assert_int_equal(err.st, ST_NOMEM);
		assert_non_null(strstr(err.msg, "no memory"));
	}
	return -1;
}

static char many_names[16 * 1024];

static enum status
build_text(struct err *err)
{
	struct buf b = BUF_INIT(10000);

	for (int i = 0; i < 100; i++)
		buf_putf(&b, "line %d\n", i);
	buf_put_html(&b, "<>", 2);
	enum status st = buf_check(&b, "the text", err);
	assert_int_equal(buf_str(&b) == NULL, st != ST_OK);
	buf_clear(&b);
	return st;
}

static enum status
load_settings(struct err *err)
{
	struct buf problems = BUF_INIT(1000);
	struct config config;
	enum status st = config_load(&config,
	    NEEDS(SETTING_LINK_SECRET) | NEEDS(SETTING_DATABASE_URL), NULL,
	    &problems, err);

	assert_int_equal(problems.len, 0);
	config_clear(&config);
	buf_clear(&problems);
	return st;
}

static enum status
report_problems(struct err *err)
{
	struct config config;
	enum status st = config_load(&config, NEEDS(SETTING_CURRENCY), NULL,
	    NULL, err);

	config_clear(&config);
	/* With memory, this is how it ends. */
	return st == ST_CONFIG ? ST_OK : st;
}

static enum status
parse_json(struct err *err)
{
	struct json_doc doc;
	enum status st = json_parse_copy("{\"a\":1}", 7, &doc, err);

	assert_int_equal(json_exists(json_root(&doc)), st == ST_OK);
	json_clear(&doc);
	return st;
}

/* More names than are compared with each other, and more tokens than fit the
 * first guess. */
static enum status
parse_many_names(struct err *err)
{
	struct json_doc doc;
	enum status st = json_parse(many_names, strlen(many_names), &doc, err);

	json_clear(&doc);
	return st;
}

static enum status
parse_event(struct err *err)
{
	static const char body[] = "{\"object\":\"event\",\"id\":\"evt_1\","
	    "\"type\":\"charge.refunded\",\"created\":1700000000,"
	    "\"livemode\":false,\"api_version\":\"2026-07-29.dahlia\","
	    "\"data\":{\"object\":{\"id\":\"ch_1\",\"object\":\"charge\","
	    "\"payment_intent\":\"pi_1\",\"amount_refunded\":500}}}";
	struct stripe_event event;
	struct stripe_charge charge;
	enum status st = stripe_event_parse(body, sizeof(body) - 1, &event,
	    err);

	if (st == ST_OK)
		st = stripe_charge_parse(event.object, &charge, err);
	stripe_event_clear(&event);
	return st;
}

static enum status
build_json(struct err *err)
{
	struct buf text = BUF_INIT(10000);
	struct json_out json = JSON_OUT(&text);

	json_out_array(&json, NULL);
	for (int i = 0; i < 100; i++) {
		json_out_object(&json, NULL);
		json_out_text(&json, "t", "a text");
		json_out_i64(&json, "n", i);
		json_out_end(&json);
	}
	json_out_end(&json);
	enum status st = json_out_check(&json, "the rows", err);
	assert_int_equal(buf_str(&text) == NULL, st != ST_OK);
	buf_clear(&text);
	return st;
}

static void
complain_of_nothing(void *context, size_t line, const char *reason)
{
	(void)context;
	fail_msg("line %zu: %s", line, reason);
}

static enum status
parse_roster(struct err *err)
{
	static const char text[] = "parent_name,parent_email,parent_phone,"
	    "player_name,team,monthly_fee\nAnn,a@b.example,1,Max,U8,5\n"
	    "Ann,a@b.example,1,Mia,U8,5\n";
	struct buf rows;
	enum status st = roster_parse(text, sizeof(text) - 1,
	    complain_of_nothing, NULL, &rows, err);

	buf_clear(&rows);
	return st;
}

static enum status
sign_and_verify(struct err *err)
{
	static unsigned char key[] = "01234567890123456789012345678901";
	static unsigned char site[] = "https://pay.club.example";
	struct config config = { 0 };
	struct buf url = BUF_INIT(1000);
	size_t len;

	config.value[SETTING_SITE_URL] = (struct secret){ site,
	    sizeof(site) - 1 };
	config.link_secrets[0] = (struct secret){ key, sizeof(key) - 1 };
	config.link_secret_count = 1;
	enum status st = signed_url_put(&config, "/p?expires=9", &url, err);
	if (st == ST_OK)
		st = signed_url_verify(&config, strstr(buf_str(&url), "/p?"),
		    5, &len, err);
	buf_clear(&url);
	return st;
}

static enum status
compose_mail(struct err *err)
{
	static const struct mail_facts one = { .kind = MAIL_REMINDER,
		.club_name = "Westside Kings",
		.contact = "dues@kings.example", .player_name = "Ben Smith",
		.item = "Spring Cup", .amount_cents = 15000,
		.currency = "usd", .link = "https://pay.club.example/x" };
	const struct mail_facts facts[] = { one, one };
	static const struct message envelope = { .from = "a@b", .to = "c@d",
		.message_id = "e@f" };
	struct buf message = BUF_INIT(MESSAGE_MAX);
	enum status st = mail_compose(&message, &envelope, facts, 2, err);

	assert_int_equal(buf_str(&message) == NULL || message.len == 0,
	    st != ST_OK);
	buf_clear(&message);
	return st;
}

static void
each_call_may_fail(void **state)
{
	struct buf names = BUF_FIXED(many_names);

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_putf(&names, "%c\"%d\":[0,0,0,0,0,0,0,0]", i == 0 ? '{'
		    : ',', i);
	buf_putc(&names, '}');
	assert_int_equal(setenv("DATABASE_URL", "postgresql:///x", 1), 0);
	assert_int_equal(setenv("LINK_SECRET",
	    "01234567890123456789012345678901,"
	    "01234567890123456789012345678902", 1), 0);
	assert_int_equal(unsetenv("CURRENCY"), 0);
	assert_in_range(fail_each_call(build_text), 3, 20);
	assert_in_range(fail_each_call(load_settings), 5, 20);
	assert_in_range(fail_each_call(report_problems), 5, 20);
	assert_int_equal(fail_each_call(parse_json), 2);
	assert_in_range(fail_each_call(parse_many_names), 3, 10);
	/* Every webhook pays for it: one allocation, and no more. */
	assert_int_equal(fail_each_call(parse_event), 1);
	assert_in_range(fail_each_call(build_json), 3, 20);
	assert_in_range(fail_each_call(parse_roster), 16, 40);
	assert_in_range(fail_each_call(sign_and_verify), 6, 20);
	assert_in_range(fail_each_call(compose_mail), 20, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_may_fail),
	};

	return cmocka_run_group_tests_name("no memory", tests, NULL, NULL);
}
