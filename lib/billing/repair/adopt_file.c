/*
 * A malformed line stays in the list with its fault: the report shows all of
 * them, and a person mends the file once.
 */
#include "billing/repair/adopt_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"

/*
 * The indexes of the two fields that count, and how many fields a record has.
 */
struct places {
	size_t order_id;
	size_t session_id;
	size_t count;
};

/*
 * Columns that `import sessions --suggest` adds for people: its list can be
 * imported as it is.
 */
static const char *const passed_over[] = { "sure", "why", "player_name",
	"team", "product_name", "amount_cents", "currency", "payer_name",
	"payer_email", NULL };

static bool
is_named(struct csv_field field, const char *name)
{
	field = csv_trimmed(field);
	return field.len == strlen(name) &&
	    memcmp(field.text, name, field.len) == 0;
}

static bool
is_passed_over(struct csv_field field)
{
	const char *const *name = passed_over;

	while (*name != NULL && !is_named(field, *name))
		name++;
	return *name != NULL;
}

/*
 * False when a column is unknown, or one of the two is missing or doubled: the
 * file is of another kind.
 */
static bool
find_places(const struct csv_record *record, struct places *places)
{
	size_t orders = 0, sessions = 0;

	places->count = record->count;
	for (size_t i = 0; i < record->count; i++) {
		if (is_named(record->fields[i], "order_id")) {
			places->order_id = i;
			orders++;
		} else if (is_named(record->fields[i], "session_id")) {
			places->session_id = i;
			sessions++;
		} else if (!is_passed_over(record->fields[i])) {
			return false;
		}
	}
	return orders == 1 && sessions == 1;
}

static enum status
read_header(struct csv *csv, struct csv_record *record, struct places *places,
    struct err *err)
{
	enum status st = csv_next(csv, record, err);

	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	if (st == ST_OK) {
		csv_record_shorten(record, 2);
		if (csv_check_separator(record, err) != ST_OK)
			return err->st;
		if (find_places(record, places))
			return ST_OK;
	}
	return err_set(err, ST_BAD_INPUT,
	    "line 1: the columns are to be order_id,session_id");
}

static void
set_fault(struct adopt_line *line, const char *fault)
{
	struct buf b = BUF_FIXED(line->fault);

	buf_puts(&b, fault);
}

static void
take_record(struct adopt_line *line, const struct csv_record *record,
    const struct places *places)
{
	struct csv_field order, session;
	struct buf id = BUF_FIXED(line->session_id);

	if (record->count != places->count) {
		set_fault(line, places->count == 2 ? "not two fields"
		    : "not as many fields as there are columns");
		return;
	}
	order = csv_trimmed(record->fields[places->order_id]);
	session = csv_trimmed(record->fields[places->session_id]);
	buf_put(&id, session.text, session.len);
	/*
	 * An id that is longer than any of Stripe's, or holds a NUL byte, is
	 * not equal to its copy.
	 */
	if (!text_parse_id(order.text, order.len, &line->order_id)) {
		line->order_id = 0;
		set_fault(line, "order_id: not an id (a number from 1)");
	} else if (id.failed || strlen(line->session_id) != session.len ||
	    !stripe_id_ok(line->session_id)) {
		set_fault(line, "session_id: not an id of Stripe's");
	}
}

/* The room doubles, so that a long file is not copied line by line. */
static struct adopt_line *
add_line(struct adopt_list *list, struct err *err)
{
	struct adopt_line *lines;

	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count == 0 ? 1 : list->count * 2;

		lines = realloc(list->lines, room * sizeof(*lines));
		if (lines == NULL) {
			(void)err_set(err, ST_NOMEM,
			    "no memory for the sessions");
			return NULL;
		}
		list->lines = lines;
	}
	list->lines[list->count] = (struct adopt_line){
		.shown = "",
		.request = BUF_INIT(ADOPT_REQUEST_MAX),
	};
	return &list->lines[list->count];
}

static enum status
read_lines(struct csv *csv, struct csv_record *record,
    struct adopt_list *list, struct err *err)
{
	struct places places = { .count = 2 };
	enum status st = read_header(csv, record, &places, err);

	while (st == ST_OK) {
		struct adopt_line *line;

		st = csv_next(csv, record, err);
		if (st != ST_OK)
			break;
		line = add_line(list, err);
		if (line == NULL)
			return ST_NOMEM;
		line->line = record->line;
		csv_record_shorten(record, places.count);
		take_record(line, record, &places);
		list->count++;
	}
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
adopt_list_parse(const char *text, size_t len, struct adopt_list *list,
    struct err *err)
{
	struct csv_record record = CSV_RECORD_INIT;
	struct csv csv;
	enum status st;

	*list = (struct adopt_list){ NULL, 0 };
	st = csv_init(&csv, text, len, err);
	if (st == ST_OK)
		st = read_lines(&csv, &record, list, err);
	csv_record_clear(&record);
	return st;
}

void
adopt_list_clear(struct adopt_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		buf_clear(&list->lines[i].request);
	free(list->lines);
	*list = (struct adopt_list){ NULL, 0 };
}
