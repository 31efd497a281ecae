/*
 * Who visits the desk: a browser that holds a session's cookie, or one
 * that holds the cookie by which it is known when it signs in.  Both are 32
 * random bytes, of which the database knows the SHA-256 alone.
 *
 * Every form carries a token, NONCE.MAC: it fits one action and one cookie, so
 * that no other page and no other session can have made it, and NONCE is the
 * form's own number, so that what is sent twice is known as once.
 */
#ifndef TEAMDUES_DESK_VISIT_H
#define TEAMDUES_DESK_VISIT_H

#include <stdbool.h>

#include "app/app.h"
#include "base/crypto.h"
#include "web/multipart.h"
#include "web/response.h"

enum { VISIT_KEY_SIZE = 44, FORM_ID_SIZE = 40 };

struct visit {
	const struct app *app;
	const struct request *request;
	char session[VISIT_KEY_SIZE];	/* "": the browser holds none */
	char browser[VISIT_KEY_SIZE];
	bool is_new;			/* browser was made for this answer */
	char session_hash[SHA256_HEX_LEN + 1];	/* "" as session */
	char browser_hash[SHA256_HEX_LEN + 1];
	char nonce[FORM_ID_SIZE];	/* of this answer's forms */
	int forms;			/* so many of them so far */
	struct err failure;		/* of one of them; st ST_OK: none */
};

/* Reads the cookies, and makes what is missing.  ST_NOMEM, ST_BUG. */
NODISCARD enum status visit_begin(struct visit *visit, const struct app *app,
    const struct request *request, struct err *err);

/* For store's calls: NULL when there is no cookie of a session. */
const char *visit_session(const struct visit *visit);

/* Appends the hidden field of a form that is sent to action, a path. */
void visit_put_form(struct visit *visit, const char *action,
    struct buf *html);

/*
 * Reads a form that was sent to action and checks where it comes from, but not
 * its token.  ST_FOREIGN, ST_BAD_INPUT.  The caller clears params, after a
 * failure too.
 */
NODISCARD enum status visit_read_post(const struct visit *visit,
    struct params *params, struct err *err);

/* The same for a form that may bring a file; without one upload->field is NULL.
 * upload lies in params. */
NODISCARD enum status visit_read_upload(const struct visit *visit,
    struct params *params, struct upload *upload, struct err *err);

/*
 * Whether the token fits this visit and action; then form_id is the form's
 * number.  One that does not may come from a page that was open while its
 * session ended: what it asks for has to be shown again before it is done.
 */
NODISCARD enum status visit_check_form(const struct visit *visit,
    const char *action, const struct params *params,
    char form_id[FORM_ID_SIZE], struct err *err);

/*
 * The number of what a page is about, from the parameter name; noun is what it
 * is called there.  ST_NOT_FOUND: no number, as in an address that was cut off
 * on its way.
 */
NODISCARD enum status visit_read_id(const struct params *params,
    const char *name, const char *noun, int64_t *id, struct err *err);

/* Makes a key for a session that is to begin, and its hash. */
NODISCARD enum status visit_make_key(char key[VISIT_KEY_SIZE],
    char hash[SHA256_HEX_LEN + 1], struct err *err);

/* Sets the session's cookie, for twelve hours; "" takes it away. */
NODISCARD enum status visit_put_session(const char *key,
    struct response *response, struct err *err);

/* Sets the browser's own cookie where it was made for this answer. */
NODISCARD enum status visit_put_browser(const struct visit *visit,
    struct response *response, struct err *err);

#endif
