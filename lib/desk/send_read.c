/*
 * To weigh whom a mailing goes to takes a while in a big club.  Who looks round
 * has a page of them weighed; all are, before anything is sent: only then are
 * the sums known, and whether anybody is left out.
 */
#include "desk/send_read.h"

#include <inttypes.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json_out.h"
#include "billing/mailing/first_payments.h"
#include "desk/mail_shown.h"
#include "desk/send_tally.h"
#include "desk/send_what.h"
#include "store/desk_mailing.h"

enum { ROWS_MAX = 32 * 1024 * 1024, TEXT_MAX = 2 * ROWS_MAX };

struct gathering {
	const struct config *config;
	const struct send_what *what;
	bool prorate;
	bool is_page;		/* not all are read, and all of them shown */
	int64_t who_count;
	int64_t unbilled_count;	/* of who_count, for a reminder */
	int64_t left_out_count;
	struct send_tally tally;	/* of them */
	int64_t cents;		/* of all who get it */
	struct buf rows;	/* the elements of JSON arrays */
	struct buf who;
	struct buf left_out;
	struct buf mails;
	struct buf facts;	/* of the first who gets it; empty: nobody */
	struct buf seen;	/* who they are, in whichever list */
	int64_t player_id;
	int64_t order_id;
	struct first_payment payment;
	char reason[MAILING_REASON_SIZE];
};

static void
gathering_clear(struct gathering *gathering)
{
	struct buf *const bufs[] = { &gathering->rows, &gathering->who,
	    &gathering->left_out, &gathering->mails, &gathering->facts,
	    &gathering->seen };

	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_clear(bufs[i]);
}

static bool
is_first_payment(const struct gathering *gathering)
{
	return strcmp(gathering->what->mail_kind, "first_payment") == 0;
}

static bool
is_unbilled(struct json_node row)
{
	return json_exists(json_at(row, "is_unbilled"));
}

/* Appends the row to a list. */
static void
put_row(const struct gathering *gathering, struct json_node row,
    int64_t cents, struct buf *list)
{
	static const char *const names[][2] = { { "player", "player_name" },
	    { "team", "team" }, { "parent", "parent" },
	    { "email", "recipient" } };
	struct json_out json = JSON_OUT(list);

	json_out_object(&json, NULL);
	json_out_node(&json, "key", json_at(row, "key"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_out_node(&json, names[i][0], json_at(row, names[i][1]));
	if (gathering->reason[0] == '\0') {
		json_out_i64(&json, "amount_cents", cents);
		json_out_text(&json, "currency",
		    config_text(gathering->config, SETTING_CURRENCY));
		json_out_text(&json, "outcome", is_unbilled(row)
		    ? "gets the mail; has had no bill yet" : "gets the mail");
	} else {
		json_out_text(&json, "outcome",
		    send_why(gathering->reason));
	}
	json_out_end(&json);
}

/* The first one is whose mail is shown. */
static void
keep_sample(struct gathering *gathering, struct json_node row)
{
	struct json_out json = JSON_OUT(&gathering->facts);

	if (gathering->who_count > 1)
		return;
	gathering->player_id = json_i64_or_0(row, "player_id");
	gathering->order_id = json_i64_or_0(row, "order_id");
	if (is_first_payment(gathering))
		mailing_put_payment(&json, gathering->config,
		    &gathering->payment);
	else
		json_out_node(&json, NULL, json_at(row, "facts"));
}

static void
take(struct gathering *gathering, struct json_node row, int64_t cents)
{
	struct json_out mails = JSON_OUT(&gathering->mails);

	gathering->who_count++;
	gathering->cents += cents;
	if (is_unbilled(row))
		gathering->unbilled_count++;
	keep_sample(gathering, row);
	if (is_first_payment(gathering))
		mailing_put_payment(&mails, gathering->config,
		    &gathering->payment);
	if (gathering->who_count <= SEND_SHOWN)
		put_row(gathering, row, cents, &gathering->who);
}

/*
 * Whoever pays meanwhile stays who was seen, but a fee that changed asks for
 * another look.
 */
static void
put_who_is_seen(struct gathering *gathering, struct json_node row)
{
	buf_putf(&gathering->seen, "%" PRId64 " %" PRId64 " ",
	    json_i64_or_0(row, "player_id"),
	    json_i64_or_0(row, "monthly_fee_cents"));
	json_put_chars(&gathering->seen, json_at(row, "recipient"));
	buf_putc(&gathering->seen, '\n');
}

/* A store_row. */
static enum status
gather(void *context, struct json_node row, struct err *err)
{
	struct gathering *gathering = context;
	int64_t cents = json_i64_or_0(row, "amount_cents");
	enum status st = ST_OK;

	put_who_is_seen(gathering, row);
	if (is_first_payment(gathering)) {
		st = mailing_quote(gathering->config, row, gathering->prorate,
		    &gathering->payment, gathering->reason, err);
		cents = gathering->payment.amount_cents;
	} else {
		mailing_reason(row, gathering->reason);
	}
	if (st != ST_OK)
		return st;
	if (gathering->reason[0] == '\0')
		take(gathering, row, cents);
	else if (++gathering->left_out_count <= SEND_SHOWN)
		put_row(gathering, row, 0, &gathering->left_out);
	if (gathering->reason[0] != '\0')
		send_tally_add(&gathering->tally, gathering->reason);
	if (gathering->is_page)
		put_row(gathering, row, cents, &gathering->rows);
	return ST_OK;
}

static void
put_array(struct json_out *json, const char *name, const struct buf *elements)
{
	json_out_array(json, name);
	if (elements->len > 0)
		json_out_source(json, NULL, elements);
	json_out_end(json);
}

/*
 * Whoever pays while the page is looked at is left out in the end, and nobody
 * need look again for that; but nobody is mailed who was not on the page.
 */
static enum status
put_seen(const struct gathering *gathering, const char *was,
    struct json_out *json, struct err *err)
{
	char hash[SHA256_HEX_LEN + 1] = "";
	enum status st = buf_check(&gathering->seen, "the list", err);

	if (st == ST_OK)
		st = crypto_sha256_hex(gathering->seen.data,
		    gathering->seen.len, hash, err);
	json_out_text(json, "seen", hash);
	json_out_object(json, "args");
	json_out_bool(json, "is_old", was != NULL && strcmp(was, hash) != 0);
	put_array(json, "rows", &gathering->mails);
	json_out_end(json);
	return st;
}

static void
put_sums(const struct gathering *gathering, struct json_out *json)
{
	json_out_array(json, "who_sums");
	json_out_object(json, NULL);
	json_out_i64(json, "count", gathering->who_count);
	json_out_i64(json, "amount_cents", gathering->cents);
	json_out_text(json, "currency",
	    config_text(gathering->config, SETTING_CURRENCY));
	json_out_end(json);
	json_out_end(json);
}

static enum status
put_document(struct gathering *gathering, struct visit *visit,
    struct json_node choices, struct json_out *json, struct err *err)
{
	const struct mail_shown first = { gathering->what->mail_kind,
	    gathering->player_id, gathering->order_id,
	    buf_str(&gathering->facts) };
	enum status st = ST_OK;

	json_out_members(json, choices);
	if (gathering->who_count > 0)
		st = mail_show(visit, &first, 1, json, err);
	put_array(json, "rows", &gathering->rows);
	put_array(json, "who", &gathering->who);
	put_array(json, "left_out", &gathering->left_out);
	put_sums(gathering, json);
	json_out_i64(json, "unbilled_count", gathering->unbilled_count);
	json_out_i64(json, "left_out_count", gathering->left_out_count);
	send_tally_put(&gathering->tally, json);
	return st;
}

enum status
send_read(struct visit *visit, const struct params *params, int64_t after,
    int64_t limit, struct json_doc *doc, struct err *err)
{
	struct gathering gathering = {
		.config = &visit->app->config,
		.prorate = send_choice(params, "fee") == NULL,
		.is_page = limit > 0,
		.rows = BUF_INIT(ROWS_MAX),
		.who = BUF_INIT(ROWS_MAX),
		.left_out = BUF_INIT(ROWS_MAX),
		.mails = BUF_INIT(ROWS_MAX),
		.facts = BUF_INIT(ROWS_MAX),
		.seen = BUF_INIT(ROWS_MAX),
	};
	struct desk_mailing mailing = {
		.session = visit_session(visit),
		.tournament_id = send_choice(params, "tournament_id"),
		.player_id = send_choice(params, "player_id"),
		.team = send_choice(params, "team"),
		.again = send_choice(params, "asked") != NULL,
		.zone = config_text(gathering.config, SETTING_CLUB_TIMEZONE),
		.after = after,
		.limit = limit,
	};
	struct json_doc choices = { .text = NULL };
	struct buf text = BUF_INIT(TEXT_MAX);
	struct json_out json = JSON_OUT(&text);
	struct store *store = visit->app->store;
	enum status st = send_what_find(params, &gathering.what, err);

	if (st == ST_OK) {
		mailing.what = gathering.what->name;
		st = store_desk_mailing_choices(store, &mailing, &choices,
		    err);
	}
	if (st == ST_OK && (limit == 0 || send_is_chosen(params)))
		st = store_desk_mailing(store, &mailing, gather, &gathering,
		    err);
	json_out_object(&json, NULL);
	if (st == ST_OK)
		st = put_document(&gathering, visit, json_root(&choices),
		    &json, err);
	if (st == ST_OK)
		st = put_seen(&gathering, params_filled(params, "seen"), &json,
		    err);
	send_put_address(params, &json);
	json_out_optional(&json, "tournament_id", mailing.tournament_id);
	json_out_end(&json);
	if (st == ST_OK)
		st = json_out_check(&json, "the mailing", err);
	if (st == ST_OK)
		st = json_parse_copy(buf_str(&text), text.len, doc, err);
	json_clear(&choices);
	gathering_clear(&gathering);
	buf_clear(&text);
	return st;
}
