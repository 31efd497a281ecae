/*
 * What the club does not sell any more: offered on no page, sold by no
 * endpoint; what was ordered of it stays.  Invariants 8 and 11.
 */
#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "mailbox.h"
#include "sql.h"
#include "visitor.h"

enum { PRICE = 1500, JSON_SIZE = 256 };

/* By an admin: what is asked for is no question of a signature. */
static void
ask(struct stack *stack, const struct club *club, int64_t product_id,
    int quantity, struct http_answer *answer)
{
	char json[JSON_SIZE];

	snprintf(json, sizeof(json), "{\"player_id\":%lld,\"product_id\":%lld,"
	    "\"quantity\":%d}", (long long)club->player_id,
	    (long long)product_id, quantity);
	admin_ask(stack, "POST", "/checkout/create-session", json, answer);
}

static void
assert_asked(struct stack *stack, const struct club *club,
    int64_t product_id, int quantity, long status)
{
	struct http_answer answer;

	ask(stack, club, product_id, quantity, &answer);
	http_assert_status(&answer, status);
	if (status == 409)
		http_assert_body_has(&answer, "not sell this any more");
	http_answer_clear(&answer);
}

static void
change(struct stack *stack, const char *verb, int64_t product_id)
{
	char product[WORD_SIZE];
	struct run run;

	word_of(product, product_id);
	books_unmoved(stack, &run, 3, WORDS("product", verb, product));
	assert_holds(run.output, "Nothing was changed; --commit does it.");
	run_clear(&run);
	COMMAND(stack, &run, 0, "product", verb, product, "--commit");
	assert_holds(run.output, "Done: ");
	run_clear(&run);
	books_unmoved(stack, &run, 0, WORDS("product", verb, product,
	    "--commit"));
	assert_holds(run.output, "Nothing to do: ");
	run_clear(&run);
}

static bool
is_listed(struct stack *stack, int64_t product_id, const char *option)
{
	char line[WORD_SIZE + 2];
	struct run run;
	bool is_there;

	COMMAND(stack, &run, 0, "product", "list", "--csv", option);
	snprintf(line, sizeof(line), "\n%lld,", (long long)product_id);
	is_there = strstr(run.output, line) != NULL;
	run_clear(&run);
	return is_there;
}

static void
test_create_session(void **state)
{
	struct stack *stack = *state;
	struct club club, other;
	int64_t jersey;

	club_make(stack, PRICE, &club);
	club_make(stack, PRICE, &other);
	jersey = visitor_offer(stack, "jersey", PRICE, "");
	assert_asked(stack, &club, jersey, 1, 200);
	change(stack, "withdraw", jersey);
	assert_true(is_listed(stack, jersey, "--withdrawn"));
	assert_false(is_listed(stack, jersey, NULL));
	/* What is owed can be paid, and no more of it bought. */
	assert_asked(stack, &club, jersey, 1, 200);
	assert_asked(stack, &club, jersey, 2, 409);
	assert_asked(stack, &other, jersey, 1, 409);
	change(stack, "return", jersey);
	assert_asked(stack, &other, jersey, 1, 200);
	assert_true(is_listed(stack, jersey, NULL));
}

/* An old tournament's product is what a player's signature could still buy. */
static void
test_tournament(void **state)
{
	struct stack *stack = *state;
	char product[WORD_SIZE];
	struct club club, other;
	struct run run;

	club_make(stack, PRICE, &club);
	club_make(stack, PRICE, &other);
	change(stack, "withdraw", club.product_id);
	assert_asked(stack, &other, club.product_id, 1, 409);
	assert_asked(stack, &club, club.product_id, 1, 200);
	COMMAND(stack, &run, 1, "tournament", "add", "--name", "Cup",
	    "--date", "2031-05-01", "--product", word_of(product,
	    club.product_id));
	assert_holds(run.errors, "is sold");
	run_clear(&run);
}

static void
assert_home(struct stack *stack, const char *name, bool is_there)
{
	struct http_answer answer;

	http_get(stack, "/", &answer);
	http_assert_status(&answer, 200);
	assert_true((strstr(answer.body, name) != NULL) == is_there);
	http_answer_clear(&answer);
}

/* The page sells the one before, and says so beforehand; or nothing. */
static void
test_pages(void **state)
{
	struct stack *stack = *state;
	int64_t first, second;
	char product[WORD_SIZE], words[64];
	char *names[2];
	struct run run;

	first = visitor_offer(stack, "tryout", PRICE, "");
	second = visitor_offer(stack, "tryout", PRICE, "");
	names[0] = sql_text(stack, "select name from teamdues.products where "
	    "product_id = %lld", (long long)first);
	names[1] = sql_text(stack, "select name from teamdues.products where "
	    "product_id = %lld", (long long)second);
	assert_home(stack, names[1], true);
	COMMAND(stack, &run, 3, "product", "withdraw", word_of(product,
	    second));
	snprintf(words, sizeof(words), "the page sells product %lld (",
	    (long long)first);
	assert_holds(run.output, words);
	run_clear(&run);
	change(stack, "withdraw", second);
	assert_home(stack, names[1], false);
	assert_home(stack, names[0], true);
	sql_run(stack, "update teamdues.products set withdrawn_at = now() "
	    "where kind = 'tryout'");
	assert_home(stack, names[0], false);
	assert_int_equal(http_status_of(stack, "/tryouts/register"), 404);
	free(names[0]);
	free(names[1]);
}

static void
test_refuses(void **state)
{
	struct stack *stack = *state;
	struct run run;

	COMMAND(stack, &run, 1, "product", "withdraw", "1", "--commit");
	assert_holds(run.errors, "refused: a fee is asked for");
	run_clear(&run);
	COMMAND(stack, &run, 1, "product", "withdraw", "999999999",
	    "--commit");
	assert_holds(run.errors, "no product 999999999");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_create_session),
		BOOKS_TEST(test_tournament),
		BOOKS_TEST(test_pages),
		BOOKS_TEST(test_refuses),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
