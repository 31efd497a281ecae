/*
 * Signing in by mail has no password that could be guessed, reused or leaked.
 * Whatever is asked for without a session gets this form.
 */
#include "desk/sign_in.h"

#include <string.h>

#include "desk/frame.h"

/* An address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the brackets). */
enum { ADDRESS_MAX = 254 };

const char sign_in_action[] = "/desk/sign-in";

/*
 * The fields of an act that was interrupted travel among those of the address:
 * the form's action in `kept`, each field behind the prefix `kept.`.
 */
static const char kept_action[] = "kept";
static const char kept_prefix[] = "kept.";

static const struct sign_in_kept nothing = { .action = NULL };

static void
put_hidden(struct buf *html, const char *prefix, const char *name,
    const char *value)
{
	buf_puts(html, "<input type=\"hidden\" name=\"");
	buf_puts(html, prefix);
	frame_put_text(html, name);
	buf_puts(html, "\" value=\"");
	frame_put_text(html, value);
	buf_puts(html, "\">\n");
}

/*
 * The fields that are kept, with prefix before their names.  `form` is a token
 * of the old session and is of no use in the next; `confirm` is left out so
 * that the act is shown again before it is done.
 */
static void
put_kept(struct buf *html, const struct sign_in_kept *kept,
    const char *prefix)
{
	size_t len = strlen(kept->prefix);

	for (size_t i = 0; i < kept->params->count; i++) {
		const struct param *p = &kept->params->item[i];

		if (strncmp(p->name, kept->prefix, len) != 0 ||
		    strcmp(p->name + len, "form") == 0 ||
		    strcmp(p->name + len, "confirm") == 0)
			continue;
		put_hidden(html, prefix, p->name + len, p->value);
	}
}

/*
 * A fault is tied to the field by aria-describedby, so that it is read aloud
 * when the field is reached; autofocus saves a step where the form is all there
 * is.
 */
static void
put_field(struct buf *html, const struct sign_in_fault *fault)
{
	buf_puts(html, "<div class=\"field\">\n"
	    "<label for=\"email\">Email address</label>\n");
	if (fault != NULL) {
		buf_puts(html, "<p class=\"fault\" id=\"email-fault\">");
		frame_put_text(html, fault->text);
		buf_puts(html, "</p>\n");
	}
	buf_putf(html, "<input id=\"email\" name=\"email\" type=\"email\" "
	    "autocomplete=\"email\" required maxlength=\"%d\" autofocus%s "
	    "value=\"", ADDRESS_MAX, fault != NULL
	    ? " aria-invalid=\"true\" aria-describedby=\"email-fault\"" : "");
	frame_put_text(html, fault != NULL ? fault->email : "");
	buf_puts(html, "\">\n</div>\n");
}

static void
put_form(struct buf *html, struct visit *visit,
    const struct sign_in_kept *kept, const struct sign_in_fault *fault)
{
	buf_putf(html, "<form method=\"post\" action=\"%s\">\n",
	    sign_in_action);
	visit_put_form(visit, sign_in_action, html);
	if (kept->action != NULL) {
		put_hidden(html, "", kept_action, kept->action);
		put_kept(html, kept, kept_prefix);
	}
	put_field(html, fault);
	buf_puts(html, "<button>Mail me a link</button>\n</form>\n");
}

/*
 * Whether another site or a mail program's window led here.  The session's
 * cookie is SameSite=Strict and is not sent along then, though the browser may
 * hold it; the same page, reloaded by itself, gets it.
 */
static bool
is_led_here(const struct visit *visit)
{
	const char *site = request_variable(visit->request,
	    "HTTP_SEC_FETCH_SITE");

	return visit->request->method == METHOD_GET && site != NULL &&
	    strcmp(site, "cross-site") == 0;
}

static enum status
answer_form(struct visit *visit, const struct sign_in_kept *kept,
    const struct sign_in_fault *fault, int http, struct response *response,
    struct err *err)
{
	const struct frame frame = {
		.visit = visit,
		.title = "Sign in",
		/*
		 * The reload is a request of our own page, which brings the
		 * cookie.  It is same-origin, so that it happens once.
		 */
		.elements = is_led_here(visit)
		    ? "<meta http-equiv=\"refresh\" content=\"0\">\n" : NULL,
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, &frame);
	buf_puts(&html, kept->action != NULL
	    ? "<p>Your session has ended. What you typed is kept: sign in, "
	    "and go on from there.</p>\n"
	    : "<p>Type your address, and we mail you a link that signs you "
	    "in.</p>\n");
	put_form(&html, visit, kept, fault);
	st = frame_end(&html, &frame, http, response, err);
	buf_clear(&html);
	return st;
}

enum status
sign_in_answer_fault(struct visit *visit, const struct sign_in_kept *kept,
    const struct sign_in_fault *fault, struct response *response,
    struct err *err)
{
	return answer_form(visit, kept, fault, fault->http, response, err);
}

/*
 * A 401 has to name a way to authenticate (RFC 9110, 15.5.2).  Browsers do not
 * know this name, so that they show our form and not a dialog of their own.
 * Today's own address answers 200: it is where one goes in order to sign in.
 */
static enum status
answer_stranger(struct visit *visit, const struct sign_in_kept *kept,
    struct response *response, struct err *err)
{
	enum status st;

	if (strcmp(visit->request->path, "/desk/") == 0)
		return answer_form(visit, kept, NULL, 200, response, err);
	st = response_header(response, "WWW-Authenticate", "Mail", err);
	return st != ST_OK ? st : answer_form(visit, kept, NULL, 401,
	    response, err);
}

/*
 * The button that sends the kept form again, for the user who comes back to
 * this page after the link has signed in another tab.
 */
static void
put_way_on(struct buf *html, const struct sign_in_kept *kept)
{
	buf_puts(html, "<p>Leave this page open. Once you are signed in, go on "
	    "here: what you typed is kept.</p>\n"
	    "<form method=\"post\" action=\"");
	frame_put_text(html, kept->action);
	buf_puts(html, "\">\n");
	put_kept(html, kept, "");
	buf_puts(html, "<button>Go on</button>\n</form>\n");
}

enum status
sign_in_answer_mailed(struct visit *visit, const char *email,
    const struct sign_in_kept *kept, struct response *response,
    struct err *err)
{
	const struct frame frame = { .visit = visit,
	    .title = "Look at your mail" };
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, &frame);
	buf_puts(&html, "<p>If <b>");
	frame_put_text(&html, email);
	buf_puts(&html, "</b> may sign in here, a mail with a link is on its "
	    "way. Open the link in this browser within ten minutes.</p>\n"
	    "<p>Has nothing come after a minute? Look among the unwanted "
	    "mails, or <a href=\"/desk/\">ask again</a>.</p>\n");
	if (kept->action != NULL)
		put_way_on(&html, kept);
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
answer_viewer(struct visit *visit, struct response *response,
    struct err *err)
{
	return frame_answer(&(const struct frame){ .visit = visit,
	    .title = "You may look, but not change anything" },
	    &(const struct frame_words){
		.paragraphs = (const char *const[]){ "Nothing was changed. "
		    "Whoever looks after the club's server can make you a "
		    "treasurer.", NULL },
		.link = "/desk/",
		.link_text = "Back to Today",
	    }, 403, response, err);
}

/* A script gets the status as it is: a form would not help it. */
enum status
sign_in_failure(struct visit *visit, const struct sign_in_kept *kept,
    enum status st, struct response *response, struct err *err)
{
	if (!visit->request->wants_html)
		return st;
	if (st == ST_UNAUTHENTICATED)
		return answer_stranger(visit, kept != NULL ? kept : &nothing,
		    response, err);
	if (st == ST_DENIED)
		return answer_viewer(visit, response, err);
	return st;
}

/*
 * The action comes from a hidden field, which anybody can write: only letters,
 * "-" and "/" below /desk/, so that it can lead nowhere else.
 */
bool
sign_in_read_kept(const struct params *params, struct sign_in_kept *kept)
{
	const char *action = params_text(params, kept_action);

	*kept = (struct sign_in_kept){ .action = action, .params = params,
	    .prefix = kept_prefix };
	return action == NULL || (strncmp(action, "/desk/", 6) == 0 &&
	    action[strspn(action, "abcdefghijklmnopqrstuvwxyz/-")] == '\0');
}
