#include "scene.h"

#include "sql.h"

void
scene_make(struct stack *stack, struct scene *s)
{
	s->stack = stack;
	s->session[0] = '\0';
	standin_deliver(stack, true);
	treasurer_enter(stack, "treasurer", &s->ruth);
	club_make(stack, SCENE_AMOUNT, &s->club);
}

void
scene_open(struct stack *stack, struct scene *s)
{
	scene_make(stack, s);
	club_click_through(stack, s->club.order_id, s->session);
}

struct desk_act
scene_act(const struct scene *s, const char *action)
{
	return treasurer_act(&s->ruth, action, s->club.order_id);
}

void
scene_assert_logged(const struct scene *s, const char *action, int count)
{
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.audit_log where order_id = %lld and action = '%s' and "
	    "actor = '%s'", (long long)s->club.order_id, action,
	    s->ruth.actor), count);
}

void
scene_assert_status(const struct scene *s, const char *status)
{
	club_assert_status(s->stack, s->club.order_id, status);
}
