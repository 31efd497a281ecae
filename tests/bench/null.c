/*
 * null: the least that a FastCGI program can do with a webhook.  Reads the body
 * and answers 200; what nginx, TLS and libfcgi cost without us.
 */
#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

enum { THREADS = 128, BODY_SIZE = 65536 };

static void *
serve(void *argument)
{
	char body[BODY_SIZE];
	FCGX_Request request;

	(void)argument;
	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0) {
		while (FCGX_GetStr(body, sizeof(body), request.in) > 0)
			;
		FCGX_PutS("Status: 200\r\nContent-Type: application/json\r\n"
		    "Content-Length: 17\r\n\r\n{\"received\":true}",
		    request.out);
		FCGX_Finish_r(&request);
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread;

	if (FCGX_Init() != 0)
		return 1;
	for (int i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, serve, NULL) != 0)
			return 1;
	(void)serve(NULL);
	return 0;
}
