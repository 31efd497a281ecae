/*
 * POST /admin/email/first-payment, .../blast, POST /admin/email/tournament,
 * GET /admin/batches/{id}: mails that an admin asks for, and what became of
 * them.  They are queued here and sent by the mailer, so that the answer does
 * not wait for a mail server, and is 202.
 */
#include <string.h>

#include "app/app.h"
#include "billing/mailing/batch.h"
#include "billing/mailing/first_payments.h"
#include "billing/mailing/orders.h"
#include "endpoint/admin.h"
#include "endpoint/fields.h"
#include "endpoint/run.h"

static const char batches_path[] = "/admin/batches/";

/*
 * The admin, whose name the audit log gets, and the fields that every mailing
 * has.
 */
struct mailing_fields {
	char admin[ADMIN_NAME_SIZE];
	struct params params;
	struct mailing mailing;
};

/*
 * The token precedes the fields: a stranger learns no field's name from an
 * error.  Each handler names the fields that it accepts; the other flags are
 * false then.
 */
static enum status
mailing_fields_read(struct app *app, const struct request *request,
    const char *const *names, struct mailing_fields *fields, struct err *err)
{
	struct mailing *mailing = &fields->mailing;
	enum status st;

	memset(fields, 0, sizeof(*fields));
	mailing->actor = fields->admin;
	st = admin_authenticate(&app->config, request, fields->admin, err);
	if (st == ST_OK)
		st = fields_read(request, names, &fields->params, err);
	if (st == ST_OK)
		st = fields_bool(&fields->params, "skip_proration",
		    &mailing->skip_proration, err);
	if (st == ST_OK)
		st = fields_bool(&fields->params, "again", &mailing->again,
		    err);
	if (st == ST_OK)
		st = fields_bool(&fields->params, "dry_run", &mailing->dry_run,
		    err);
	return st;
}

static enum status
put_mailed(const struct mailed *mailed, struct response *response,
    struct err *err)
{
	struct json_out json = response_json_begin(response);

	json_out_i64(&json, "email_id", mailed->email_id);
	json_out_i64(&json, "amount_cents", mailed->amount_cents);
	json_out_text(&json, "to", mailed->to);
	return response_json_end(response, 202, &json, err);
}

static enum status
mail_one(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "player_id", "skip_proration",
	    "again", NULL };
	struct app *app = context;
	struct mailing_fields fields;
	struct mailed mailed;
	int64_t player_id;
	enum status st;

	st = mailing_fields_read(app, request, names, &fields, err);
	if (st == ST_OK)
		st = params_i64(&fields.params, "player_id", 1, INT64_MAX,
		    &player_id, err);
	if (st == ST_OK)
		st = mailing_first_payment(app, player_id, &fields.mailing,
		    &mailed, err);
	if (st == ST_OK)
		st = put_mailed(&mailed, response, err);
	params_clear(&fields.params);
	return st;
}

static enum status
put_result(const struct mailing_result *result, struct response *response,
    struct err *err)
{
	struct json_out json = response_json_begin(response);

	/*
	 * Null when nobody was mailed, or in a dry run: there is no batch then.
	 */
	if (result->batch_id != 0)
		json_out_i64(&json, "batch_id", result->batch_id);
	else
		json_out_null(&json, "batch_id");
	json_out_i64(&json, "queued", result->mail_count);
	json_out_array(&json, "skipped");
	json_out_source(&json, NULL, &result->skipped);
	json_out_end(&json);
	return response_json_end(response, 202, &json, err);
}

static enum status
mail_all(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "skip_proration", "dry_run",
	    "again", NULL };
	struct app *app = context;
	struct mailing_result result = MAILING_RESULT_INIT;
	struct mailing_fields fields;
	enum status st;

	st = mailing_fields_read(app, request, names, &fields, err);
	if (st == ST_OK)
		st = mailing_first_payments(app, &fields.mailing, &result,
		    err);
	if (st == ST_OK)
		st = put_result(&result, response, err);
	mailing_result_clear(&result);
	params_clear(&fields.params);
	return st;
}

static enum status
mail_tournament(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "tournament_id", "dry_run", NULL };
	struct app *app = context;
	struct mailing_result result = MAILING_RESULT_INIT;
	struct mailing_fields fields;
	int64_t tournament_id;
	enum status st;

	st = mailing_fields_read(app, request, names, &fields, err);
	if (st == ST_OK)
		st = params_i64(&fields.params, "tournament_id", 1, INT64_MAX,
		    &tournament_id, err);
	if (st == ST_OK)
		st = mailing_tournament(app, tournament_id, "tournament",
		    &fields.mailing, &result, err);
	if (st == ST_OK)
		st = put_result(&result, response, err);
	mailing_result_clear(&result);
	params_clear(&fields.params);
	return st;
}

/* The number is the path's end, so that the query has no fields at all. */
static enum status
show_batch(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { NULL };
	struct app *app = context;
	struct json_out json = response_json_begin(response);
	struct mailing_fields fields;
	int64_t batch_id;
	enum status st;

	st = mailing_fields_read(app, request, names, &fields, err);
	if (st == ST_OK)
		st = fields_id_of_path(request->path, batches_path, &batch_id,
		    err);
	if (st == ST_OK)
		st = mailing_batch_put(app, batch_id, &json, err);
	if (st == ST_OK)
		st = response_json_end(response, 200, &json, err);
	params_clear(&fields.params);
	return st;
}

static const struct route routes[] = {
	{ "/admin/email/first-payment", false, METHOD_POST, BODY_MAX,
	    mail_one },
	{ "/admin/email/first-payment/blast", false, METHOD_POST, BODY_MAX,
	    mail_all },
	{ "/admin/email/tournament", false, METHOD_POST, BODY_MAX,
	    mail_tournament },
	{ batches_path, true, METHOD_GET, 0, show_batch },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "admin/email",
		/*
		 * Without Stripe's key: whoever has an admin's token can mail,
		 * and move no money.
		 */
		.settings = APP_NEEDS_ADMIN,
		.connections = STORE_CONNECTIONS_MAX,
	};

	return endpoint_run(&needs, routes, 4);
}
