/*
 * A form is accepted from pages of our own site only (request_is_foreign):
 * without a session there is no token that could say so.
 */
#include "endpoint/form.h"

#include <string.h>

#include "base/clock.h"
#include "base/signed_url.h"
#include "base/text.h"

/* Each of 64 KiB that were typed may become six bytes of HTML. */
enum { PAGE_MAX = 512 * 1024 };

static const char form_type[] = "application/x-www-form-urlencoded";

/*
 * The fields are in the body: a query can only be a mistake, and would else
 * hide which of two values counts.
 */
static enum status
check_query(const struct request *request, struct err *err)
{
	static const char *const none[] = { NULL };
	struct params params;
	enum status st;

	st = params_parse(&params, request->query, strlen(request->query),
	    err);
	if (st == ST_OK)
		st = params_accept(&params, none, err);
	params_clear(&params);
	return st;
}

enum status
form_open(const struct app *app, const struct request *request,
    struct params *params, struct err *err)
{
	enum status st;

	memset(params, 0, sizeof(*params));
	if (request_is_foreign(request, config_text(&app->config,
	    SETTING_SITE_URL)))
		return err_set(err, ST_FOREIGN, "a form of another site");
	if (!request_is_type(request, form_type))
		return err_set(err, ST_BAD_INPUT, "the form is not %s",
		    form_type);
	st = check_query(request, err);
	if (st == ST_OK)
		st = params_parse(params, request->body.data,
		    request->body.len, err);
	return st;
}

/*
 * The value of a field that is there exactly once; NULL otherwise.  Of two
 * values one would be checked and the other might be used.
 */
static const char *
only_text(const struct params *params, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < params->count; i++) {
		if (strcmp(params->item[i].name, name) != 0)
			continue;
		if (value != NULL)
			return NULL;
		value = params->item[i].value;
	}
	return value;
}

enum status
form_signed_player(const struct app *app, const char *path,
    const struct params *params, int64_t *player_id, struct err *err)
{
	const char *player = only_text(params, "player_id");
	const char *expires = only_text(params, "expires");
	struct signed_fields signed_fields = {
		.word = params_text_or_empty(params, "word"),
		.signature = only_text(params, "signature"),
	};

	if (player == NULL || expires == NULL ||
	    signed_fields.signature == NULL ||
	    !text_parse_id(player, strlen(player), player_id) ||
	    !text_parse_id(expires, strlen(expires), &signed_fields.expires))
		return err_set(err, ST_DENIED, "signature");
	signed_fields.player_id = *player_id;
	return signed_url_verify_fields(&app->config, path,
	    &signed_fields, clock_now_s(), err);
}

void
form_read(const struct params *params, const struct form_field *fields,
    struct form_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		entries[i].value = params_text_or_empty(params,
		    fields[i].name);
}

enum status
form_answer(const struct request *request, struct response *response,
    const struct form_page *page, enum status st, struct err *err)
{
	size_t fault = form_first_fault(page);
	struct buf html = BUF_INIT(PAGE_MAX);

	if (fault < page->count && !request->wants_html)
		return err_set(err, st, "%s: %s", page->fields[fault].name,
		    page->entries[fault].fault);
	form_page_put(&html, page);
	st = response_html(response, status_info(st)->http, &html, err);
	buf_clear(&html);
	return st;
}
