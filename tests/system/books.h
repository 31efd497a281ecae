/* The books as a whole: whether they are sound, and whether anything moved. */
#ifndef TEAMDUES_TESTS_SYSTEM_BOOKS_H
#define TEAMDUES_TESTS_SYSTEM_BOOKS_H

#include "command.h"
#include "standin.h"

/*
 * Every row of every table, but for what is only remembered of runs and alarms,
 * as one number; the caller frees it.
 */
char *books_hash(struct stack *stack);

/*
 * Runs the command, which must end with code and leave every row as it was.
 * Events that are on their way are let arrive first.
 */
void books_unmoved(struct stack *stack, struct run *run, int code,
    const char *const *words);

/* `teamdues audit` finds nothing (invariants 1 to 5 and 9). */
void books_assert_sound(struct stack *stack);

/* cmocka's teardown of a test: the stand-in as it was, the books sound. */
int books_close(void **state);
#define BOOKS_TEST(function) \
	cmocka_unit_test_setup_teardown(function, standin_clean, books_close)

/*
 * A payment that nothing ties to an order, delivered: it is unmatched.  alter
 * (NULL: not) is the path of a member that is set to value before.
 */
struct stray {
	char session_id[UNIQUE_SIZE];
	char event_id[UNIQUE_SIZE];
	char intent_id[UNIQUE_SIZE];
};
void stray_make(struct stack *stack, int64_t amount_cents, const char *alter,
    const char *value, struct stray *stray);

/* The same, paid from the address of a family's parent. */
void stray_of(struct stack *stack, const struct club *club,
    int64_t amount_cents, struct stray *stray);

/* The row of `unmatched list` under that event's id; the caller puts it.
 * NULL: there is none. */
struct json_object *unmatched_row(struct stack *stack, const char *event_id);

/* Whether a part is in a member's text, or the test fails. */
void assert_member_holds(struct json_object *row, const char *name,
    const char *part);

#endif
