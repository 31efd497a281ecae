/* A field's fault is a sentence, which says what would be right. */
#include "desk/act_fault.h"

#include <string.h>

#include "base/text.h"
#include "desk/money.h"

/* Of what a list of the page's data offers. */
static bool
is_listed(const struct act_form *form, const struct act_field *field,
    const char *text)
{
	struct json_node list;

	for (const struct act_choice *c = field->choices;
	    c != NULL && c->value != NULL; c++)
		if (strcmp(c->value, text) == 0)
			return true;
	if (field->list == NULL)
		return false;
	list = json_at(form->data, field->list);
	for (struct json_node row = json_first(list); json_exists(row);
	    row = json_next(list, row))
		if (json_text_is(row, "value", text))
			return true;
	return false;
}

static const char *
text_fault(const struct act_field *field, const char *text)
{
	size_t max = field->characters_max > 0
	    ? (size_t)field->characters_max : ACT_TEXT_MAX;
	struct err unused;

	if (text_check("it", text, strlen(text), max, &unused) != ST_OK)
		return "Please write it shorter, and on one line.";
	return field->check != NULL ? field->check(text) : NULL;
}

/* Of the first of two fields of which one is to be filled in. */
static const char *
pair_fault(const struct act_form *form, const struct act_field *field,
    const char *text)
{
	bool has_other = params_text_or_empty(form->params,
	    field->instead)[0] != '\0';

	if (has_other != (text[0] == '\0'))
		return has_other
		    ? "Please fill in this or the next field, not both."
		    : "Please fill in this or the next field.";
	return NULL;
}

static const char *
fault_of(const struct act_form *form, const struct act_field *field)
{
	const char *text = params_text_or_empty(form->params, field->name);
	int64_t cents;

	if (field->instead != NULL && pair_fault(form, field, text) != NULL)
		return pair_fault(form, field, text);
	if (text[0] == '\0' && field->is_optional)
		return NULL;
	switch (field->control) {
	case ACT_MONEY:
		return desk_read_money(text, &cents);
	case ACT_DATE:
		return text_is_date(text) ? NULL
		    : "Please enter a day as 2026-05-31.";
	case ACT_CHOICE:
		return is_listed(form, field, text) ? NULL
		    : "Please choose one.";
	case ACT_CHECKBOX:
		return text[0] == '\0' || strcmp(text, "yes") == 0 ||
		    strcmp(text, "found") == 0 ? NULL
		    : "Please check the box, or do not.";
	case ACT_TEXT:
	case ACT_HIDDEN:
		break;
	}
	return text[0] == '\0' ? "Please fill this in."
	    : text_fault(field, text);
}

bool
act_form_check(struct act_form *form)
{
	bool is_good = true;

	for (size_t i = 0; i < form->count; i++) {
		form->faults[i] = fault_of(form, &form->fields[i]);
		is_good = is_good && form->faults[i] == NULL;
	}
	return is_good;
}
