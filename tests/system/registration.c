#include <stdio.h>

#include "registration.h"
#include "sql.h"
#include "standin.h"

void
registration_name(char name[UNIQUE_SIZE])
{
	unique_name("Player", name);
	for (char *c = name; *c != '\0'; c++)
		if (*c >= '0' && *c <= '9')
			*c = (char)(*c - '0' + 'a');
}

void
registration_make(struct registration *family)
{
	const struct form_pair pairs[] = {
		{ "player_name", family->name },
		{ "birth_date", "2014-05-31" },
		{ "parent_name", "Jo O'Neil" },
		{ "parent_email", family->email },
		{ "parent_phone", "+1 (303) 555-0100" },
		{ "website", "" },
		{ "consent", "yes" },
		{ NULL, NULL },
	};

	registration_name(family->name);
	snprintf(family->email, sizeof(family->email), "%s@families.example",
	    family->name);
	memcpy(family->pairs, pairs, sizeof(pairs));
}

int64_t
registration_order(struct stack *stack, const struct registration *family)
{
	return sql_int(stack, "select order_id from teamdues.order_overview "
	    "where player_name = '%s'", family->name);
}

void
registration_assert_once(struct stack *stack, const struct registration *family)
{
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where lower(email) = lower('%s')",
	    family->email), 1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.players where lower(name) = lower('%s')", family->name),
	    1);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where player_name = '%s'", family->name),
	    1);
	assert_int_equal(standin_session_count(stack, registration_order(stack,
	    family), "open"), 1);
}

void
registration_send(struct stack *stack, const struct form_pair *pairs,
    char session_id[SESSION_ID_SIZE])
{
	struct http_answer answer;

	visitor_post(stack, "/tryouts/register", pairs, &answer);
	club_session_of(stack, &answer, session_id);
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
}
