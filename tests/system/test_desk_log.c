/*
 * The desk's log: who did what, filtered, by pages, and as a file.
 */
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "desk.h"
#include "sql.h"

enum { AMOUNT = 15000, MANY = 60, FILTER_SIZE = 128 };

/* Acts of somebody of whom no other test has heard. */
static void
write_acts(struct stack *stack, const char *actor)
{
	sql_run(stack, "insert into teamdues.audit_log (at, actor, action, "
	    "subject) select now() - (n / 7) * interval '1 day', '%s', case "
	    "n %% 2 when 0 then 'desk add' else 'product add' end, "
	    "'row ' || n || ';' from generate_series(0, %d) n", actor,
	    MANY - 1);
}

static void
open_log(struct stack *stack, struct desk_browser *browser,
    const char *filter, struct http_answer *answer)
{
	char target[LINK_SIZE];

	snprintf(target, sizeof(target), "/desk/log%s", filter);
	desk_get(stack, browser, target, answer);
	http_assert_status(answer, 200);
}

static int
rows_of(const struct http_answer *answer)
{
	const char *at = answer->body;
	int count = 0;

	while ((at = strstr(at, "row ")) != NULL) {
		at++;
		count++;
	}
	return count;
}

/* How many rows a filter's page has; the file has as many in all. */
static void
assert_found(struct stack *stack, struct desk_browser *browser,
    const char *filter, int in_page, int in_all)
{
	char csv[FILTER_SIZE];
	struct http_answer answer;

	open_log(stack, browser, filter, &answer);
	assert_int_equal(rows_of(&answer), in_page);
	http_answer_clear(&answer);
	snprintf(csv, sizeof(csv), ".csv%s", filter);
	open_log(stack, browser, csv, &answer);
	http_assert_body_has(&answer,
	    "When,Who,What,About,Detail,Order\r\n");
	assert_int_equal(rows_of(&answer), in_all);
	http_answer_clear(&answer);
}

static void
test_filters(void **state)
{
	struct stack *stack = *state;
	char actor[UNIQUE_SIZE], filter[FILTER_SIZE - 4];
	struct desk_browser browser;
	char *day;

	unique_name("actor", actor);
	write_acts(stack, actor);
	desk_enter(stack, "viewer", &browser);
	snprintf(filter, sizeof(filter), "?who=%s", actor);
	assert_found(stack, &browser, filter, 50, MANY);
	snprintf(filter, sizeof(filter), "?who=%s&what=desk%%20add", actor);
	assert_found(stack, &browser, filter, MANY / 2, MANY / 2);
	day = sql_text(stack, "select ((now() - interval '3 days') at time "
	    "zone '%s')::date", stack_setting(stack, "CLUB_TIMEZONE"));
	snprintf(filter, sizeof(filter), "?who=%s&day=%s", actor, day);
	assert_found(stack, &browser, filter, 7, 7);
	free(day);
	snprintf(filter, sizeof(filter), "?who=%s&what=refund", actor);
	assert_found(stack, &browser, filter, 0, 0);
}

/* Each row once, the newest first, though seven are of one moment. */
static void
test_pages_are_whole(void **state)
{
	struct stack *stack = *state;
	char actor[UNIQUE_SIZE], target[LINK_SIZE], row[WORD_SIZE];
	struct desk_browser browser;
	struct http_answer answer;
	int seen[MANY] = { 0 };
	int pages = 0;
	bool is_more = true;

	unique_name("actor", actor);
	write_acts(stack, actor);
	desk_enter(stack, "viewer", &browser);
	snprintf(target, sizeof(target), "/desk/log?who=%s", actor);
	while (is_more) {
		desk_get(stack, &browser, target, &answer);
		http_assert_status(&answer, 200);
		for (int i = 0; i < MANY; i++) {
			snprintf(row, sizeof(row), "row %d;", i);
			seen[i] += strstr(answer.body, row) != NULL;
		}
		is_more = desk_next_page(&answer, target);
		http_answer_clear(&answer);
		assert_true(++pages <= 2);
	}
	assert_int_equal(pages, 2);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
}

/* In words, with its order, and nothing of it is run. */
static void
test_an_act_in_words(void **state)
{
	struct stack *stack = *state;
	char filter[FILTER_SIZE], words[LINK_SIZE];
	struct desk_browser browser;
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	sql_run(stack, "insert into teamdues.audit_log (actor, action, "
	    "order_id, detail) values ('=SUM(1)', 'waive', %lld, "
	    "'<script>x</script>')", (long long)club.order_id);
	desk_enter(stack, "treasurer", &browser);
	snprintf(filter, sizeof(filter), "?order_id=%lld",
	    (long long)club.order_id);
	open_log(stack, &browser, filter, &answer);
	snprintf(words, sizeof(words), "<a href=\"/desk/order?order_id=%lld\">"
	    "Let go what was owed</a>", (long long)club.order_id);
	http_assert_body_has(&answer, words);
	http_assert_body_has(&answer, "&lt;script&gt;x&lt;/script&gt;");
	http_answer_clear(&answer);
	snprintf(filter, sizeof(filter), ".csv?order_id=%lld",
	    (long long)club.order_id);
	open_log(stack, &browser, filter, &answer);
	http_assert_body_has(&answer, ",'=SUM(1),Let go what was owed,");
	http_answer_clear(&answer);
}

static void
test_bad_input(void **state)
{
	struct stack *stack = *state;
	struct desk_browser browser;

	desk_enter(stack, "viewer", &browser);
	desk_assert_status(stack, &browser, "/desk/log?day=yesterday", 400);
	desk_assert_status(stack, &browser, "/desk/log?day=2026-02-30", 400);
	desk_assert_status(stack, &browser, "/desk/log?order_id=x", 400);
	desk_assert_status(stack, &browser, "/desk/log?after=x", 400);
	desk_assert_status(stack, &browser, "/desk/log?whom=x", 400);
	desk_browser_make(&browser);
	desk_assert_status(stack, &browser, "/desk/log", 401);
	desk_assert_status(stack, &browser, "/desk/log.csv", 401);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_filters),
		MAIL_TEST(test_pages_are_whole),
		MAIL_TEST(test_an_act_in_words),
		MAIL_TEST(test_bad_input),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
