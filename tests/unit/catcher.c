#include "catcher.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

enum { ANSWER_MAX = 16 * 1024 * 1024, LINE_SIZE = 256 };

struct catcher {
	pid_t pid;
	FILE *out;
	char control[LINE_SIZE];
	char certificate[LINE_SIZE];
	char url[LINE_SIZE];
};

static void
become_catcher(int out, const char *setting)
{
	/* A test that fails does not stop it. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	execlp("env", "env", setting != NULL ? setting : "CATCHER_PORT=0",
	    "node", "tests/smtp-catcher/server.js", (char *)NULL);
	_exit(127);
}

/* What stands behind word in the line; true when the line begins with it. */
static bool
read_word(const char *line, const char *word, char value[LINE_SIZE])
{
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0)
		return false;
	memcpy(value, line + len, strlen(line) - len + 1);
	value[strcspn(value, "\n")] = '\0';
	return true;
}

struct catcher *
catcher_start(const char *setting)
{
	struct catcher *catcher = calloc(1, sizeof(*catcher));
	char line[LINE_SIZE];
	int ends[2];

	assert_non_null(catcher);
	assert_int_equal(pipe(ends), 0);
	catcher->pid = fork();
	if (catcher->pid == 0) {
		close(ends[0]);
		become_catcher(ends[1], setting);
	}
	close(ends[1]);
	catcher->out = fdopen(ends[0], "r");
	assert_non_null(catcher->out);
	while (catcher->url[0] == '\0') {
		assert_non_null(fgets(line, sizeof(line), catcher->out));
		read_word(line, "control on ", catcher->control);
		read_word(line, "certificate ", catcher->certificate);
		read_word(line, "catcher listening on ", catcher->url);
	}
	return catcher;
}

const char *
catcher_url(const struct catcher *catcher)
{
	return catcher->url;
}

const char *
catcher_certificate(const struct catcher *catcher)
{
	return catcher->certificate;
}

static size_t
receive(char *bytes, size_t size, size_t count, void *answer)
{
	buf_put(answer, bytes, size * count);
	return size * count;
}

/* body NULL: none. */
static struct json_object *
call(const struct catcher *catcher, const char *method, const char *path,
    const char *body)
{
	CURL *easy = curl_easy_init();
	struct buf url = BUF_INIT(LINE_SIZE * 2);
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct json_object *json;
	long status = 0;

	buf_puts(&url, catcher->control);
	buf_puts(&url, path);
	curl_easy_setopt(easy, CURLOPT_URL, buf_str(&url));
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
	if (body != NULL)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	assert_int_equal(curl_easy_perform(easy), CURLE_OK);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		fail_msg("%s %s: %s", method, path, buf_str(&answer));
	json = json_tokener_parse(buf_str(&answer));
	assert_non_null(json);
	buf_clear(&answer);
	buf_clear(&url);
	curl_easy_cleanup(easy);
	return json;
}

struct json_object *
catcher_get(const struct catcher *catcher, const char *path)
{
	return call(catcher, "GET", path, NULL);
}

void
catcher_expect(const struct catcher *catcher, const char *fault)
{
	json_object_put(call(catcher, "DELETE", "/messages", NULL));
	json_object_put(call(catcher, "DELETE", "/faults", NULL));
	if (fault != NULL)
		json_object_put(call(catcher, "POST", "/faults", fault));
}

void
catcher_add(const struct catcher *catcher, const char *fault)
{
	json_object_put(call(catcher, "POST", "/faults", fault));
}

void
catcher_stop(struct catcher *catcher)
{
	int status = 0;

	kill(catcher->pid, SIGTERM);
	assert_int_equal(waitpid(catcher->pid, &status, 0), catcher->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	fclose(catcher->out);
	free(catcher);
}
