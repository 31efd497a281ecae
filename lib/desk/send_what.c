/*
 * What was chosen for mails of one kind may stand in the query of another: only
 * what the kind has is heeded, so that the page shows all that counts.
 */
#include "desk/send_what.h"

#include <string.h>

enum { ADDRESS_MAX = 4096 };

static const char what_name[] = "what";

static const char *const payment_fields[] = { "team", "fee", "asked",
    "player_id", NULL };
static const char *const tournament_fields[] = { "tournament_id", NULL };
static const char *const no_fields[] = { NULL };

/* The first is what is meant where none is named. */
static const struct send_what whats[] = {
	{ "first_payments", "first_payment", payment_fields },
	{ "fee_reminders", "reminder", no_fields },
	{ "tournament", "tournament", tournament_fields },
	{ "tournament_reminders", "reminder", tournament_fields },
};

/* NULL: there is no such kind. */
static const struct send_what *
find(const struct params *params)
{
	const char *name = params_filled(params, what_name);

	if (name == NULL)
		return &whats[0];
	for (size_t i = 0; i < sizeof(whats) / sizeof(whats[0]); i++)
		if (strcmp(whats[i].name, name) == 0)
			return &whats[i];
	return NULL;
}

enum status
send_what_find(const struct params *params, const struct send_what **what,
    struct err *err)
{
	*what = find(params);
	return *what != NULL ? ST_OK
	    : err_set(err, ST_BAD_INPUT, "what: no such mails");
}

bool
send_is_chosen(const struct params *params)
{
	const struct send_what *what = find(params);

	if (what == NULL || params_filled(params, what_name) != NULL)
		return what != NULL;
	for (size_t i = 0; what->fields[i] != NULL; i++)
		if (params_filled(params, what->fields[i]) != NULL)
			return true;
	return false;
}

bool
send_has_field(const struct params *params, const char *name)
{
	const struct send_what *what = find(params);

	if (strcmp(name, what_name) == 0)
		return true;
	if (what == NULL || !send_is_chosen(params))
		return false;
	for (size_t i = 0; what->fields[i] != NULL; i++)
		if (strcmp(what->fields[i], name) == 0)
			return true;
	return false;
}

const char *
send_choice(const struct params *params, const char *name)
{
	return send_has_field(params, name) ? params_filled(params, name)
	    : NULL;
}

static void
put_choice(struct buf *address, const struct params *params,
    const char *name)
{
	const char *value = send_choice(params, name);

	if (value == NULL)
		return;
	buf_putf(address, "%s%s=", address->len > 0 ? "&" : "", name);
	buf_put_urlenc(address, value, strlen(value));
}

void
send_put_address(const struct params *params, struct json_out *json)
{
	const struct send_what *what = find(params);
	struct buf address = BUF_INIT(ADDRESS_MAX);

	put_choice(&address, params, what_name);
	for (size_t i = 0; what != NULL && what->fields[i] != NULL; i++)
		put_choice(&address, params, what->fields[i]);
	json_out_optional(json, "address", buf_str(&address));
	buf_clear(&address);
}
