/*
 * A treasurer's browser at the desk: its cookies, the forms that it was shown,
 * and her mailbox.  Of a test that begins with mailbox_setup.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_DESK_H
#define TEAMDUES_TESTS_SYSTEM_DESK_H

#include "mailbox.h"
#include "visitor.h"

enum { COOKIE_SIZE = 64, TOKEN_SIZE = 128 };

struct desk_user {
	char id[WORD_SIZE];
	char email[2 * UNIQUE_SIZE];
};

/* One that may sign in as role. */
void desk_user_make(struct stack *stack, const char *role,
    struct desk_user *user);

struct desk_browser {
	char session[COOKIE_SIZE];	/* "": no such cookie */
	char asked[COOKIE_SIZE];
	char address[ADDRESS_SIZE];	/* of its own: limits are per address */
};

/* That has never been here. */
void desk_browser_make(struct desk_browser *browser);

/* Keeps the cookies that come back; the caller clears the answer. */
void desk_get(struct stack *stack, struct desk_browser *browser,
    const char *target, struct http_answer *answer);
void desk_post(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    struct http_answer *answer);

/* A GET of target is answered so. */
void desk_assert_status(struct stack *stack, struct desk_browser *browser,
    const char *target, int http);

/* A file as a form with a field `file` sends it. */
struct desk_file {
	const char *name;
	const char *bytes;
	size_t len;
};
void desk_upload(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    const struct desk_file *file, struct http_answer *answer);

/* The target of a list's way to its next page; false where there is none. */
bool desk_next_page(const struct http_answer *answer,
    char target[LINK_SIZE]);

/* The token of the page's first form that is sent to action. */
void desk_token(const struct http_answer *page, const char *action,
    char token[TOKEN_SIZE]);

/* Opens Today for the form, and asks for a link; the answer must be 200. */
void desk_ask(struct stack *stack, struct desk_browser *browser,
    const char *email);

/* Has the mail sent; the path of the only link in the newest mail. */
void desk_link(struct stack *stack, const struct desk_user *user,
    char path[LINK_SIZE]);

/* Opens the link and presses its button; the caller clears the answer. */
void desk_follow(struct stack *stack, struct desk_browser *browser,
    const char *path, struct http_answer *answer);

/* All of that. */
void desk_sign_in(struct stack *stack, struct desk_browser *browser,
    const struct desk_user *user);

/* A new user of that role whose browser is signed in, with no mail and no page
 * before: for tests of what comes after. */
void desk_enter(struct stack *stack, const char *role,
    struct desk_browser *browser);

/* Whether Today is shown to the browser. */
bool desk_is_in(struct stack *stack, struct desk_browser *browser);

/*
 * Sends an act's form, which has to be shown (200), and then the one button of
 * that page; the caller clears the answer to it.
 */
void desk_do(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    struct http_answer *answer);

/* The same, and the request's page, which it has to lead to. */
void desk_request(struct stack *stack, struct desk_browser *browser,
    const char *path, const struct form_pair *pairs,
    struct http_answer *answer);

#endif
