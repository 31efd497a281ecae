/*
 * teamdues endpoint list|add|disable: where Stripe sends its events.  Stripe
 * tells an endpoint's secret once, when it is made, so that `add` prints it and
 * whoever runs it keeps it.
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
	PARAMETER_COMMIT, PARAMETER_END
};

static const struct parameter disable_parameters[] = {
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
add(struct invocation *invocation, const char *url, struct err *err)
{
	struct buf events = BUF_INIT(EVENTS_MAX);
	char key[SHA256_HEX_LEN + 1];
	struct secret secret = { NULL, 0 };
	struct stripe_endpoint endpoint;
	enum status st;

	event_facts_put_types(&events, "enabled_events[]");
	st = buf_check(&events, "list of events", err);
	if (st == ST_OK)
		st = make_key(key, err);
	if (st == ST_OK)
		st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = stripe_endpoint_create(invocation->app.stripe,
		    &(const struct stripe_new_endpoint){
			.url = url,
			.events = &events,
			.idempotency_key = key,
		    }, clock_monotonic_ms() + CALL_MS, &endpoint, &secret,
		    err);
	if (st == ST_OK) {
		fprintf(stderr, "Done: %s sends to %s; its secret:\n",
		    endpoint.id, endpoint.url);
		printf("%s\n", secret_bytes(&secret));
	}
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
endpoint_disable(struct invocation *invocation, struct err *err)
{
	const char *id = arguments_text(&invocation->arguments, "ID");
	char key[SHA256_HEX_LEN + 1];
	enum status st;

	if (!arguments_flag(&invocation->arguments, "--commit")) {
		printf("Would tell Stripe to send nothing more to %s.\n", id);
		invocation->exit = EXIT_FOUND_WORK;
		return ST_OK;
	}
	st = make_key(key, err);
	if (st == ST_OK)
		st = invocation_open_stripe(invocation, err);
	if (st == ST_OK)
		st = stripe_endpoint_disable(invocation->app.stripe, id, key,
		    clock_monotonic_ms() + CALL_MS, err);
	if (st == ST_OK)
		printf("Done: Stripe sends nothing more to %s.\n", id);
	return st;
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
		.summary = "make one for this site, and print its secret",
		.needs = ENDPOINT_NEEDS,
		.parameters = add_parameters,
		.run = endpoint_add,
	},
	{
		.name = "endpoint disable",
		.summary = "let Stripe send nothing more to one",
		.needs = ENDPOINT_NEEDS,
		.parameters = disable_parameters,
		.run = endpoint_disable,
	},
	COMMANDS_END
};
