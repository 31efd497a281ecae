/* Settings from the environment: each one's form, all problems at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/config.h"

#define HASH_A "0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef"
#define HASH_B "FEDCBA9876543210fedcba9876543210" \
	"fedcba9876543210fedcba9876543210"
#define BYTES_32 "12345678901234567890123456789012"

static int
clear_environment(void **state)
{
	(void)state;
	for (int i = 0; i < SETTING_MAX; i++) {
		char storage[64];
		struct buf name = BUF_FIXED(storage);

		buf_puts(&name, setting_name((enum setting)i));
		if (unsetenv(buf_str(&name)) != 0)
			return -1;
		buf_puts(&name, "_FILE");
		if (unsetenv(buf_str(&name)) != 0)
			return -1;
	}
	return 0;
}

static void
set(enum setting setting, const char *value)
{
	assert_int_equal(setenv(setting_name(setting), value, 1), 0);
}

/* Loads, checks the problems, word for word, and clears. */
static void
expect_problems(uint32_t needs, const char *wanted)
{
	struct buf problems = BUF_INIT(10000);
	struct config config;
	struct err err;
	enum status st = config_load(&config, needs, NULL, &problems, &err);

	assert_string_equal(buf_str(&problems), wanted);
	assert_int_equal(st, wanted[0] != '\0' ? ST_CONFIG : ST_OK);
	config_clear(&config);
	buf_clear(&problems);
}

struct form {
	enum setting setting;
	const char *value;
};

static const struct form good_forms[] = {
	{ SETTING_DATABASE_URL, "postgresql://" },
	{ SETTING_DATABASE_URL, "postgres:///teamdues?host=/run/pg" },
	{ SETTING_DATABASE_URL, "postgresql://u:p@a:1,b:2/db?x=y" },
	{ SETTING_OWNER_DATABASE_URL, "postgresql:///teamdues" },
	{ SETTING_STRIPE_MODE, "test" },
	{ SETTING_STRIPE_MODE, "live" },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_0123456789abcdef" },
	{ SETTING_STRIPE_SECRET_KEY, "rk_live_0123456789abcdef" },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_~!@#$%^&*()+=,;" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789,whsec_abcdefghij" },
	{ SETTING_STRIPE_API_BASE, "https://api.stripe.com" },
	{ SETTING_STRIPE_API_BASE, "https://api.stripe.com:8443" },
	{ SETTING_STRIPE_API_BASE, "http://127.0.0.1:12111" },
	{ SETTING_STRIPE_API_BASE, "http://127.9.8.7" },
	{ SETTING_STRIPE_API_BASE, "http://localhost:1" },
	{ SETTING_STRIPE_API_BASE, "http://[::1]:65535" },
	{ SETTING_SITE_URL, "https://pay.club.example" },
	{ SETTING_SITE_URL, "https://localhost:8443" },
	{ SETTING_SITE_URL, "https://[2001:db8::1]:8443" },
	{ SETTING_LINK_SECRET, BYTES_32 },
	{ SETTING_LINK_SECRET, BYTES_32 "," BYTES_32 "x" },
	{ SETTING_LINK_SECRET, "\xff\xfe\xc2\xa0" BYTES_32 },
	{ SETTING_ADMIN_TOKENS, "kim:" HASH_A },
	{ SETTING_ADMIN_TOKENS, "kim:" HASH_A ",j.o-e_1:" HASH_B },
	{ SETTING_SMTP_URL, "smtp://127.0.0.1:1025" },
	{ SETTING_SMTP_URL, "smtps://mail.club.example" },
	{ SETTING_STRIPE_ACCOUNT, "acct_1AbCd" },
	{ SETTING_SMTP_USER, "club" },
	{ SETTING_SMTP_PASSWORD, "p\xc3\xa4ss word" },
	{ SETTING_MAIL_FROM, "pay@club.example" },
	{ SETTING_MAIL_FROM, "a.b+c'd@localhost" },
	{ SETTING_MAIL_REPLY_TO, "treasurer@club.example" },
	{ SETTING_MAIL_ALERTS, "treasurer@club.example" },
	{ SETTING_MAIL_ALERTS, "treasurer@club.example,a.b@localhost" },
	{ SETTING_CLUB_NAME, "Westside Kings" },
	{ SETTING_CLUB_NAME, "FC K\xc3\xb6ln" },
	{ SETTING_CLUB_CONTACT, "treasurer@club.example" },
	{ SETTING_CLUB_CONTACT, "+1 303 555 0100" },
	{ SETTING_CLUB_CONTACT, "Zo\xc3\xab, 555-0100 in the evening" },
	{ SETTING_CLUB_TIMEZONE, "America/Denver" },
	{ SETTING_CLUB_TIMEZONE, "UTC" },
	{ SETTING_CLUB_TIMEZONE, "America/Argentina/Buenos_Aires" },
	{ SETTING_CURRENCY, "usd" },
	{ SETTING_RECEIPTS, "on" },
	{ SETTING_RECEIPTS, "off" },
	{ SETTING_THREADS, "1" },
	{ SETTING_THREADS, "64" },
	{ SETTING_IDLE_EXIT, "600" },
	{ SETTING_KEEP_DAYS, "30" },
	{ SETTING_KEEP_DAYS, "3650" },
	{ SETTING_LOG_LEVEL, "debug" },
	{ SETTING_LOG_LEVEL, "error" },
};

static const struct form bad_forms[] = {
	{ SETTING_DATABASE_URL, "host=/run/pg dbname=teamdues" },
	{ SETTING_DATABASE_URL, "mysql://localhost/x" },
	{ SETTING_DATABASE_URL, "postgresql://a\n" },
	{ SETTING_OWNER_DATABASE_URL, "teamdues" },
	{ SETTING_STRIPE_MODE, "TEST" },
	{ SETTING_STRIPE_MODE, "production" },
	{ SETTING_STRIPE_SECRET_KEY, "pk_test_0123456789abcdef" },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_0123" },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_0123456789abcdef\r" },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_0123456789abcdef " },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_0123456789\xc2\xa0" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789\r" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789 " },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789\n" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789\t" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789\xc2\xa0" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "\xef\xbb\xbfwhsec_0123456789" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789,whsec_abcdef\r" },
	{ SETTING_LINK_SECRET, BYTES_32 "\r" },
	{ SETTING_LINK_SECRET, BYTES_32 " " },
	{ SETTING_LINK_SECRET, BYTES_32 "\x01" },
	{ SETTING_LINK_SECRET, BYTES_32 "," BYTES_32 "\n" },
	{ SETTING_STRIPE_SECRET_KEY, "sk_test_0123456789\r\nX: y" },
	{ SETTING_STRIPE_SECRET_KEY, " sk_test_0123456789abcdef" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "0123456789012345678" },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789," },
	{ SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789, whsec_0123456789" },
	{ SETTING_STRIPE_API_BASE, "http://api.stripe.com" },
	{ SETTING_STRIPE_API_BASE, "http://127.0.0.1.evil.example" },
	{ SETTING_STRIPE_API_BASE, "http://127.1" },
	{ SETTING_STRIPE_API_BASE, "http://128.0.0.1" },
	{ SETTING_STRIPE_API_BASE, "http://localhost.evil.example" },
	{ SETTING_STRIPE_API_BASE, "http://localhost@evil.example" },
	{ SETTING_STRIPE_API_BASE, "http://[::2]" },
	{ SETTING_STRIPE_API_BASE, "https://api.stripe.com/" },
	{ SETTING_STRIPE_API_BASE, "https://api.stripe.com/v1" },
	{ SETTING_STRIPE_API_BASE, "https://user@api.stripe.com" },
	{ SETTING_STRIPE_API_BASE, "https://" },
	{ SETTING_STRIPE_API_BASE, "https://x:" },
	{ SETTING_STRIPE_API_BASE, "https://x:0" },
	{ SETTING_STRIPE_API_BASE, "https://x:65536" },
	{ SETTING_STRIPE_API_BASE, "https://x:99999999999999" },
	{ SETTING_STRIPE_API_BASE, "https://x:80a" },
	{ SETTING_STRIPE_API_BASE, "https://[::1" },
	{ SETTING_STRIPE_API_BASE, "https://[]" },
	{ SETTING_STRIPE_API_BASE, "ftp://x" },
	{ SETTING_SITE_URL, "http://localhost:8080" },
	{ SETTING_SITE_URL, "https://pay.club.example/" },
	{ SETTING_SITE_URL, "https://pay.club.example/pay" },
	{ SETTING_SITE_URL, "https://pay.club.example?x" },
	{ SETTING_SITE_URL, "https://pay.club.example#x" },
	{ SETTING_SITE_URL, "pay.club.example" },
	{ SETTING_LINK_SECRET, "1234567890123456789012345678901" },
	{ SETTING_LINK_SECRET, BYTES_32 ",short" },
	{ SETTING_LINK_SECRET, BYTES_32 "," },
	{ SETTING_LINK_SECRET, "," BYTES_32 },
	{ SETTING_ADMIN_TOKENS, HASH_A },
	{ SETTING_ADMIN_TOKENS, ":" HASH_A },
	{ SETTING_ADMIN_TOKENS, "kim:" HASH_A "0" },
	{ SETTING_ADMIN_TOKENS, "kim:0" },
	{ SETTING_ADMIN_TOKENS, "k m:" HASH_A },
	{ SETTING_ADMIN_TOKENS, "kim:" HASH_A ",," },
	{ SETTING_ADMIN_TOKENS, "kim:g123456789abcdef0123456789abcdef0123456789"
		"abcdef0123456789abcdef" },
	{ SETTING_SMTP_URL, "http://mail.club.example" },
	{ SETTING_SMTP_URL, "smtp://" },
	{ SETTING_SMTP_URL, "smtp://u:p@mail.club.example" },
	{ SETTING_SMTP_URL, "mail.club.example:25" },
	{ SETTING_STRIPE_ACCOUNT, "acct_" },
	{ SETTING_STRIPE_ACCOUNT, "acct_1 " },
	{ SETTING_STRIPE_ACCOUNT, "sk_test_0123456789abcdef" },
	{ SETTING_DATABASE_URL, "postgresql:///teamdues " },
	{ SETTING_DATABASE_URL, "postgresql:///teamdues\xc2\xa0" },
	{ SETTING_SMTP_USER, "club\n" },
	{ SETTING_SMTP_USER, "club " },
	{ SETTING_SMTP_PASSWORD, " secret" },
	{ SETTING_SMTP_PASSWORD, "secret\xc2\xa0" },
	{ SETTING_SMTP_PASSWORD, "\xef\xbb\xbfsecret" },
	{ SETTING_MAIL_FROM, "pay@club..example" },
	{ SETTING_MAIL_FROM, "pay@club.example." },
	{ SETTING_SMTP_PASSWORD, "a\x7f" },
	{ SETTING_MAIL_FROM, "club.example" },
	{ SETTING_MAIL_FROM, "@club.example" },
	{ SETTING_MAIL_FROM, "pay@" },
	{ SETTING_MAIL_FROM, "pay@.example" },
	{ SETTING_MAIL_FROM, "a@b@c" },
	{ SETTING_MAIL_FROM, "a@b,c@d" },
	{ SETTING_MAIL_FROM, "Club <pay@club.example>" },
	{ SETTING_MAIL_FROM, "pay@club.example\nBcc: x@y" },
	{ SETTING_MAIL_REPLY_TO, "nobody" },
	{ SETTING_MAIL_ALERTS, "nobody" },
	{ SETTING_MAIL_ALERTS, "a@b," },
	{ SETTING_MAIL_ALERTS, "a@b,c@" },
	{ SETTING_MAIL_ALERTS, "a@b, c@d" },
	{ SETTING_CLUB_CONTACT, "ask the coach" },
	{ SETTING_CLUB_CONTACT, "1234" },
	{ SETTING_CLUB_CONTACT, "a@b\nc" },
	{ SETTING_CLUB_CONTACT, "\xff@b" },
	{ SETTING_CLUB_NAME, "a\nb" },
	{ SETTING_CLUB_NAME, "K\xf6ln" },
	{ SETTING_CLUB_TIMEZONE, "Mars/Olympus" },
	{ SETTING_CLUB_TIMEZONE, "America" },
	{ SETTING_CLUB_TIMEZONE, "../zoneinfo/UTC" },
	{ SETTING_CLUB_TIMEZONE, "/usr/share/zoneinfo/UTC" },
	{ SETTING_CLUB_TIMEZONE, "zone.tab" },
	{ SETTING_CURRENCY, "USD" },
	{ SETTING_CURRENCY, "jpy" },
	{ SETTING_CURRENCY, "kwd" },
	{ SETTING_RECEIPTS, "yes" },
	{ SETTING_THREADS, "0" },
	{ SETTING_THREADS, "65" },
	{ SETTING_THREADS, "-1" },
	{ SETTING_THREADS, "8 " },
	{ SETTING_THREADS, "4294967297" },
	{ SETTING_IDLE_EXIT, "0" },
	{ SETTING_IDLE_EXIT, "86401" },
	{ SETTING_KEEP_DAYS, "29" },
	{ SETTING_KEEP_DAYS, "3651" },
	{ SETTING_KEEP_DAYS, "400d" },
	{ SETTING_LOG_LEVEL, "loud" },
};

static void
takes_every_good_form(void **state)
{
	for (size_t i = 0; i < sizeof(good_forms) / sizeof(good_forms[0]);
	    i++) {
		assert_int_equal(clear_environment(state), 0);
		set(good_forms[i].setting, good_forms[i].value);
		expect_problems(NEEDS(good_forms[i].setting), "");
	}
}

/* Each is refused whether needed or not, by name and never by value. */
static void
refuses_every_bad_form(void **state)
{
	for (size_t i = 0; i < sizeof(bad_forms) / sizeof(bad_forms[0]); i++) {
		struct buf problems = BUF_INIT(10000);
		const char *name = setting_name(bad_forms[i].setting);
		struct config config;
		struct err err;

		assert_int_equal(clear_environment(state), 0);
		set(bad_forms[i].setting, bad_forms[i].value);
		assert_int_equal(config_load(&config, 0, NULL, &problems,
		    &err), ST_CONFIG);
		assert_memory_equal(buf_str(&problems), name, strlen(name));
		assert_memory_equal(buf_str(&problems) + strlen(name),
		    " must be ", strlen(" must be "));
		/* "https://" is part of what is said. */
		if (strlen(bad_forms[i].value) > strlen("https://"))
			assert_null(strstr(buf_str(&problems),
			    bad_forms[i].value));
		config_clear(&config);
		buf_clear(&problems);
	}
}

static void
names_all_that_is_missing(void **state)
{
	(void)state;
	set(SETTING_CURRENCY, "");
	expect_problems(NEEDS(SETTING_DATABASE_URL) |
	    NEEDS(SETTING_STRIPE_MODE) | NEEDS(SETTING_CURRENCY) |
	    NEEDS(SETTING_LOG_LEVEL), "DATABASE_URL is not set\n"
	    "STRIPE_MODE is not set\nCURRENCY is not set\n");
	expect_problems(0, "");
}

static void
sums_up_in_err(void **state)
{
	struct config config;
	struct err err;

	(void)state;
	set(SETTING_THREADS, "many");
	assert_int_equal(config_load(&config, NEEDS(SETTING_CLUB_NAME), NULL,
	    NULL, &err), ST_CONFIG);
	assert_int_equal(err.st, ST_CONFIG);
	assert_string_equal(err.msg,
	    "CLUB_NAME is not set; THREADS must be 1 to 64");
	config_clear(&config);
}

/* Even when they are too many for err. */
static void
names_every_setting_at_once(void **state)
{
	struct buf problems = BUF_INIT(10000);
	struct config config;
	struct err err;

	(void)state;
	for (int i = 0; i < SETTING_MAX; i++)
		set((enum setting)i, "\x02");
	assert_int_equal(config_load(&config, UINT32_MAX, NULL, &problems,
	    &err), ST_CONFIG);
	for (int i = 0; i < SETTING_MAX; i++)
		assert_non_null(strstr(buf_str(&problems),
		    setting_name((enum setting)i)));
	assert_int_equal(strlen(err.msg), ERR_MSG_MAX - 1);
	config_clear(&config);
	buf_clear(&problems);
}

static void
applies_defaults(void **state)
{
	struct config config;
	struct err err;

	(void)state;
	set(SETTING_DATABASE_URL, "postgresql:///teamdues");
	assert_int_equal(config_load(&config, 0, NULL, NULL, &err), ST_OK);
	assert_string_equal(secret_bytes(config_secret(&config,
	    SETTING_OWNER_DATABASE_URL)), "postgresql:///teamdues");
	assert_string_equal(config_text(&config, SETTING_STRIPE_API_BASE),
	    "https://api.stripe.com");
	assert_string_equal(config_text(&config, SETTING_RECEIPTS), "on");
	assert_string_equal(config_text(&config, SETTING_LOG_LEVEL), "info");
	assert_null(config_text(&config, SETTING_CURRENCY));
	assert_int_equal(config_threads(&config, 5), 5);
	assert_false(config_livemode(&config));
	config_clear(&config);
}

static void
reads_what_is_set(void **state)
{
	struct config config;
	struct err err;

	(void)state;
	set(SETTING_THREADS, "12");
	set(SETTING_STRIPE_MODE, "live");
	set(SETTING_STRIPE_SECRET_KEY, "rk_live_0123456789abcdef");
	assert_int_equal(config_load(&config, 0, NULL, NULL, &err), ST_OK);
	assert_int_equal(config_threads(&config, 5), 12);
	assert_true(config_livemode(&config));
	/* A secret is had as a secret only. */
	assert_null(config_text(&config, SETTING_STRIPE_SECRET_KEY));
	assert_string_equal(secret_bytes(config_secret(&config,
	    SETTING_STRIPE_SECRET_KEY)), "rk_live_0123456789abcdef");
	config_clear(&config);
	assert_null(config_secret(&config, SETTING_STRIPE_SECRET_KEY)->bytes);
	config_clear(&config);
}

static void
keeps_keys_and_passwords_as_secrets(void **state)
{
	static const enum setting secrets[] = {
		SETTING_DATABASE_URL, SETTING_OWNER_DATABASE_URL,
		SETTING_STRIPE_SECRET_KEY, SETTING_STRIPE_WEBHOOK_SECRET,
		SETTING_LINK_SECRET, SETTING_ADMIN_TOKENS,
		SETTING_SMTP_PASSWORD,
	};
	struct config config;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good_forms) / sizeof(good_forms[0]); i++)
		set(good_forms[i].setting, good_forms[i].value);
	set(SETTING_STRIPE_MODE, "test");
	assert_int_equal(config_load(&config, UINT32_MAX, NULL, NULL, &err),
	    ST_OK);
	for (int i = 0; i < SETTING_MAX; i++) {
		bool secret = false;

		for (size_t j = 0; j < sizeof(secrets) / sizeof(secrets[0]);
		    j++)
			secret |= secrets[j] == (enum setting)i;
		assert_int_equal(config_text(&config, (enum setting)i) == NULL,
		    secret);
		assert_true(config_secret(&config, (enum setting)i)->len > 0);
	}
	config_clear(&config);
}

static void
mode_and_key_agree(void **state)
{
	static const struct {
		const char *mode;
		const char *key;
		bool good;
	} table[] = {
		{ "test", "sk_test_0123456789abcdef", true },
		{ "test", "rk_test_0123456789abcdef", true },
		{ "live", "sk_live_0123456789abcdef", true },
		{ "live", "rk_live_0123456789abcdef", true },
		{ "test", "sk_live_0123456789abcdef", false },
		{ "test", "rk_live_0123456789abcdef", false },
		{ "live", "sk_test_0123456789abcdef", false },
		{ "live", "rk_test_0123456789abcdef", false },
		{ "test", "sk_testing_0123456789abcdef", false },
		{ "test", "sk_0123456789abcdef_test_", false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(clear_environment(state), 0);
		set(SETTING_STRIPE_MODE, table[i].mode);
		set(SETTING_STRIPE_SECRET_KEY, table[i].key);
		expect_problems(0, table[i].good ? "" : "STRIPE_SECRET_KEY is "
		    "not a key of the mode that STRIPE_MODE names\n");
	}
}

static void
splits_lists_in_order(void **state)
{
	struct config config;
	struct err err;

	(void)state;
	set(SETTING_STRIPE_WEBHOOK_SECRET, "whsec_0123456789,whsec_9876543210");
	set(SETTING_LINK_SECRET, BYTES_32 "a," BYTES_32 "bb," BYTES_32);
	assert_int_equal(config_load(&config, 0, NULL, NULL, &err), ST_OK);
	assert_int_equal(config.webhook_secret_count, 2);
	assert_string_equal(secret_bytes(&config.webhook_secrets[0]),
	    "whsec_0123456789");
	assert_string_equal(secret_bytes(&config.webhook_secrets[1]),
	    "whsec_9876543210");
	assert_int_equal(config.link_secret_count, 3);
	assert_string_equal(secret_bytes(&config.link_secrets[1]),
	    BYTES_32 "bb");
	config_clear(&config);
	assert_int_equal(config.link_secret_count, 0);
}

static void
bounds_the_length_of_a_list(void **state)
{
	struct buf list = BUF_INIT(1000);

	(void)state;
	for (int i = 1; i <= CONFIG_SECRETS_MAX; i++)
		buf_putf(&list, "%s" BYTES_32, i > 1 ? "," : "");
	set(SETTING_LINK_SECRET, buf_str(&list));
	expect_problems(0, "");
	buf_puts(&list, "," BYTES_32);
	set(SETTING_LINK_SECRET, buf_str(&list));
	expect_problems(0, "LINK_SECRET must be 32 bytes or more without "
	    "blanks or line ends, each such key between commas, 8 at most\n");
	buf_clear(&list);
}

#define CLEAN(test) cmocka_unit_test_setup(test, clear_environment)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CLEAN(takes_every_good_form),
		CLEAN(refuses_every_bad_form),
		CLEAN(names_all_that_is_missing),
		CLEAN(sums_up_in_err),
		CLEAN(names_every_setting_at_once),
		CLEAN(applies_defaults),
		CLEAN(reads_what_is_set),
		CLEAN(keeps_keys_and_passwords_as_secrets),
		CLEAN(mode_and_key_agree),
		CLEAN(splits_lists_in_order),
		CLEAN(bounds_the_length_of_a_list),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
