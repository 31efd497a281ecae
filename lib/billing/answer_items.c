/* Items of answers: without an event, and mostly several at once. */
#include "billing/answer_items.h"

#include <string.h>

#include "base/clock.h"
#include "billing/money_fact.h"
#include "billing/session_fact.h"

bool
answer_session(const struct stripe_session *session, bool livemode,
    struct fact_item *item)
{
	const char *word = session_fact_name(session);

	*item = (struct fact_item){ .kind = FACT_NONE };
	if (word == NULL)
		return false;
	session_fact_fill(item, session, word, session_fact_time(session),
	    session->livemode == livemode);
	return true;
}

void
answer_gone(const char *session_id, struct fact_item *item)
{
	*item = (struct fact_item){
		.disposition = "fact",
		.kind = FACT_SESSION,
		.word = "expired",
		.at = clock_now_s(),
		.session_id = session_id,
	};
}

void
answers_init(struct answers *answers)
{
	answers->json = (struct buf)BUF_INIT((size_t)ANSWERS_MAX *
	    FACT_ITEM_MAX);
	answers->count = 0;
}

void
answers_clear(struct answers *answers)
{
	buf_clear(&answers->json);
	answers->count = 0;
}

enum status
answers_text(struct answers *answers, const char **text, struct err *err)
{
	enum status st;

	if (answers->count > ANSWERS_MAX)
		return err_set(err, ST_BUG, "%zu answers at once",
		    answers->count);
	buf_putc(&answers->json, answers->count == 0 ? '[' : ' ');
	buf_putc(&answers->json, ']');
	st = buf_check(&answers->json, "the list of answers", err);
	*text = buf_str(&answers->json);
	return st;
}

void
answers_add(struct answers *answers, const struct fact_item *item)
{
	const char *word = item->word != NULL ? item->word : "";

	if (item->kind == FACT_NONE)
		return;
	if (answers->count < ANSWERS_MAX) {
		struct answer *answer = &answers->answers[answers->count];
		struct buf copy = BUF_FIXED(answer->word);

		answer->kind = item->kind;
		buf_puts(&copy, word);
		if (answers->count == 0)
			buf_putc(&answers->json, '[');
		fact_item_put(&answers->json, item);
	}
	answers->count++;
}

void
answers_add_charge(struct answers *answers,
    const struct stripe_charge *charge)
{
	struct fact_item item = { .kind = FACT_NONE };

	charge_fact_fill(&item, charge);
	answers_add(answers, &item);
}

static enum status
add_refund(struct answers *answers, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_refund refund;
	enum status st = stripe_refund_parse(json, &refund, err);

	if (st != ST_OK)
		return st;
	refund_fact_fill(&item, &refund);
	answers_add(answers, &item);
	return ST_OK;
}

static enum status
add_dispute(struct answers *answers, struct json_node json, struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct stripe_dispute dispute;
	enum status st = stripe_dispute_parse(json, &dispute, err);

	if (st != ST_OK)
		return st;
	dispute_fact_fill(&item, &dispute);
	answers_add(answers, &item);
	return ST_OK;
}

static enum status
add_page(struct answers *answers, struct json_node page,
    enum status (*add)(struct answers *, struct json_node, struct err *),
    struct err *err)
{
	struct json_node data = json_at(page, "data");
	struct json_node object = json_first(data);
	enum status st = ST_OK;

	if (!json_is(data, JSON_ARRAY))
		return err_set(err, ST_BAD_INPUT, "a list without data");
	while (st == ST_OK && json_exists(object)) {
		st = add(answers, object, err);
		object = json_next(data, object);
	}
	return st;
}

enum status
answers_add_refunds(struct answers *answers, struct json_node page,
    struct err *err)
{
	return add_page(answers, page, add_refund, err);
}

enum status
answers_add_disputes(struct answers *answers, struct json_node page,
    struct err *err)
{
	return add_page(answers, page, add_dispute, err);
}
