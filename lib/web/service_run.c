/* A file of its own, the only one that knows both gateways: neither of them
 * depends on the other. */
#include "web/service.h"

#include "web/gateway.h"

int
service_run(const struct service *service)
{
	if (fastcgi_is_gateway())
		return fastcgi_serve(service);
	return cgi_serve(service);
}
