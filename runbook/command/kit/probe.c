/*
 * Uses libcurl directly and not lib/stripe: it needs the certificate and the
 * Date header, and sends no key.  Redirects are not followed, so that an answer
 * is the asked site's own.
 */
#include "probe.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/version.h"

/* Shorter than a person's patience, longer than a slow TLS handshake. */
enum { CONNECT_TIMEOUT_MS = 5000, TIMEOUT_MS = 10000 };

static bool
set_options(CURL *curl, const char *url, const char *ca_file, char *reason)
{
	bool ok = true;

	ok = ok && curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK;
	/*
	 * No proxy from the environment: it is the straight way that is tested.
	 */
	ok = ok && curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_ERRORBUFFER,
	    reason) == CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
	    "http,https") == CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)CONNECT_TIMEOUT_MS) == CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
	    (long)TIMEOUT_MS) == CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_USERAGENT,
	    "teamdues/" TEAMDUES_VERSION) == CURLE_OK;
	if (ca_file != NULL)
		ok = ok && curl_easy_setopt(curl, CURLOPT_CAINFO,
		    ca_file) == CURLE_OK;
	return ok;
}

/*
 * 0 for a text that is no date: the Date header and the certificate are the
 * other side's, and -1 is libcurl's own word for it.
 */
static int64_t
parse_date(const char *text)
{
	time_t at = curl_getdate(text, NULL);

	return at > 0 ? (int64_t)at : 0;
}

/*
 * libcurl gives each certificate of the chain as lines "Name:value", the site's
 * own first.  Its end is what matters: an intermediate is renewed by the
 * authority.
 */
static int64_t
certificate_end(CURL *curl)
{
	static const char name[] = "Expire date:";
	struct curl_certinfo *info = NULL;

	if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &info) != CURLE_OK ||
	    info == NULL || info->num_of_certs < 1)
		return 0;
	for (struct curl_slist *line = info->certinfo[0]; line != NULL;
	    line = line->next)
		if (strncasecmp(line->data, name, sizeof(name) - 1) == 0)
			return parse_date(line->data + sizeof(name) - 1);
	return 0;
}

static void
read_answer(CURL *curl, struct probe *probe)
{
	struct curl_header *date = NULL;
	long http = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
	probe->http = (int)http;
	probe->trusted_until = certificate_end(curl);
	if (curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1, &date) ==
	    CURLHE_OK)
		probe->date = parse_date(date->value);
}

static enum status
perform(CURL *curl, const char *url, const char *ca_file,
    struct probe *probe, struct err *err)
{
	char reason[CURL_ERROR_SIZE] = "";
	CURLcode code;

	*probe = (struct probe){ 0 };
	if (!set_options(curl, url, ca_file, reason))
		return err_set(err, ST_NOMEM, "no memory for a request");
	code = curl_easy_perform(curl);
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	if (code == CURLE_OK) {
		read_answer(curl, probe);
		return ST_OK;
	}
	probe->is_distrusted = code == CURLE_PEER_FAILED_VERIFICATION;
	return err_set(err, ST_UPSTREAM_BUSY, "%s: %s", url,
	    reason[0] != '\0' ? reason : curl_easy_strerror(code));
}

struct probe_line {
	CURL *curl;
};

struct probe_line *
probe_line_new(void)
{
	struct probe_line *line = malloc(sizeof(*line));

	if (line != NULL)
		line->curl = curl_easy_init();
	if (line == NULL || line->curl != NULL)
		return line;
	free(line);
	return NULL;
}

void
probe_line_free(struct probe_line *line)
{
	if (line != NULL)
		curl_easy_cleanup(line->curl);
	free(line);
}

enum status
probe_url(struct probe_line *line, const char *url, const char *ca_file,
    struct probe *probe, struct err *err)
{
	CURL *curl = line != NULL ? line->curl : curl_easy_init();
	enum status st;

	if (curl == NULL || curl_easy_setopt(curl, CURLOPT_NOBODY, 1L) !=
	    CURLE_OK)
		st = err_set(err, ST_NOMEM, "no memory for a request");
	else
		st = perform(curl, url, ca_file, probe, err);
	if (line == NULL)
		curl_easy_cleanup(curl);
	return st;
}

/*
 * A curl_write_callback: without it libcurl would write the body to standard
 * output, among the command's own lines.
 */
static size_t
forget(const char *bytes, size_t size, size_t count, const void *unused)
{
	(void)bytes;
	(void)unused;
	return size * count;
}

static bool
set_post(CURL *curl, const struct probe_post *post, struct curl_slist *headers)
{
	bool ok = headers != NULL;

	ok = ok && curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body) ==
	    CURLE_OK;
	ok = ok && curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) ==
	    CURLE_OK;
	return ok && curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, forget) ==
	    CURLE_OK;
}

enum status
probe_send(const struct probe_post *post, const char *ca_file,
    struct probe *probe, struct err *err)
{
	struct curl_slist *headers = curl_slist_append(NULL,
	    "Content-Type: application/json");
	struct curl_slist *longer = curl_slist_append(headers, post->header);
	CURL *curl = curl_easy_init();
	enum status st;

	/*
	 * When the second append failed, longer is NULL and headers still holds
	 * the first; otherwise both name one list, which is freed once.
	 */
	if (curl == NULL || !set_post(curl, post, longer))
		st = err_set(err, ST_NOMEM, "no memory for a request");
	else
		st = perform(curl, post->url, ca_file, probe, err);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return st;
}
