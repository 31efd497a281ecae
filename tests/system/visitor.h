/* Forms as browsers send them, and what the club sells meanwhile. */
#ifndef TEAMDUES_TESTS_SYSTEM_VISITOR_H
#define TEAMDUES_TESTS_SYSTEM_VISITOR_H

#include "club.h"

enum { FORM_SIZE = 256 * 1024, ADDRESS_SIZE = 32 };

/* A product that is the newest of its kind from now on; sizes: "S,M" or "". */
int64_t visitor_offer(struct stack *stack, const char *kind, int64_t cents,
    const char *sizes);

struct form_pair {
	const char *name;	/* NULL ends them */
	const char *value;
};

/* name=value&..., escaped; "" when there are none. */
void form_encode(const struct form_pair *pairs, char text[FORM_SIZE]);

/* The pairs with one value replaced; NULL takes the pair away. */
enum { FORM_PAIRS_MAX = 12 };
void form_with(const struct form_pair *pairs, const char *name,
    const char *value, struct form_pair changed[FORM_PAIRS_MAX]);

/* A loopback address that no other request of this run comes from: the limits
 * are per address. */
void visitor_address(char address[ADDRESS_SIZE]);

/* Posts it as a browser does; the caller clears the answer. */
void visitor_post(struct stack *stack, const char *path,
    const struct form_pair *pairs, struct http_answer *answer);

/* The same, with one header more (NULL: without Accept: text/html too). */
void visitor_post_with(struct stack *stack, const char *path,
    const struct form_pair *pairs, const char *header,
    struct http_answer *answer);

/* Posts JSON; header may be NULL. */
void visitor_post_json(struct stack *stack, const char *path, const char *json,
    const char *header, struct http_answer *answer);

/* Everything that was written down about what a family bought. */
int64_t visitor_rows(struct stack *stack);

/*
 * The one create call for an order carries order_id, player_id and product_id
 * on session and payment intent; its params are had by name.  The caller puts
 * the calls.
 */
struct json_object *visitor_assert_minted(struct stack *stack,
    int64_t order_id);
const char *visitor_param(struct json_object *calls, size_t index,
    const char *name);

#endif
