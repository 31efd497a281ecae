/*
 * The families' mailboxes: the mail server that keeps what it gets
 * (tests/smtp-catcher/README.md), and the mailer.  The stack's own mailer is
 * stopped, so that mails go when the test says so.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_MAILBOX_H
#define TEAMDUES_TESTS_SYSTEM_MAILBOX_H

#include "books.h"

/* cmocka's group set-up, instead of stack_setup. */
int mailbox_setup(void **state);

/* cmocka's set-up of a test: no mail, no faults, no player to be asked. */
int mailbox_clean(void **state);
#define MAIL_TEST(function) \
	cmocka_unit_test_setup_teardown(function, mailbox_clean, books_close)

/* A call to the catcher; the caller puts what comes back. */
struct json_object *catcher_call(struct stack *stack, const char *method,
    const char *path, const char *body);
void catcher_fault(struct stack *stack, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `teamdues mailer --once` with the mailer's settings; must end with code. */
void mailer_run(struct stack *stack, int code);

/* The mailer as a process of its own; kill and wait for it. */
pid_t mailer_begin(struct stack *stack);

/* How many mails the server has taken. */
int64_t mailbox_count(struct stack *stack);

/* The mails to an address, in their order; the caller puts the array. */
struct json_object *mailbox_of(struct stack *stack, const char *to);

/* The only one; the caller puts it. */
struct json_object *mailbox_only(struct stack *stack, const char *to);

/* Borrowed from a mail: its bodies, a header (which must be there once). */
const char *mail_text(struct json_object *mail);
const char *mail_html(struct json_object *mail);
const char *mail_header(struct json_object *mail, const char *name);

/* Both bodies hold this. */
void mail_assert_says(struct json_object *mail, const char *part);

/* The pay link: alone on a line, the only one, the same in the HTML. */
void mail_link(struct stack *stack, struct json_object *mail,
    char url[LINK_SIZE]);

/* The state of a row, and a part of what the server said. */
void mail_assert_state(struct stack *stack, const char *to, const char *state,
    const char *error_part);

/* An active player with a parent who has an address. */
struct family {
	char name[UNIQUE_SIZE];
	char email[2 * UNIQUE_SIZE];
	int64_t parent_id;
	int64_t player_id;
	int64_t fee_cents;
};
void family_make(struct stack *stack, int64_t fee_cents,
    struct family *family);

/* The first month's order of the player; 0: there is none yet. */
int64_t family_order(struct stack *stack, const struct family *family);

/* A request of an admin; body NULL: none.  The caller clears the answer. */
void admin_ask(struct stack *stack, const char *method, const char *target,
    const char *body, struct http_answer *answer);

/* The same, which must answer with status; the caller puts the JSON. */
struct json_object *admin_json(struct stack *stack, long status,
    const char *target, const char *body);

/* The body of a request about the family's player; more: further members, each
 * after a comma, or "". */
void family_body(char body[LINK_SIZE], const struct family *family,
    const char *more);

/* Why a mailing's answer skipped the player, "" when not.  Static until the
 * next call. */
const char *skipped_reason(struct json_object *answer, int64_t player_id);

int64_t json_int_at(struct json_object *object, const char *path);

#endif
