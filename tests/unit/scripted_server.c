#include "scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 64, REQUESTS_MAX = 256, REQUEST_SIZE = 65536 };

struct connection {
	struct scripted_server *server;
	pthread_t thread;
	int fd;
	SSL *ssl;
};

struct scripted_server {
	const struct scripted_line *script;
	size_t count;
	size_t next;
	SSL_CTX *tls;
	int listener;
	int port;
	pthread_t thread;
	pthread_mutex_t mutex;	/* next, requests, connections */
	struct connection connections[CONNECTIONS_MAX];
	int connection_count;
	char *requests[REQUESTS_MAX];
	int request_count;
};

static void
check(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

static ssize_t
receive(struct connection *connection, char *bytes, size_t size)
{
	if (connection->ssl != NULL)
		return SSL_read(connection->ssl, bytes, (int)size);
	return recv(connection->fd, bytes, size, 0);
}

static bool
transmit(struct connection *connection, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = connection->ssl != NULL
		    ? SSL_write(connection->ssl, bytes, (int)len)
		    : send(connection->fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* The length of head and body once both are there; 0 while they are not. */
static size_t
whole_length(const char *text, size_t len)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strstr(text, "Content-Length: ");
	size_t whole;

	if (end == NULL)
		return 0;
	whole = (size_t)(end - text) + 4;
	if (length != NULL && length < end)
		whole += strtoul(length + strlen("Content-Length: "), NULL,
		    10);
	return len >= whole ? whole : 0;
}

/* Keeps one request.  False when the client went away. */
static bool
read_request(struct connection *connection)
{
	struct scripted_server *server = connection->server;
	char *text = calloc(1, REQUEST_SIZE);
	size_t len = 0;

	check(text != NULL, "calloc");
	while (whole_length(text, len) == 0) {
		ssize_t got = receive(connection, text + len,
		    REQUEST_SIZE - 1 - len);

		if (got <= 0) {
			free(text);
			return false;
		}
		len += (size_t)got;
	}
	pthread_mutex_lock(&server->mutex);
	check(server->request_count < REQUESTS_MAX, "too many requests");
	server->requests[server->request_count++] = text;
	pthread_mutex_unlock(&server->mutex);
	return true;
}

/* The script's next line if it is of the kind asked for. */
static bool
take_line(struct scripted_server *server, bool drop_before,
    struct scripted_line *line)
{
	static const struct scripted_line OVER = { .status = 599 };
	bool is_drop;

	pthread_mutex_lock(&server->mutex);
	*line = server->next < server->count ? server->script[server->next]
	    : OVER;
	is_drop = line->how == SCRIPT_DROP_BEFORE;
	if (is_drop == drop_before && server->next < server->count)
		server->next++;
	pthread_mutex_unlock(&server->mutex);
	return is_drop == drop_before;
}

static void
pause_ms(int ms)
{
	struct timespec left = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&left, NULL);
}

static bool
send_answer(struct connection *connection, const struct scripted_line *line)
{
	const char *body = line->body != NULL ? line->body : "{}";
	size_t body_len = strlen(body);
	size_t len = line->padded_to > body_len ? line->padded_to : body_len;
	char *text = malloc(len + 4096);
	int head;
	bool sent;

	check(text != NULL, "malloc");
	head = snprintf(text, 4096, "HTTP/1.1 %d Scripted\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n",
	    line->status != 0 ? line->status : 200, len,
	    line->headers != NULL ? line->headers : "");
	memset(text + head, ' ', len);
	memcpy(text + head, body, body_len);
	if (line->how == SCRIPT_TRUNCATE)
		len /= 2;
	sent = transmit(connection, text, (size_t)head + len);
	free(text);
	return sent && line->how == SCRIPT_ANSWER;
}

static void *
serve(void *connection_)
{
	struct connection *connection = connection_;
	struct scripted_line line;

	if (connection->ssl != NULL && SSL_accept(connection->ssl) != 1)
		goto out;
	while (!take_line(connection->server, true, &line)) {
		if (!read_request(connection))
			break;
		take_line(connection->server, false, &line);
		pause_ms(line.delay_ms);
		if (line.how == SCRIPT_DROP_AFTER ||
		    !send_answer(connection, &line))
			break;
	}
out:
	shutdown(connection->fd, SHUT_RDWR);
	return NULL;
}

static void *
accept_all(void *server_)
{
	struct scripted_server *server = server_;

	for (;;) {
		int fd = accept(server->listener, NULL, NULL);
		struct connection *connection;

		if (fd < 0)
			return NULL;
		pthread_mutex_lock(&server->mutex);
		check(server->connection_count < CONNECTIONS_MAX,
		    "too many connections");
		connection = &server->connections[server->connection_count++];
		pthread_mutex_unlock(&server->mutex);
		connection->server = server;
		connection->fd = fd;
		if (server->tls != NULL) {
			connection->ssl = SSL_new(server->tls);
			SSL_set_fd(connection->ssl, fd);
		}
		check(pthread_create(&connection->thread, NULL, serve,
		    connection) == 0, "pthread_create");
	}
}

struct scripted_server *
scripted_start(const struct scripted_line *script, size_t count, SSL_CTX *tls)
{
	struct scripted_server *server = calloc(1, sizeof(*server));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);

	check(server != NULL, "calloc");
	server->script = script;
	server->count = count;
	server->tls = tls;
	pthread_mutex_init(&server->mutex, NULL);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	check(server->listener >= 0, "socket");
	check(bind(server->listener, (struct sockaddr *)&address,
	    sizeof(address)) == 0, "bind");
	check(listen(server->listener, CONNECTIONS_MAX) == 0, "listen");
	check(getsockname(server->listener, (struct sockaddr *)&address,
	    &size) == 0, "getsockname");
	server->port = ntohs(address.sin_port);
	check(pthread_create(&server->thread, NULL, accept_all, server) == 0,
	    "pthread_create");
	return server;
}

void
scripted_stop(struct scripted_server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
	for (int i = 0; i < server->connection_count; i++) {
		struct connection *connection = &server->connections[i];

		shutdown(connection->fd, SHUT_RDWR);
		pthread_join(connection->thread, NULL);
		SSL_free(connection->ssl);
		close(connection->fd);
	}
	for (int i = 0; i < server->request_count; i++)
		free(server->requests[i]);
	pthread_mutex_destroy(&server->mutex);
	free(server);
}

int
scripted_port(const struct scripted_server *server)
{
	return server->port;
}

int
scripted_connections(struct scripted_server *server)
{
	int count;

	pthread_mutex_lock(&server->mutex);
	count = server->connection_count;
	pthread_mutex_unlock(&server->mutex);
	return count;
}

int
scripted_requests(struct scripted_server *server)
{
	int count;

	pthread_mutex_lock(&server->mutex);
	count = server->request_count;
	pthread_mutex_unlock(&server->mutex);
	return count;
}

const char *
scripted_request(struct scripted_server *server, int nth)
{
	return nth < scripted_requests(server) ? server->requests[nth] : "";
}

void
scripted_header(struct scripted_server *server, int nth, const char *name,
    char *out, size_t size)
{
	const char *line = scripted_request(server, nth);
	size_t name_len = strlen(name);

	out[0] = '\0';
	while ((line = strstr(line, "\r\n")) != NULL) {
		line += 2;
		if (strncasecmp(line, name, name_len) != 0 ||
		    line[name_len] != ':')
			continue;
		line += name_len + 2;

		size_t len = strcspn(line, "\r");

		check(len < size, "header");
		memcpy(out, line, len);
		out[len] = '\0';
		return;
	}
}
