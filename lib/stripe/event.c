/*
 * The envelope is read strictly, since without its id and time nothing can be
 * recorded.  The object within is read leniently: of a type that we do not
 * handle nothing is known, and its event must be answered with success.
 */
#include "stripe/event.h"

#include <string.h>

#include "stripe/field.h"

static void
check_kind(struct field_reader *reader)
{
	char kind[64];

	field_text_or_blank(reader->object, "object", kind, sizeof(kind));
	/* A thin event has no object: the endpoint was set up in the wrong way,
	 * and the message tells whoever reads Stripe's dashboard. */
	if (strcmp(kind, "v2.core.event") == 0)
		field_refuse(reader, "this is a thin event (v2.core.event): "
		    "the endpoint must be set up for snapshot events");
	else if (strcmp(kind, "event") != 0)
		field_refuse(reader, "this is not an event");
}

static enum status
read_envelope(struct stripe_event *event, struct err *err)
{
	struct field_reader reader = FIELD_READER(json_root(&event->doc), err);

	check_kind(&reader);
	field_id(&reader, "id", event->id);
	field_text(&reader, "type", event->type, sizeof(event->type));
	field_text_or_empty(&reader, "api_version", event->api_version,
	    sizeof(event->api_version));
	field_time(&reader, "created", &event->created);
	field_bool(&reader, "livemode", &event->livemode);
	if (event->type[0] == '\0')
		field_refuse(&reader, "type is empty");
	return reader.st;
}

/* A type that we do not handle may have anything here, so nothing is
 * refused. */
static void
read_object(struct stripe_event *event)
{
	struct json_node object = json_at(json_root(&event->doc),
	    "data.object");

	if (!json_is(object, JSON_OBJECT))
		return;
	event->object = object;
	field_text_or_blank(object, "object", event->object_type,
	    sizeof(event->object_type));
	field_text_or_blank(object, "id", event->object_id,
	    sizeof(event->object_id));
	if (!stripe_id_ok(event->object_id))
		event->object_id[0] = '\0';
}

static void
read_account(struct stripe_event *event)
{
	struct json_node json = json_root(&event->doc);
	/* Connect sends account, an organisation's destination sends
	 * context. */
	const char *name = json_exists(json_at(json, "account")) ? "account"
	    : "context";

	event->is_of_account = json_exists(json_at(json, name));
	field_text_or_blank(json, name, event->account,
	    sizeof(event->account));
}

void
stripe_event_accept_account(struct stripe_event *event, const char *account)
{
	if (account != NULL && strcmp(event->account, account) == 0)
		event->is_of_account = false;
}

enum status
stripe_event_parse(const char *body, size_t len, struct stripe_event *event,
    struct err *err)
{
	enum status st;

	*event = (struct stripe_event){ 0 };
	st = json_parse(body, len, &event->doc, err);
	if (st != ST_OK)
		return st;
	st = read_envelope(event, err);
	if (st != ST_OK)
		return st;
	read_account(event);
	read_object(event);
	return ST_OK;
}

void
stripe_event_clear(struct stripe_event *event)
{
	json_clear(&event->doc);
	*event = (struct stripe_event){ 0 };
}
