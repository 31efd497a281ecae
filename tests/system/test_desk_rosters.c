/*
 * The club's list, uploaded at the desk: which files are taken, that what was
 * shown is what is done, once, and that nothing else is.  Invariant 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "desk.h"
#include "reconcile.h"
#include "sql.h"

#define HEADER "parent_name,parent_email,parent_phone,player_name,team," \
	"monthly_fee\n"

enum { LIST_SIZE = 4096, SEEN_SIZE = 64 };

static const char page[] = "/desk/rosters";

/* Somebody who is signed in, and a list of their own; # stands for name. */
struct scene {
	struct stack *stack;
	struct desk_user user;
	struct desk_browser browser;
	char name[UNIQUE_SIZE];
	char list[LIST_SIZE];
};

static void
scene_make(struct stack *stack, const char *role, struct scene *s)
{
	*s = (struct scene){ .stack = stack };
	desk_user_make(stack, role, &s->user);
	desk_browser_make(&s->browser);
	desk_sign_in(stack, &s->browser, &s->user);
	unique_name("roster", s->name);
}

static void
scene_write(struct scene *s, const char *lines)
{
	size_t len = 0;

	for (; *lines != '\0'; lines++) {
		size_t room = sizeof(s->list) - len;

		len += (size_t)(*lines == '#'
		    ? snprintf(s->list + len, room, "%s", s->name)
		    : snprintf(s->list + len, room, "%c", *lines));
		assert_true(len < sizeof(s->list));
	}
}

static void
upload(struct scene *s, const char *bytes, size_t len, long status,
    struct http_answer *answer)
{
	desk_upload(s->stack, &s->browser, page,
	    (const struct form_pair[]){ { NULL, NULL } },
	    &(const struct desk_file){ "list.csv", bytes, len }, answer);
	if (answer->status != status)
		fail_msg("%ld, not %ld:\n%s", answer->status, status,
		    answer->body);
}

static void
upload_list(struct scene *s, long status, struct http_answer *answer)
{
	upload(s, s->list, strlen(s->list), status, answer);
}

/* The button of the page that was shown. */
static void
confirm_text(struct scene *s, const struct http_answer *shown,
    const char *text, struct http_answer *answer)
{
	static const char field[] = "name=\"seen\" value=\"";
	const char *at = strstr(shown->body, field);
	char token[TOKEN_SIZE], seen[SEEN_SIZE];

	assert_non_null(at);
	at += strlen(field);
	snprintf(seen, sizeof(seen), "%.*s", (int)strcspn(at, "\""), at);
	desk_token(shown, page, token);
	desk_upload(s->stack, &s->browser, page, (const struct form_pair[]){
	    { "form", token }, { "roster", text },
	    { "file_name", "list.csv" }, { "seen", seen },
	    { "confirm", "yes" }, { NULL, NULL } }, NULL, answer);
}

static void
confirm(struct scene *s, const struct http_answer *shown,
    struct http_answer *answer)
{
	confirm_text(s, shown, s->list, answer);
}

static int64_t
count_players(const struct scene *s)
{
	return sql_int(s->stack, "select count(*) from teamdues.players "
	    "where name like '%%%s%%' or team like '%%%s%%'", s->name,
	    s->name);
}

static void
test_shown_then_done_once(void **state)
{
	struct http_answer shown, answer;
	char first[HTTP_VALUE_SIZE], second[HTTP_VALUE_SIZE];
	struct scene s;
	char *before, *after;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, HEADER
	    "Ann Lee,ann@#.example,555-1,Max #,U10 #,150\n"
	    "Ann Lee,ann@#.example,555-1,Kim #,U12 #,120.50\n");
	before = books_hash(s.stack);
	upload_list(&s, 200, &shown);
	after = books_hash(s.stack);
	assert_string_equal(before, after);
	http_assert_body_has(&shown, "This will happen:<br><b>2 new, "
	    "0 changed, 0 the same</b>");
	http_assert_body_has(&shown, "monthly fee 120.50 · parent Ann Lee");
	confirm(&s, &shown, &answer);
	http_assert_status(&answer, 303);
	http_header(&answer, "Location", first);
	http_answer_clear(&answer);
	confirm(&s, &shown, &answer);
	http_assert_status(&answer, 303);
	http_header(&answer, "Location", second);
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	assert_string_equal(first, second);
	desk_get(s.stack, &s.browser, strstr(first, "/desk/"), &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "<b>2 new, 0 changed");
	http_assert_body_has(&answer, "href=\"/desk/rosters\"");
	http_answer_clear(&answer);
	assert_int_equal(count_players(&s), 2);
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.audit_log where actor = 'Ruth Ames (desk)' and action = "
	    "'import roster' and detail = '2 new, 0 changed'"), 1);
	/* The lines are in the books, and not kept beside them. */
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.desk_requests where action = 'import_roster' and args "
	    "? 'rows'"), 0);
	upload_list(&s, 200, &shown);
	http_assert_body_has(&shown, "0 new, 0 changed, 2 the same");
	assert_null(strstr(shown.body, "Import it"));
	assert_null(strstr(shown.body, "This will happen"));
	http_answer_clear(&shown);
	free(before);
	free(after);
}

static void
test_from_and_to(void **state)
{
	struct http_answer shown, answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, HEADER "Ann Lee,ann@#.example,,Max #,U10 #,150\n");
	upload_list(&s, 200, &shown);
	confirm(&s, &shown, &answer);
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	scene_write(&s, HEADER
	    "Ann Lee,ann2@#.example,5,Max #,U12 #,150\n"
	    "Ann Lee,ann2@#.example,5,Zoe #,U12 #,100\n");
	upload_list(&s, 200, &shown);
	http_assert_body_has(&shown, "1 new, 1 changed, 0 the same");
	http_assert_body_has(&shown, " · address ann@");
	http_assert_body_has(&shown, " · phone 5<");
	confirm(&s, &shown, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	assert_int_equal(count_players(&s), 2);
	/* Who is not in it stays, and is named. */
	scene_write(&s, HEADER "Ann Lee,ann2@#.example,5,Zoe #,U12 #,100\n");
	upload_list(&s, 200, &shown);
	http_assert_body_has(&shown, "still asked for money");
	http_assert_body_has(&shown, "Max roster");
	http_answer_clear(&shown);
}

/* The books, or the hidden text, became others: shown again, nothing done. */
static void
test_changed_meanwhile(void **state)
{
	struct http_answer shown, again, answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, HEADER ",,,Max #,U10 #,150\n");
	upload_list(&s, 200, &shown);
	scene_write(&s, HEADER ",,,Max #,U10 #,175\n");
	confirm(&s, &shown, &again);
	http_assert_status(&again, 409);
	http_assert_body_has(&again, "Nothing was changed: ");
	http_assert_body_has(&again, "look again");
	http_assert_body_has(&again, "monthly fee 175.00");
	assert_int_equal(count_players(&s), 0);
	http_answer_clear(&shown);
	sql_run(s.stack, "insert into teamdues.players (name, team, "
	    "monthly_fee_cents) values ('Max %s', 'U10 %s', 100)", s.name,
	    s.name);
	confirm(&s, &again, &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "monthly fee 1.00 → 175.00");
	http_answer_clear(&again);
	confirm(&s, &answer, &again);
	http_assert_status(&again, 303);
	http_answer_clear(&again);
	http_answer_clear(&answer);
	sql_assert_text(s.stack, "17500", "select monthly_fee_cents from "
	    "teamdues.players where name = 'Max %s'", s.name);
}

/* One text in many encodings, as UTF-16 by a letter's two bytes. */
static size_t
as_utf16(const char *text, bool is_big, char *out)
{
	size_t len = 0;

	out[len++] = is_big ? '\xfe' : '\xff';
	out[len++] = is_big ? '\xff' : '\xfe';
	for (; *text != '\0'; text++) {
		out[len++] = is_big ? '\0' : *text;
		out[len++] = is_big ? *text : '\0';
	}
	return len;
}

static void
assert_taken(struct scene *s, const char *bytes, size_t len)
{
	struct http_answer answer;

	upload(s, bytes, len, 200, &answer);
	http_assert_body_has(&answer, "This will happen:<br><b>1 new, "
	    "0 changed");
	http_assert_body_has(&answer, "Import it");
	http_answer_clear(&answer);
}

static void
test_files_that_are_taken(void **state)
{
	char bytes[2 * LIST_SIZE];
	struct scene s;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, "\xef\xbb\xbf" HEADER ",,,Zo\xc3\xab #,#,150\n");
	assert_taken(&s, s.list, strlen(s.list));
	scene_write(&s, "player_name;team;monthly_fee;parent_name;"
	    "parent_email;parent_phone\r\n\"Lee; Max #\";#;150;;;\r\n");
	assert_taken(&s, s.list, strlen(s.list));
	scene_write(&s, "player_name\tteam\tmonthly_fee\tparent_name\t"
	    "parent_email\tparent_phone\r\nMax #\t#\t150\t\t\t\r\n");
	for (int big = 0; big < 2; big++)
		assert_taken(&s, bytes, as_utf16(s.list, big, bytes));
	assert_int_equal(count_players(&s), 0);
}

static void
test_files_that_are_not(void **state)
{
	static const struct {
		const char *bytes, *words;
	} cases[] = {
		{ HEADER ",,,Zo\xeb #,#,150\n", "line 2: a letter that is not "
		    "UTF-8" },
		{ "PK\x03\x04 a workbook", "this is a workbook" },
		{ "\x89PNG\r\n\x1a\n", "a letter that is not UTF-8" },
		{ "", "choose a file first" },
		{ "name,fee\n", "unknown column &quot;name&quot;" },
		{ HEADER ",,,\"Max #,#,150\n", "line 2: a quote is not" },
	};
	struct http_answer answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_write(&s, cases[i].bytes);
		s.list[strlen(cases[i].bytes)] = '\0';
		upload_list(&s, 400, &answer);
		if (strstr(answer.body, cases[i].words) == NULL)
			fail_msg("no \"%s\" in:\n%s", cases[i].words,
			    answer.body);
		assert_null(strstr(answer.body, "Import it"));
		http_answer_clear(&answer);
	}
	upload(&s, "a\0b", 3, 400, &answer);
	http_assert_body_has(&answer, "not a text file");
	http_answer_clear(&answer);
}

/* All that is wrong, in the command's words; what is right is shown. */
static void
test_lines_that_are_wrong(void **state)
{
	struct http_answer answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, HEADER ",,,Max #,#,1e3\n,,,Kim #,#,150\n"
	    "Ann,ann@#,,Zoe #,#,-5\n,,,\"Li\nsa #\",#,1\n");
	upload_list(&s, 400, &answer);
	http_assert_body_has(&answer, "bad lines: 3");
	http_assert_body_has(&answer, "Line 2</th>");
	http_assert_body_has(&answer, "monthly_fee: an amount looks like 150");
	http_assert_body_has(&answer, "Line 4</th>");
	http_assert_body_has(&answer, "player_name: has a control character");
	assert_null(strstr(answer.body, "This will happen"));
	assert_null(strstr(answer.body, "Import it"));
	http_answer_clear(&answer);
	assert_int_equal(count_players(&s), 0);
}

static void
test_huge_files(void **state)
{
	enum { HUGE_LEN = 4 * 1024 * 1024 };
	char *bytes = malloc(HUGE_LEN);
	struct http_answer answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	assert_non_null(bytes);
	memset(bytes, 'a', HUGE_LEN);
	upload(&s, bytes, 1024 * 1024 + 1, 400, &answer);
	http_assert_body_has(&answer, "larger than 1 MB: upload it in parts");
	http_answer_clear(&answer);
	upload(&s, bytes, HUGE_LEN, 413, &answer);
	http_assert_body_has(&answer, "A list of players may have 1 MB");
	http_answer_clear(&answer);
	free(bytes);
}

/* Nearly as much as is taken: the page lists the first, and carries it all. */
static void
test_the_largest_file(void **state)
{
	enum { LINES = 1300, LETTERS = 150 };
	struct buf list = BUF_INIT(2 * 1024 * 1024);
	struct http_answer shown, answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	buf_puts(&list, HEADER);
	for (int i = 0; i < LINES; i++) {
		buf_putf(&list, ",,,\"\"\"%s %d ", s.name, i);
		for (int letter = 0; letter < LETTERS; letter++)
			buf_puts(&list, "\xf0\x9f\x8f\x80");
		buf_putf(&list, "&\",%s,1\n", s.name);
	}
	assert_in_range(list.len, 800 * 1024, 1024 * 1024);
	upload(&s, list.data, list.len, 200, &shown);
	http_assert_body_has(&shown, "1300 new, 0 changed, 0 the same");
	http_assert_body_has(&shown, "the first 300 of them");
	confirm_text(&s, &shown, buf_str(&list), &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	assert_int_equal(count_players(&s), LINES);
	buf_clear(&list);
}

/* A name may try to be more than one: in the page, and in the next form. */
static void
test_hostile_names(void **state)
{
	struct http_answer shown, answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, HEADER
	    "\"=<script>\",,,\"\"\"><script>alert(1)</script> #\",'#,1\n");
	upload_list(&s, 200, &shown);
	assert_null(strstr(shown.body, "<script>alert"));
	http_assert_body_has(&shown, "&lt;script&gt;alert(1)");
	confirm(&s, &shown, &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.players where name = '\"><script>alert(1)</script> %s'",
	    s.name), 1);
	scene_write(&s, HEADER "x\n");
	desk_upload(s.stack, &s.browser, page, (const struct form_pair[]){
	    { NULL, NULL } }, &(const struct desk_file){
	    "<b>\xe2\x80\xae.csv", s.list, strlen(s.list) }, &answer);
	http_assert_status(&answer, 400);
	assert_null(strstr(answer.body, "<b>\xe2"));
	http_assert_body_has(&answer, "&lt;b&gt;???.csv");
	http_answer_clear(&answer);
}

static void
test_who_may(void **state)
{
	struct http_answer answer;
	struct scene s;

	scene_make(*state, "viewer", &s);
	desk_get(s.stack, &s.browser, page, &answer);
	http_assert_status(&answer, 200);
	assert_null(strstr(answer.body, "type=\"file\""));
	http_answer_clear(&answer);
	scene_write(&s, HEADER ",,,Max #,#,1\n");
	upload_list(&s, 403, &answer);
	http_assert_body_has(&answer, "You may look, but not change anything");
	http_answer_clear(&answer);
	upload(&s, "", 0, 403, &answer);
	http_answer_clear(&answer);
	desk_browser_make(&s.browser);
	desk_get(s.stack, &s.browser, page, &answer);
	http_assert_status(&answer, 401);
	http_answer_clear(&answer);
	/* A page of another site sends a file. */
	http_send(s.stack, &(const struct http_request){ .method = "POST",
	    .target = page, .body = "--x--", .len = 5, .headers = {
	    "Content-Type: multipart/form-data; boundary=x",
	    "Origin: https://elsewhere.example" } }, &answer);
	http_assert_status(&answer, 403);
	http_answer_clear(&answer);
}

/* What was uploaded is there after signing in again, and is shown first. */
static void
test_a_session_that_ends(void **state)
{
	struct http_answer shown, answer;
	struct scene s;

	scene_make(*state, "treasurer", &s);
	scene_write(&s, HEADER ",,,Max #,#,1\n");
	upload_list(&s, 200, &shown);
	s.browser.session[0] = '\0';
	confirm(&s, &shown, &answer);
	http_assert_status(&answer, 401);
	http_assert_body_has(&answer, "name=\"kept.roster\" value=\"parent_");
	http_answer_clear(&answer);
	http_answer_clear(&shown);
	desk_sign_in(s.stack, &s.browser, &s.user);
	desk_post(s.stack, &s.browser, page, (const struct form_pair[]){
	    { "roster", s.list }, { "seen", "x" }, { NULL, NULL } }, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "1 new, 0 changed");
	http_answer_clear(&answer);
	assert_int_equal(count_players(&s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_shown_then_done_once),
		MAIL_TEST(test_from_and_to),
		MAIL_TEST(test_changed_meanwhile),
		MAIL_TEST(test_files_that_are_taken),
		MAIL_TEST(test_files_that_are_not),
		MAIL_TEST(test_lines_that_are_wrong),
		MAIL_TEST(test_huge_files),
		MAIL_TEST(test_the_largest_file),
		MAIL_TEST(test_hostile_names),
		MAIL_TEST(test_who_may),
		MAIL_TEST(test_a_session_that_ends),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
