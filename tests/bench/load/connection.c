#include "connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t
monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Loopback connects at once: only what follows may not block. */
void
connection_open(struct connection *c, SSL_CTX *tls, int port, int poll)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = c,
	};
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int on = 1;

	c->is_ready = c->is_asking = false;
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->ssl = SSL_new(tls);
	if (c->fd < 0 || c->ssl == NULL ||
	    connect(c->fd, (struct sockaddr *)&address,
	    sizeof(address)) != 0 ||
	    fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0 ||
	    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on,
	    sizeof(on)) != 0 ||
	    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
		perror("connect");
		exit(1);
	}
	SSL_set_tlsext_host_name(c->ssl, "localhost");
	SSL_set1_host(c->ssl, "localhost");
	SSL_set_fd(c->ssl, c->fd);
	SSL_set_connect_state(c->ssl);
}

void
connection_close(struct connection *c)
{
	if (c->fd < 0)
		return;
	SSL_free(c->ssl);
	close(c->fd);
	c->fd = -1;
	c->is_asking = false;
}

void
connection_ask(struct connection *c, size_t len)
{
	c->request_len = len;
	c->sent = 0;
	c->answer_len = 0;
	c->asked_ns = monotonic_ns();
	c->is_asking = true;
}

/* After a call of OpenSSL's that returned no success. */
static enum progress
wait_or_broken(struct connection *c, int result)
{
	int error = SSL_get_error(c->ssl, result);

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return PROGRESS_NONE;
	ERR_clear_error();
	return PROGRESS_BROKEN;
}

/* Whether what came is a whole answer; nginx writes the names like this. */
static bool
is_whole(const struct connection *c)
{
	const char *end = strstr(c->answer, "\r\n\r\n");
	const char *length = strstr(c->answer, "\r\nContent-Length: ");
	const char *chunked = strstr(c->answer,
	    "\r\nTransfer-Encoding: chunked");
	size_t head;

	if (end == NULL)
		return false;
	head = (size_t)(end - c->answer) + 4;
	if (chunked != NULL && chunked < end)
		return c->answer_len >= head + 5 &&
		    memcmp(c->answer + c->answer_len - 5, "0\r\n\r\n",
		    5) == 0;
	if (length == NULL || length > end)
		return true;
	return c->answer_len >= head + strtoul(length + 18, NULL, 10);
}

static enum progress
receive(struct connection *c)
{
	for (;;) {
		int got = SSL_read(c->ssl, c->answer + c->answer_len,
		    (int)(ANSWER_SIZE - c->answer_len));

		if (got <= 0)
			return wait_or_broken(c, got);
		if (!c->is_asking)
			return PROGRESS_BROKEN;	/* nobody asked for it */
		c->answer_len += (size_t)got;
		c->answer[c->answer_len] = '\0';
		if (is_whole(c)) {
			c->is_asking = false;
			return PROGRESS_ANSWER;
		}
		if (c->answer_len == ANSWER_SIZE)
			return PROGRESS_BROKEN;
	}
}

enum progress
connection_step(struct connection *c)
{
	if (c->fd < 0)
		return PROGRESS_NONE;
	if (!c->is_ready) {
		int result = SSL_do_handshake(c->ssl);

		if (result != 1)
			return wait_or_broken(c, result);
		c->is_ready = true;
		return PROGRESS_READY;
	}
	while (c->is_asking && c->sent < c->request_len) {
		int sent = SSL_write(c->ssl, c->request + c->sent,
		    (int)(c->request_len - c->sent));

		if (sent <= 0)
			return wait_or_broken(c, sent);
		c->sent += (size_t)sent;
	}
	return receive(c);
}

int
connection_status(const struct connection *c)
{
	return strncmp(c->answer, "HTTP/1.1 ", 9) == 0
	    ? (int)strtol(c->answer + 9, NULL, 10) : 0;
}

bool
connection_ends(const struct connection *c)
{
	return strstr(c->answer, "\r\nConnection: close") != NULL;
}
