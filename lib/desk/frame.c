/*
 * The order of the page is the order in which it is read aloud: a link past the
 * navigation, the way to the other pages, who is signed in, the title, the
 * page.
 */
#include "desk/frame.h"

#include <string.h>

#include "base/text.h"

enum { TEXT_MAX = 64 * 1024, SEARCH_MAX = 254 };

static const char search_path[] = "/desk/families";

/*
 * The desk's pages, in the order in which the navigation has them.
 * frame_has_page reads the same table: a page that does not exist yet is never
 * linked.
 */
static const struct {
	const char *path;
	const char *name;	/* in the navigation; NULL: not there */
} pages[] = {
	{ "/desk/", "Today" },
	{ search_path, "Families" },
	{ "/desk/unmatched", "Unmatched" },
	{ "/desk/mails", "Mails" },
	{ "/desk/payments", "Payments" },
	{ "/desk/tournaments", "Tournaments" },
	{ "/desk/rosters", "Rosters" },
	{ "/desk/products", "Products" },
	{ "/desk/log", "Log" },
	{ "/desk/family", NULL },
	{ "/desk/mails/list", NULL },
	{ "/desk/mails/send", NULL },
	{ "/desk/order", NULL },
	{ "/desk/product", NULL },
	{ "/desk/request", NULL },
	{ "/desk/tournament", NULL },
	{ "/desk/unmatched/payment", NULL },
};

/* The query is left out: a need's step leads to one order of a page. */
bool
frame_has_page(const char *path)
{
	size_t len = strcspn(path, "?");

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strlen(pages[i].path) == len &&
		    strncmp(pages[i].path, path, len) == 0)
			return true;
	return false;
}

bool
frame_is_writer(struct json_node data)
{
	struct err unused;
	bool is = false;

	return json_get_bool(data, "user.is_writer", &is, &unused) == ST_OK &&
	    is;
}

void
frame_put_text(struct buf *html, const char *text)
{
	buf_put_html(html, text, strlen(text));
}

/* A line may end behind the @ of an address, which is no word's middle. */
void
frame_put_breakable(struct buf *html, const char *text, size_t length)
{
	size_t done = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] != '@' || i + 1 == length || text[i + 1] <= ' ')
			continue;
		buf_put_html(html, text + done, i + 1 - done);
		buf_puts(html, "<wbr>");
		done = i + 1;
	}
	buf_put_html(html, text + done, length - done);
}

static void
put_member(struct buf *html, struct json_node row, const char *member,
    void (*put)(struct buf *html, const char *text, size_t length))
{
	struct buf text = BUF_INIT(TEXT_MAX);

	/*
	 * Anybody who registers for a tryout chooses a name: text_disarm takes
	 * the control characters and direction marks that would change how the
	 * text around it reads.
	 */
	json_put_chars(&text, json_at(row, member));
	if (text.len > 0 && !text.failed) {
		text_disarm(text.data, text.len);
		put(html, text.data, text.len);
	}
	buf_clear(&text);
}

void
frame_put_member(struct buf *html, struct json_node row, const char *member)
{
	put_member(html, row, member, buf_put_html);
}

void
frame_put_fact(struct buf *html, struct json_node row, const char *name,
    const char *member)
{
	if (!json_exists(json_at(row, member)))
		return;
	buf_putf(html, "<div><dt>%s</dt><dd>", name);
	put_member(html, row, member, frame_put_breakable);
	buf_puts(html, "</dd></div>\n");
}

static const char *
club_name(const struct frame *frame)
{
	return config_text(&frame->visit->app->config, SETTING_CLUB_NAME);
}

static void
put_pages(struct buf *html, const struct frame *frame)
{
	const char *here = frame->visit->request->path;

	buf_puts(html, "<nav aria-label=\"Desk\"><ul>\n");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (pages[i].name == NULL)
			continue;
		buf_putf(html, "<li><a href=\"%s\"%s>%s</a></li>\n",
		    pages[i].path, strcmp(pages[i].path, here) == 0
		    ? " aria-current=\"page\"" : "", pages[i].name);
	}
	buf_puts(html, "</ul></nav>\n");
}

/*
 * On every page, so that whoever is on the telephone is found at once.  desk.js
 * gives it the key "/", and searches as one types.  Who is looked for until the
 * end (go) is led to the family that alone is found.
 */
static void
put_search(struct buf *html, const struct frame *frame)
{
	buf_putf(html, "<form class=\"search\" role=\"search\" "
	    "action=\"%s\">\n<label for=\"search\">Find a family</label>\n"
	    "<input id=\"search\" type=\"search\" name=\"q\" "
	    "maxlength=\"%d\" autocomplete=\"off\" spellcheck=\"false\" "
	    "placeholder=\"Find a family\" "
	    "aria-keyshortcuts=\"/\" value=\"", search_path, SEARCH_MAX);
	frame_put_text(html, frame->search != NULL ? frame->search : "");
	buf_puts(html, "\">\n<button name=\"go\" value=\"yes\">Find</button>\n"
	    "</form>\n");
}

/*
 * The user's name, and the two ways out.  Each is a form of its own with a
 * token, since signing out changes something: a link could be followed by a
 * prefetch.
 */
static void
put_user(struct buf *html, const struct frame *frame)
{
	static const char action[] = "/desk/sign-out";
	static const char *const buttons[] = { "<button>Sign out</button>",
	    "<button name=\"everywhere\" value=\"yes\">Sign out everywhere"
	    "</button>" };

	buf_puts(html, "<details class=\"user\"><summary>");
	frame_put_member(html, frame->user, "name");
	buf_puts(html, "</summary>\n<div>\n");
	if (json_text_is(frame->user, "role", "viewer"))
		buf_puts(html, "<p>You see everything and change nothing."
		    "</p>\n");
	for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
		buf_putf(html, "<form method=\"post\" action=\"%s\">\n",
		    action);
		visit_put_form(frame->visit, action, html);
		buf_puts(html, buttons[i]);
		buf_puts(html, "\n</form>\n");
	}
	buf_puts(html, "</div>\n</details>\n");
}

static void
put_head(struct buf *html, const struct frame *frame)
{
	buf_puts(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<title>");
	frame_put_text(html, frame->title);
	buf_puts(html, " - ");
	frame_put_text(html, club_name(frame));
	buf_puts(html, "</title>\n<meta name=\"robots\" "
	    "content=\"noindex\">\n<link rel=\"icon\" href=\"/icon.svg\" "
	    "type=\"image/svg+xml\">\n"
	    "<link rel=\"stylesheet\" href=\"/desk.css\">\n"
	    "<script src=\"/desk.js\" defer></script>\n");
	if (frame->elements != NULL)
		buf_puts(html, frame->elements);
	buf_puts(html, "</head>\n");
}

/*
 * Signed out there is no navigation: it would show a stranger what the desk
 * has.
 */
void
frame_begin(struct buf *html, const struct frame *frame)
{
	bool is_user = json_exists(frame->user);

	put_head(html, frame);
	buf_puts(html, is_user ? "<body>\n" : "<body class=\"outside\">\n");
	buf_puts(html, "<a class=\"skip\" href=\"#main\">Skip to the page</a>\n"
	    "<header>\n<a class=\"club\" href=\"/desk/\">"
	    "<img src=\"/icon.svg\" alt=\"\" width=\"32\" height=\"32\">");
	frame_put_text(html, club_name(frame));
	buf_puts(html, "</a>\n");
	if (is_user) {
		put_user(html, frame);
		put_pages(html, frame);
		put_search(html, frame);
	}
	buf_putf(html, "</header>\n<main id=\"main\" tabindex=\"-1\"%s>\n<h1>",
	    frame->is_answer ? " autofocus" : "");
	frame_put_text(html, frame->title);
	buf_puts(html, "</h1>\n");
}

/* Said once of all times on a page. */
static void
put_zone(struct buf *html, const struct frame *frame)
{
	buf_puts(html, "<p class=\"note\">Times are of the club's zone, ");
	frame_put_text(html, config_text(&frame->visit->app->config,
	    SETTING_CLUB_TIMEZONE));
	buf_puts(html, ".</p>\n");
}

/*
 * A form whose token could not be made fails the whole page here: a page whose
 * button cannot work helps nobody, and put_form has no way to fail.
 */
enum status
frame_end(struct buf *html, const struct frame *frame, int http,
    struct response *response, struct err *err)
{
	enum status st = frame->visit->failure.st;

	if (json_exists(frame->user))
		put_zone(html, frame);
	buf_puts(html, "</main>\n</body>\n</html>\n");
	if (st != ST_OK) {
		*err = frame->visit->failure;
		return st;
	}
	st = visit_put_browser(frame->visit, response, err);
	return st != ST_OK ? st : response_html(response, http, html, err);
}

enum status
frame_answer(const struct frame *frame, const struct frame_words *words,
    int http, struct response *response, struct err *err)
{
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, frame);
	for (const char *const *p = words->paragraphs; *p != NULL; p++) {
		buf_puts(&html, "<p>");
		frame_put_text(&html, *p);
		buf_puts(&html, "</p>\n");
	}
	if (words->link != NULL) {
		buf_putf(&html, "<p><a href=\"%s\">", words->link);
		frame_put_text(&html, words->link_text);
		buf_puts(&html, "</a></p>\n");
	}
	st = frame_end(&html, frame, http, response, err);
	buf_clear(&html);
	return st;
}
