#include "source.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAC_LEN = 32, MAC_HEX_SIZE = 65, VALUE_SIZE = 32, DAY_S = 24 * 3600 };

static char *
file_text(const char *path)
{
	char *text = calloc(1, REQUEST_SIZE * 64);
	FILE *file = fopen(path, "r");

	if (text == NULL || file == NULL ||
	    fread(text, 1, REQUEST_SIZE * 64 - 1, file) == 0) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return text;
}

void
events_open(struct events *events, const char *template_file)
{
	struct timespec now;

	events->text = file_text(template_file);
	clock_gettime(CLOCK_REALTIME, &now);
	events->run = (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec;
}

void
events_close(struct events *events)
{
	free(events->text);
}

void
targets_open(struct targets *targets, const char *file)
{
	targets->text = file_text(file);
	targets->next = targets->text;
}

void
targets_close(struct targets *targets)
{
	free(targets->text);
}

/* A permutation of 64 bits: ids that differ, in no order, as Stripe's are. */
static uint64_t
scatter(uint64_t number)
{
	number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
	return number ^ (number >> 31);
}

/* The value of the @NAME@ at the begin of text, and the name's length. */
static size_t
fill_in(const struct events *events, const char *text, int64_t now_s,
    char value[VALUE_SIZE])
{
	int64_t order_id = events->order_id + events->number;
	const struct {
		const char *name;
		int64_t number;
	} numbers[] = {
		{ "@ORDER@", order_id },
		{ "@PLAYER@", 1 + (order_id - ORDERS_FROM) % events->players },
		{ "@CREATED@", now_s },
		{ "@EXPIRES@", now_s + DAY_S },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t len = strlen(numbers[i].name);

		if (strncmp(text, numbers[i].name, len) == 0) {
			snprintf(value, VALUE_SIZE, "%" PRId64,
			    numbers[i].number);
			return len;
		}
	}
	if (strncmp(text, "@EVENT@", 7) == 0) {
		snprintf(value, VALUE_SIZE, "evt_1P%016" PRIx64,
		    scatter(events->run + (uint64_t)events->number));
		return 7;
	}
	snprintf(value, VALUE_SIZE, "@");
	return 1;
}

static size_t
put_body(const struct events *events, int64_t now_s, char *body, size_t size)
{
	const char *text = events->text;
	size_t len = 0;

	while (*text != '\0' && len + VALUE_SIZE < size) {
		size_t plain = strcspn(text, "@");
		char value[VALUE_SIZE];

		if (plain > size - len - VALUE_SIZE)
			plain = size - len - VALUE_SIZE;
		memcpy(body + len, text, plain);
		len += plain;
		text += plain;
		if (*text != '@')
			continue;
		text += fill_in(events, text, now_s, value);
		memcpy(body + len, value, strlen(value));
		len += strlen(value);
	}
	return len;
}

/* Over "TIME.BODY", with the name that Stripe gives to this scheme. */
static void
sign(const char *secret, int64_t now_s, const char *body, size_t len,
    char hex[MAC_HEX_SIZE])
{
	static char text[REQUEST_SIZE];
	int head = snprintf(text, sizeof(text), "%" PRId64 ".", now_s);
	unsigned char mac[MAC_LEN];
	unsigned mac_len = 0;

	memcpy(text + head, body, len);
	HMAC(EVP_sha256(), secret, (int)strlen(secret),
	    (const unsigned char *)text, (size_t)head + len, mac, &mac_len);
	for (size_t i = 0; i < MAC_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
}

static size_t
next_event(struct events *events, char request[REQUEST_SIZE])
{
	static char body[REQUEST_SIZE - 1024];
	char signature[MAC_HEX_SIZE];
	int64_t now_s = time(NULL);
	size_t len;
	int head;

	if (events->number == events->limit)
		return 0;
	len = put_body(events, now_s, body, sizeof(body));
	sign(events->secret, now_s, body, len, signature);
	head = snprintf(request, REQUEST_SIZE,
	    "POST /webhooks/stripe HTTP/1.1\r\nHost: %s\r\n"
	    "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
	    "Accept: */*; q=0.5, application/xml\r\n"
	    "Cache-Control: no-cache\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "Stripe-Signature: t=%" PRId64 ",v1=%s\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    events->host, now_s, signature, len);
	memcpy(request + head, body, len);
	events->number++;
	return (size_t)head + len;
}

static size_t
next_target(struct targets *targets, char request[REQUEST_SIZE])
{
	int len = (int)strcspn(targets->next, "\n");
	const char *target = targets->next;

	if (len == 0)
		return 0;
	targets->next += len + (target[len] == '\n');
	return (size_t)snprintf(request, REQUEST_SIZE,
	    "GET %.*s HTTP/1.1\r\nHost: %s\r\n\r\n", len, target,
	    targets->host);
}

size_t
source_next(struct source *source, char request[REQUEST_SIZE])
{
	if (source->events != NULL)
		return next_event(source->events, request);
	return next_target(source->targets, request);
}
