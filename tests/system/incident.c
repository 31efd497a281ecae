#include "incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql.h"

enum { WORDS_MAX = 16 };

void
incident_list(const struct incident *incident, const char *lines)
{
	FILE *out = fopen(incident->file, "w");

	assert_non_null(out);
	fprintf(out, "order_id,session_id\n%s", lines);
	assert_int_equal(fclose(out), 0);
}

static void
list_all(const struct incident *incident)
{
	FILE *out = fopen(incident->file, "w");

	assert_non_null(out);
	fputs("order_id,session_id\n", out);
	for (int i = 0; i < incident->count; i++)
		fprintf(out, "%lld,%s\n", (long long)incident->orders[i],
		    incident->sessions[i]);
	assert_int_equal(fclose(out), 0);
}

/* Made out to the family's address, as whatever made it knew it. */
static void
bare_session(struct stack *stack, int64_t order_id,
    char session_id[SESSION_ID_SIZE])
{
	char *email = sql_text(stack, "select parent_email from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)order_id);
	char form[2 * UNIQUE_SIZE];

	snprintf(form, sizeof(form), "&mode=payment&customer_email=%s",
	    email);
	shop_session(stack, form, session_id);
	free(email);
}

void
incident_make(struct stack *stack, int count, struct incident *incident)
{
	int fd;

	club_make(stack, INCIDENT_AMOUNT, &incident->club);
	word_of(incident->tournament, incident->club.tournament_id);
	incident->count = count;
	for (int i = 0; i < count; i++) {
		incident->orders[i] = i == 0 ? incident->club.order_id
		    : club_add_order(stack, &incident->club);
		bare_session(stack, incident->orders[i],
		    incident->sessions[i]);
	}
	snprintf(incident->file, sizeof(incident->file),
	    "/tmp/teamdues-sessions.XXXXXX");
	fd = mkstemp(incident->file);
	assert_true(fd >= 0);
	close(fd);
	list_all(incident);
}

void
incident_adopted(struct stack *stack, int count, struct incident *incident)
{
	struct run run;

	incident_make(stack, count, incident);
	incident_import(stack, incident, &run, 0, "--commit");
	run_clear(&run);
}

void
incident_clear(struct incident *incident)
{
	unlink(incident->file);
}

void
incident_import(struct stack *stack, const struct incident *incident,
    struct run *run, int code, const char *word)
{
	command_run(stack, run, code, NULL, WORDS("import", "sessions",
	    incident->file, word));
}

void
incident_regenerate(struct stack *stack, const struct incident *incident,
    struct run *run, int code, const char *const *words)
{
	const char *all[WORDS_MAX] = { "regenerate", "--tournament-id",
	    incident->tournament, NULL };
	int count = 3;

	for (; words != NULL && *words != NULL; words++) {
		assert_true(count < WORDS_MAX - 1);
		all[count++] = *words;
	}
	all[count] = NULL;
	command_run(stack, run, code, NULL, all);
}

char *
incident_stripe_state(struct stack *stack)
{
	struct json_object *state = standin_call(stack, "GET", "state", NULL);
	char *text = strdup(json_object_to_json_string(state));

	assert_non_null(text);
	json_object_put(state);
	return text;
}

void
incident_finds(struct stack *stack, const struct incident *incident,
    int code, const char *part)
{
	char *before = incident_stripe_state(stack);
	char *after;
	struct run run;

	books_unmoved(stack, &run, code, WORDS("regenerate",
	    "--tournament-id", incident->tournament));
	assert_holds(run.output, part);
	run_clear(&run);
	after = incident_stripe_state(stack);
	assert_string_equal(before, after);
	free(after);
	free(before);
}

void
incident_repairs(struct stack *stack, const struct incident *incident,
    int code, const char *part)
{
	struct run run;

	incident_regenerate(stack, incident, &run, code, WORDS("--commit"));
	assert_holds(run.output, part);
	run_clear(&run);
}

void
assert_at_stripe(struct stack *stack, const char *session_id,
    const char *status)
{
	struct json_object *state = standin_call(stack, "GET", "state", NULL);
	struct json_object *all = json_object_object_get(state, "sessions");
	const char *found = "none";

	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *session = json_object_array_get_idx(all,
		    i);

		if (strcmp(json_text_at(session, "id"), session_id) == 0)
			found = json_text_at(session, "status");
	}
	assert_string_equal(found, status);
	json_object_put(state);
}

void
assert_one_fresh(struct stack *stack, const struct incident *incident,
    int64_t order_id, char session_id[SESSION_ID_SIZE])
{
	struct json_object *sessions = standin_sessions(stack, order_id);
	struct json_object *fresh = NULL;
	char player[WORD_SIZE];
	char product[WORD_SIZE];
	char *installation = sql_text(stack, "select installation_id from "
	    "teamdues.installation");

	standin_open_session(stack, order_id, session_id);
	for (size_t i = 0; i < json_object_array_length(sessions); i++)
		if (strcmp(json_text_at(json_object_array_get_idx(sessions, i),
		    "id"), session_id) == 0)
			fresh = json_object_array_get_idx(sessions, i);
	assert_non_null(fresh);
	word_of(player, sql_int(stack, "select player_id from "
	    "teamdues.orders where order_id = %lld", (long long)order_id));
	word_of(product, incident->club.product_id);
	assert_string_equal(json_text_at(fresh, "metadata.player_id"), player);
	assert_string_equal(json_text_at(fresh, "metadata.product_id"),
	    product);
	assert_string_equal(json_text_at(fresh, "metadata.teamdues"),
	    installation);
	sql_assert_text(stack, session_id, "select session_id from "
	    "teamdues.checkout_sessions where order_id = %lld and status = "
	    "'open'", (long long)order_id);
	free(installation);
	json_object_put(sessions);
}
