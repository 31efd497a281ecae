/* Settings from files: KEY=value lines, NAME_FILE, and which of them wins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/config.h"

#define KEY_1 "sk_test_first_9c4e2b7a"
#define KEY_2 "sk_test_second_1d8f3a6c"
#define KEY_3 "sk_test_third_5b0e7d2f"
#define KEY_4 "sk_test_fourth_6a9c1e8b"
#define LOCAL_PATH_MAX 64

/* Files in a directory of their own, which is the working directory. */
static int
enter_directory(void **state)
{
	static char path[LOCAL_PATH_MAX];

	(void)snprintf(path, sizeof(path), "/tmp/teamdues-unit-XXXXXX");
	if (mkdtemp(path) == NULL || chdir(path) != 0)
		return -1;
	(void)unsetenv("STRIPE_SECRET_KEY");
	(void)unsetenv("STRIPE_SECRET_KEY_FILE");
	(void)unsetenv("CLUB_NAME");
	(void)unsetenv("CLUB_NAME_FILE");
	*state = path;
	return 0;
}

static int
leave_directory(void **state)
{
	static const char *const files[] = {
		"conf", "key-2", "key-4", "name", "closed",
		"club/credentials/DATABASE_URL-operator",
		"club/credentials/DATABASE_URL-webhook",
		"club/credentials/STRIPE_SECRET_KEY", "club/teamdues.conf",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(files[i]);
	(void)rmdir("club/credentials");
	(void)rmdir("club");
	(void)rmdir("directory");
	return chdir("/") != 0 || rmdir(*state) != 0 ? -1 : 0;
}

static void
put_file(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
write_file(const char *path, const char *text)
{
	put_file(path, text, strlen(text));
}

/* text is conf's whole content; wanted the problems, word for word. */
static void
expect_problems(const char *text, uint32_t needs, const char *wanted)
{
	struct buf problems = BUF_INIT(10000);
	struct config config;
	struct err err;

	write_file("conf", text);
	enum status st = config_load(&config, needs, "conf", &problems, &err);
	assert_string_equal(buf_str(&problems), wanted);
	assert_int_equal(st, wanted[0] != '\0' ? ST_CONFIG : ST_OK);
	config_clear(&config);
	buf_clear(&problems);
}

/* wanted is CLUB_NAME's value; NULL: not set. */
static void
expect_name(const char *text, const char *wanted)
{
	struct config config;
	struct err err;

	write_file("conf", text);
	assert_int_equal(config_load(&config, 0, "conf", NULL, &err), ST_OK);
	const char *name = config_text(&config, SETTING_CLUB_NAME);
	if (wanted == NULL)
		assert_null(name);
	else
		assert_string_equal(name, wanted);
	config_clear(&config);
}

static void
expect_key(const char *wanted)
{
	struct config config;
	struct err err;

	assert_int_equal(config_load(&config, 0, "conf", NULL, &err), ST_OK);
	assert_string_equal(secret_bytes(config_secret(&config,
	    SETTING_STRIPE_SECRET_KEY)), wanted);
	config_clear(&config);
}

static void
reads_lines_as_systemd_does(void **state)
{
	static const struct {
		const char *text;
		const char *name;
	} table[] = {
		{ "", NULL },
		{ "\n\n  \n", NULL },
		{ "# CLUB_NAME=a\n; CLUB_NAME=b\n", NULL },
		{ "CLUB_NAME=Kings", "Kings" },
		{ "CLUB_NAME=Kings\r\n", "Kings" },
		{ "\t CLUB_NAME =  Westside Kings \t\n", "Westside Kings" },
		{ "CLUB_NAME=a # b\n", "a # b" },
		{ "CLUB_NAME=a=b\n", "a=b" },
		{ "CLUB_NAME=\"  Kings \"\n", "  Kings " },
		{ "CLUB_NAME='a \\ \"b\"'\n", "a \\ \"b\"" },
		{ "CLUB_NAME=it's\n", "it's" },
		{ "CLUB_NAME=first\nCLUB_NAME=second\n", "second" },
		{ "CLUB_NAME=\n", NULL },
		{ "CLUB_NAME=\"\"\n", NULL },
		{ "CLUB_NAME=first\nCLUB_NAME=\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		expect_name(table[i].text, table[i].name);
}

static void
names_what_is_wrong_by_its_line(void **state)
{
	static const char advice[] = "stray quote or backslash (put the value "
	    "into a file and name it with _FILE) in CLUB_NAME\n";
	char wanted[200];

	(void)state;
	expect_problems("# x\n\nCLUB=Kings\n", 0,
	    "conf line 3: unknown setting CLUB\n");
	expect_problems("CLUB_FILE=/x\n_FILE=/x\n", 0,
	    "conf line 1: unknown setting CLUB_FILE\n"
	    "conf line 2: unknown setting _FILE\n");
	/* What is no key is not shown: it may be a secret. */
	expect_problems(KEY_1 "\n" KEY_1 "=x\nexport CLUB_NAME=x\n=x\n", 0,
	    "conf line 1: not KEY=value\nconf line 2: not KEY=value\n"
	    "conf line 3: not KEY=value\nconf line 4: not KEY=value\n");
	(void)snprintf(wanted, sizeof(wanted), "conf line 1: %s", advice);
	expect_problems("CLUB_NAME=\"a", 0, wanted);
	expect_problems("CLUB_NAME=\"", 0, wanted);
	expect_problems("CLUB_NAME='a' b", 0, wanted);
	expect_problems("CLUB_NAME=\"a\"b\"", 0, wanted);
	expect_problems("CLUB_NAME=a\\ b", 0, wanted);
	expect_problems("CLUB_NAME=\"a\\\"", 0, wanted);
}

static void
stops_naming_after_ten_lines(void **state)
{
	struct buf text = BUF_INIT(100000);
	struct buf problems = BUF_INIT(10000);
	struct config config;
	struct err err;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "?\n");
	buf_puts(&text, "THREADS=0\n");
	write_file("conf", buf_str(&text));
	assert_int_equal(config_load(&config, 0, "conf", &problems, &err),
	    ST_CONFIG);
	assert_non_null(strstr(buf_str(&problems), "conf line 10: "));
	assert_null(strstr(buf_str(&problems), "conf line 11: "));
	assert_non_null(strstr(buf_str(&problems),
	    "conf: 990 more such lines\nTHREADS must be 1 to 64\n"));
	config_clear(&config);
	buf_clear(&problems);
	buf_clear(&text);
}

static void
a_file_may_be_absent_but_not_unreadable(void **state)
{
	struct buf problems = BUF_INIT(10000);
	struct config config;
	struct err err;

	(void)state;
	assert_int_equal(config_load(&config, 0, "absent", NULL, &err),
	    ST_OK);
	config_clear(&config);
	assert_int_equal(mkdir("directory", 0700), 0);
	assert_int_equal(config_load(&config, 0, "directory", &problems,
	    &err), ST_CONFIG);
	assert_string_equal(buf_str(&problems), "directory: Is a directory\n");
	config_clear(&config);
	buf_clear(&problems);
}

static void
a_file_has_a_limit(void **state)
{
	static char text[70000];

	(void)state;
	memset(text, '#', sizeof(text) - 1);
	expect_problems(text, 0, "conf: File too large\n");
	text[65535] = '\0';
	expect_problems(text, 0, "");
}

/* From the weakest source to the strongest, each overrides those before. */
static void
the_environment_wins(void **state)
{
	(void)state;
	write_file("key-2", KEY_2 "\n");
	write_file("key-4", KEY_4 "\n");
	write_file("conf", "STRIPE_SECRET_KEY_FILE=key-4\n");
	expect_key(KEY_4);
	write_file("conf", "STRIPE_SECRET_KEY_FILE=key-4\n"
	    "STRIPE_SECRET_KEY=" KEY_3 "\n");
	expect_key(KEY_3);
	assert_int_equal(setenv("STRIPE_SECRET_KEY_FILE", "key-2", 1), 0);
	expect_key(KEY_2);
	assert_int_equal(setenv("STRIPE_SECRET_KEY", KEY_1, 1), 0);
	expect_key(KEY_1);
	/* Empty counts as not set. */
	assert_int_equal(setenv("STRIPE_SECRET_KEY", "", 1), 0);
	expect_key(KEY_2);
	assert_int_equal(setenv("STRIPE_SECRET_KEY_FILE", "", 1), 0);
	expect_key(KEY_3);
}

/* Of one club among many nothing of the environment counts, which may be
 * another club's. */
static void
a_folder_stands_for_itself(void **state)
{
	struct config config;
	struct err err;

	(void)state;
	assert_int_equal(mkdir("club", 0700), 0);
	assert_int_equal(mkdir("club/credentials", 0700), 0);
	write_file("club/teamdues.conf", "CLUB_NAME=Kings\n");
	write_file("club/credentials/STRIPE_SECRET_KEY", KEY_2 "\n");
	write_file("club/credentials/DATABASE_URL-operator",
	    "postgresql:///operator\n");
	write_file("club/credentials/DATABASE_URL-webhook", "nonsense\n");
	assert_int_equal(setenv("STRIPE_SECRET_KEY", KEY_1, 1), 0);
	assert_int_equal(setenv("CLUB_NAME", "Queens", 1), 0);
	assert_int_equal(config_load_folder(&config, 0, "club", NULL, &err),
	    ST_OK);
	assert_string_equal(config_text(&config, SETTING_CLUB_NAME), "Kings");
	assert_string_equal(secret_bytes(config_secret(&config,
	    SETTING_STRIPE_SECRET_KEY)), KEY_2);
	assert_string_equal(secret_bytes(config_secret(&config,
	    SETTING_DATABASE_URL)), "postgresql:///operator");
	assert_null(config_secret(&config, SETTING_LINK_SECRET)->bytes);
	config_clear(&config);
	/* A folder that is not there has nothing. */
	assert_int_equal(config_load_folder(&config, NEEDS(SETTING_CLUB_NAME),
	    "absent", NULL, &err), ST_CONFIG);
	config_clear(&config);
}

/* What a stronger source has set need not be readable in a weaker one. */
static void
only_the_source_that_wins_is_opened(void **state)
{
	(void)state;
	assert_int_equal(setenv("STRIPE_SECRET_KEY", KEY_1, 1), 0);
	assert_int_equal(setenv("STRIPE_SECRET_KEY_FILE", "absent", 1), 0);
	write_file("conf", "STRIPE_SECRET_KEY_FILE=absent\n");
	expect_key(KEY_1);
}

static void
a_value_file_loses_its_last_newline_only(void **state)
{
	static const struct {
		const char *content;
		const char *name;
	} table[] = {
		{ "Kings", "Kings" }, { "Kings\n", "Kings" },
		{ " a\\b \"c\" \n", " a\\b \"c\" " }, { "", NULL },
		{ "\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		write_file("name", table[i].content);
		expect_name("CLUB_NAME_FILE=name\n", table[i].name);
	}
	write_file("name", "Kings\n\n");
	expect_problems("CLUB_NAME_FILE=name\n", 0,
	    "CLUB_NAME must be UTF-8 of at most 200 bytes\n");
	put_file("name", "Ki\0ngs", 6);
	expect_problems("CLUB_NAME_FILE=name\n", 0,
	    "CLUB_NAME must be UTF-8 of at most 200 bytes\n");
}

/* A key's bytes are used as they are, be they no text. */
static void
a_link_secret_may_be_no_text(void **state)
{
	const char bytes[33] = "\xc3\xff\xfe\x80\x81\x82\x83\x84" "89abcdef"
	    "0123456789abcdef";
	struct config config;
	struct err err;

	(void)state;
	put_file("name", bytes, 32);
	write_file("conf", "LINK_SECRET_FILE=name\n");
	assert_int_equal(config_load(&config, 0, "conf", NULL, &err), ST_OK);
	assert_int_equal(config.link_secret_count, 1);
	assert_int_equal(config.link_secrets[0].len, 32);
	assert_memory_equal(config.link_secrets[0].bytes, bytes, 32);
	config_clear(&config);
}

/* What was written on another system, or copied with a blank behind it. */
static void
a_secret_ends_where_it_ends(void **state)
{
	static const char *const ends[] = { "\r\n", " \n", "\n\n", "\t",
		"\xc2\xa0" };

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char text[64];

		(void)snprintf(text, sizeof(text), "whsec_0123456789%s",
		    ends[i]);
		put_file("name", text, strlen(text));
		expect_problems("STRIPE_WEBHOOK_SECRET_FILE=name\n", 0,
		    "STRIPE_WEBHOOK_SECRET must be whole whsec_... secrets "
		    "without blanks or line ends, between commas, 8 at "
		    "most\n");
	}
	put_file("name", "whsec_0123456789\n", 17);
	expect_problems("STRIPE_WEBHOOK_SECRET_FILE=name\n", 0, "");
}

/* One of the two was forgotten, or its file is another program's. */
static void
user_and_password_go_together(void **state)
{
	static const char problem[] = "SMTP_USER and SMTP_PASSWORD go "
	    "together: one of them is not set, or cannot be read\n";
	static const char server[] = "SMTP_URL=smtp://mail.example:587\n";
	uint32_t needs = NEEDS(SETTING_SMTP_URL);
	char text[256];

	(void)state;
	(void)snprintf(text, sizeof(text), "%sSMTP_USER=a\n", server);
	expect_problems(text, needs, problem);
	expect_problems(text, 0, "");
	(void)snprintf(text, sizeof(text), "%sSMTP_PASSWORD=a\n", server);
	expect_problems(text, needs, problem);
	(void)snprintf(text, sizeof(text), "%sSMTP_USER=a\nSMTP_PASSWORD=b\n",
	    server);
	expect_problems(text, needs, "");
	expect_problems(server, needs, "");
}

/* The reason is given, and not the path: it may be the key, by mistake. */
static void
an_unreadable_value_file_is_named_once(void **state)
{
	(void)state;
	expect_problems("STRIPE_SECRET_KEY_FILE=" KEY_1 "\n",
	    NEEDS(SETTING_STRIPE_SECRET_KEY), "STRIPE_SECRET_KEY_FILE cannot "
	    "be read: No such file or directory\n");
	expect_problems("STRIPE_SECRET_KEY_FILE=" KEY_1 "\n", 0,
	    "STRIPE_SECRET_KEY_FILE cannot be read: "
	    "No such file or directory\n");
}

/* Another program's secret, named in the file that all programs read. */
static void
a_forbidden_file_matters_only_when_needed(void **state)
{
	(void)state;
	write_file("closed", KEY_1);
	assert_int_equal(chmod("closed", 0), 0);
	/* root may read anything: for the time of the test, be someone else. */
	bool is_root = geteuid() == 0;
	if (is_root) {
		assert_int_equal(chmod(".", 0777), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	expect_problems("STRIPE_SECRET_KEY_FILE=closed\n", 0, "");
	expect_problems("STRIPE_SECRET_KEY_FILE=closed\n",
	    NEEDS(SETTING_STRIPE_SECRET_KEY), "STRIPE_SECRET_KEY_FILE cannot "
	    "be read: Permission denied\n");
	if (is_root)
		assert_int_equal(seteuid(0), 0);
}

#define IN_DIRECTORY(test) \
	cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(reads_lines_as_systemd_does),
		IN_DIRECTORY(names_what_is_wrong_by_its_line),
		IN_DIRECTORY(stops_naming_after_ten_lines),
		IN_DIRECTORY(a_file_may_be_absent_but_not_unreadable),
		IN_DIRECTORY(a_file_has_a_limit),
		IN_DIRECTORY(the_environment_wins),
		IN_DIRECTORY(a_folder_stands_for_itself),
		IN_DIRECTORY(only_the_source_that_wins_is_opened),
		IN_DIRECTORY(a_value_file_loses_its_last_newline_only),
		IN_DIRECTORY(a_link_secret_may_be_no_text),
		IN_DIRECTORY(a_secret_ends_where_it_ends),
		IN_DIRECTORY(user_and_password_go_together),
		IN_DIRECTORY(an_unreadable_value_file_is_named_once),
		IN_DIRECTORY(a_forbidden_file_matters_only_when_needed),
	};

	return cmocka_run_group_tests_name("config file", tests, NULL, NULL);
}
