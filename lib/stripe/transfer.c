/*
 * One try of one call.  Whatever could send the secret key elsewhere is off:
 * proxies, redirects, other protocols, unverified certificates.
 */
#include "stripe/transfer.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "stripe/id.h"

enum {
	CONNECT_TIMEOUT_MS = 4000,
	IDLE_MAX_S = 60,	/* Stripe and middleboxes drop older ones */
	LIFETIME_MAX_S = 300,	/* so that a change in the DNS is noticed */
	URL_LEN_MAX = 2048,
};

struct transfer {
	const struct transfer_setup *setup;
	CURL *easy;
	bool failed;		/* libcurl refused an option: sticky */
};

#define SET(transfer, option, value) \
	do { \
		if (curl_easy_setopt((transfer)->easy, (option), (value)) != \
		    CURLE_OK) \
			(transfer)->failed = true; \
	} while (0)

static size_t
receive(char *bytes, size_t size, size_t count, void *answer_)
{
	struct transfer_answer *answer = answer_;
	size_t len = size * count;

	/* libcurl's own limit (CURLOPT_MAXFILESIZE) only looks at announced
	 * lengths before version 8.4. */
	if (len > TRANSFER_ANSWER_MAX - answer->body.len) {
		answer->end = TRANSFER_TOO_LARGE;
		return CURL_WRITEFUNC_ERROR;
	}
	buf_put(&answer->body, bytes, len);
	if (answer->body.failed) {
		answer->end = TRANSFER_NOMEM;
		return CURL_WRITEFUNC_ERROR;
	}
	return len;
}

/* Gives the handle the client's store of authorities; libcurl would read the
 * whole bundle again for each handle.  What is verified stays the same. */
static CURLcode
use_trust(CURL *easy, void *tls_context, void *trust)
{
	(void)easy;
	SSL_CTX_set1_cert_store(tls_context, trust);
	return CURLE_OK;
}

static void
set_tls(struct transfer *transfer)
{
	SET(transfer, CURLOPT_PROTOCOLS_STR, "https");
	SET(transfer, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(transfer, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(transfer, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(transfer, CURLOPT_CAINFO, NULL);
	SET(transfer, CURLOPT_CAPATH, NULL);
	SET(transfer, CURLOPT_SSL_CTX_FUNCTION, use_trust);
	SET(transfer, CURLOPT_SSL_CTX_DATA, transfer->setup->trust);
}

/* CURLOPT_VERBOSE must never be added: it prints the secret key. */
static void
set_fixed_options(struct transfer *transfer)
{
	if (transfer->setup->trust != NULL)
		set_tls(transfer);
	else
		SET(transfer, CURLOPT_PROTOCOLS_STR, "http");
	/*
	 * libcurl must not use SIGALRM for time-outs, which is unsafe beside
	 * threads.  HTTP/1.1, because one request at a time gains nothing from
	 * HTTP/2.
	 */
	SET(transfer, CURLOPT_NOSIGNAL, 1L);
	SET(transfer, CURLOPT_PROXY, "");
	SET(transfer, CURLOPT_FOLLOWLOCATION, 0L);
	SET(transfer, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(transfer, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	SET(transfer, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(transfer, CURLOPT_MAXCONNECTS, 1L);
	SET(transfer, CURLOPT_MAXAGE_CONN, (long)IDLE_MAX_S);
	SET(transfer, CURLOPT_MAXLIFETIME_CONN, (long)LIFETIME_MAX_S);
	SET(transfer, CURLOPT_USERAGENT, "teamdues/" TEAMDUES_VERSION);
	SET(transfer, CURLOPT_WRITEFUNCTION, receive);
}

enum status
transfer_new(const struct transfer_setup *setup, struct transfer **transfer,
    struct err *err)
{
	struct transfer *made = calloc(1, sizeof(*made));

	if (made == NULL)
		return err_set(err, ST_NOMEM, "no memory for a call to Stripe");
	made->setup = setup;
	made->easy = curl_easy_init();
	if (made->easy == NULL) {
		transfer_free(made);
		return err_set(err, ST_NOMEM, "no memory for a call to Stripe");
	}
	set_fixed_options(made);
	if (made->failed) {
		transfer_free(made);
		return err_set(err, ST_CONFIG,
		    "this libcurl refuses an option that we need");
	}
	*transfer = made;
	return ST_OK;
}

static enum transfer_end
end_of(CURLcode code)
{
	/*
	 * LOST: Stripe may or may not have carried the call out, so it may be
	 * repeated with its key.  UNTRUSTED: nothing was sent, and a repetition
	 * would end the same way.
	 */
	switch (code) {
	case CURLE_OK:
		return TRANSFER_ANSWERED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_PARTIAL_FILE:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		return TRANSFER_LOST;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
		return TRANSFER_UNTRUSTED;
	case CURLE_OUT_OF_MEMORY:
		return TRANSFER_NOMEM;
	default:
		return TRANSFER_REFUSED;
	}
}

/* The value of a header of the answer; "" when there is none.  Borrowed. */
static const char *
header_value(struct transfer *transfer, const char *name)
{
	struct curl_header *header = NULL;

	if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1,
	    &header) != CURLHE_OK)
		return "";
	return header->value;
}

static enum should_retry
should_retry(const char *value)
{
	if (strcmp(value, "true") == 0)
		return SHOULD_RETRY_YES;
	if (strcmp(value, "false") == 0)
		return SHOULD_RETRY_NO;
	return SHOULD_RETRY_UNSAID;
}

/* Whole seconds; 0 when absent, a date or of more than four digits: no call
 * waits that long. */
static int64_t
retry_after_s(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || digits > 4 || value[digits] != '\0')
		return 0;
	return strtol(value, NULL, 10);
}

static void
read_head(struct transfer *transfer, struct transfer_answer *answer)
{
	const char *request_id = header_value(transfer, "Request-Id");
	size_t id_len = strlen(request_id);
	long http = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &http);
	answer->http = (int)http;
	answer->should_retry =
	    should_retry(header_value(transfer, "Stripe-Should-Retry"));
	answer->replayed = strcmp(
	    header_value(transfer, "Idempotent-Replayed"), "true") == 0;
	answer->retry_after_s =
	    retry_after_s(header_value(transfer, "Retry-After"));
	if (id_len < sizeof(answer->request_id) && stripe_id_ok(request_id))
		memcpy(answer->request_id, request_id, id_len + 1);
}

static void
set_request(struct transfer *transfer,
    const struct transfer_request *request, struct curl_slist *headers)
{
	SET(transfer, CURLOPT_HTTPHEADER, headers);
	SET(transfer, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	if (request->form == NULL) {
		SET(transfer, CURLOPT_HTTPGET, 1L);
		return;
	}
	SET(transfer, CURLOPT_POST, 1L);
	SET(transfer, CURLOPT_POSTFIELDS, request->form);
	SET(transfer, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)strlen(request->form));
}

static void
set_url(struct transfer *transfer, const char *path)
{
	struct buf url = BUF_INIT(URL_LEN_MAX);

	buf_puts(&url, transfer->setup->base);
	buf_puts(&url, path);
	if (buf_str(&url) != NULL)
		SET(transfer, CURLOPT_URL, buf_str(&url));
	else
		transfer->failed = true;
	buf_clear(&url);
}

static void
perform(struct transfer *transfer, struct transfer_answer *answer)
{
	CURLcode code = curl_easy_perform(transfer->easy);

	/* After a write error receive() has set the end. */
	if (code != CURLE_WRITE_ERROR)
		answer->end = end_of(code);
	if (answer->end == TRANSFER_ANSWERED)
		read_head(transfer, answer);
}

/* The handle outlives the call, whose memory it must not point to. */
static void
forget_call(struct transfer *transfer)
{
	SET(transfer, CURLOPT_HTTPHEADER, NULL);
	SET(transfer, CURLOPT_POSTFIELDS, NULL);
	SET(transfer, CURLOPT_WRITEDATA, NULL);
	SET(transfer, CURLOPT_ERRORBUFFER, NULL);
}

void
transfer_run(struct transfer *transfer,
    const struct transfer_request *request, struct transfer_answer *answer)
{
	/* A list that begins with this call's header and continues with the
	 * shared ones; nothing is copied. */
	struct curl_slist key = { request->key_header,
		transfer->setup->headers };

	*answer = (struct transfer_answer){
		.end = TRANSFER_NOMEM,
		.body = BUF_INIT(TRANSFER_ANSWER_MAX),
	};
	transfer->failed = false;
	SET(transfer, CURLOPT_ERRORBUFFER, answer->cause);
	SET(transfer, CURLOPT_WRITEDATA, answer);
	set_request(transfer, request,
	    key.data != NULL ? &key : transfer->setup->headers);
	set_url(transfer, request->path);
	if (!transfer->failed)
		perform(transfer, answer);
	forget_call(transfer);
}

void
transfer_answer_clear(struct transfer_answer *answer)
{
	buf_clear(&answer->body);
}

void
transfer_free(struct transfer *transfer)
{
	if (transfer == NULL)
		return;
	curl_easy_cleanup(transfer->easy);
	free(transfer);
}
