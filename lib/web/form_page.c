/*
 * Each note is tied to its control by aria-describedby, and the first fault
 * gets the focus: a family that cannot see the page hears at once what to
 * correct (WCAG 2.2, 3.3.1).
 */
#include "web/form_page.h"

#include <string.h>

#include "web/page.h"

/*
 * Our pages send no Referer, and a browser that does not know Sec-Fetch-Site
 * would then send "Origin: null" with a form, as a stranger's page can
 * (origin.c).  So within the site the Referer is allowed.
 */
static const char own_origin[] =
    "<meta name=\"referrer\" content=\"same-origin\">\n";

static void
put_text(struct buf *html, const char *text)
{
	buf_put_html(html, text, strlen(text));
}

/* ` name="value"` */
static void
put_attribute(struct buf *html, const char *name, const char *value)
{
	buf_puts(html, " ");
	buf_puts(html, name);
	buf_puts(html, "=\"");
	put_text(html, value);
	buf_puts(html, "\"");
}

static const char *
value_of(const struct form_entry *entry)
{
	return entry->value != NULL ? entry->value : "";
}

size_t
form_first_fault(const struct form_page *page)
{
	size_t i = 0;

	while (i < page->count && page->entries[i].fault == NULL)
		i++;
	return i;
}

/* `<p class="hint" id="size-hint">`; kind is hint or fault. */
static void
put_note(struct buf *html, const char *name, const char *kind,
    const char *text)
{
	if (text == NULL)
		return;
	buf_puts(html, "<p");
	put_attribute(html, "class", kind);
	buf_putf(html, " id=\"%s-%s\">", name, kind);
	put_text(html, text);
	buf_puts(html, "</p>\n");
}

/* What every control has: its name, and which notes describe it. */
static void
put_common(struct buf *html, const struct form_field *field,
    const struct form_entry *entry, bool is_first_fault)
{
	const char *name = field->name;

	put_attribute(html, "id", name);
	put_attribute(html, "name", name);
	if (field->autocomplete != NULL)
		put_attribute(html, "autocomplete", field->autocomplete);
	if (field->control != FORM_TRAP)
		buf_puts(html, " required");
	if (field->hint != NULL && entry->fault != NULL)
		buf_putf(html, " aria-describedby=\"%s-hint %s-fault\"", name,
		    name);
	else if (field->hint != NULL || entry->fault != NULL)
		buf_putf(html, " aria-describedby=\"%s-%s\"", name,
		    field->hint != NULL ? "hint" : "fault");
	if (entry->fault != NULL)
		buf_puts(html, " aria-invalid=\"true\"");
	if (is_first_fault)
		buf_puts(html, " autofocus");
}

static void
put_input(struct buf *html, const struct form_field *field,
    const struct form_entry *entry, bool is_first_fault)
{
	buf_puts(html, "<input");
	put_attribute(html, "type", field->type);
	put_common(html, field, entry, is_first_fault);
	if (field->inputmode != NULL)
		put_attribute(html, "inputmode", field->inputmode);
	if (field->characters_max > 0)
		buf_putf(html, " maxlength=\"%d\"", field->characters_max);
	/* A name may be written from right to left. */
	if (strcmp(field->type, "text") == 0)
		put_attribute(html, "dir", "auto");
	put_attribute(html, "value", value_of(entry));
	buf_puts(html, ">\n");
}

static void
put_select(struct buf *html, const struct form_field *field,
    const struct form_entry *entry, bool is_first_fault)
{
	buf_puts(html, "<select");
	put_common(html, field, entry, is_first_fault);
	buf_puts(html, ">\n<option value=\"\">Please choose</option>\n");
	for (const char *const *c = entry->choices; *c != NULL; c++) {
		buf_puts(html, "<option");
		if (strcmp(*c, value_of(entry)) == 0)
			buf_puts(html, " selected");
		buf_puts(html, ">");
		put_text(html, *c);
		buf_puts(html, "</option>\n");
	}
	buf_puts(html, "</select>\n");
}

static void
put_label(struct buf *html, const struct form_field *field)
{
	buf_puts(html, "<label");
	put_attribute(html, "for", field->name);
	buf_puts(html, ">");
	put_text(html, field->label);
	buf_puts(html, "</label>\n");
}

static void
put_checkbox(struct buf *html, const struct form_field *field,
    const struct form_entry *entry, bool is_first_fault)
{
	put_note(html, field->name, "hint", field->hint);
	put_note(html, field->name, "fault", entry->fault);
	buf_puts(html, "<input type=\"checkbox\" value=\"yes\"");
	put_common(html, field, entry, is_first_fault);
	if (strcmp(value_of(entry), "yes") == 0)
		buf_puts(html, " checked");
	buf_puts(html, ">\n");
	put_label(html, field);
}

static void
put_field(struct buf *html, const struct form_field *field,
    const struct form_entry *entry, bool is_first_fault)
{
	/* A person who filled in the trap by mistake must see it to empty
	 * it. */
	bool is_hidden = field->control == FORM_TRAP && entry->fault == NULL;

	buf_putf(html, "<div class=\"%s\"%s>\n",
	    field->control == FORM_CHECKBOX ? "field choice" : "field",
	    is_hidden ? " hidden" : "");
	if (field->control == FORM_CHECKBOX) {
		put_checkbox(html, field, entry, is_first_fault);
	} else {
		put_label(html, field);
		put_note(html, field->name, "hint", field->hint);
		put_note(html, field->name, "fault", entry->fault);
		if (field->control == FORM_SELECT)
			put_select(html, field, entry, is_first_fault);
		else
			put_input(html, field, entry, is_first_fault);
	}
	buf_puts(html, "</div>\n");
}

static void
put_form(struct buf *html, const struct form_page *page)
{
	size_t first_fault = form_first_fault(page);

	/* novalidate: our words beside the field say more than the
	 * browser's. */
	buf_puts(html, page->is_get ? "<form method=\"get\" novalidate"
	    : "<form method=\"post\" novalidate");
	put_attribute(html, "action", page->action);
	buf_puts(html, ">\n");
	for (const struct param *h = page->hidden; h != NULL &&
	    h->name != NULL; h++) {
		buf_puts(html, "<input type=\"hidden\"");
		put_attribute(html, "name", h->name);
		put_attribute(html, "value", h->value);
		buf_puts(html, ">\n");
	}
	for (size_t i = 0; i < page->count; i++)
		put_field(html, &page->fields[i], &page->entries[i],
		    i == first_fault);
	buf_puts(html, "<button type=\"submit\">");
	put_text(html, page->button);
	buf_puts(html, "</button>\n</form>\n");
}

void
form_page_put(struct buf *html, const struct form_page *page)
{
	page_put_head_with(html, page->site_name, page->title, own_origin);
	for (size_t i = 0; page->paragraphs[i] != NULL; i++) {
		buf_puts(html, "<p>");
		put_text(html, page->paragraphs[i]);
		buf_puts(html, "</p>\n");
	}
	if (form_first_fault(page) < page->count)
		buf_puts(html, "<p class=\"alarm\" role=\"alert\">Nothing was "
		    "sent yet: please look at what is marked below.</p>\n");
	put_form(html, page);
	page_put_foot(html);
}
