/*
 * teamdues endpoint list|add|enable|disable: where Stripe sends its events.
 * Stripe tells an endpoint's secret once, when it is made, so that `add` prints
 * it and whoever runs it keeps it.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "billing/facts/event_facts.h"
#include "kit/output.h"
#include "kit/invocation.h"
#include "stripe/endpoint.h"

enum { CALL_MS = 30000, ROW_MAX = 8192, URL_MAX = 1024, EVENTS_MAX = 4096 };

#define ENDPOINT_NEEDS (NEEDS(SETTING_STRIPE_MODE) \
	| NEEDS(SETTING_STRIPE_SECRET_KEY) | NEEDS(SETTING_STRIPE_API_BASE) \
	| NEEDS(SETTING_SITE_URL))

static const char *const columns[] = { "endpoint_id", "url", "status", NULL };

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter add_parameters[] = {
	{ "--disabled", PARAMETER_FLAG, false, NULL,
	    "let Stripe send nothing there yet" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static const struct parameter one_parameters[] = {
	{ "ID", PARAMETER_TEXT, true, NULL, "the endpoint's, we_..." },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
write_endpoint(struct output *output, struct json_node object,
    struct err *err)
{
	struct stripe_endpoint endpoint;
	struct buf text = BUF_INIT(ROW_MAX);
	struct json_out json = JSON_OUT(&text);
	enum status st;

	st = stripe_endpoint_parse(object, &endpoint, err);
	if (st != ST_OK)
		return err->st = ST_UPSTREAM;
	json_out_object(&json, NULL);
	json_out_text(&json, "endpoint_id", endpoint.id);
	json_out_text(&json, "url", endpoint.url);
	json_out_text(&json, "status", endpoint.is_enabled ? "enabled"
	    : "disabled");
	json_out_end(&json);
	st = output_written(output, &json, err);
	buf_clear(&text);
	return st;
}

static enum status
endpoint_list(struct invocation *invocation, struct err *err)
{
	struct json_doc page = { .text = NULL };
	struct json_node data = JSON_NONE;
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = stripe_endpoint_list(invocation->app.stripe,
		    clock_monotonic_ms() + CALL_MS, &page, err);
	if (st == ST_OK)
		data = json_at(json_root(&page), "data");
	for (struct json_node at = json_first(data);
	    st == ST_OK && json_exists(at); at = json_next(data, at))
		st = write_endpoint(&output, at, err);
	st = output_end(&output, st, err);
	json_clear(&page);
	return st;
}

/* Each run is an act of its own; a call that is repeated is the same act. */
static enum status
make_key(char key[SHA256_HEX_LEN + 1], struct err *err)
{
	unsigned char bytes[16];
	enum status st = crypto_random(bytes, sizeof(bytes), err);

	return st != ST_OK ? st
	    : crypto_sha256_hex(bytes, sizeof(bytes), key, err);
}

static enum status
enable(struct invocation *invocation, const char *id, bool is_enabled,
    const struct buf *events, struct err *err)
{
	char key[SHA256_HEX_LEN + 1];
	enum status st = make_key(key, err);

	return st != ST_OK ? st
	    : stripe_endpoint_enable(invocation->app.stripe, id, is_enabled,
	    events, key, clock_monotonic_ms() + CALL_MS, err);
}

static enum status
make(struct invocation *invocation, const char *url, const struct buf *events,
    struct stripe_endpoint *endpoint, struct secret *secret, struct err *err)
{
	char key[SHA256_HEX_LEN + 1];
	enum status st = make_key(key, err);

	return st != ST_OK ? st
	    : stripe_endpoint_create(invocation->app.stripe,
	    &(const struct stripe_new_endpoint){
		.url = url,
		.events = events,
		.idempotency_key = key,
	    }, clock_monotonic_ms() + CALL_MS, endpoint, secret, err);
}

/*
 * Stripe makes none that is disabled, and would send to it until it is.  So it
 * is made for a kind of event that does not come, and is told the right ones
 * when it is disabled.
 */
static enum status
make_disabled(struct invocation *invocation, const char *url,
    const struct buf *events, struct stripe_endpoint *endpoint,
    struct secret *secret, struct err *err)
{
	struct buf none = BUF_INIT(EVENTS_MAX);
	enum status st;

	buf_puts(&none, "&enabled_events[]=test_helpers.test_clock.created");
	st = buf_check(&none, "list of events", err);
	if (st == ST_OK)
		st = make(invocation, url, &none, endpoint, secret, err);
	if (st == ST_OK)
		st = enable(invocation, endpoint->id, false, events, err);
	buf_clear(&none);
	return st;
}

static enum status
add(struct invocation *invocation, const char *url, struct err *err)
{
	struct buf events = BUF_INIT(EVENTS_MAX);
	struct secret secret = { NULL, 0 };
	struct stripe_endpoint endpoint;
	enum status st;

	event_facts_put_types(&events, "enabled_events[]");
	st = buf_check(&events, "list of events", err);
	if (st == ST_OK)
		st = invocation_open_stripe(invocation, err);
	if (st == ST_OK &&
	    arguments_flag(&invocation->arguments, "--disabled"))
		st = make_disabled(invocation, url, &events, &endpoint,
		    &secret, err);
	else if (st == ST_OK)
		st = make(invocation, url, &events, &endpoint, &secret, err);
	if (st == ST_OK)
		printf("%s %s\n", endpoint.id, secret_bytes(&secret));
	secret_clear(&secret);
	buf_clear(&events);
	return st;
}

static enum status
endpoint_add(struct invocation *invocation, struct err *err)
{
	char text[URL_MAX];
	struct buf url = BUF_FIXED(text);
	enum status st;

	buf_putf(&url, "%s/webhooks/stripe",
	    config_text(&invocation->app.config, SETTING_SITE_URL));
	st = buf_check(&url, "SITE_URL", err);
	if (st != ST_OK)
		return st;
	if (arguments_flag(&invocation->arguments, "--commit"))
		return add(invocation, text, err);
	printf("Would make a webhook endpoint at Stripe for %s.\n", text);
	invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

static enum status
change(struct invocation *invocation, bool is_enabled, struct err *err)
{
	const char *id = arguments_text(&invocation->arguments, "ID");
	const char *what = is_enabled ? "again" : "nothing more";
	enum status st;

	if (!arguments_flag(&invocation->arguments, "--commit")) {
		printf("Would let Stripe send %s to %s.\n", what, id);
		invocation->exit = EXIT_FOUND_WORK;
		return ST_OK;
	}
	st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = enable(invocation, id, is_enabled, NULL, err);
	if (st == ST_OK)
		printf("Done: Stripe sends %s to %s.\n", what, id);
	return st;
}

static enum status
endpoint_enable(struct invocation *invocation, struct err *err)
{
	return change(invocation, true, err);
}

static enum status
endpoint_disable(struct invocation *invocation, struct err *err)
{
	return change(invocation, false, err);
}

const struct command commands_endpoint[] = {
	{
		.name = "endpoint list",
		.summary = "list Stripe's webhook endpoints of the account",
		.needs = ENDPOINT_NEEDS,
		.is_default = true,
		.parameters = list_parameters,
		.run = endpoint_list,
	},
	{
		.name = "endpoint add",
		.summary = "make one for this site, print its id and secret",
		.needs = ENDPOINT_NEEDS,
		.parameters = add_parameters,
		.run = endpoint_add,
	},
	{
		.name = "endpoint enable",
		.summary = "let Stripe send to one again",
		.needs = ENDPOINT_NEEDS,
		.parameters = one_parameters,
		.run = endpoint_enable,
	},
	{
		.name = "endpoint disable",
		.summary = "let Stripe send nothing more to one",
		.needs = ENDPOINT_NEEDS,
		.parameters = one_parameters,
		.run = endpoint_disable,
	},
	COMMANDS_END
};
