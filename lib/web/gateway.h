/* What is between the serve loop and the two ways in, FastCGI and plain CGI.
 * Used inside lib/web only. */
#ifndef TEAMDUES_WEB_GATEWAY_H
#define TEAMDUES_WEB_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "web/service.h"
#include "web/watch.h"

/* One request as a gateway hands it over. */
struct gateway {
	void *handle;		/* given to read and write */
	char *const *environment;	/* CGI variables, NULL-ended */
	/* Reads len bytes of the body; fewer only when it ends or fails. */
	size_t (*read)(void *handle, char *bytes, size_t len);
	/* Sends all of it at once; false when the client is gone. */
	bool (*write)(void *handle, const char *head, size_t head_len,
	    const char *body, size_t body_len);
	bool names_request;	/* no nginx behind it adds X-Request-Id */
	struct watch *watch;	/* NULL: it lives for one request only */
};

/*
 * Reads a request, answers it and logs it.  False when the answer could not
 * be sent.
 */
bool gateway_answer(const struct service *service,
    const struct gateway *gateway);

/* True when standard input is a listening socket. */
bool fastcgi_is_gateway(void);

/* Both return what service_run returns. */
int fastcgi_serve(const struct service *service);
int cgi_serve(const struct service *service);

#endif
