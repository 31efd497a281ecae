/*
 * GET and POST /tryouts/register: the public form that registers a player for
 * the newest tryout and leads on to paying for it.  Anybody may send it, in any
 * name: it believes nothing about a family that is known, and shows nothing of
 * it.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "endpoint/click.h"
#include "endpoint/form.h"
#include "endpoint/form_checks.h"
#include "endpoint/run.h"
#include "store/product_kind.h"
#include "store/shop.h"
#include "store/tryout.h"

enum { LINE_MAX_KEPT = 2048 };

enum { PLAYER_NAME, BIRTH_DATE, PARENT_NAME, PARENT_EMAIL, PARENT_PHONE,
	WEBSITE, CONSENT, FIELDS };

/* Stored with the registration: what exactly was agreed to. */
static const char consent_text[] =
    "I consent to the club keeping these details to run the tryout.";

static const struct form_field fields[FIELDS] = {
	[PLAYER_NAME] = { .name = "player_name", .label = "Player’s name",
	    .type = "text", .autocomplete = "off",
	    .characters_max = FORM_NAME_MAX },
	[BIRTH_DATE] = { .name = "birth_date", .label = "Date of birth",
	    .type = "date", .autocomplete = "off" },
	[PARENT_NAME] = { .name = "parent_name", .label = "Parent’s name",
	    .type = "text", .autocomplete = "name",
	    .characters_max = FORM_NAME_MAX },
	[PARENT_EMAIL] = { .name = "parent_email", .label = "Email address",
	    .hint = "Your receipt and the club’s answer go there.",
	    .type = "email", .autocomplete = "email",
	    .characters_max = FORM_EMAIL_MAX },
	[PARENT_PHONE] = { .name = "parent_phone", .label = "Phone number",
	    .hint = "In case the coach has to reach you on the day.",
	    .type = "tel", .autocomplete = "tel",
	    .characters_max = FORM_PHONE_MAX },
	/*
	 * Hidden from people: a program that fills in everything gives itself
	 * away.
	 */
	[WEBSITE] = { .name = "website", .control = FORM_TRAP,
	    .label = "Website", .type = "text", .autocomplete = "off" },
	[CONSENT] = { .name = "consent", .control = FORM_CHECKBOX,
	    .label = consent_text },
};

/*
 * The checks have one shape, so that a table can name them: this one needs the
 * day.
 */
static const char *
birth_date_fault(const char *text)
{
	return form_check_birth_date(text, clock_now_s());
}

static const char *
website_fault(const char *text)
{
	return text[0] == '\0' ? NULL : "Please leave this field empty: it is "
	    "there to tell people from programs.";
}

static const char *
consent_fault(const char *text)
{
	return strcmp(text, "yes") == 0 ? NULL
	    : "Please tick this box: we cannot register anyone without.";
}

static const char *(*const faults[FIELDS])(const char *text) = {
	[PLAYER_NAME] = form_check_name,
	[BIRTH_DATE] = birth_date_fault,
	[PARENT_NAME] = form_check_name,
	[PARENT_EMAIL] = form_check_email,
	[PARENT_PHONE] = form_check_phone,
	[WEBSITE] = website_fault,
	[CONSENT] = consent_fault,
};

/*
 * Whether no entry has a fault.  All of them are checked, so that the page
 * shows every fault at once.
 */
static bool
read_entries(const struct params *params, struct form_entry entries[FIELDS])
{
	bool is_well = true;

	form_read(params, fields, entries, FIELDS);
	for (size_t i = 0; i < FIELDS; i++) {
		entries[i].fault = faults[i](entries[i].value);
		is_well = is_well && entries[i].fault == NULL;
	}
	return is_well;
}

/*
 * The form, as it was filled in; st says how it was received.  The offer is
 * read each time: its price may change while a page is open.
 */
static enum status
show(struct app *app, const struct request *request,
    const struct form_entry entries[FIELDS], enum status st,
    struct response *response, struct err *err)
{
	char storage[LINE_MAX_KEPT];
	struct buf line = BUF_FIXED(storage);
	struct offer offer;
	enum status found;

	found = store_offer(app->store,
	    product_kind_names[PRODUCT_TRYOUT], &offer, err);
	if (found != ST_OK)
		return found;
	buf_puts(&line, offer.name);
	buf_puts(&line, ": ");
	money_put(&line, offer.amount_cents, offer.currency);
	return form_answer(request, response, &(const struct form_page){
		.site_name = config_text(&app->config, SETTING_CLUB_NAME),
		.title = "Register for a tryout",
		.paragraphs = (const char *const[]){ buf_str(&line),
		    "You pay on the page after this one.", NULL },
		.action = "/tryouts/register",
		.fields = fields,
		.entries = entries,
		.count = FIELDS,
		.button = "Continue to payment",
	}, st, err);
}

static enum status
get_form(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const none[] = { NULL };
	static const struct form_entry empty[FIELDS];
	struct params params;
	enum status st;

	st = params_parse(&params, request->query, strlen(request->query),
	    err);
	if (st == ST_OK)
		st = params_accept(&params, none, err);
	params_clear(&params);
	if (st != ST_OK)
		return st;
	return show(context, request, empty, ST_OK, response, err);
}

/* The log gets the order's number and no name. */
static enum status
register_player(struct app *app,
    const struct form_entry entries[FIELDS], int64_t *order_id,
    struct err *err)
{
	enum status st;

	st = store_register_tryout(app->store, &(const struct tryout_request){
		.player_name = entries[PLAYER_NAME].value,
		.birth_date = entries[BIRTH_DATE].value,
		.parent_name = entries[PARENT_NAME].value,
		.parent_email = entries[PARENT_EMAIL].value,
		.parent_phone = entries[PARENT_PHONE].value,
		.consent = consent_text,
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
	}, order_id, err);
	if (st == ST_OK)
		log_event(LOG_INFO, "registered", LOG_NUM("order", *order_id),
		    NULL);
	return st;
}

static enum status
post_form(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "player_name", "birth_date",
	    "parent_name", "parent_email", "parent_phone", "website",
	    "consent", NULL };
	struct form_entry entries[FIELDS] = { { .value = NULL } };
	struct app *app = context;
	struct params params;
	/*
	 * Unproven: the click's answers show no amount and no address of
	 * others.
	 */
	struct click click = { request, &params, 0, NULL, true };
	enum status st;

	st = form_open(app, request, &params, err);
	if (st == ST_OK)
		st = params_accept(&params, names, err);
	if (st != ST_OK)
		goto out;
	params_trim(&params);
	if (!read_entries(&params, entries)) {
		st = show(app, request, entries, ST_BAD_INPUT, response,
		    err);
		goto out;
	}
	st = register_player(app, entries, &click.order_id, err);
	if (st == ST_OK)
		st = click_answer(app, &click, response, err);
out:
	params_clear(&params);
	return st;
}

static const struct route routes[] = {
	{ "/tryouts/register", false, METHOD_GET, 0, get_form },
	{ "/tryouts/register", false, METHOD_POST, BODY_MAX, post_form },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "tryouts/register",
		.settings = APP_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 16,
		.receipts = true,
	};

	return endpoint_run(&needs, routes, 16);
}
