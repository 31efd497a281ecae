/*
 * A note of a field is tied to its control by aria-describedby, and the first
 * fault gets the focus: who does not see the page hears at once what to
 * correct.
 */
#include "desk/act_form.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "desk/frame.h"
#include "desk/money.h"

enum { NAME_SIZE = 64 };

static bool
is_named(const struct act_field *field, const char *name)
{
	return strcmp(field->name, name) == 0;
}

static const char *
typed(const struct act_form *form, const struct act_field *field)
{
	return params_text_or_empty(form->params, field->name);
}

static void
name_cents(const struct act_field *field, char name[NAME_SIZE])
{
	struct buf text = buf_over(name, NAME_SIZE);

	buf_putf(&text, "%s_cents", field->name);
}

static void
put_value(struct buf *html, const struct act_form *form,
    const struct act_field *field)
{
	char name[NAME_SIZE];
	struct json_node cents;

	if (form->params != NULL) {
		frame_put_text(html, typed(form, field));
		return;
	}
	if (field->control != ACT_MONEY) {
		frame_put_member(html, form->data, field->name);
		return;
	}
	name_cents(field, name);
	cents = json_at(form->data, name);
	if (json_exists(cents))
		money_put_plain(html, json_i64_or_0(form->data, name));
}

/* Whether a choice, or a box, is the one that was taken. */
static bool
is_taken(const struct act_form *form, const struct act_field *field,
    const char *value)
{
	return form->params != NULL ? strcmp(typed(form, field), value) == 0
	    : json_text_is(form->data, field->name, value);
}

static void
put_hidden(struct buf *html, const struct act_form *form,
    const struct act_field *field)
{
	buf_putf(html, "<input type=\"hidden\" name=\"%s\" value=\"",
	    field->name);
	put_value(html, form, field);
	buf_puts(html, "\">\n");
}

/* Whether somebody fills it in. */
static bool
is_visible(const struct act_form *form, const struct act_field *field)
{
	return field->control != ACT_HIDDEN && (field->only_with == NULL ||
	    json_exists(json_at(form->data, field->only_with)));
}

/* One field of a page at most gets it. */
static bool
has_focus(const struct act_form *form, size_t i)
{
	if (form->faults[i] == NULL && !form->has_focus)
		return false;
	for (size_t j = 0; j < i; j++)
		if (form->has_focus ? is_visible(form, &form->fields[j])
		    : form->faults[j] != NULL)
			return false;
	return true;
}

/* What every control has: its names, and the notes that describe it. */
static void
put_common(struct buf *html, const struct act_form *form, size_t i, int id)
{
	const struct act_field *field = &form->fields[i];

	buf_putf(html, " id=\"%s-%d\" name=\"%s\"", field->name, id,
	    field->name);
	if (!field->is_optional && field->control != ACT_CHECKBOX)
		buf_puts(html, " required");
	if (field->hint != NULL || form->faults[i] != NULL) {
		buf_puts(html, " aria-describedby=\"");
		if (form->faults[i] != NULL)
			buf_putf(html, "%s-%d-fault", field->name, id);
		if (field->hint != NULL)
			buf_putf(html, "%s%s-%d-hint",
			    form->faults[i] != NULL ? " " : "", field->name,
			    id);
		buf_puts(html, "\"");
	}
	if (form->faults[i] != NULL)
		buf_puts(html, " aria-invalid=\"true\"");
	if (has_focus(form, i))
		buf_puts(html, " autofocus");
}

static void
put_option(struct buf *html, bool is_taken_one)
{
	buf_puts(html, is_taken_one ? "\" selected>" : "\">");
}

/* Of a long list, such as the teams', each has its value only. */
static void
put_row_option(struct buf *html, struct json_node row, bool is_taken_one)
{
	if (json_exists(json_at(row, "label"))) {
		buf_puts(html, "<option value=\"");
		frame_put_member(html, row, "value");
		put_option(html, is_taken_one);
		desk_put_words_of(html, row, "label");
	} else {
		buf_puts(html, is_taken_one ? "<option selected>" : "<option>");
		frame_put_member(html, row, "value");
	}
	buf_puts(html, "</option>\n");
}

static void
put_select(struct buf *html, const struct act_form *form, size_t i, int id)
{
	const struct act_field *field = &form->fields[i];
	struct json_node list = JSON_NONE;

	buf_puts(html, "<select");
	put_common(html, form, i, id);
	buf_puts(html, ">\n<option value=\"\">Please choose</option>\n");
	for (const struct act_choice *c = field->choices;
	    c != NULL && c->value != NULL; c++) {
		buf_putf(html, "<option value=\"%s", c->value);
		put_option(html, is_taken(form, field, c->value));
		buf_putf(html, "%s</option>\n", c->label);
	}
	if (field->list != NULL)
		list = json_at(form->data, field->list);
	for (struct json_node row = json_first(list); json_exists(row);
	    row = json_next(list, row)) {
		char value[NAME_SIZE];
		struct err unused;

		put_row_option(html, row, json_get_text(row, "value", value,
		    sizeof(value), &unused) == ST_OK && is_taken(form, field,
		    value));
	}
	buf_puts(html, "</select>\n");
}

void
act_form_put_list(struct buf *html, struct json_node data, const char *list)
{
	struct json_node rows = json_at(data, list);

	if (!json_exists(rows))
		return;
	buf_putf(html, "<datalist id=\"%s\">\n", list);
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row)) {
		buf_puts(html, "<option value=\"");
		frame_put_member(html, row, "value");
		buf_puts(html, "\">\n");
	}
	buf_puts(html, "</datalist>\n");
}

static void
put_input(struct buf *html, const struct act_form *form, size_t i, int id)
{
	const struct act_field *field = &form->fields[i];
	int max = field->characters_max > 0 ? field->characters_max
	    : ACT_TEXT_MAX;

	buf_puts(html, "<input");
	put_common(html, form, i, id);
	if (field->control == ACT_MONEY)
		buf_puts(html, " type=\"text\" inputmode=\"decimal\" "
		    "class=\"amount\" autocomplete=\"off\"");
	else if (field->control == ACT_DATE)
		buf_puts(html, " type=\"date\"");
	else
		buf_putf(html, " type=\"text\" dir=\"auto\" maxlength=\"%d\"",
		    max);
	if (field->list != NULL)
		buf_putf(html, " list=\"%s\"", field->list);
	buf_puts(html, " value=\"");
	put_value(html, form, field);
	buf_puts(html, "\">\n");
	if (field->list != NULL)
		act_form_put_list(html, form->data, field->list);
}

static void
put_note(struct buf *html, const struct act_field *field, int id,
    const char *kind, const char *text)
{
	if (text == NULL)
		return;
	buf_putf(html, "<p class=\"%s\" id=\"%s-%d-%s\">", kind, field->name,
	    id, kind);
	frame_put_text(html, text);
	buf_puts(html, "</p>\n");
}

static void
put_label(struct buf *html, const struct act_field *field, int id)
{
	buf_putf(html, "<label for=\"%s-%d\">%s%s</label>\n", field->name, id,
	    field->label, field->is_optional && field->instead == NULL &&
	    field->control != ACT_CHECKBOX
	    ? " <small>(optional)</small>" : "");
}

static void
put_field(struct buf *html, const struct act_form *form, size_t i, int id)
{
	const struct act_field *field = &form->fields[i];
	bool is_box = field->control == ACT_CHECKBOX;

	buf_puts(html, is_box ? "<div class=\"field box\">\n"
	    : "<div class=\"field\">\n");
	if (!is_box)
		put_label(html, field, id);
	put_note(html, field, id, "fault", form->faults[i]);
	if (is_box) {
		buf_puts(html, "<input type=\"checkbox\" value=\"yes\"");
		put_common(html, form, i, id);
		buf_puts(html, is_taken(form, field, "yes") ? " checked>\n"
		    : ">\n");
		put_label(html, field, id);
	} else if (field->control == ACT_CHOICE) {
		put_select(html, form, i, id);
	} else {
		put_input(html, form, i, id);
	}
	put_note(html, field, id, "hint", field->hint);
	buf_puts(html, "</div>\n");
}

void
act_form_put(struct buf *html, const struct act_form *form, int id)
{
	for (size_t i = 0; i < form->count; i++) {
		if (is_visible(form, &form->fields[i]))
			put_field(html, form, i, id);
		else if (form->fields[i].control == ACT_HIDDEN)
			put_hidden(html, form, &form->fields[i]);
	}
}

void
act_form_put_hidden(struct buf *html, const struct act_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		put_hidden(html, form, &form->fields[i]);
}

/* The name of the choice that was taken, of a static list or of the page's. */
static void
put_choice(struct buf *html, const struct act_form *form,
    const struct act_field *field)
{
	struct json_node list = JSON_NONE;

	for (const struct act_choice *c = field->choices;
	    c != NULL && c->value != NULL; c++)
		if (is_taken(form, field, c->value))
			buf_puts(html, c->label);
	if (field->list != NULL)
		list = json_at(form->data, field->list);
	for (struct json_node row = json_first(list); json_exists(row);
	    row = json_next(list, row))
		if (json_text_is(row, "value", typed(form, field)))
			desk_put_words_of(html, row,
			    json_exists(json_at(row, "label")) ? "label"
			    : "value");
}

/* Amounts and days as the desk writes them, whatever way they were typed. */
static void
put_typed(struct buf *html, const struct act_form *form,
    const struct act_field *field, const char *currency)
{
	int64_t cents;
	struct date day;

	if (field->control == ACT_CHOICE)
		put_choice(html, form, field);
	else if (field->control == ACT_CHECKBOX)
		buf_puts(html, "Yes");
	else if (field->control == ACT_MONEY &&
	    desk_read_money(typed(form, field), &cents) == NULL)
		money_put(html, cents, currency);
	else if (field->control == ACT_DATE &&
	    date_parse(typed(form, field), &day))
		buf_putf(html, "%d %.3s %d", day.day,
		    date_month_name(day.month), day.year);
	else
		put_value(html, form, field);
}

void
act_form_put_typed(struct buf *html, const struct act_form *form,
    const char *currency)
{
	char own[CURRENCY_SIZE];
	struct err unused;

	if (json_get_text(form->data, "currency", own, sizeof(own), &unused)
	    == ST_OK)
		currency = own;
	buf_puts(html, "<dl class=\"facts\">\n");
	for (size_t i = 0; i < form->count; i++) {
		const struct act_field *field = &form->fields[i];

		if (!is_visible(form, field) ||
		    typed(form, field)[0] == '\0')
			continue;
		/* A search may have said it without a tick. */
		if (field->control == ACT_CHECKBOX &&
		    !is_taken(form, field, "yes"))
			continue;
		buf_putf(html, "<div><dt>%s</dt><dd>", field->label);
		put_typed(html, form, field, currency);
		buf_puts(html, "</dd></div>\n");
	}
	buf_puts(html, "</dl>\n");
}

bool
act_form_has_visible(const struct act_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if (is_visible(form, &form->fields[i]))
			return true;
	return false;
}

bool
act_form_asks_only_why(const struct act_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if (is_visible(form, &form->fields[i]) &&
		    !is_named(&form->fields[i], "reason"))
			return false;
	return true;
}

void
act_form_put_args(const struct act_form *form, struct json_out *json)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct act_field *field = &form->fields[i];
		const char *text = typed(form, field);
		char name[NAME_SIZE];
		int64_t cents;

		if (text[0] == '\0' || is_named(field, "order_id") ||
		    is_named(field, "reason"))
			continue;
		name_cents(field, name);
		if (field->control == ACT_CHECKBOX)
			json_out_bool(json, field->name, true);
		else if (field->control != ACT_MONEY)
			json_out_text(json, field->name, text);
		else if (desk_read_money(text, &cents) == NULL)
			json_out_i64(json, name, cents);
	}
}
