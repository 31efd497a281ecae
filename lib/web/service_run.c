/* Apart from what a service is, which the gateways know too. */
#include "web/service.h"

#include "web/gateway.h"

int
service_run(const struct service *service)
{
	if (fastcgi_is_gateway())
		return fastcgi_serve(service);
	return cgi_serve(service);
}
