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
#include "billing/mailing/outgoing_facts.h"
#include "desk/send_tally.h"
#include "mail/render.h"
#include "store/desk_mailing.h"

enum { ROWS_MAX = 32 * 1024 * 1024, TEXT_MAX = 2 * ROWS_MAX,
	ADDRESS_MAX = 4096 };

static const char *const send_names[] = { "what", "tournament_id", "team",
    "player_id", "fee", "asked" };

/* The kinds of mailings; the first is what is meant where none is named. */
static const struct what {
	const char *name;
	const char *mail_kind;
} whats[] = {
	{ "first_payments", "first_payment" },
	{ "fee_reminders", "reminder" },
	{ "tournament", "tournament" },
	{ "tournament_reminders", "reminder" },
};

struct gathering {
	const struct config *config;
	const struct what *what;
	bool prorate;
	bool is_page;		/* not all are read, and all of them shown */
	int64_t who_count;
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
	return gathering->what == &whats[0];
}

/* Whether the list's filter says what to send, or to whom. */
static bool
is_chosen(const struct params *params)
{
	for (size_t i = 0; i < sizeof(send_names) / sizeof(send_names[0]); i++)
		if (params_filled(params, send_names[i]) != NULL)
			return true;
	return false;
}

static enum status
find_what(const struct params *params, const struct what **what,
    struct err *err)
{
	const char *name = params_filled(params, "what");

	for (size_t i = 0; i < sizeof(whats) / sizeof(whats[0]); i++) {
		*what = &whats[i];
		if (name == NULL || strcmp((*what)->name, name) == 0)
			return ST_OK;
	}
	return err_set(err, ST_BAD_INPUT, "what: no such mails");
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
		json_out_text(&json, "outcome", "gets the mail");
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

/* Line by line, as a page shows no line end that is in a text. */
static void
put_lines(const struct buf *text, struct json_out *json)
{
	const char *at = buf_str(text);
	struct buf line = BUF_INIT(RENDER_MAX);

	json_out_array(json, "lines");
	while (*at != '\0') {
		size_t len = strcspn(at, "\n");

		buf_reset(&line);
		buf_put(&line, at, len);
		json_out_object(json, NULL);
		json_out_optional(json, "line", buf_str(&line));
		json_out_end(json);
		at += len + (at[len] != '\0');
	}
	json_out_end(json);
	buf_clear(&line);
}

/* The mail as the mailer would send it, were it decided now. */
static enum status
put_mail(const struct gathering *gathering, struct store *store,
    const struct desk_mailing *mailing, struct json_out *json,
    struct err *err)
{
	struct outgoing mail;
	struct mail_facts facts;
	struct mail_copy copy;
	struct buf url = BUF_INIT(STORE_URL_SIZE);
	struct buf text = BUF_INIT(RENDER_MAX);
	enum status st;

	copy_init(&copy);
	st = store_desk_show_mail(store, mailing, gathering->what->mail_kind,
	    gathering->player_id, gathering->order_id,
	    buf_str(&gathering->facts), &mail, err);
	if (st == ST_OK)
		st = outgoing_facts(gathering->config, &mail, &url, &facts,
		    err);
	if (st == ST_OK)
		st = copy_fill(&copy, &facts, err);
	if (st == ST_OK) {
		render_text(&text, &copy);
		st = buf_check(&text, "the mail's text", err);
	}
	if (st == ST_OK) {
		json_out_object(json, "mail");
		json_out_text(json, "to", mail.recipient);
		json_out_text(json, "subject",
		    copy_text(&copy, COPY_SUBJECT));
		put_lines(&text, json);
		json_out_end(json);
	}
	copy_clear(&copy);
	buf_clear(&text);
	buf_clear(&url);
	return st;
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

/* The same mailing as a query. */
static void
put_address(const struct params *params, struct json_out *json)
{
	struct buf address = BUF_INIT(ADDRESS_MAX);

	for (size_t i = 0; i < sizeof(send_names) / sizeof(send_names[0]);
	    i++) {
		const char *text = params_text_or_empty(params, send_names[i]);

		if (text[0] == '\0')
			continue;
		buf_putf(&address, "%s%s=", address.len > 0 ? "&" : "",
		    send_names[i]);
		buf_put_urlenc(&address, text, strlen(text));
	}
	json_out_optional(json, "address", buf_str(&address));
	buf_clear(&address);
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
put_document(struct gathering *gathering, struct store *store,
    const struct desk_mailing *mailing, struct json_node choices,
    struct json_out *json, struct err *err)
{
	enum status st = ST_OK;

	json_out_members(json, choices);
	if (gathering->who_count > 0)
		st = put_mail(gathering, store, mailing, json, err);
	put_array(json, "rows", &gathering->rows);
	put_array(json, "who", &gathering->who);
	put_array(json, "left_out", &gathering->left_out);
	put_sums(gathering, json);
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
		.prorate = params_filled(params, "fee") == NULL,
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
		.tournament_id = params_filled(params, "tournament_id"),
		.player_id = params_filled(params, "player_id"),
		.team = params_filled(params, "team"),
		.again = params_filled(params, "asked") != NULL,
		.zone = config_text(gathering.config, SETTING_CLUB_TIMEZONE),
		.after = after,
		.limit = limit,
	};
	struct json_doc choices = { .text = NULL };
	struct buf text = BUF_INIT(TEXT_MAX);
	struct json_out json = JSON_OUT(&text);
	struct store *store = visit->app->store;
	enum status st = find_what(params, &gathering.what, err);

	mailing.what = gathering.what->name;
	if (st == ST_OK)
		st = store_desk_mailing_choices(store, &mailing, &choices,
		    err);
	if (st == ST_OK && (limit == 0 || is_chosen(params)))
		st = store_desk_mailing(store, &mailing, gather, &gathering,
		    err);
	json_out_object(&json, NULL);
	if (st == ST_OK)
		st = put_document(&gathering, store, &mailing,
		    json_root(&choices), &json, err);
	if (st == ST_OK)
		st = put_seen(&gathering, params_filled(params, "seen"), &json,
		    err);
	put_address(params, &json);
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
