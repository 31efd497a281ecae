#include <stdlib.h>

#include "rule.h"
#include "sql.h"

static char *
definition(struct stack *stack, const char *where)
{
	if (strchr(where, '(') != NULL)
		return sql_text(stack, "select pg_get_functiondef("
		    "'teamdues.%s'::regprocedure)", where);
	return sql_text(stack, "select 'create or replace view teamdues.%s "
	    "as ' || pg_get_viewdef('teamdues.%s'::regclass)", where, where);
}

void
rule_break(struct stack *stack, const struct broken_rule *rule)
{
	char *whole = definition(stack, rule->where);
	char *broken = sql_text(stack,
	    "select replace($w$%s$w$, $t$%s$t$, $t$%s$t$)", whole, rule->text,
	    rule->instead);

	if (strcmp(whole, broken) == 0)
		fail_msg("%s does not say: %s", rule->where, rule->text);
	sql_run(stack, "%s", broken);
	free(whole);
	free(broken);
}
