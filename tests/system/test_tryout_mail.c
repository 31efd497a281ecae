/*
 * The mail to whoever registered for a tryout and did not pay: whose address
 * that is nobody has proven, so nothing that was typed stands in it, and one
 * goes there in a day.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "registration.h"
#include "sql.h"

enum { AMOUNT = 2500, AT_ONCE = 10 };

static const char path[] = "/tryouts/register";

static int64_t
queued_to(struct stack *stack, const char *email)
{
	return sql_int(stack, "select count(*) from teamdues.emails where kind "
	    "= 'tryout' and lower(recipient) = lower('%s')", email);
}

/* As after a quarter of an hour. */
static struct json_object *
mail_to(struct stack *stack, const char *email)
{
	sql_run(stack, "update teamdues.emails set not_before = now() where "
	    "kind = 'tryout' and recipient = '%s'", email);
	mailer_run(stack, 0);
	return mailbox_only(stack, email);
}

static void
test_nothing_typed_is_mailed(void **state)
{
	static const char *const typed[] = { "Zebedee", "Quux", "555-0199" };
	struct stack *stack = *state;
	struct form_pair first[FORM_PAIRS_MAX];
	struct form_pair second[FORM_PAIRS_MAX];
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	char url[LINK_SIZE];
	struct http_answer answer;
	struct registration family;
	struct json_object *mail;

	registration_make(&family);
	form_with(family.pairs, "player_name", "Zebedee won the prize", first);
	form_with(first, "parent_name", "Quux", second);
	form_with(second, "parent_phone", "+1 (303) 555-0199", pairs);
	registration_send(stack, pairs, id);
	mail = mail_to(stack, family.email);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		assert_null(strstr(json_object_to_json_string(mail),
		    typed[i]));
	mail_assert_says(mail, "$25.00");
	mail_link(stack, mail, url);
	http_get(stack, url, &answer);
	club_session_of(stack, &answer, again);
	assert_string_equal(id, again);
	http_answer_clear(&answer);
	json_object_put(mail);
}

/* Other names, and the address in another case. */
static void
test_one_a_day_for_an_address(void **state)
{
	struct stack *stack = *state;
	struct form_pair named[FORM_PAIRS_MAX];
	struct form_pair pairs[FORM_PAIRS_MAX];
	char email[2 * UNIQUE_SIZE];
	char name[UNIQUE_SIZE];
	char id[SESSION_ID_SIZE];
	struct registration family;

	registration_make(&family);
	registration_send(stack, family.pairs, id);
	registration_name(name);
	form_with(family.pairs, "player_name", name, named);
	snprintf(email, sizeof(email), "%s@FAMILIES.example", family.name);
	form_with(named, "parent_email", email, pairs);
	registration_send(stack, pairs, id);
	assert_int_equal(queued_to(stack, email), 1);
	json_object_put(mail_to(stack, family.email));

	/* A day later, for a third child. */
	sql_run(stack, "update teamdues.emails set day = day - 1 where "
	    "recipient = '%s'", family.email);
	registration_name(name);
	form_with(family.pairs, "player_name", name, named);
	registration_send(stack, named, id);
	assert_int_equal(queued_to(stack, email), 2);
}

static void
test_one_for_many_at_once(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];
	char addresses[AT_ONCE][ADDRESS_SIZE];
	char *bodies[AT_ONCE];
	char name[UNIQUE_SIZE];
	struct registration family;

	registration_make(&family);
	for (int i = 0; i < AT_ONCE; i++) {
		struct form_pair pairs[FORM_PAIRS_MAX];

		registration_name(name);
		form_with(family.pairs, "player_name", name, pairs);
		bodies[i] = malloc(FORM_SIZE);
		assert_non_null(bodies[i]);
		form_encode(pairs, bodies[i]);
		visitor_address(addresses[i]);
		requests[i] = (struct http_request){ .method = "POST",
		    .target = path, .from = addresses[i], .body = bodies[i],
		    .len = strlen(bodies[i]) };
	}
	http_send_all(stack, requests, AT_ONCE, answers);
	for (int i = 0; i < AT_ONCE; i++) {
		http_assert_status(&answers[i], 303);
		http_answer_clear(&answers[i]);
		free(bodies[i]);
	}
	assert_int_equal(queued_to(stack, family.email), 1);
}

static int
setup(void **state)
{
	int failed = mailbox_setup(state);

	if (!failed)
		visitor_offer(*state, "tryout", AMOUNT, "");
	return failed;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_nothing_typed_is_mailed),
		MAIL_TEST(test_one_a_day_for_an_address),
		MAIL_TEST(test_one_for_many_at_once),
	};

	return cmocka_run_group_tests(tests, setup, stack_teardown);
}
