/*
 * What the answer of one try means: whether and when to try again, and the
 * status that the caller gets (docs: api/errors, error-low-level; the same
 * rules as Stripe's own libraries).  Used inside lib/stripe only.
 */
#ifndef TEAMDUES_STRIPE_ANSWER_H
#define TEAMDUES_STRIPE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "stripe/reply.h"
#include "stripe/transfer.h"

/*
 * The milliseconds to wait before the next try, after `tries` of them and with
 * left_ms to the deadline; -1: no further try.
 */
int64_t answer_retry_wait_ms(const struct transfer_answer *answer,
    bool is_post, int tries, int64_t left_ms);

/* True when a person must act: our key is wrong, or Stripe's certificate. */
bool answer_needs_person(const struct transfer_answer *answer);

/*
 * Fills reply and judges the last try; the caller clears object.  what
 * names the call in err: "POST /v1/customers".  The statuses of stripe_post.
 */
NODISCARD enum status answer_judge(const struct transfer_answer *answer,
    const char *what, struct json_doc *object,
    struct stripe_reply *reply, struct err *err);

#endif
