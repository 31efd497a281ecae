/* GET and POST /checkout/jersey: a player's form for the newest jersey.  What
 * is entered may be changed in place until it is paid: there is one unpaid
 * order. */
#include <string.h>

#include "base/text.h"
#include "billing/order_place.h"
#include "billing/pay_link.h"
#include "endpoint/click.h"
#include "endpoint/form.h"
#include "endpoint/form_checks.h"
#include "endpoint/run.h"

static const char path[] = "/checkout/jersey";

enum { LINE_MAX_KEPT = 4096, SIZES_MAX = 64 };

enum { SIZE, NUMBER, NAME, FIELDS };

static const struct form_field fields[FIELDS] = {
	[SIZE] = { .name = "size", .control = FORM_SELECT, .label = "Size",
	    .autocomplete = "off" },
	[NUMBER] = { .name = "number", .label = "Number",
	    .hint = "From 0 to 99, or 00.", .type = "text",
	    .inputmode = "numeric", .autocomplete = "off",
	    .characters_max = 2 },
	[NAME] = { .name = "name_on_jersey", .label = "Name on the jersey",
	    .hint = "Printed exactly as you write it.", .type = "text",
	    .autocomplete = "off", .characters_max = FORM_JERSEY_NAME_MAX },
};

/* One visit to the form. */
struct visit {
	struct app *app;
	const struct request *request;
	struct response *response;
	struct params params;
	int64_t player_id;
	struct jersey_form form;	/* as the database has it */
	char sizes[STORE_SIZES_SIZE];	/* what choices point into */
	const char *choices[SIZES_MAX + 1];
	struct form_entry entries[FIELDS];
};

/* The word is checked: a restored database may give the number again. */
static enum status
look_up(struct visit *visit, struct err *err)
{
	enum status st;

	st = pay_link_check_player(visit->app->store, visit->player_id,
	    params_text_or_empty(&visit->params, "word"), err);
	if (st == ST_OK)
		st = store_jersey_form(visit->app->store,
		    visit->player_id, &visit->form, err);
	if (st != ST_OK)
		return st;
	memcpy(visit->sizes, visit->form.sizes, sizeof(visit->sizes));
	text_split(visit->sizes, visit->choices, SIZES_MAX);
	visit->entries[SIZE].choices = visit->choices;
	return ST_OK;
}

/* Hidden, the link's parameters go along: they sign the POST. */
static enum status
show(struct visit *visit, enum status st, struct err *err)
{
	const struct offer *offer = &visit->form.offer;
	const char *word = params_text(&visit->params, "word");
	const struct param hidden[] = {
		{ "player_id", params_text(&visit->params, "player_id") },
		{ "expires", params_text(&visit->params, "expires") },
		{ "signature", params_text(&visit->params, "signature") },
		{ word != NULL ? "word" : NULL, word },
		{ NULL, NULL },
	};
	size_t first = visit->choices[0] != NULL ? SIZE : SIZE + 1;
	char storage[LINE_MAX_KEPT];
	struct buf line = BUF_FIXED(storage);

	/* Isolated: the name may be written from right to left. */
	buf_putf(&line, "%s for \u2068%s\u2069: ", offer->name,
	    visit->form.player_name);
	money_put(&line, offer->amount_cents, offer->currency);
	return form_answer(visit->request, visit->response,
	    &(const struct form_page){
		.site_name = config_text(&visit->app->config,
		    SETTING_CLUB_NAME),
		.title = "Order a jersey",
		.paragraphs = (const char *const[]){ buf_str(&line),
		    visit->form.bought == 0
		    ? "You pay on the page after this one. Until you have "
		    "paid, you may come back here and change the order."
		    : "A jersey is paid for already. What you order here is "
		    "another one.",
		    NULL },
		.action = path,
		.fields = fields + first,
		.entries = visit->entries + first,
		.count = FIELDS - first,
		.hidden = hidden,
		.button = "Continue to payment",
	}, st, err);
}

static enum status
get_form(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "player_id", NULL };
	struct visit visit = { context, request, response,
	    .entries = { { .value = NULL } } };
	enum status st;

	st = click_open(visit.app, request, names, &visit.params, err);
	if (st == ST_OK)
		st = params_i64(&visit.params, "player_id", 1, INT64_MAX,
		    &visit.player_id, err);
	if (st != ST_OK)
		goto out;
	if (request->is_preview) {
		st = click_preview(visit.app, response, err);
		goto out;
	}
	st = look_up(&visit, err);
	if (st != ST_OK)
		goto out;
	visit.entries[SIZE].value = visit.form.size;
	visit.entries[NUMBER].value = visit.form.number;
	visit.entries[NAME].value = visit.form.name_on_jersey;
	st = show(&visit, ST_OK, err);
out:
	params_clear(&visit.params);
	return st;
}

static const char *
size_fault(const struct visit *visit, const char *size)
{
	if (visit->choices[0] == NULL && size[0] == '\0')
		return NULL;
	for (const char *const *c = visit->choices; *c != NULL; c++)
		if (strcmp(*c, size) == 0)
			return NULL;
	return "Please choose a size.";
}

/* Whether no entry has a fault; if the number is free, SQL says. */
static bool
read_entries(struct visit *visit)
{
	struct form_entry *entries = visit->entries;

	form_read(&visit->params, fields, entries, FIELDS);
	entries[SIZE].fault = size_fault(visit, entries[SIZE].value);
	entries[NUMBER].fault = form_check_number(entries[NUMBER].value);
	entries[NAME].fault = form_check_jersey_name(entries[NAME].value);
	return entries[SIZE].fault == NULL && entries[NUMBER].fault == NULL &&
	    entries[NAME].fault == NULL;
}

static enum status
place(struct visit *visit, struct err *err)
{
	const struct jersey_request jersey = {
		.player_id = visit->player_id,
		.size = visit->entries[SIZE].value,
		.number = visit->entries[NUMBER].value,
		.name_on_jersey = visit->entries[NAME].value,
	};
	struct order_result result;
	enum status st;

	st = order_place_jersey(visit->app, &jersey, &result, err);
	if (st != ST_OK)
		return st;
	switch (result.outcome) {
	case PLACE_PLACED:
	case PLACE_PROCESSING:
		return click_answer(visit->app, &(const struct click){
			visit->request, &visit->params, result.order_id, NULL,
			false,
		    }, visit->response, err);
	case PLACE_TAKEN:
		visit->entries[NUMBER].fault = "This number is taken in the "
		    "team. Please choose another one.";
		return show(visit, ST_CONFLICT, err);
	case PLACE_SEVERAL:
		return err_set(err, ST_CONFLICT, "an order of several of these "
		    "is waiting to be paid, and this form is for one; please "
		    "pay that order, or ask the club to cancel it");
	default:
		/* Changed or withdrawn since the form was shown. */
		return err_set(err, ST_CONFLICT, "what the club sells has "
		    "just changed; please open the link again");
	}
}

static enum status
post_form(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "player_id", "expires",
	    "signature", "word", "size", "number", "name_on_jersey", "anyway",
	    NULL };
	struct visit visit = { context, request, response,
	    .entries = { { .value = NULL } } };
	enum status st;

	st = form_open(visit.app, request, &visit.params, err);
	if (st == ST_OK)
		st = form_signed_player(visit.app, path, &visit.params,
		    &visit.player_id, err);
	if (st == ST_OK)
		st = params_accept(&visit.params, names, err);
	if (st == ST_OK)
		st = look_up(&visit, err);
	if (st != ST_OK)
		goto out;
	params_trim(&visit.params);
	if (read_entries(&visit))
		st = place(&visit, err);
	else
		st = show(&visit, ST_BAD_INPUT, err);
out:
	params_clear(&visit.params);
	return st;
}

static const struct route routes[] = {
	{ path, false, METHOD_GET, 0, get_form },
	{ path, false, METHOD_POST, BODY_MAX, post_form },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "checkout/jersey",
		.settings = APP_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 16,
		.receipts = true,
	};

	return endpoint_run(&needs, routes, 16);
}
