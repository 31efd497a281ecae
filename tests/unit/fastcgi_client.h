/*
 * The web server's side of FastCGI 1.0, for tests: requests are built record by
 * record, so that broken ones can be sent as well.
 */
#ifndef TEAMDUES_TESTS_FASTCGI_CLIENT_H
#define TEAMDUES_TESTS_FASTCGI_CLIENT_H

#include <errno.h>
#include <fastcgi.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"

enum { WIRE_MAX = 8 * 1024 * 1024, RECORD_MAX = 65528, ANSWER_WAIT_MS = 8000 };

/* What came back, until the end of the request or of the connection. */
struct answer {
	struct buf text;	/* status line, headers and body */
	bool ended;		/* with FCGI_END_REQUEST */
};

#define ANSWER_INIT { BUF_INIT(WIRE_MAX), false }

static inline void
record_put(struct buf *wire, unsigned char type, const char *bytes,
    size_t len)
{
	const unsigned char header[FCGI_HEADER_LEN] = {
		FCGI_VERSION_1, type, 0, 1,
		(unsigned char)(len >> 8), (unsigned char)(len & 0xff), 0, 0,
	};

	buf_put(wire, (const char *)header, sizeof(header));
	buf_put(wire, bytes, len);
}

static inline void
begin_put(struct buf *wire, unsigned char flags)
{
	const char body[8] = { 0, FCGI_RESPONDER, (char)flags };

	record_put(wire, FCGI_BEGIN_REQUEST, body, sizeof(body));
}

static inline void
length_put(struct buf *text, size_t len)
{
	if (len > 127) {
		buf_putc(text, (char)(0x80 | (len >> 24)));
		buf_putc(text, (char)(len >> 16));
		buf_putc(text, (char)(len >> 8));
	}
	buf_putc(text, (char)len);
}

/* Names and values by turns, ended by a NULL name, as FCGI_PARAMS. */
static inline void
params_put(struct buf *wire, const char *const *pairs)
{
	struct buf text = BUF_INIT(RECORD_MAX);

	for (; pairs[0] != NULL; pairs += 2) {
		length_put(&text, strlen(pairs[0]));
		length_put(&text, strlen(pairs[1]));
		buf_puts(&text, pairs[0]);
		buf_puts(&text, pairs[1]);
	}
	record_put(wire, FCGI_PARAMS, text.data, text.len);
	record_put(wire, FCGI_PARAMS, "", 0);
	buf_clear(&text);
}

static inline void
body_put(struct buf *wire, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t piece = len < RECORD_MAX ? len : RECORD_MAX;

		record_put(wire, FCGI_STDIN, bytes, piece);
		bytes += piece;
		len -= piece;
	}
	record_put(wire, FCGI_STDIN, "", 0);
}

static inline int
client_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* What the program does not read is not an error here. */
static inline void
client_send(int fd, const struct buf *wire)
{
	size_t done = 0;

	while (done < wire->len) {
		ssize_t put = send(fd, wire->data + done, wire->len - done,
		    MSG_NOSIGNAL);

		if (put < 0)
			return;
		done += (size_t)put;
	}
}

/* False at the connection's end, or when nothing comes for too long. */
static inline bool
bytes_receive(int fd, char *bytes, size_t len)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };

	while (len > 0) {
		ssize_t got = 0;

		if (poll(&readable, 1, ANSWER_WAIT_MS) != 1)
			return false;
		got = read(fd, bytes, len);
		if (got <= 0)
			return false;
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

/* Whether the other side has ended it, in good time and with nothing more. */
static inline bool
client_sees_end(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	char byte = 0;

	return poll(&readable, 1, ANSWER_WAIT_MS) == 1 &&
	    read(fd, &byte, 1) == 0;
}

static inline void
client_receive(int fd, struct answer *answer)
{
	unsigned char header[FCGI_HEADER_LEN];
	char content[65536 + 256];

	while (!answer->ended &&
	    bytes_receive(fd, (char *)header, sizeof(header))) {
		size_t len = (size_t)(header[4] << 8 | header[5]);

		if (!bytes_receive(fd, content, len + header[6]))
			return;
		if (header[1] == FCGI_STDOUT)
			buf_put(&answer->text, content, len);
		answer->ended = header[1] == FCGI_END_REQUEST;
	}
}

#endif
