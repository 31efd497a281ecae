/*
 * Cookies hold the keys, the database their hashes: who reads the database
 * cannot sign in with what is there.  A form's token is a MAC under the
 * cookie's key, so that nothing has to be stored for a form that is never sent.
 */
#include "desk/visit.h"

#include <string.h>

#include "endpoint/form.h"

/*
 * 256 bits for keys, which must not be guessed; 128 for a form's number, which
 * only must not repeat.
 */
enum { KEY_BYTES = 32, NONCE_BYTES = 16, COOKIE_MAX = 256, TOKEN_SIZE = 96 };

/*
 * __Host- (RFC 6265bis, 4.1.3): neither another host of the same domain nor
 * anything over plain HTTP can set these cookies.
 */
static const char session_cookie[] = "__Host-teamdues";
static const char browser_cookie[] = "__Host-teamdues-asked";

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789-_";

/*
 * The value of a cookie, if it has the form of our keys; else "".  The first of
 * its name decides: with __Host- there is no second.
 */
static void
read_cookie(const struct request *request, const char *name,
    char key[VISIT_KEY_SIZE])
{
	const char *at = request_variable(request, "HTTP_COOKIE");
	size_t len = strlen(name);

	key[0] = '\0';
	for (; at != NULL; at = strchr(at, ';')) {
		at += strspn(at, "; ");
		if (strncmp(at, name, len) != 0 || at[len] != '=')
			continue;
		at += len + 1;
		len = strcspn(at, "; ");
		if (len == VISIT_KEY_SIZE - 1 && strspn(at, base64url) >= len) {
			memcpy(key, at, len);
			key[len] = '\0';
		}
		return;
	}
}

/* No key, no hash: "" for "". */
static enum status
hash_key(const char *key, char hash[SHA256_HEX_LEN + 1], struct err *err)
{
	hash[0] = '\0';
	return key[0] == '\0' ? ST_OK
	    : crypto_sha256_hex(key, strlen(key), hash, err);
}

enum status
visit_read_id(const struct params *params, const char *name,
    const char *noun, int64_t *id, struct err *err)
{
	struct err unused;

	return params_i64(params, name, INT64_MIN, INT64_MAX, id, &unused)
	    == ST_OK ? ST_OK : err_set(err, ST_NOT_FOUND,
	    "this address names no %s", noun);
}

enum status
visit_make_key(char key[VISIT_KEY_SIZE], char hash[SHA256_HEX_LEN + 1],
    struct err *err)
{
	unsigned char random[KEY_BYTES];
	struct buf text = buf_over(key, VISIT_KEY_SIZE);
	enum status st = crypto_random(random, sizeof(random), err);

	if (st != ST_OK)
		return st;
	buf_put_base64url(&text, random, sizeof(random));
	return hash_key(key, hash, err);
}

/*
 * The browser's own key exists before anybody signs in: the link that is mailed
 * works only in the browser that asked for it.
 */
enum status
visit_begin(struct visit *visit, const struct app *app,
    const struct request *request, struct err *err)
{
	unsigned char random[NONCE_BYTES];
	struct buf nonce = BUF_FIXED(visit->nonce);
	enum status st;

	*visit = (struct visit){ .app = app, .request = request };
	read_cookie(request, session_cookie, visit->session);
	read_cookie(request, browser_cookie, visit->browser);
	st = crypto_random(random, sizeof(random), err);
	if (st != ST_OK)
		return st;
	buf_put_base64url(&nonce, random, sizeof(random));
	st = hash_key(visit->session, visit->session_hash, err);
	if (st != ST_OK)
		return st;
	if (visit->browser[0] != '\0')
		return hash_key(visit->browser, visit->browser_hash, err);
	visit->is_new = true;
	return visit_make_key(visit->browser, visit->browser_hash, err);
}

const char *
visit_session(const struct visit *visit)
{
	return visit->session[0] != '\0' ? visit->session_hash : NULL;
}

/*
 * Appends the MAC of a form's number.  Under the session's key when there is
 * one, so that a form ends with its session; before, under the browser's.
 * "form ", the action and a blank keep the parts apart, as neither holds a
 * blank.
 */
static enum status
put_mac(const struct visit *visit, const char *action, struct bytes nonce,
    struct buf *token, struct err *err)
{
	const char *held = visit->session[0] != '\0' ? visit->session
	    : visit->browser;
	unsigned char key_bytes[VISIT_KEY_SIZE];
	const struct secret key = { key_bytes, strlen(held) };
	unsigned char mac[SHA256_LEN];
	enum status st;

	memcpy(key_bytes, held, key.len);
	st = crypto_hmac_sha256(&key, (const struct bytes[]){
	    { "form ", 5 }, { action, strlen(action) }, { " ", 1 }, nonce }, 4,
	    mac, err);
	if (st != ST_OK)
		return st;
	buf_put_base64url(token, mac, sizeof(mac));
	return buf_check(token, "the form's token", err);
}

void
visit_put_form(struct visit *visit, const char *action, struct buf *html)
{
	char text[TOKEN_SIZE];
	struct buf token = BUF_FIXED(text);
	struct err err;

	/*
	 * Forms of one page differ by their counter: two of them are two
	 * requests.
	 */
	buf_putf(&token, "%s-%d", visit->nonce, visit->forms++);
	struct bytes nonce = { text, token.len };
	buf_putc(&token, '.');
	if (put_mac(visit, action, nonce, &token, &err) != ST_OK) {
		visit->failure = err;
		return;
	}
	buf_puts(html, "<input type=\"hidden\" name=\"form\" value=\"");
	buf_puts(html, text);
	buf_puts(html, "\">\n");
}

enum status
visit_read_post(const struct visit *visit, struct params *params,
    struct err *err)
{
	return form_open(visit->app, visit->request, params, err);
}

/*
 * Without a file the same form may come as any other: the page that keeps what
 * was typed while somebody signs in sends it so.
 */
enum status
visit_read_upload(const struct visit *visit, struct params *params,
    struct upload *upload, struct err *err)
{
	const struct request *request = visit->request;

	*upload = (struct upload){ .field = NULL };
	if (!request_is_type(request, "multipart/form-data"))
		return visit_read_post(visit, params, err);
	if (request_is_foreign(request, config_text(&visit->app->config,
	    SETTING_SITE_URL)))
		return err_set(err, ST_FOREIGN, "a form of another site");
	return multipart_parse(request->content_type, &request->body, params,
	    upload, err);
}

enum status
visit_check_form(const struct visit *visit, const char *action,
    const struct params *params, char form_id[FORM_ID_SIZE],
    struct err *err)
{
	const char *sent = params_text_or_empty(params, "form");
	const char *dot = strchr(sent, '.');
	char text[TOKEN_SIZE];
	struct buf token = BUF_FIXED(text);
	size_t len;
	enum status st;

	if (dot == NULL || dot - sent >= FORM_ID_SIZE)
		return err_set(err, ST_DENIED, "no form of ours");
	len = (size_t)(dot - sent);
	buf_put(&token, sent, len + 1);
	st = put_mac(visit, action, (struct bytes){ sent, len }, &token, err);
	if (st != ST_OK)
		return st;
	if (!crypto_equal(token.data, token.len, sent, strlen(sent)))
		return err_set(err, ST_DENIED, "no form of ours");
	memcpy(form_id, sent, len);
	form_id[len] = '\0';
	return ST_OK;
}

static enum status
put_cookie(struct response *response, const char *name, const char *key,
    const char *attributes, struct err *err)
{
	char text[COOKIE_MAX];
	struct buf value = BUF_FIXED(text);

	buf_putf(&value, "%s=%s; Path=/; Secure; HttpOnly; %s", name, key,
	    attributes);
	return response_header(response, "Set-Cookie", text, err);
}

/*
 * Strict: a link on another site never arrives signed in.  Twelve hours, as
 * long as the database keeps a session (desk_find_user).
 */
enum status
visit_put_session(const char *key, struct response *response,
    struct err *err)
{
	return put_cookie(response, session_cookie, key, key[0] != '\0'
	    ? "SameSite=Strict; Max-Age=43200"
	    : "SameSite=Strict; Max-Age=0", err);
}

/*
 * Lax, and not Strict: the cookie has to come along when the link in a mail
 * program's window is followed.  A year: it only says that this browser has
 * been here before, and signs nobody in.
 */
enum status
visit_put_browser(const struct visit *visit, struct response *response,
    struct err *err)
{
	if (!visit->is_new)
		return ST_OK;
	return put_cookie(response, browser_cookie, visit->browser,
	    "SameSite=Lax; Max-Age=31536000", err);
}
