/*
 * The CGI gateway (RFC 3875): one request from the environment and standard
 * input.  It serves fcgiwrap and a shell; tests run a program without a web
 * server by it.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web/gateway.h"

enum { EXIT_NO_ANSWER = 1, EXIT_USAGE = 2 };

extern char **environ;	/* POSIX leaves its declaration to the program */

static size_t
stdin_read(void *handle, char *bytes, size_t len)
{
	size_t done = 0;

	(void)handle;
	while (done < len) {
		ssize_t got = read(STDIN_FILENO, bytes + done, len - done);

		/* A body that ends early is refused by the caller, which knows
		 * its length. */
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		if (got > 0)
			done += (size_t)got;
	}
	return done;
}

static bool
bytes_write(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0) {
			bytes += put;
			len -= (size_t)put;
		}
	}
	return true;
}

static bool
stdout_write(void *handle, const char *head, size_t head_len,
    const char *body, size_t body_len)
{
	(void)handle;
	return bytes_write(STDOUT_FILENO, head, head_len) &&
	    bytes_write(STDOUT_FILENO, body, body_len);
}

int
cgi_serve(const struct service *service)
{
	static const char usage[] = "This program answers web requests: give it"
	    " a listening FastCGI socket as standard input,\nor run it as CGI, "
	    "for example: env REQUEST_METHOD=GET SCRIPT_NAME=/ PROGRAM\n";
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const struct gateway gateway = {
		.environment = environ,
		.read = stdin_read,
		.write = stdout_write,
		.names_request = true,
	};

	if (getenv("REQUEST_METHOD") == NULL) {
		(void)bytes_write(STDERR_FILENO, usage, strlen(usage));
		return EXIT_USAGE;
	}
	/* A client that has left must be a failed write, which is logged, not a
	 * signal that ends the program before it can log. */
	if (sigaction(SIGPIPE, &ignore, NULL) != 0)
		return EXIT_NO_ANSWER;
	return gateway_answer(service, &gateway) ? 0 : EXIT_NO_ANSWER;
}
