/*
 * A family of a test's own: parent, player, tournament and its order.  Names
 * are unique, so that tests may share a database.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_CLUB_H
#define TEAMDUES_TESTS_SYSTEM_CLUB_H

#include <json-c/json.h>

#include "http.h"

struct club {
	char name[UNIQUE_SIZE];	/* part of all its names */
	int64_t parent_id;
	int64_t player_id;
	int64_t product_id;
	int64_t tournament_id;
	int64_t order_id;	/* pending */
	int64_t amount_cents;
};

void club_make(struct stack *stack, int64_t amount_cents, struct club *club);

/* Another player's order in the same tournament. */
int64_t club_add_order(struct stack *stack, const struct club *club);

/* The club's order, which nothing hangs on, was never made. */
void club_forget_order(struct stack *stack, const struct club *club);

/*
 * An open session of the order's, as checkout stores one: id is made up.  For
 * tests of the webhook that need no Stripe.
 */
void club_store_session(struct stack *stack, const struct club *club,
    char id[UNIQUE_SIZE]);

/* A customer of Stripe's that is remembered for the parent. */
void club_remember_customer(struct stack *stack, const struct club *club,
    char id[UNIQUE_SIZE]);

/* What order_overview says. */
void club_assert_status(struct stack *stack, int64_t order_id,
    const char *status);
void club_assert_paid_by(struct stack *stack, int64_t order_id,
    const char *payment_intent_id);

/* How many payments there are that stand for this order. */
int64_t club_payment_count(struct stack *stack, int64_t order_id);

/* The order that a payment without a place may be for; 0: none. */
int64_t club_suggestion(struct stack *stack, const char *session_id);

/* As a person cancels an order. */
void club_cancel(struct stack *stack, int64_t order_id);

/* The word of an order or a player, as links carry it: "&word=...". */
enum { LINK_WORD_SIZE = 80 };
void club_order_word(struct stack *stack, int64_t order_id,
    char part[LINK_WORD_SIZE]);
void club_player_word(struct stack *stack, int64_t player_id,
    char part[LINK_WORD_SIZE]);

/* Makes the metadata of a session or an intent name the order, as checkout's
 * do. */
void club_name_order(struct stack *stack, struct json_object *object,
    int64_t order_id);

/* A tournament's pay link, signed by the test's own code. */
enum { LINK_SIZE = 512 };
void club_link(struct stack *stack, int64_t order_id, char url[LINK_SIZE]);

/* Follows the order's pay link; the caller clears the answer. */
void club_click(struct stack *stack, int64_t order_id,
    struct http_answer *answer);

/* The same: it must lead to Stripe, to the session whose id is put. */
enum { SESSION_ID_SIZE = 256 };
void club_click_through(struct stack *stack, int64_t order_id,
    char session_id[SESSION_ID_SIZE]);

/* The same: it must lead to SITE_URL/paid.html, exactly. */
void club_assert_leads_to_paid_page(struct stack *stack, int64_t order_id);

/* The id at the end of the address that an answer redirects to. */
void club_session_of(struct stack *stack, const struct http_answer *answer,
    char session_id[SESSION_ID_SIZE]);

/* Signs any target: "/checkout/tournament?order_id=1&expires=2". */
void link_sign(struct stack *stack, const char *target, char url[LINK_SIZE]);

#endif
