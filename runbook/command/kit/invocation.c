#include "invocation.h"

enum status
invocation_usage(struct invocation *invocation, struct err *err,
    const char *text)
{
	invocation->exit = EXIT_USAGE;
	return err_set(err, ST_BAD_INPUT, "%s", text);
}
