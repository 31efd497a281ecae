/*
 * A field that means nothing beside what is chosen is left out everywhere: else
 * the page would seem to heed it.
 */
#include "desk/list_filter.h"

#include <string.h>

#include "desk/frame.h"

static bool
is_meant(const struct list_filter *filter, const struct list_field *field)
{
	return filter->has_field == NULL ||
	    filter->has_field(filter->params, field->name);
}

static void
put_choices(struct buf *html, const struct list_field *field,
    const char *chosen, struct json_node choices)
{
	buf_putf(html, "<select id=\"filter-%s\" name=\"%s\">\n"
	    "<option value=\"\">%s</option>\n", field->name, field->name,
	    field->none != NULL ? field->none : "Any");
	for (struct json_node choice = json_first(choices);
	    json_exists(choice); choice = json_next(choices, choice)) {
		buf_puts(html, "<option value=\"");
		frame_put_member(html, choice, "value");
		buf_puts(html, json_text_is(choice, "value", chosen)
		    ? "\" selected>" : "\">");
		frame_put_member(html, choice, "name");
		buf_puts(html, "</option>\n");
	}
	buf_puts(html, "</select>\n");
}

static void
put_field(struct buf *html, const struct list_field *field,
    const char *value, struct json_node data)
{
	if (field->label == NULL) {
		buf_putf(html, "<input type=\"hidden\" name=\"%s\" value=\"",
		    field->name);
		frame_put_text(html, value);
		buf_puts(html, "\">\n");
		return;
	}
	buf_putf(html, "<div><label for=\"filter-%s\">%s</label>\n",
	    field->name, field->label);
	if (field->is_choice) {
		put_choices(html, field, value,
		    json_at(json_at(data, "choices"), field->name));
	} else {
		buf_putf(html, "<input id=\"filter-%s\" name=\"%s\"%s value=\"",
		    field->name, field->name,
		    field->is_day ? " type=\"date\"" : "");
		if (value[0] != '\0')
			frame_put_text(html, value);
		else
			frame_put_member(html, json_at(data, "typed"),
			    field->name);
		buf_puts(html, "\">\n");
	}
	buf_puts(html, "</div>\n");
}

/* A filter of which nothing is shown needs no form. */
void
list_filter_put(struct buf *html, const struct list_filter *filter,
    struct json_node data)
{
	const struct list_field *f = filter->fields;

	while (f->name != NULL && f->label == NULL)
		f++;
	if (f->name == NULL)
		return;
	buf_putf(html, "<form class=\"filter\" action=\"%s\">\n", filter->path);
	for (f = filter->fields; f->name != NULL; f++)
		if (is_meant(filter, f))
			put_field(html, f, params_text_or_empty(filter->params,
			    f->name), data);
	buf_puts(html, "<button>Show</button>\n</form>\n");
}

bool
list_filter_is_used(const struct list_filter *filter)
{
	for (const struct list_field *f = filter->fields; f->name != NULL; f++)
		if (is_meant(filter, f) && params_text_or_empty(
		    filter->params, f->name)[0] != '\0')
			return true;
	return false;
}

void
list_filter_put_address(struct buf *html,
    const struct list_filter *filter, const char *ending, const char *after)
{
	const char *sign = "?";

	buf_puts(html, filter->path);
	buf_puts(html, ending);
	for (const struct list_field *f = filter->fields; f->name != NULL;
	    f++) {
		const char *value = params_filled(filter->params, f->name);

		if (value == NULL || !is_meant(filter, f))
			continue;
		buf_putf(html, "%s%s=", sign, f->name);
		buf_put_urlenc(html, value, strlen(value));
		sign = "&amp;";
	}
	if (after != NULL) {
		buf_putf(html, "%s%s=", sign, LIST_AFTER);
		buf_put_urlenc(html, after, strlen(after));
	}
}
