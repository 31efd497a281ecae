/*
 * GET /desk/mails: what was sent to many at once, and how far it has come; GET
 * /desk/mails/list: single mails, of a batch or not, and why they failed; GET
 * /desk/mails/send: the mail that families would get, and who they are.  POST
 * /desk/mails/send, /retry, /drop: what may be done about them.
 */
#include "desk/mail_acts.h"
#include "desk/mail_lists.h"
#include "desk/run.h"
#include "desk/send_list.h"

static enum status
get_batches(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&batch_list, context, request, response, err);
}

static enum status
get_mails(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&mail_list, context, request, response, err);
}

static enum status
get_send(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&send_list, context, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, mail_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/mails", false, METHOD_GET, 0, get_batches },
	{ "/desk/mails.csv", false, METHOD_GET, 0, get_batches },
	{ "/desk/mails/list", false, METHOD_GET, 0, get_mails },
	{ "/desk/mails/list.csv", false, METHOD_GET, 0, get_mails },
	{ "/desk/mails/send", false, METHOD_GET, 0, get_send },
	{ "/desk/mails/send.csv", false, METHOD_GET, 0, get_send },
	{ "/desk/mails/send", false, METHOD_POST, BODY_MAX, post_act },
	{ "/desk/mails/retry", false, METHOD_POST, BODY_MAX, post_act },
	{ "/desk/mails/drop", false, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/mails", routes);
}
