/*
 * A payment that may be the order's must neither be asked for twice in silence
 * nor block the family, as it may be a stranger's: the page shows enough of it
 * to be recognised by whoever made it, and lets the family decide.
 */
#include "endpoint/waiting_page.h"

#include <string.h>

#include "base/date.h"
#include "billing/checkout_body.h"
#include "endpoint/form.h"

enum { LINE_MAX_KEPT = 4096, SHOWN_CHARACTERS = 2 };

static const char word[] = "anyway";

/*
 * Whether "&anyway=yes" follows the signature, byte for byte.  Nothing else
 * behind a signature is read at all, so that no parameter can be added to a
 * signed link.
 */
static bool
is_behind_signature(const char *query)
{
	static const char wanted[] = "&anyway=yes";
	const char *at = strstr(query, "&signature=");

	at = at != NULL ? strstr(at, wanted) : NULL;
	return at != NULL && strchr("&", at[sizeof(wanted) - 1]) != NULL;
}

bool
waiting_page_pays_anyway(const struct request *request,
    const struct params *params)
{
	if (request->method == METHOD_POST)
		return params_text(params, word) != NULL;
	return is_behind_signature(request->query);
}

/*
 * "ru...@example.com": enough for its owner to recognise, too little to write
 * to.  Two characters, not two bytes: 10xxxxxx continues a character of UTF-8.
 */
static void
put_masked(struct buf *b, const char *email)
{
	const char *at = strchr(email, '@');
	size_t shown = 0;
	size_t len = 0;

	if (at == NULL) {
		buf_puts(b, "an unknown address");
		return;
	}
	while (shown < SHOWN_CHARACTERS && email + len < at) {
		len++;
		while (((unsigned char)email[len] & 0xC0) == 0x80)
			len++;
		shown++;
	}
	buf_put(b, email, len);
	buf_puts(b, "...");
	buf_puts(b, at);
}

static void
put_waiting(struct buf *b, const struct waiting_payment *waiting)
{
	struct date day;

	buf_puts(b, "A payment of ");
	money_put(b, waiting->amount_cents, waiting->currency);
	buf_puts(b, " from ");
	put_masked(b, waiting->email);
	if (date_parse(waiting->day, &day)) {
		buf_puts(b, " on ");
		date_put(b, &day);
	}
	buf_puts(b, " is being looked into.");
}

/*
 * What the click sent, in its order, so that the signature still covers it, and
 * then "anyway" once. hidden has room for both and the end.
 */
static void
fill_hidden(const struct params *params, struct param *hidden)
{
	size_t count = 0;

	for (size_t i = 0; i < params->count; i++)
		if (strcmp(params->item[i].name, word) != 0)
			hidden[count++] = params->item[i];
	hidden[count++] = (struct param){ word, "yes" };
	hidden[count] = (struct param){ NULL, NULL };
}

/*
 * ST_NOT_FOUND is no failure: the payment may have been matched or dismissed
 * since the click was decided, and the family's next click goes on.
 */
enum status
waiting_page_put(const struct app *app, int64_t order_id,
    struct buf *text, struct err *err)
{
	struct waiting_payment waiting;
	enum status st;

	st = store_waiting_payment(app->store, order_id,
	    config_text(&app->config, SETTING_CLUB_TIMEZONE), &waiting,
	    err);
	if (st == ST_OK)
		put_waiting(text, &waiting);
	else if (st == ST_NOT_FOUND)
		buf_puts(text, "A payment is being looked into.");
	else
		return st;
	return buf_check(text, "what has come", err);
}

enum status
waiting_page_answer(const struct app *app, const struct request *request,
    const struct params *params, const struct checkout_order *order,
    struct response *response, struct err *err)
{
	struct param hidden[PARAMS_MAX + 2];
	char waiting_text[LINE_MAX_KEPT];
	struct buf waiting = BUF_FIXED(waiting_text);
	char subject_text[LINE_MAX_KEPT];
	struct buf subject = BUF_FIXED(subject_text);
	enum status st;

	st = waiting_page_put(app, order->order_id, &waiting, err);
	if (st != ST_OK)
		return st;
	checkout_put_sold(&subject, order);
	buf_putf(&subject, " for \u2068%s\u2069, ", order->player_name);
	money_put(&subject, order->left_cents, order->currency);
	fill_hidden(params, hidden);
	return form_answer(request, response, &(const struct form_page){
		.site_name = config_text(&app->config, SETTING_CLUB_NAME),
		.title = "Has this been paid already?",
		.paragraphs = (const char *const[]){ waiting_text,
		    subject_text, "If that payment is yours, please wait until "
		    "the club has looked at it, and do not pay again. If you "
		    "know nothing of it, go on.", NULL },
		.action = request->path,
		.is_get = request->method != METHOD_POST,
		.hidden = hidden,
		.button = "Pay anyway",
	}, ST_OK, err);
}
