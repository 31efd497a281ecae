/*
 * Sending to a real server that goes wrong at every phase: what each mail's
 * end is, in whose words, and that not a byte is lost or sent twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/config.h"
#include "catcher.h"
#include "mail/smtp.h"

static const char MESSAGE[] = "Subject: x\r\n\r\n.dot\r\n..two\r\n.\r\n"
	"end\r\n";

struct stage {
	struct catcher *catcher;
	struct config config;
	struct smtp *smtp;
	struct smtp_reply reply;
};

static void
open_smtp(struct stage *stage, const char *url)
{
	struct err err;

	setenv("SMTP_URL", url, 1);
	if (config_load(&stage->config, NEEDS(SETTING_SMTP_URL), NULL, NULL,
	    &err) != ST_OK || smtp_open(&stage->config, &stage->smtp, &err) !=
	    ST_OK)
		fail_msg("%s", err.msg);
}

static void
close_smtp(struct stage *stage)
{
	smtp_close(stage->smtp);
	config_clear(&stage->config);
	stage->smtp = NULL;
}

/* One catcher of setting (NULL: plain), and one smtp to it. */
static void
stage_open(struct stage *stage, const char *setting)
{
	memset(stage, 0, sizeof(*stage));
	setenv("SSL_CERT_DIR", "/nonexistent", 1);
	setenv("SSL_CERT_FILE", "/dev/null", 1);
	unsetenv("SMTP_USER");
	unsetenv("SMTP_PASSWORD");
	stage->catcher = catcher_start(setting);
	if (catcher_certificate(stage->catcher)[0] != '\0')
		setenv("SSL_CERT_FILE", catcher_certificate(stage->catcher),
		    1);
	open_smtp(stage, catcher_url(stage->catcher));
}

static void
stage_close(struct stage *stage)
{
	close_smtp(stage);
	catcher_stop(stage->catcher);
}

static enum smtp_end
send_text(struct stage *stage, const char *to, const char *text)
{
	struct buf message = BUF_INIT(1024 * 1024);
	const struct smtp_mail mail = { "dues@club.example", to, &message };
	struct err err;

	buf_puts(&message, text);
	if (smtp_send(stage->smtp, &mail, &stage->reply, &err) != ST_OK)
		fail_msg("%s", err.msg);
	buf_clear(&message);
	return stage->reply.end;
}

static void
assert_end(struct stage *stage, enum smtp_end end, int code,
    const char *words)
{
	enum smtp_end got = send_text(stage, "ann@example.com", MESSAGE);

	if (got != end)
		fail_msg("%d instead of %d: %d %s", (int)got, (int)end,
		    stage->reply.code, stage->reply.text);
	assert_int_equal(stage->reply.code, code);
	if (strstr(stage->reply.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", stage->reply.text,
		    words);
}

static void
assert_taken(const struct stage *stage, size_t mails, size_t connections)
{
	struct json_object *messages =
	    catcher_get(stage->catcher, "/messages");
	struct json_object *list =
	    catcher_get(stage->catcher, "/connections");

	assert_int_equal(json_object_array_length(messages), mails);
	assert_int_equal(json_object_array_length(list), connections);
	json_object_put(list);
	json_object_put(messages);
}

static const char *
member(struct json_object *json, const char *name)
{
	return json_object_get_string(json_object_object_get(json, name));
}

static void
every_byte_arrives(void **state)
{
	/* MESSAGE in base64 */
	static const char *const RAW = "U3ViamVjdDogeA0KDQouZG90DQouLnR3bw0K"
	    "Lg0KZW5kDQo=";
	struct stage stage;
	struct json_object *messages;
	struct json_object *mail;

	(void)state;
	stage_open(&stage, NULL);
	assert_end(&stage, SMTP_SENT, 250, "2.0.0 taken as 1");
	messages = catcher_get(stage.catcher, "/messages");
	mail = json_object_array_get_idx(messages, 0);
	assert_string_equal(member(mail, "raw"), RAW);
	assert_string_equal(member(mail, "from"), "dues@club.example");
	assert_string_equal(member(mail, "to"), "[ \"ann@example.com\" ]");
	json_object_put(messages);
	stage_close(&stage);
}

static void
two_hundred_mails_over_one_connection(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, NULL);
	for (int i = 0; i < 200; i++)
		assert_int_equal(send_text(&stage, "ann@example.com",
		    MESSAGE), SMTP_SENT);
	assert_taken(&stage, 200, 1);
	stage_close(&stage);
}

/* The fault hits the first mail; the second goes well in every case. */
static void
each_fault_and_then_a_mail(void **state)
{
	static const struct {
		const char *fault;
		enum smtp_end end;
		int code;
		const char *words;
		size_t taken;
		size_t connections;
	} CASES[] = {
		{ "{\"phase\":\"connect\",\"code\":421,\"text\":\"busy\"}",
		    SMTP_TEMPORARY, 421, "busy", 1, 2 },
		{ "{\"phase\":\"connect\",\"code\":554,\"text\":\"not you\"}",
		    SMTP_MISCONFIGURED, 554, "not you", 1, 2 },
		{ "{\"phase\":\"connect\",\"close\":true}",
		    SMTP_TEMPORARY, 0, "", 1, 2 },
		{ "{\"phase\":\"mail\",\"code\":451,\"text\":\"later\"}",
		    SMTP_TEMPORARY, 451, "later", 1, 2 },
		{ "{\"phase\":\"mail\",\"code\":530,\"text\":\"log in\"}",
		    SMTP_MISCONFIGURED, 530, "log in", 1, 2 },
		{ "{\"phase\":\"rcpt\",\"code\":421,\"text\":\"closing\"}",
		    SMTP_TEMPORARY, 421, "closing", 1, 2 },
		{ "{\"phase\":\"rcpt\",\"code\":450,\"text\":\"4.2.0 grey\"}",
		    SMTP_TEMPORARY, 450, "4.2.0 grey", 1, 2 },
		{ "{\"phase\":\"rcpt\",\"code\":550,\"text\":\"5.1.1 nobody\"}",
		    SMTP_PERMANENT, 550, "5.1.1 nobody", 1, 2 },
		{ "{\"phase\":\"rcpt\",\"close\":true}",
		    SMTP_TEMPORARY, 0, "", 1, 2 },
		{ "{\"phase\":\"data\",\"code\":451,\"text\":\"disk\"}",
		    SMTP_TEMPORARY, 451, "disk", 1, 2 },
		{ "{\"phase\":\"dot\",\"code\":450,\"text\":\"not now\"}",
		    SMTP_TEMPORARY, 450, "not now", 1, 1 },
		{ "{\"phase\":\"dot\",\"code\":554,\"text\":\"5.7.1 spam\"}",
		    SMTP_REFUSED, 554, "5.7.1 spam", 1, 1 },
		{ "{\"phase\":\"mail\",\"code\":550,\"text\":\"5.4.5 quota\"}",
		    SMTP_REFUSED, 550, "5.4.5 quota", 1, 2 },
		{ "{\"phase\":\"dot\",\"close\":true}",
		    SMTP_UNKNOWN, 0, "before the server answered", 2, 2 },
		{ "{\"phase\":\"dot\",\"close\":true,\"taken\":false}",
		    SMTP_UNKNOWN, 0, "before the server answered", 1, 2 },
	};
	struct stage stage;

	(void)state;
	stage_open(&stage, NULL);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		catcher_expect(stage.catcher, CASES[i].fault);
		close_smtp(&stage);
		open_smtp(&stage, catcher_url(stage.catcher));
		assert_end(&stage, CASES[i].end, CASES[i].code,
		    CASES[i].words);
		assert_end(&stage, SMTP_SENT, 250, "2.0.0 taken");
		assert_taken(&stage, CASES[i].taken, CASES[i].connections);
	}
	stage_close(&stage);
}

/*
 * The server goes away in the middle of a mail.  A short one has wholly left
 * by then, dot and all, so that nobody can tell; of one that is longer than
 * what the sockets hold, the dot was never sent.
 */
static void
closing_within_the_text(void **state)
{
	struct buf text = BUF_INIT(16 * 1024 * 1024);
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage, NULL);
	catcher_expect(stage.catcher, "{\"phase\":\"body\"}");
	assert_end(&stage, SMTP_UNKNOWN, 0, "before the server answered");
	assert_end(&stage, SMTP_SENT, 250, "2.0.0 taken");
	assert_taken(&stage, 1, 2);

	for (int i = 0; i < 200000; i++)
		buf_puts(&text, "a line of sixty-odd bytes, as they are in a "
		    "mail of ours\r\n");
	catcher_expect(stage.catcher, "{\"phase\":\"body\",\"count\":0}");
	const struct smtp_mail mail = { "dues@club.example",
		"ann@example.com", &text };
	assert_int_equal(smtp_send(stage.smtp, &mail, &stage.reply, &err),
	    ST_OK);
	assert_int_equal(stage.reply.end, SMTP_TEMPORARY);
	buf_clear(&text);
	stage_close(&stage);
}

/* A kept connection that has ended meanwhile is no news about the mail. */
static void
a_kept_connection_that_ended_is_made_anew(void **state)
{
	static const char *const FAULTS[] = {
		"{\"phase\":\"mail\",\"nth\":2,\"close\":true}",
		"{\"phase\":\"mail\",\"nth\":2,\"code\":421}",
		"{\"phase\":\"rcpt\",\"nth\":2,\"code\":421}",
	};
	struct stage stage;

	(void)state;
	stage_open(&stage, NULL);
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
		catcher_expect(stage.catcher, FAULTS[i]);
		close_smtp(&stage);
		open_smtp(&stage, catcher_url(stage.catcher));
		assert_end(&stage, SMTP_SENT, 250, "");
		assert_end(&stage, SMTP_SENT, 250, "");
		assert_taken(&stage, 2, 2);
	}
	catcher_expect(stage.catcher,
	    "{\"phase\":\"mail\",\"count\":0,\"code\":421}");
	assert_end(&stage, SMTP_TEMPORARY, 421, "");
	stage_close(&stage);
}

static void
no_server(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, NULL);
	catcher_stop(stage.catcher);
	assert_end(&stage, SMTP_TEMPORARY, 0, "");
	close_smtp(&stage);
	open_smtp(&stage, "smtp://no-such-host.invalid:25");
	assert_end(&stage, SMTP_TEMPORARY, 0, "resolve");
	close_smtp(&stage);
}

static void
assert_connection(const struct stage *stage, bool tls, const char *user)
{
	struct json_object *messages =
	    catcher_get(stage->catcher, "/messages");
	struct json_object *mail = json_object_array_get_idx(messages, 0);

	assert_int_equal(json_object_array_length(messages), 1);
	assert_string_equal(member(mail, "tls"), tls ? "true" : "false");
	if (user != NULL)
		assert_string_equal(member(mail, "user"), user);
	json_object_put(messages);
}

static void
starttls(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, "CATCHER_STARTTLS=1");
	assert_end(&stage, SMTP_SENT, 250, "");
	assert_connection(&stage, true, NULL);
	/* Towards loopback it may be missing, but not fail. */
	close_smtp(&stage);
	open_smtp(&stage, catcher_url(stage.catcher));
	catcher_expect(stage.catcher,
	    "{\"phase\":\"ehlo\",\"no_starttls\":true}");
	assert_end(&stage, SMTP_SENT, 250, "");
	assert_connection(&stage, false, NULL);
	stage_close(&stage);
}

/* No host but loopback is spoken to in the clear.  The catcher listens there
 * alone: this machine's name for 127.0.0.1 stands for another host. */
static void
starttls_is_required_elsewhere(void **state)
{
	struct stage stage;
	char url[64] = "smtp://0.0.0.0";

	(void)state;
	stage_open(&stage, NULL);
	strncat(url, strrchr(catcher_url(stage.catcher), ':'), 16);
	close_smtp(&stage);
	open_smtp(&stage, url);
	assert_end(&stage, SMTP_MISCONFIGURED, 0, "STARTTLS");
	assert_taken(&stage, 0, 1);
	stage_close(&stage);
}

static void
bad_certificate(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, "CATCHER_STARTTLS=1");
	close_smtp(&stage);
	setenv("SSL_CERT_FILE", "/dev/null", 1);
	open_smtp(&stage, catcher_url(stage.catcher));
	assert_end(&stage, SMTP_MISCONFIGURED, 0, "certificate");
	assert_taken(&stage, 0, 1);
	stage_close(&stage);
}

static void
tls_from_the_first_byte(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, "CATCHER_IMPLICIT_TLS=1");
	assert_end(&stage, SMTP_SENT, 250, "");
	assert_end(&stage, SMTP_SENT, 250, "");
	assert_taken(&stage, 2, 1);
	close_smtp(&stage);
	setenv("SSL_CERT_FILE", "/dev/null", 1);
	open_smtp(&stage, catcher_url(stage.catcher));
	assert_end(&stage, SMTP_MISCONFIGURED, 0, "certificate");
	stage_close(&stage);
}

static void
log_in(struct stage *stage, const char *user, const char *password)
{
	close_smtp(stage);
	catcher_expect(stage->catcher, NULL);
	setenv("SMTP_USER", user, 1);
	setenv("SMTP_PASSWORD", password, 1);
	open_smtp(stage, catcher_url(stage->catcher));
}

static void
credentials(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, "CATCHER_AUTH=club:se:cret word");
	assert_end(&stage, SMTP_MISCONFIGURED, 530, "authentication");
	log_in(&stage, "club", "wrong");
	assert_end(&stage, SMTP_MISCONFIGURED, 535, "authentication failed");
	assert_null(strstr(stage.reply.text, "wrong"));
	log_in(&stage, "club", "se:cret word");
	assert_end(&stage, SMTP_SENT, 250, "");
	assert_connection(&stage, false, "club");
	close_smtp(&stage);
	open_smtp(&stage, catcher_url(stage.catcher));
	catcher_expect(stage.catcher, "{\"phase\":\"auth\",\"code\":454}");
	assert_end(&stage, SMTP_TEMPORARY, 454, "");
	stage_close(&stage);
}

/* Refused before a byte is sent. */
static void
bad_addresses(void **state)
{
	static const char *const ADDRESSES[] = { "", "ann", "ann@",
		"ann@example.com>\r\nRCPT TO:<eve@evil.example",
		"ann@example.com\n", "a b@example.com", "<ann@example.com>" };
	struct buf message = BUF_INIT(64);
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage, NULL);
	buf_puts(&message, MESSAGE);
	for (size_t i = 0; i < sizeof(ADDRESSES) / sizeof(ADDRESSES[0]);
	    i++) {
		struct smtp_mail mail = { "dues@club.example", ADDRESSES[i],
			&message };

		assert_int_equal(smtp_send(stage.smtp, &mail, &stage.reply,
		    &err), ST_BAD_INPUT);
		mail = (struct smtp_mail){ ADDRESSES[i], "ann@example.com",
			&message };
		assert_int_equal(smtp_send(stage.smtp, &mail, &stage.reply,
		    &err), ST_BAD_INPUT);
	}
	assert_taken(&stage, 0, 0);
	buf_clear(&message);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_arrives),
		cmocka_unit_test(two_hundred_mails_over_one_connection),
		cmocka_unit_test(each_fault_and_then_a_mail),
		cmocka_unit_test(closing_within_the_text),
		cmocka_unit_test(a_kept_connection_that_ended_is_made_anew),
		cmocka_unit_test(no_server),
		cmocka_unit_test(starttls),
		cmocka_unit_test(starttls_is_required_elsewhere),
		cmocka_unit_test(bad_certificate),
		cmocka_unit_test(tls_from_the_first_byte),
		cmocka_unit_test(credentials),
		cmocka_unit_test(bad_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
