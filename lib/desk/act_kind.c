/*
 * The form that an act begins with is the same wherever it stands; what tells
 * one from the page's others is the number of the visit's forms.
 */
#include "desk/act_kind.h"

#include <string.h>

#include "desk/frame.h"

/* Not the title once more: this button does nothing yet. */
const char act_next[] = "Next: check it";

static void
put_seen(struct buf *html, const char *seen)
{
	if (seen[0] == '\0')
		return;
	buf_puts(html, "<input type=\"hidden\" name=\"seen\" value=\"");
	frame_put_text(html, seen);
	buf_puts(html, "\">\n");
}

void
act_read_seen(struct json_node data, char seen[ACT_SEEN_SIZE])
{
	struct err unused;

	if (json_get_text(data, "seen", seen, ACT_SEEN_SIZE, &unused) != ST_OK)
		seen[0] = '\0';
}

/* All of the form up to its fields. */
void
act_begin_form(struct buf *html, struct visit *visit,
    const struct act_kind *kind, const char *seen)
{
	buf_putf(html, "<form method=\"post\" action=\"%s\">\n", kind->path);
	visit_put_form(visit, kind->path, html);
	put_seen(html, seen);
}

/* The number of the visit's forms tells the names of their elements apart. */
void
act_put_fields(struct buf *html, struct visit *visit,
    const struct act_kind *kind, const struct act_form *form,
    const char *button)
{
	char seen[ACT_SEEN_SIZE];

	act_read_seen(form->data, seen);
	act_begin_form(html, visit, kind, seen);
	act_form_put(html, form, visit->forms);
	buf_putf(html, "<button>%s</button>\n</form>\n", button);
}

void
act_put_form(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data)
{
	const struct act_form form = { .fields = kind->fields,
	    .count = kind->count, .data = data };

	act_put_fields(html, visit, kind, &form, act_form_has_visible(&form)
	    ? act_next : kind->title);
}

const char act_undo_field[] =
    "<input type=\"hidden\" name=\"undo\" value=\"yes\">\n";

static void
put_button(struct buf *html, struct visit *visit, const struct act_kind *kind,
    struct json_node data, const char *text, const char *more)
{
	const struct act_form form = { .fields = kind->fields,
	    .count = kind->count, .data = data };
	char seen[ACT_SEEN_SIZE];

	act_read_seen(data, seen);
	act_begin_form(html, visit, kind, seen);
	act_form_put_hidden(html, &form);
	buf_putf(html, "%s<button class=\"quiet\">%s</button>\n</form>\n",
	    more, text);
}

void
act_put_button(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data, const char *text)
{
	put_button(html, visit, kind, data, text, "");
}

void
act_put_undo(struct buf *html, struct visit *visit,
    const struct act_kind *kind, const struct act_kind *undo,
    struct json_node data)
{
	if (kind->undo_text != NULL)
		act_put_button(html, visit, undo, data, kind->undo_text);
	else
		put_button(html, visit, undo, data, "Undo", act_undo_field);
}

const struct act_kind *
act_find(const struct act_kind *kinds, const char *action)
{
	while (kinds->path != NULL && strcmp(kinds->action, action) != 0)
		kinds++;
	return kinds->path != NULL ? kinds : NULL;
}

bool
act_is_possible(struct json_node data, const struct act_kind *kind)
{
	struct json_node list = json_at(data, "possible");

	for (struct json_node row = json_first(list); json_exists(row);
	    row = json_next(list, row)) {
		char text[64];
		struct buf action = BUF_FIXED(text);

		json_put_chars(&action, row);
		if (strcmp(text, kind->action) == 0)
			return true;
	}
	return false;
}

void
act_put_details(struct buf *html, struct visit *visit,
    const struct act_kind *kind, struct json_node data)
{
	const struct act_form form = { .fields = kind->fields,
	    .count = kind->count, .data = data };

	buf_putf(html, "<details class=\"act\"><summary>%s</summary>\n"
	    "<p>%s</p>\n", kind->title, kind->text);
	act_put_fields(html, visit, kind, &form, act_next);
	buf_puts(html, "</details>\n");
}

void
act_put_back(struct buf *html, const struct act_kind *kind,
    struct json_node data)
{
	const struct act_subject *subject = kind->subject;

	buf_putf(html, "<p><a href=\"%s", subject->back);
	if (subject->back[strlen(subject->back) - 1] == '=' &&
	    kind->count > 0)
		frame_put_member(html, data, kind->fields[0].name);
	buf_putf(html, "\">%s</a></p>\n", subject->back_text);
}
