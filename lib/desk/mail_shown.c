/* Nothing here words a mail: what is shown is what the mailer sends. */
#include "desk/mail_shown.h"

#include <string.h>

#include "billing/mailing/outgoing_facts.h"
#include "desk/frame.h"
#include "desk/money.h"
#include "mail/render.h"
#include "mail/several.h"
#include "store/desk_mailing.h"

/* Line by line, as a page shows no line end that is in a text. */
static void
put_lines(const struct buf *text, struct json_out *json)
{
	const char *at = buf_str(text);
	struct buf line = BUF_INIT(RENDER_MAX);

	json_out_array(json, "lines");
	while (*at != '\0') {
		size_t len = strcspn(at, "\n");

		buf_reset(&line);
		buf_put(&line, at, len);
		json_out_object(json, NULL);
		json_out_optional(json, "line", buf_str(&line));
		json_out_end(json);
		at += len + (at[len] != '\0');
	}
	json_out_end(json);
	buf_clear(&line);
}

/* Each as the database would give it to the mailer. */
static enum status
read_group(struct visit *visit, const struct mail_shown *shown, size_t count,
    struct outgoing_group *group, struct err *err)
{
	const struct desk_mailing mailing = {
		.session = visit_session(visit),
		.zone = config_text(&visit->app->config,
		    SETTING_CLUB_TIMEZONE),
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = store_desk_show_mail(visit->app->store, &mailing,
		    shown[i].kind, shown[i].player_id, shown[i].order_id,
		    shown[i].facts, &group->mail[i], err);
	group->count = count;
	return st;
}

static enum status
put_mail(const struct outgoing_group *group, const struct mail_copy *copy,
    struct json_out *json, struct err *err)
{
	struct buf text = BUF_INIT(RENDER_MAX);
	enum status st;

	render_text(&text, copy);
	st = buf_check(&text, "the mail's text", err);
	if (st == ST_OK) {
		json_out_object(json, "mail");
		json_out_text(json, "to", group->mail[0].recipient);
		json_out_text(json, "subject", copy_text(copy, COPY_SUBJECT));
		put_lines(&text, json);
		json_out_end(json);
	}
	buf_clear(&text);
	return st;
}

enum status
mail_show(struct visit *visit, const struct mail_shown *shown, size_t count,
    struct json_out *json, struct err *err)
{
	struct outgoing_group group;
	struct outgoing_facts facts;
	struct mail_copy copy;
	enum status st = read_group(visit, shown, count, &group, err);

	if (st != ST_OK)
		return st;
	copy_init(&copy);
	st = outgoing_facts_read(&visit->app->config, &group, &facts, err);
	if (st == ST_OK)
		st = copy_fill_several(&copy, facts.of, count, err);
	if (st == ST_OK)
		st = put_mail(&group, &copy, json, err);
	copy_clear(&copy);
	outgoing_facts_clear(&facts);
	return st;
}

void
mail_put_shown(struct buf *html, struct json_node data, const char *heading)
{
	struct json_node mail = json_at(data, "mail");
	struct json_node lines = json_at(mail, "lines");

	if (!json_exists(mail))
		return;
	buf_putf(html, "<section aria-labelledby=\"mail\" class=\"mail\">\n"
	    "<h2 id=\"mail\">%s</h2>\n<dl>\n<dt>To</dt><dd>", heading);
	desk_put_words_of(html, mail, "to");
	buf_puts(html, "</dd>\n<dt>Subject</dt><dd>");
	frame_put_member(html, mail, "subject");
	buf_puts(html, "</dd>\n</dl>\n<p class=\"text\">");
	for (struct json_node line = json_first(lines); json_exists(line);
	    line = json_next(lines, line)) {
		frame_put_member(html, line, "line");
		buf_putc(html, '\n');
	}
	buf_puts(html, "</p>\n</section>\n");
}
