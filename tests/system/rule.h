/*
 * A rule of sql/functions, and how it is broken: a test that holds whatever the
 * rules say would prove nothing.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_RULE_H
#define TEAMDUES_TESTS_SYSTEM_RULE_H

#include "stack.h"

struct broken_rule {
	const char *what;
	const char *where;	/* a function with its arguments, or a view */
	const char *text;	/* what is there, and what comes instead */
	const char *instead;
};

/* In a transaction that is never committed. */
void rule_break(struct stack *stack, const struct broken_rule *rule);

#endif
