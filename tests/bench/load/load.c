/*
 * load: asks an HTTPS server of this machine, over so many connections at once,
 * and prints how it answered, as one JSON object.  Closed loop: each connection
 * asks again when it is answered.  Nothing is asked before all connections
 * stand.  STRIPE_WEBHOOK_SECRET signs the events.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "connection.h"

enum { EVENTS_MAX = 64, GRACE_S = 30, STATUS_MAX = 600 };

struct load {
	struct source source;
	SSL_CTX *tls;
	int port;
	int poll;
	struct connection *connections;
	int count;
	int ready;
	double seconds;
	int64_t begun_ns;	/* 0: not before all stand */
	int64_t ended_ns;	/* the last answer */
	int under_way;
	int64_t broken;
	int64_t statuses[STATUS_MAX];
	uint32_t *latencies_us;
	size_t answers;
	size_t room;
};

static void
usage(void)
{
	fputs("load -p PORT -a CA_FILE [-c CONNECTIONS] [-t SECONDS]"
	    " -e TEMPLATE [-n EVENTS] [-f FIRST_ORDER] [-k PLAYERS]\n"
	    "load -p PORT -a CA_FILE [-c CONNECTIONS] -g TARGETS\n", stderr);
	exit(2);
}

static bool
is_over(const struct load *load)
{
	return load->begun_ns != 0 && (double)(monotonic_ns() -
	    load->begun_ns) / 1e9 >= load->seconds;
}

/* False when there is nothing left to ask. */
static bool
ask(struct load *load, struct connection *c)
{
	size_t len = is_over(load) ? 0
	    : source_next(&load->source, c->request);

	if (len == 0)
		return false;
	connection_ask(c, len);
	load->under_way++;
	return true;
}

static void
note_answer(struct load *load, const struct connection *c)
{
	int status = connection_status(c);

	if (load->answers == load->room) {
		load->room = load->room * 2 + 4096;
		load->latencies_us = realloc(load->latencies_us,
		    load->room * sizeof(*load->latencies_us));
		if (load->latencies_us == NULL)
			abort();
	}
	load->ended_ns = monotonic_ns();
	load->latencies_us[load->answers++] =
	    (uint32_t)((load->ended_ns - c->asked_ns) / 1000);
	load->statuses[status > 0 && status < STATUS_MAX ? status : 0]++;
	load->under_way--;
}

static void
note_break(struct load *load, struct connection *c)
{
	if (!c->is_ready) {
		fputs("load: the server spoke no TLS\n", stderr);
		exit(1);
	}
	if (c->is_asking) {
		load->broken++;
		load->under_way--;
	}
}

static void
reopen(struct load *load, struct connection *c)
{
	connection_close(c);
	if (!is_over(load))
		connection_open(c, load->tls, load->port, load->poll);
}

static void advance(struct load *load, struct connection *c);

static void
begin(struct load *load)
{
	load->begun_ns = load->ended_ns = monotonic_ns();
	for (int i = 0; i < load->count; i++)
		if (ask(load, &load->connections[i]))
			advance(load, &load->connections[i]);
}

/* Goes on with a connection until it waits for the other side. */
static void
advance(struct load *load, struct connection *c)
{
	enum progress progress = connection_step(c);

	for (; progress != PROGRESS_NONE; progress = connection_step(c)) {
		if (progress == PROGRESS_READY && load->begun_ns == 0) {
			if (++load->ready == load->count)
				begin(load);
			return;
		}
		if (progress == PROGRESS_BROKEN) {
			note_break(load, c);
			reopen(load, c);
			continue;
		}
		if (progress == PROGRESS_ANSWER) {
			note_answer(load, c);
			if (connection_ends(c)) {
				reopen(load, c);
				continue;
			}
		}
		if (!ask(load, c))
			return;
	}
}

static void
run(struct load *load)
{
	struct epoll_event events[EVENTS_MAX];

	load->poll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < load->count; i++)
		connection_open(&load->connections[i], load->tls, load->port,
		    load->poll);
	while (load->begun_ns == 0 || load->under_way > 0) {
		int count = epoll_wait(load->poll, events, EVENTS_MAX, 1000);

		for (int i = 0; i < count; i++)
			advance(load, events[i].data.ptr);
		if (load->begun_ns != 0 && (double)(monotonic_ns() -
		    load->begun_ns) / 1e9 > load->seconds + GRACE_S)
			break;
	}
	load->broken += load->under_way;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t
at_share(const struct load *load, double share)
{
	return load->answers == 0 ? 0 : load->latencies_us[
	    (size_t)(share * (double)(load->answers - 1) + 0.5)];
}

static void
report(struct load *load)
{
	double seconds = (double)(load->ended_ns - load->begun_ns) / 1e9;
	struct rusage usage;
	const char *comma = "";

	getrusage(RUSAGE_SELF, &usage);
	qsort(load->latencies_us, load->answers, sizeof(*load->latencies_us),
	    compare);
	printf("{\"answers\":%zu,\"broken\":%" PRId64 ",\"seconds\":%.6f,"
	    "\"p50_us\":%" PRIu32 ",\"p99_us\":%" PRIu32 ",\"max_us\":%" PRIu32
	    ",\"cpu_s\":%.6f,\"statuses\":{", load->answers, load->broken,
	    seconds, at_share(load, 0.5), at_share(load, 0.99),
	    at_share(load, 1),
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	for (int i = 0; i < STATUS_MAX; i++) {
		if (load->statuses[i] == 0)
			continue;
		printf("%s\"%d\":%" PRId64, comma, i, load->statuses[i]);
		comma = ",";
	}
	puts("}}");
}

static SSL_CTX *
client_context(const char *ca_file)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());

	if (tls == NULL || ca_file == NULL ||
	    SSL_CTX_load_verify_locations(tls, ca_file, NULL) != 1)
		usage();
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE);
	return tls;
}

struct options {
	const char *ca_file;
	const char *template_file;
	const char *targets_file;
};

static void
read_options(int argc, char **argv, struct options *options,
    struct load *load, struct events *events)
{
	for (int o; (o = getopt(argc, argv, "p:a:c:t:e:n:f:k:g:")) != -1;) {
		int64_t number = optarg != NULL ? strtoll(optarg, NULL, 10)
		    : 0;

		switch (o) {
		case 'p':
			load->port = (int)number;
			break;
		case 'a':
			options->ca_file = optarg;
			break;
		case 'c':
			load->count = (int)number;
			break;
		case 't':
			load->seconds = strtod(optarg, NULL);
			break;
		case 'e':
			options->template_file = optarg;
			break;
		case 'n':
			events->limit = number;
			break;
		case 'f':
			events->order_id = number;
			break;
		case 'k':
			events->players = number;
			break;
		case 'g':
			options->targets_file = optarg;
			break;
		default:
			usage();
		}
	}
	if (load->port == 0 || load->count < 1 || events->players < 1 ||
	    (options->template_file == NULL) ==
	    (options->targets_file == NULL))
		usage();
}

int
main(int argc, char **argv)
{
	struct events events = { .order_id = ORDERS_FROM, .players = 1000,
		.limit = INT64_MAX, .secret = getenv("STRIPE_WEBHOOK_SECRET") };
	struct load load = { .count = 1, .seconds = 3600 };
	struct options options = { NULL, NULL, NULL };
	struct targets targets = { NULL, NULL, NULL };
	char host[32];

	read_options(argc, argv, &options, &load, &events);
	snprintf(host, sizeof(host), "localhost:%d", load.port);
	events.host = targets.host = host;
	if (options.targets_file != NULL) {
		targets_open(&targets, options.targets_file);
		load.source.targets = &targets;
	} else if (events.secret != NULL) {
		events_open(&events, options.template_file);
		load.source.events = &events;
	} else {
		usage();
	}
	load.tls = client_context(options.ca_file);
	load.connections = calloc((size_t)load.count,
	    sizeof(*load.connections));
	if (load.connections == NULL)
		abort();
	run(&load);
	report(&load);
	for (int i = 0; i < load.count; i++)
		connection_close(&load.connections[i]);
	free(load.connections);
	free(load.latencies_us);
	SSL_CTX_free(load.tls);
	events_close(&events);
	targets_close(&targets);
	return load.broken == 0 ? 0 : 1;
}
