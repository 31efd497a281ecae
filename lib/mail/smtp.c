/*
 * libcurl sends; which phase a transfer is in and what the server said is
 * learned from its debug callback, because it reports neither after the fact.
 * smtp_judge.c decides what both mean.
 */
#include "mail/smtp.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config_check.h"
#include "base/email.h"
#include "mail/smtp_judge.h"

enum {
	CHECK_MS = 30000,	/* a person waits for the result */
	MS_A_SECOND = 1000,
};

struct smtp {
	CURL *easy;
	X509_STORE *trust;
	bool failed;		/* libcurl refused an option: sticky */
	char cause[CURL_ERROR_SIZE];

	/* Of the mail in hand. */
	const struct buf *message;
	size_t sent;
	struct smtp_progress progress;
	int64_t deadline_ms;		/* of the phase in hand */
};

#define SET(smtp, option, value) \
	do { \
		if (curl_easy_setopt((smtp)->easy, (option), (value)) != \
		    CURLE_OK) \
			(smtp)->failed = true; \
	} while (0)

/* Sets the deadline of the phase that has begun. */
static void
be_patient(struct smtp *smtp)
{
	smtp->deadline_ms = clock_monotonic_ms() +
	    smtp_patience_ms(smtp->progress.phase);
}

static int
is_too_late(void *smtp_, curl_off_t down_all, curl_off_t down,
    curl_off_t up_all, curl_off_t up)
{
	const struct smtp *smtp = smtp_;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return clock_monotonic_ms() > smtp->deadline_ms;
}

/* libcurl asks for more when everything before is sent.  After the last byte it
 * sends the dot: from then on the server may have the mail. */
static size_t
read_message(char *out, size_t size, size_t count, void *smtp_)
{
	struct smtp *smtp = smtp_;
	size_t room = size * count;
	size_t rest = smtp->message->len - smtp->sent;
	size_t len = rest < room ? rest : room;

	if (len == 0) {
		smtp_progress_dot(&smtp->progress);
		be_patient(smtp);
		return 0;
	}
	memcpy(out, smtp->message->data + smtp->sent, len);
	smtp->sent += len;
	return len;
}

/* The debug callback is the only way to learn the server's words.  Nothing that
 * we send is kept or logged: the password is in it. */
static int
watch(CURL *easy, curl_infotype type, char *bytes, size_t len, void *smtp_)
{
	struct smtp *smtp = smtp_;
	enum smtp_phase before = smtp->progress.phase;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT) {
		smtp_progress_sent(&smtp->progress, bytes, len);
		if (smtp->progress.phase != before)
			be_patient(smtp);
	} else if (type == CURLINFO_HEADER_IN) {
		smtp_progress_answered(&smtp->progress, bytes, len);
	}
	return 0;
}

static CURLcode
use_trust(CURL *easy, void *tls_context, void *trust)
{
	(void)easy;
	SSL_CTX_set1_cert_store(tls_context, trust);
	return CURLE_OK;
}

/* The url has a scheme, which check_smtp_url() demands. */
static bool
is_loopback(const char *url)
{
	return check_loopback(strstr(url, "://") + 3);
}

static void
set_tls(struct smtp *smtp, const char *url)
{
	/*
	 * On loopback nobody can listen, and a local mail server often has no
	 * certificate.  Elsewhere a server without TLS gets neither the
	 * password nor a family's name.
	 */
	SET(smtp, CURLOPT_USE_SSL,
	    (long)(is_loopback(url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	SET(smtp, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(smtp, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(smtp, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(smtp, CURLOPT_CAINFO, NULL);
	SET(smtp, CURLOPT_CAPATH, NULL);
	SET(smtp, CURLOPT_SSL_CTX_FUNCTION, use_trust);
	SET(smtp, CURLOPT_SSL_CTX_DATA, smtp->trust);
}

static void
set_server(struct smtp *smtp, const struct config *config)
{
	const char *user = config_text(config, SETTING_SMTP_USER);
	const struct secret *password =
	    config_secret(config, SETTING_SMTP_PASSWORD);

	SET(smtp, CURLOPT_URL, config_text(config, SETTING_SMTP_URL));
	SET(smtp, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(smtp, CURLOPT_PROXY, "");
	/* One kept connection for all mails; keepalive finds a dead one. */
	SET(smtp, CURLOPT_MAXCONNECTS, 1L);
	SET(smtp, CURLOPT_TCP_KEEPALIVE, 1L);
	if (user == NULL)
		return;
	SET(smtp, CURLOPT_USERNAME, user);
	SET(smtp, CURLOPT_PASSWORD, password->len > 0
	    ? secret_bytes(password) : "");
}

/* libcurl has one time-out for all answers, the one to the dot included: it is
 * set to the longest, and is_too_late() ends the other phases. */
static void
set_times(struct smtp *smtp)
{
	int64_t longest = smtp_patience_ms(SMTP_PHASE_DOT);
	int64_t all = longest;

	for (int phase = SMTP_PHASE_SESSION; phase < SMTP_PHASE_DOT; phase++)
		all += smtp_patience_ms((enum smtp_phase)phase);
	/* Some servers wait before they greet, because programs that send spam
	 * do not. */
	SET(smtp, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)smtp_patience_ms(SMTP_PHASE_SESSION));
	SET(smtp, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    (long)(longest / MS_A_SECOND));
	SET(smtp, CURLOPT_TIMEOUT_MS, (long)all);
	SET(smtp, CURLOPT_NOPROGRESS, 0L);
	SET(smtp, CURLOPT_XFERINFOFUNCTION, is_too_late);
	SET(smtp, CURLOPT_XFERINFODATA, smtp);
}

static void
set_callbacks(struct smtp *smtp)
{
	SET(smtp, CURLOPT_NOSIGNAL, 1L);
	SET(smtp, CURLOPT_UPLOAD, 1L);
	SET(smtp, CURLOPT_READFUNCTION, read_message);
	SET(smtp, CURLOPT_READDATA, smtp);
	/* Verbose only calls watch(): nothing is printed. */
	SET(smtp, CURLOPT_VERBOSE, 1L);
	SET(smtp, CURLOPT_DEBUGFUNCTION, watch);
	SET(smtp, CURLOPT_DEBUGDATA, smtp);
	SET(smtp, CURLOPT_ERRORBUFFER, smtp->cause);
}

static enum status
prepare(struct smtp *smtp, const struct config *config, struct err *err)
{
	smtp->trust = X509_STORE_new();
	if (smtp->trust == NULL ||
	    X509_STORE_set_default_paths(smtp->trust) != 1)
		return err_set(err, ST_NOMEM,
		    "the system's certificate authorities cannot be loaded");
	smtp->easy = curl_easy_init();
	if (smtp->easy == NULL)
		return err_set(err, ST_NOMEM, "no memory for SMTP");
	set_callbacks(smtp);
	set_times(smtp);
	set_tls(smtp, config_text(config, SETTING_SMTP_URL));
	set_server(smtp, config);
	if (smtp->failed)
		return err_set(err, ST_CONFIG,
		    "this libcurl refuses an option that SMTP needs");
	return ST_OK;
}

enum status
smtp_open(const struct config *config, struct smtp **smtp, struct err *err)
{
	struct smtp *made;
	enum status st;

	if (config_text(config, SETTING_SMTP_URL) == NULL)
		return err_set(err, ST_CONFIG, "SMTP_URL is needed");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ST_NOMEM, "libcurl did not start");
	made = calloc(1, sizeof(*made));
	if (made == NULL) {
		curl_global_cleanup();
		return err_set(err, ST_NOMEM, "no memory for SMTP");
	}
	st = prepare(made, config, err);
	if (st != ST_OK) {
		smtp_close(made);
		return st;
	}
	*smtp = made;
	return ST_OK;
}

static void
begin_try(struct smtp *smtp)
{
	smtp->sent = 0;
	smtp->cause[0] = '\0';
	smtp->progress = (struct smtp_progress){ .phase = SMTP_PHASE_SESSION };
	be_patient(smtp);
}

static bool
was_kept(struct smtp *smtp)
{
	long made = 1;

	curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &made);
	return made == 0;
}

/*
 * A server may have closed the kept connection since the last mail.  Then one
 * more try is made over a new one; smtp_is_stale() makes sure that the server
 * cannot have this mail.
 */
static CURLcode
transfer(struct smtp *smtp)
{
	CURLcode code = curl_easy_perform(smtp->easy);

	if (!smtp_is_stale(&smtp->progress, code) || !was_kept(smtp))
		return code;
	begin_try(smtp);
	return curl_easy_perform(smtp->easy);
}

static void
fill_reply(const struct smtp *smtp, CURLcode code, struct smtp_reply *reply)
{
	const struct smtp_progress *progress = &smtp->progress;
	char storage[SMTP_TEXT_SIZE];
	struct buf text = BUF_FIXED(storage);

	*reply = (struct smtp_reply){ .end = smtp_judge(progress, code) };
	/* The server's own words first: they say more than libcurl's. */
	if (reply->end == SMTP_SENT || progress->code >= 400) {
		reply->code = progress->code;
		buf_puts(&text, progress->text);
	} else if (reply->end == SMTP_UNKNOWN) {
		buf_puts(&text, "the whole mail was sent, and the connection "
		    "ended before the server answered");
	} else if (code == CURLE_ABORTED_BY_CALLBACK) {
		buf_puts(&text, "the mail server took too long");
	} else {
		buf_puts(&text, smtp->cause[0] != '\0' ? smtp->cause
		    : curl_easy_strerror(code));
	}
	memcpy(reply->text, storage, text.len);
}

/* The handle outlives the mail, whose memory it must not point to. */
static void
forget_mail(struct smtp *smtp)
{
	SET(smtp, CURLOPT_MAIL_RCPT, NULL);
	smtp->message = NULL;
}

static enum status
check_mail(const struct smtp_mail *mail, struct err *err)
{
	enum status st = buf_check(mail->message, "the mail", err);

	if (st == ST_OK)
		st = email_check(mail->from, strlen(mail->from), err);
	if (st == ST_OK)
		st = email_check(mail->to, strlen(mail->to), err);
	return st;
}

enum status
smtp_send(struct smtp *smtp, const struct smtp_mail *mail,
    struct smtp_reply *reply, struct err *err)
{
	enum status st = check_mail(mail, err);
	struct curl_slist *recipients;
	CURLcode code;

	if (st != ST_OK)
		return st;
	begin_try(smtp);
	smtp->failed = false;
	smtp->message = mail->message;
	recipients = curl_slist_append(NULL, mail->to);
	SET(smtp, CURLOPT_MAIL_RCPT, recipients);
	SET(smtp, CURLOPT_MAIL_FROM, mail->from);
	code = recipients != NULL && !smtp->failed ? transfer(smtp)
	    : CURLE_OUT_OF_MEMORY;
	/* After the dot even a lack of memory is an unknown end: the server may
	 * have the mail. */
	if (code == CURLE_OUT_OF_MEMORY &&
	    smtp->progress.phase != SMTP_PHASE_DOT)
		st = err_set(err, ST_NOMEM, "no memory to send a mail");
	else
		fill_reply(smtp, code, reply);
	forget_mail(smtp);
	curl_slist_free_all(recipients);
	return st;
}

enum status
smtp_check(struct smtp *smtp, struct smtp_reply *reply, struct err *err)
{
	CURLcode code;

	begin_try(smtp);
	smtp->deadline_ms = clock_monotonic_ms() + CHECK_MS;
	smtp->failed = false;
	SET(smtp, CURLOPT_UPLOAD, 0L);
	SET(smtp, CURLOPT_NOBODY, 1L);
	SET(smtp, CURLOPT_CUSTOMREQUEST, "NOOP");
	code = smtp->failed ? CURLE_OUT_OF_MEMORY
	    : curl_easy_perform(smtp->easy);
	/* The handle must send mails again. */
	SET(smtp, CURLOPT_CUSTOMREQUEST, NULL);
	SET(smtp, CURLOPT_NOBODY, 0L);
	SET(smtp, CURLOPT_UPLOAD, 1L);
	if (code == CURLE_OUT_OF_MEMORY)
		return err_set(err, ST_NOMEM, "no memory to ask about mail");
	fill_reply(smtp, code, reply);
	return ST_OK;
}

void
smtp_close(struct smtp *smtp)
{
	if (smtp == NULL)
		return;
	curl_easy_cleanup(smtp->easy);
	X509_STORE_free(smtp->trust);
	free(smtp);
	curl_global_cleanup();
}
