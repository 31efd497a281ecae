/*
 * What a failed request is answered.  The status says what failed (status.c);
 * this table says it to the family, and what to do next: whether something was
 * charged comes first, since that is what they fear.
 */
#include "web/response_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "web/page.h"

enum { PAGE_MAX = 16 * 1024, LINE_MAX_KEPT = 128 };

struct advice {
	const char *detail;	/* NULL: err->msg is fit to be shown */
	const char *next;	/* what a person does about it */
};

#define OUR_FAULT "Something went wrong on our side, and nothing was charged " \
	"by this attempt."
#define TRY_AGAIN "Please try again in a minute."
#define ASK_CLUB "If you came here by a link that the club sent you, " \
	"reply to that email and ask for a new one."

static const struct advice advices[ST_MAX] = {
	[ST_BAD_INPUT] = { NULL, "Please go back, check what you entered and "
	    "try again. " ASK_CLUB },
	[ST_UNAUTHENTICATED] = { "A valid access token is needed.",
	    "This address is for the club's own staff." },
	[ST_DENIED] = { "A part of this link is missing, or it was changed on "
	    "its way to you.", "Nothing was charged. Open the link in the "
	    "club's own email, whole to its very last letter; if it still "
	    "leads here, ask the club for a new link." },
	[ST_EXPIRED] = { "Payment links work for a limited time, and that of "
	    "this one is over.", "Nothing was charged. If you still owe this, "
	    "reply to the email that brought it, and ask the club for a new "
	    "link." },
	[ST_FOREIGN] = { "This form was filled in on another site than ours.",
	    "Nothing was ordered or charged. Please open the club's own page "
	    "and fill in the form there." },
	[ST_NOT_FOUND] = { NULL, ASK_CLUB },
	[ST_METHOD] = { NULL, "Please go back and try again." },
	[ST_CONFLICT] = { NULL, "If this surprises you, please ask the club." },
	[ST_GONE] = { NULL, "If this surprises you, please ask the club." },
	[ST_TOO_LARGE] = { "What was sent is too large.",
	    "Please go back and send less." },
	[ST_DUPLICATE] = { "This exists already.",
	    "If this surprises you, please ask the club." },
	[ST_PREFETCH] = { "This page was asked for ahead of time.",
	    "Please open the link again." },
	[ST_UPSTREAM] = { "The payment service did not accept the request.",
	    "Nothing was charged by this attempt. Please tell the club." },
	[ST_UPSTREAM_BUSY] = { "The payment service cannot be reached at the "
	    "moment.", "Nothing was charged by this attempt. " TRY_AGAIN },
	[ST_DB] = { OUR_FAULT, "Wait a minute, then open the link again. If "
	    "you had already paid, you need not pay again: your payment is "
	    "safe with Stripe, and the club is told as soon as we are back." },
	[ST_DB_BUSY] = { OUR_FAULT, TRY_AGAIN },
	[ST_NOMEM] = { OUR_FAULT, TRY_AGAIN },
	[ST_CONFIG] = { OUR_FAULT, TRY_AGAIN },
	[ST_BUG] = { OUR_FAULT, TRY_AGAIN },
};

#define LOOK_FIRST "Wait a minute, then open the page again. If you had just " \
	"sent a form, look first whether it was done; sent again by " \
	"reloading, it is done once at most. Still this page after a quarter " \
	"of an hour? Tell whoever looks after the club's server."

/*
 * The same for who keeps the books: whether an act of theirs was done, and
 * whether money that comes meanwhile is lost.  What is not here is as above.
 */
static const struct advice staff_advices[ST_MAX] = {
	[ST_BAD_INPUT] = { NULL, "Nothing was changed. Please go back, check "
	    "what you entered and try again." },
	[ST_FOREIGN] = { "This form was filled in on another site than ours.",
	    "Nothing was changed. Please open the desk and fill in the form "
	    "there." },
	[ST_NOT_FOUND] = { NULL, "Please go back to the desk and look for it "
	    "there." },
	[ST_TOO_LARGE] = { "What was sent is too large.",
	    "Nothing was changed. Please go back and send less." },
	[ST_DB] = { "The club's books cannot be opened at the moment. Payments "
	    "that come meanwhile are safe with Stripe, and are in the books "
	    "soon after we are back.", LOOK_FIRST },
	[ST_DB_BUSY] = { "The club's books are busy at the moment.",
	    LOOK_FIRST },
	[ST_NOMEM] = { "Something went wrong on our side.", LOOK_FIRST },
	[ST_CONFIG] = { "Something went wrong on our side.", LOOK_FIRST },
	[ST_BUG] = { "Something went wrong on our side.", LOOK_FIRST },
};

static const struct advice *
advice_of(const struct request *request, enum status st)
{
	if (st <= ST_OK || st >= ST_MAX || advices[st].next == NULL)
		st = ST_BUG;
	return request->is_for_staff && staff_advices[st].next != NULL
	    ? &staff_advices[st] : &advices[st];
}

/* The sentence for the outside.  A message that was cut in the middle of a
 * character is not shown; the title is shown instead. */
static const char *
detail_of(const struct request *request, const struct err *err)
{
	const struct advice *advice = advice_of(request, err->st);

	if (advice->detail != NULL)
		return advice->detail;
	if (err->msg[0] == '\0' || !utf8_is_valid(err->msg, strlen(err->msg)))
		return status_info(err->st)->title;
	return err->msg;
}

/* Our messages begin in lower case and end without a full stop, as a log has
 * them. */
static void
put_sentence(struct buf *text, const char *message)
{
	char first = message[0];

	buf_putc(text, first >= 'a' && first <= 'z' ? (char)(first & ~0x20)
	    : first);
	buf_puts(text, message + 1);
	if (message[strlen(message) - 1] != '.')
		buf_putc(text, '.');
}

static enum status
page_build(struct response *response, const struct request *request,
    const struct err *err, struct err *failure)
{
	const struct status_info *info = status_info(err->st);
	char sentence_text[ERR_MSG_MAX + 1] = "";
	char reference_text[LINE_MAX_KEPT + 1] = "";
	struct buf sentence = BUF_FIXED(sentence_text);
	struct buf reference = BUF_FIXED(reference_text);
	struct buf html = BUF_INIT(PAGE_MAX);
	enum status st;

	put_sentence(&sentence, detail_of(request, err));
	buf_puts(&reference, "Should you write to us, please mention: ");
	buf_puts(&reference, request->reference);
	page_put(&html, &(const struct page){
		.site_name = request_variable(request, "SITE_NAME"),
		.title = info->title,
		.mark = err->st == ST_GONE ? PAGE_MARK_NOTE
		    : PAGE_MARK_ALERT,
		.paragraphs = (const char *const[]){
			buf_str(&sentence), advice_of(request, err->st)->next,
			NULL,
		},
		.link = request->is_for_staff ? "/desk/" : NULL,
		.link_text = "To the desk",
		.contact = request->contact,
		.note = buf_str(&reference),
		.is_for_staff = request->is_for_staff,
	});
	st = response_html(response, info->http, &html, failure);
	buf_clear(&html);
	return st;
}

/* RFC 9457: with the type about:blank the title is the HTTP status's own;
 * programs compare our `code`. */
static enum status
problem_build(struct response *response, const struct request *request,
    const struct err *err, struct err *failure)
{
	const struct status_info *info = status_info(err->st);
	struct json_out json = response_json_begin(response);

	json_out_text(&json, "type", "about:blank");
	json_out_text(&json, "title", response_reason(info->http));
	json_out_i64(&json, "status", info->http);
	json_out_text(&json, "detail", detail_of(request, err));
	json_out_text(&json, "code", info->name);
	return response_json_end_as(response, info->http,
	    "application/problem+json", &json, failure);
}

static enum status
headers_build(struct response *response, const struct err *err,
    struct err *failure)
{
	int retry_after_s = status_info(err->st)->retry_after_s;
	char seconds_text[LINE_MAX_KEPT + 1] = "";
	struct buf seconds = BUF_FIXED(seconds_text);
	enum status st = ST_OK;

	if (retry_after_s > 0) {
		buf_put_i64(&seconds, retry_after_s);
		st = response_header(response, "Retry-After",
		    buf_str(&seconds), failure);
	}
	/* RFC 9110, section 15.5.2: a 401 must have a challenge. */
	if (st == ST_OK && err->st == ST_UNAUTHENTICATED)
		st = response_header(response, "WWW-Authenticate", "Bearer",
		    failure);
	return st;
}

/* Empties the response.  An Allow header stays: the router has added it, and a
 * 405 must have one (RFC 9110, section 15.5.6). */
static void
response_restart(struct response *response)
{
	char allow_text[LINE_MAX_KEPT + 1] = "";
	struct buf allow = BUF_FIXED(allow_text);
	const char *line = response_find_header(response, "Allow");

	if (line != NULL)
		buf_put(&allow, line, strcspn(line, "\n") + 1);
	response->http = 0;
	buf_reset(&response->headers);
	buf_reset(&response->body);
	if (line != NULL && !allow.failed)
		buf_put(&response->headers, allow.data, allow.len);
}

void
response_error(struct response *response, const struct request *request,
    const struct err *err)
{
	struct err failure = { ST_OK, "" };
	enum status st;

	response_restart(response);
	st = headers_build(response, err, &failure);
	if (st == ST_OK && request->wants_html)
		st = page_build(response, request, err, &failure);
	else if (st == ST_OK)
		st = problem_build(response, request, err, &failure);
	if (st == ST_OK)
		return;
	/* No memory for any answer: without headers the gateway sends a fixed
	 * text (response_last_head). */
	response_clear(response);
	response->http = status_info(ST_NOMEM)->http;
}
