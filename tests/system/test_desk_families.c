/*
 * The list of families: its search, its pages, its file.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"

enum { AMOUNT = 15000, MANY = 120 };

/* A viewer's browser; group_state is the test's stack. */
static void
enter(struct stack *stack, struct desk_browser *browser)
{
	struct desk_user user;

	desk_user_make(stack, "viewer", &user);
	desk_browser_make(browser);
	desk_sign_in(stack, browser, &user);
}

static void
open_list(struct stack *stack, struct desk_browser *browser,
    const char *target, struct http_answer *answer)
{
	desk_get(stack, browser, target, answer);
	http_assert_status(answer, 200);
}

/* Every family once, on the pages and in the file, the last page without a way
 * on; sums are of all. */
static void
test_pages_are_whole(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], target[LINK_SIZE], name[2 * UNIQUE_SIZE];
	struct desk_browser browser;
	struct http_answer answer;
	int seen[MANY] = { 0 };
	int pages = 0;

	unique_name("many", word);
	sql_run(stack, "insert into teamdues.parents (name, email) select "
	    "'%s ' || (n / 3), n || '.%s@families.example' from "
	    "generate_series(1000, %d) n", word, word, 1000 + MANY - 1);
	enter(stack, &browser);
	snprintf(target, sizeof(target), "/desk/families?q=%s", word);
	do {
		assert_true(++pages <= 3);
		open_list(stack, &browser, target, &answer);
		http_assert_body_has(&answer, "In all: 120</th>");
		for (int i = 0; i < MANY; i++) {
			snprintf(name, sizeof(name), ">%d.%s@", 1000 + i,
			    word);
			seen[i] += strstr(answer.body, name) != NULL;
		}
		bool is_more = desk_next_page(&answer, target);
		assert_int_equal(is_more, pages < 3);
		http_answer_clear(&answer);
	} while (pages < 3);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
	snprintf(target, sizeof(target), "/desk/families.csv?q=%s", word);
	open_list(stack, &browser, target, &answer);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), ",%d.%s@", 1000 + i, word);
		assert_non_null(strstr(answer.body, name));
	}
	http_answer_clear(&answer);
}

/* A spreadsheet runs nothing of what a family calls itself, and a browser
 * neither. */
static void
test_hostile_names(void **state)
{
	static const char *const names[] = { "=HYPERLINK(\"x\")", "+1", "-1",
	    "@SUM(A1)", "\t=1", "a;=2", "<script>alert(1)</script>" };
	static const char *const cells[] = { "\"'=HYPERLINK(\"\"x\"\")\",",
	    "\r\n'+1,", "\r\n'-1,", "\r\n'@SUM(A1),", "\r\n'\t'=1,",
	    "\r\na;'=2,", "\r\n<script>alert(1)</script>," };
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], target[LINK_SIZE], value[HTTP_VALUE_SIZE];
	struct desk_browser browser;
	struct http_answer answer;

	unique_name("hostile", word);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		sql_run(stack, "insert into teamdues.parents (name, email) "
		    "values ('%s', '%zu@%s.example')", names[i], i, word);
	enter(stack, &browser);
	snprintf(target, sizeof(target), "/desk/families.csv?q=@%s", word);
	open_list(stack, &browser, target, &answer);
	assert_int_equal(http_header(&answer, "Content-Type", value), 1);
	assert_string_equal(value, "text/csv; charset=utf-8");
	http_assert_header(&answer, "Content-Disposition",
	    "attachment; filename=\"families.csv\"");
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		http_assert_body_has(&answer, cells[i]);
	http_answer_clear(&answer);
	snprintf(target, sizeof(target), "/desk/families?q=%s", word);
	open_list(stack, &browser, target, &answer);
	http_assert_body_has(&answer, "&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_null(strstr(answer.body, "<script>"));
	http_answer_clear(&answer);
}

/* The search box leads to the family that alone is found; a list of one stays a
 * list for whoever came by its address, and so does one of two. */
static void
test_found_alone(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], target[LINK_SIZE], location[HTTP_VALUE_SIZE];
	struct desk_browser browser;
	struct http_answer answer;

	unique_name("alone", word);
	for (int i = 1; i <= 2; i++)
		sql_run(stack, "insert into teamdues.parents (name, email) "
		    "values ('%s %d', '%d@%s.example')", word, i, i, word);
	enter(stack, &browser);
	snprintf(target, sizeof(target), "/desk/families?q=1@%s&go=yes", word);
	desk_get(stack, &browser, target, &answer);
	http_assert_status(&answer, 303);
	assert_int_equal(http_header(&answer, "Location", location), 1);
	assert_non_null(strstr(location, "/desk/family?parent_id="));
	http_answer_clear(&answer);
	*strrchr(target, '&') = '\0';
	open_list(stack, &browser, target, &answer);
	http_assert_body_has(&answer, "1 found");
	http_answer_clear(&answer);
	snprintf(target, sizeof(target), "/desk/families?q=%s&go=yes", word);
	open_list(stack, &browser, target, &answer);
	http_assert_body_has(&answer, "2 found");
	http_answer_clear(&answer);
}

/* Two of three have an order that is not paid. */
static void
test_only_those_who_owe(void **state)
{
	struct stack *stack = *state;
	char word[UNIQUE_SIZE], target[LINK_SIZE];
	struct desk_browser browser;
	struct http_answer answer;

	unique_name("owing", word);
	for (int i = 1; i <= 3; i++)
		sql_run(stack, "with parent as (insert into teamdues.parents "
		    "(name, email) values ('%s %d', '%d@%s.example') "
		    "returning parent_id), player as (insert into "
		    "teamdues.players (parent_id, name) select parent_id, "
		    "'Kid of %s' from parent returning player_id) "
		    "insert into teamdues.orders (player_id, product_id, kind, "
		    "amount_cents, currency, status) select player_id, "
		    "product_id, kind, 4500, 'usd', 'pending' from player, "
		    "(select * from teamdues.products where kind = 'fee') c "
		    "where %d < 3", word, i, i, word, word,
		    i);
	enter(stack, &browser);
	snprintf(target, sizeof(target), "/desk/families?q=%s", word);
	open_list(stack, &browser, target, &answer);
	http_assert_body_has(&answer, "3 found");
	http_answer_clear(&answer);
	snprintf(target, sizeof(target), "/desk/families?q=%s&owing=yes",
	    word);
	open_list(stack, &browser, target, &answer);
	http_assert_body_has(&answer, "2 found");
	http_assert_body_has(&answer, "<b>2</b> owe <b>$90.00</b>");
	http_answer_clear(&answer);
}

/* What is no page or no field of the list is refused; without a session there
 * is the form that signs in. */
static void
test_bad_addresses(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser, stranger;
	struct http_answer answer;

	enter(stack, &browser);
	desk_get(stack, &browser, "/desk/families?after=zero", &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	desk_get(stack, &browser, "/desk/families?p=1", &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	desk_browser_make(&stranger);
	desk_get(stack, &stranger, "/desk/families.csv?q=a", &answer);
	http_assert_status(&answer, 401);
	http_answer_clear(&answer);
	desk_get(stack, &browser, "/desk/families?q=%00", &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
	desk_get(stack, &browser, "/desk/families?q=nobody-is-so", &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "No family was found.");
	http_answer_clear(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_pages_are_whole),
		MAIL_TEST(test_hostile_names),
		MAIL_TEST(test_found_alone),
		MAIL_TEST(test_only_those_who_owe),
		MAIL_TEST(test_bad_addresses),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
