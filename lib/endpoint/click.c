/*
 * The order of the checks is fixed: signature and time first, so that whoever
 * changed a link learns nothing of its parameters; then the parameters; then
 * the order, whose word must be the link's.  Every answer is a redirect or a
 * page, as a family reads it in a browser.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/signed_url.h"
#include "billing/checkout.h"
#include "billing/checkout_body.h"
#include "endpoint/click.h"
#include "endpoint/link_cookie.h"
#include "endpoint/waiting_page.h"
#include "web/page.h"

enum { PAGE_MAX = 16 * 1024, NAMES_MAX = 8, LINE_MAX_KEPT = 2048,
	MONEY_MAX = 64 };

enum status
click_open(const struct app *app, const struct request *request,
    const char *const *names, struct params *params, struct err *err)
{
	const char *accepted[NAMES_MAX + 4] = { NULL };
	size_t count = 0;
	size_t len;
	enum status st;

	memset(params, 0, sizeof(*params));
	st = signed_url_verify(&app->config, request->target,
	    clock_now_s(), &len, err);
	if (st != ST_OK)
		return st;
	/*
	 * len is that of the signed part of the target, and the query is the
	 * target's end: what comes after the signature is not read.
	 */
	len -= (size_t)(request->query - request->target);
	while (count < NAMES_MAX && names[count] != NULL) {
		accepted[count] = names[count];
		count++;
	}
	accepted[count] = "expires";
	accepted[count + 1] = "signature";
	accepted[count + 2] = "word";
	st = params_parse(params, request->query, len, err);
	if (st == ST_OK)
		st = params_accept(params, accepted, err);
	return st;
}

/*
 * "Spring Cup for Jo Roe": whoever is shown it followed a signed link.  U+2068
 * and U+2069 isolate the name, which may be written from right to left and
 * would else reorder the sentence.
 */
static void
put_subject(struct buf *b, const struct checkout_order *order)
{
	checkout_put_sold(b, order);
	buf_putf(b, " for \u2068%s\u2069", order->player_name);
}

/* What is left to pay, or the whole amount where nothing is left. */
static void
put_about(struct buf *b, const struct checkout_order *order)
{
	put_subject(b, order);
	buf_puts(b, ", ");
	money_put(b, order->left_cents > 0 ? order->left_cents
	    : order->amount_cents, order->currency);
}

/* What a page says of a click that does not lead on to a payment. */
struct told {
	enum page_mark mark;
	const char *title;
	const char *text;
};

/*
 * about is the order whose subject the page names; NULL where whoever asks has
 * not proven that it may be known.
 */
static enum status
answer_page(const struct app *app, struct response *response,
    const struct told *told, const struct checkout_order *about,
    struct err *err)
{
	struct buf html = BUF_INIT(PAGE_MAX);
	char storage[LINE_MAX_KEPT] = "";
	struct buf subject = BUF_FIXED(storage);
	enum status st;

	if (about != NULL)
		put_about(&subject, about);
	page_put(&html, &(const struct page){
		.site_name = config_text(&app->config, SETTING_CLUB_NAME),
		.title = told->title,
		.mark = told->mark,
		.paragraphs = (const char *const[]){ told->text,
		    about != NULL ? buf_str(&subject) : NULL, NULL },
		.contact = about != NULL ? config_text(&app->config,
		    SETTING_CLUB_CONTACT) : NULL,
	});
	st = response_html(response, 200, &html, err);
	buf_clear(&html);
	return st;
}

/*
 * To a static page, which may be reloaded and kept without asking a program
 * anything; the cookie tells it what was paid.
 */
static enum status
answer_paid(const struct app *app, const struct checkout *checkout,
    struct response *response, struct err *err)
{
	struct buf url = BUF_INIT(STORE_URL_SIZE);
	enum status st;

	buf_puts(&url, config_text(&app->config, SETTING_SITE_URL));
	buf_puts(&url, "/paid.html");
	st = buf_check(&url, "address of the paid page", err);
	if (st == ST_OK)
		st = link_cookie_put(checkout, response, err);
	if (st == ST_OK)
		st = response_redirect(response, buf_str(&url), err);
	buf_clear(&url);
	return st;
}

/*
 * The cookie is set before the family leaves for Stripe: paid.html, where
 * Stripe sends it back, reads there what the payment was for.
 */
static enum status
answer_go(const struct checkout *checkout, struct response *response,
    struct err *err)
{
	enum status st = link_cookie_put(checkout, response, err);

	if (st != ST_OK)
		return st;
	return response_redirect(response, checkout->order.session.url, err);
}

/* A waived order may have been paid in part: then only the rest was waived. */
static enum status
answer_waived(const struct app *app,
    const struct checkout_order *order, struct response *response,
    struct err *err)
{
	char storage[LINE_MAX_KEPT];
	struct buf text = BUF_FIXED(storage);

	if (order->paid_cents > 0) {
		buf_puts(&text, "You have paid ");
		money_put(&text, order->paid_cents, order->currency);
		buf_puts(&text, ", and the club has waived the rest.");
	} else {
		buf_puts(&text, "The club has waived this payment.");
	}
	buf_puts(&text, " You need not do anything.");
	return answer_page(app, response, &(const struct told){
		PAGE_MARK_TICK, "Nothing is owed", storage }, order, err);
}

/* 410 with the reason, since the link will not work again. */
static enum status
answer_closed(const struct app *app,
    const struct checkout_order *order, struct err *err)
{
	const char *club = config_text(&app->config, SETTING_CLUB_NAME);
	char storage[LINE_MAX_KEPT];
	struct buf subject = BUF_FIXED(storage);
	char amount_text[MONEY_MAX];
	struct buf amount = BUF_FIXED(amount_text);

	put_subject(&subject, order);
	money_put(&amount, order->refunded_cents, order->currency);
	if (order->status == ORDER_REFUNDED)
		return err_set(err, ST_GONE, "%s has been given back to you: "
		    "%s. Nothing is to be paid to %s for it", amount_text,
		    storage, club);
	if (order->status == ORDER_CHARGED_BACK)
		return err_set(err, ST_GONE, "the bank took the payment back: "
		    "%s. Please ask %s what is to be done", storage, club);
	return err_set(err, ST_GONE, "this is %s: %s. Nothing is to be paid to "
	    "%s for it", order_status_names[order->status], storage, club);
}

static const struct told on_its_way = {
	PAGE_MARK_CLOCK, "Your bank payment is on its way",
	"It can take a few days until your bank confirms it. You need not do "
	"anything, and please do not pay again.",
};

static const struct told under_review = {
	PAGE_MARK_CLOCK, "We are looking at your payment",
	"A payment for this has reached us, and a person at the club checks "
	"it. Please do not pay again.",
};

static enum status
answer_outcome(const struct app *app, const struct click *click,
    const struct checkout *checkout, struct response *response,
    struct err *err)
{
	switch (checkout->outcome) {
	case CHECKOUT_GO:
		return answer_go(checkout, response, err);
	case CHECKOUT_PAID:
		return answer_paid(app, checkout, response, err);
	case CHECKOUT_PROCESSING:
		return answer_page(app, response, &on_its_way,
		    &checkout->order, err);
	case CHECKOUT_WAIVED:
		return answer_waived(app, &checkout->order, response, err);
	case CHECKOUT_REVIEW:
		/*
		 * Who registers on the public form has proven nothing: that a
		 * payment waits may be told, its amount and its payer's address
		 * may not.
		 */
		if (!click->is_unproven)
			return waiting_page_answer(app, click->request,
			    click->params, &checkout->order, response, err);
		return answer_page(app, response, &under_review, NULL, err);
	case CHECKOUT_CLOSED:
		break;
	}
	return answer_closed(app, &checkout->order, err);
}

enum status
click_preview(const struct app *app, struct response *response,
    struct err *err)
{
	return answer_page(app, response, &(const struct told){
		PAGE_MARK_NOTE, "A payment link",
		"Open this link in your browser to pay." }, NULL, err);
}

/*
 * An unproven click is stopped only by a payment that is under review for this
 * very order: to be stopped by the family's other payments would tell a
 * stranger of them.  The button counts only behind a signature.
 */
static enum checkout_care
care_of(const struct click *click)
{
	if (click->is_unproven)
		return CHECKOUT_CARE_REVIEW;
	return waiting_page_pays_anyway(click->request, click->params)
	    ? CHECKOUT_PAY_ANYWAY : CHECKOUT_CARE_ALL;
}

enum status
click_answer(struct app *app, const struct click *click,
    struct response *response, struct err *err)
{
	struct checkout checkout;
	enum status st;

	/*
	 * Before anything is read or made: programs that look at links in mails
	 * must not cause a session at Stripe.
	 */
	if (click->request->is_preview)
		return click_preview(app, response, err);
	st = checkout_start(app, &(const struct checkout_click){
		.order_id = click->order_id,
		.word = click->word,
		.care = care_of(click),
		.deadline_ms = clock_monotonic_ms() + CHECKOUT_DEADLINE_MS,
	    }, &checkout, err);
	if (st != ST_OK)
		return st;
	log_event(LOG_INFO, "click", LOG_NUM("order", click->order_id),
	    LOG_TEXT("status",
	    order_status_names[checkout.order.status]),
	    LOG_TEXT("session", checkout.order.session.id), NULL);
	return answer_outcome(app, click, &checkout, response, err);
}

enum status
click_pay_order(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "order_id", NULL };
	struct app *app = context;
	struct params params;
	struct click click = { request, &params, 0, NULL, false };
	enum status st;

	st = click_open(app, request, names, &params, err);
	/*
	 * Empty, not NULL: a link without a word is an old one, and must not be
	 * taken for a click that was found by something else.
	 */
	click.word = params_text_or_empty(&params, "word");
	if (st == ST_OK)
		st = params_i64(&params, "order_id", 1, INT64_MAX,
		    &click.order_id, err);
	if (st == ST_OK)
		st = click_answer(app, &click, response, err);
	params_clear(&params);
	return st;
}
