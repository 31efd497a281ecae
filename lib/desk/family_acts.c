/*
 * A change is of a family, or a child, as its page showed it: `version` is
 * refused when somebody has changed it meanwhile.
 */
#include "desk/family_acts.h"

#include <string.h>

#include "base/email.h"
#include "desk/frame.h"
#include "desk/mail_shown.h"
#include "desk/reminder.h"
#include "store/desk_family.h"
#include "store/desk_remind.h"

enum { EMAIL_MAX = 254, PHONE_MAX = 40, TEAM_MAX = 100 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* As a roster's addresses are checked. */
static const char *
check_email(const char *text)
{
	struct err unused;

	return email_check_public(text, strlen(text), &unused) == ST_OK ? NULL
	    : "Please enter an address such as ann@example.org.";
}

#define FAMILY_FIELDS \
	{ .name = "name", .label = "Parent's name" }, \
	{ .name = "email", .label = "Email address", .is_optional = true, \
	    .characters_max = EMAIL_MAX, .check = check_email }, \
	{ .name = "phone", .label = "Phone", .is_optional = true, \
	    .characters_max = PHONE_MAX }

/* Chosen, so that one team is not written in two ways. */
#define TEAM \
	{ .name = "team", .control = ACT_CHOICE, .label = "Team", \
	    .is_optional = true, .list = "teams" }, \
	{ .name = "new_team", .label = "Another team", .is_optional = true, \
	    .characters_max = TEAM_MAX, \
	    .hint = "One that is not in the list." }
#define FEE(help) { .name = "monthly_fee", .control = ACT_MONEY, \
	.is_optional = true, .label = "Monthly fee", .hint = (help) }

static const struct act_field add_fields[] = {
	FAMILY_FIELDS,
	{ .name = "player_name", .label = "First child", .is_optional = true,
	    .hint = "The child's name. More children are added on the family's "
	    "page." },
	TEAM,
	FEE("Such as 150.00. Leave it empty for none."),
};

static const struct act_field family_alone[] = {
	{ .name = "parent_id", .control = ACT_HIDDEN },
};

static const struct act_field remove_fields[] = {
	{ .name = "parent_id", .control = ACT_HIDDEN },
	{ .name = "player_id", .control = ACT_HIDDEN, .is_optional = true },
};

static const struct act_field change_fields[] = {
	{ .name = "parent_id", .control = ACT_HIDDEN },
	{ .name = "version", .control = ACT_HIDDEN },
	FAMILY_FIELDS
};

static const struct act_field new_child_fields[] = {
	{ .name = "parent_id", .control = ACT_HIDDEN },
	{ .name = "player_name", .label = "Name" },
	TEAM,
	FEE("Such as 150.00. Leave it empty for none."),
};

static const struct act_field child_fields[] = {
	{ .name = "parent_id", .control = ACT_HIDDEN },
	{ .name = "player_id", .control = ACT_HIDDEN },
	{ .name = "version", .control = ACT_HIDDEN },
	{ .name = "player_name", .label = "Name" },
	{ .name = "team", .label = "Team", .is_optional = true,
	    .characters_max = TEAM_MAX, .list = "teams",
	    .hint = "Choose one of the list, or type another." },
	FEE("A fee that was asked for already keeps its amount. Leave it empty "
	    "for none."),
	{ .name = "plays", .control = ACT_CHECKBOX, .label = "Plays",
	    .hint = "Who plays no more is asked for nothing new; what is owed "
	    "stays owed." },
	{ .name = "parent_email", .label = "Move to another family: its email "
	    "address", .is_optional = true, .characters_max = EMAIL_MAX,
	    .check = check_email, .hint = "The child's orders go with it." },
};

/* The family that the form is of; none for one that is to be added. */
static enum status
read_subject(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	const char *family_id = params_text(params, "parent_id");
	int64_t id;
	enum status st = family_id == NULL ? ST_OK
	    : visit_read_id(params, "parent_id", "family", &id, err);

	return st != ST_OK ? st : store_desk_family_subject(
	    visit->app->store, visit_session(visit), family_id, doc, err);
}

static void
put_subject(struct buf *html, struct json_node data)
{
	if (!json_exists(json_at(data, "family")))
		return;
	buf_puts(html, "<dl class=\"facts\">\n<div><dt>Family</dt><dd>");
	frame_put_member(html, data, "family");
	buf_puts(html, "</dd></div>\n<div><dt>Mail</dt><dd>");
	frame_put_member(html, data, "address");
	buf_puts(html, "</dd></div>\n</dl>\n");
}

static const struct act_subject family = {
	.read = read_subject,
	.put = put_subject,
	.back = "/desk/family?parent_id=",
	.back_text = "Back to the family",
};

static enum status
read_reminders(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	struct json_doc family_doc = { .text = NULL };
	int64_t parent_id;
	enum status st = visit_read_id(params, "parent_id", "family",
	    &parent_id, err);

	if (st == ST_OK)
		st = store_desk_family_reminders(visit->app->store,
		    visit_session(visit), parent_id,
		    config_text(&visit->app->config, SETTING_CLUB_TIMEZONE),
		    &family_doc, err);
	if (st == ST_OK)
		st = reminder_read(visit, &family_doc, doc, err);
	json_clear(&family_doc);
	return st;
}

static void
put_reminded(struct buf *html, struct json_node data)
{
	put_subject(html, data);
	mail_put_shown(html, data, "The mail");
}

static const struct act_subject reminded = {
	.read = read_reminders,
	.put = put_reminded,
	.back = "/desk/family?parent_id=",
	.back_text = "Back to the family",
};

static const struct act_subject new_child = {
	.read = read_subject,
	.put = put_subject,
	.back = "/desk/family?parent_id=",
	.back_text = "To the family: enter the child in a tournament, or ask "
	    "for its first month",
};

/* One that is not there yet, or will not be any more. */
static const struct act_subject families = {
	.read = read_subject,
	.put = put_subject,
	.back = "/desk/families",
	.back_text = "To the families",
};

const struct act_kind family_acts[] = {
	{ .path = "/desk/family/add", .action = "add_family",
	    .subject = &families, .title = "Add a family",
	    .text = "The family, and a child of it. Nobody is mailed.",
	    .button = "Add it", .undo = "remove_family",
	    .made = "/desk/family?parent_id=", .fields = add_fields,
	    .count = COUNT(add_fields) },
	{ .path = "/desk/family/remove", .action = "remove_family",
	    .subject = &families, .title = "Remove the family",
	    .text = "It is as if the family had not been added, nor the child "
	    "that was added with it. Nobody is mailed.",
	    .button = "Remove it", .fields = remove_fields,
	    .count = COUNT(remove_fields) },
	{ .path = "/desk/family/change", .action = "change_family",
	    .subject = &family, .title = "Change the family",
	    .text = "Mails, receipts and pay links go to the new address from "
	    "now on. Nobody is mailed about it.",
	    .button = "Change it", .undo = "change_family",
	    .fields = change_fields, .count = COUNT(change_fields) },
	{ .path = "/desk/family/remind", .action = "remind",
	    .subject = &reminded, .title = "Remind the family",
	    .text = "One mail goes out now: all that the family owes, each "
	    "with a link to pay it. Another can be sent tomorrow.",
	    .button = "Mail the reminder", .fields = family_alone,
	    .count = COUNT(family_alone) },
	{ .path = "/desk/family/child", .action = "save_child",
	    .subject = &family, .title = "Change the child",
	    .text = "Nobody is mailed about it.",
	    .button = "Save", .undo = "save_child", .fields = child_fields,
	    .count = COUNT(child_fields) },
	{ .path = "/desk/family/add-child", .action = "add_child",
	    .subject = &new_child, .title = "Add a child",
	    .text = "Nobody is mailed about it.",
	    .button = "Add it", .undo = "remove_child",
	    .fields = new_child_fields, .count = COUNT(new_child_fields) },
	{ .path = "/desk/family/remove-child", .action = "remove_child",
	    .subject = &family, .title = "Remove the child",
	    .text = "It is as if the child had not been added. Nobody is "
	    "mailed.",
	    .button = "Remove it", .fields = remove_fields,
	    .count = COUNT(remove_fields) },
	{ .path = NULL },
};

/* Leads to the page on which players are entered, with this one. */
static const struct act_field enter_fields[] = {
	{ .name = "players", .control = ACT_HIDDEN },
	{ .name = "tournament_id", .control = ACT_CHOICE,
	    .label = "Enter in a tournament", .list = "tournaments" },
};

static const struct act_kind enter = {
	.path = "/desk/tournament/enter", .title = "Enter",
	.fields = enter_fields, .count = COUNT(enter_fields),
};

void
family_put_enter(struct buf *html, struct visit *visit,
    struct json_node child)
{
	if (json_exists(json_first(json_at(child, "tournaments"))))
		act_put_form(html, visit, &enter, child);
}

void
family_put_remind(struct buf *html, struct visit *visit,
    struct json_node data)
{
	act_put_form(html, visit, act_find(family_acts, "remind"), data);
}

void
family_act_put(struct buf *html, struct visit *visit, const char *action,
    const char *name, struct json_node data)
{
	const struct act_kind *kind = act_find(family_acts, action);

	buf_putf(html, "<details class=\"act\"><summary>%s</summary>\n"
	    "<p>%s</p>\n", name, kind->text);
	act_put_form(html, visit, kind, data);
	buf_puts(html, "</details>\n");
}
