#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "hmac.h"
#include "sql.h"
#include "webhook.h"

enum { LINK_LASTS_S = 3600 };

void
club_make(struct stack *stack, int64_t amount_cents, struct club *club)
{
	unique_name("club", club->name);
	club->amount_cents = amount_cents;
	club->parent_id = sql_int(stack, "insert into teamdues.parents "
	    "(name, email, phone) values ('Parent %s', '%s@example.com', "
	    "'+13035550100') returning parent_id", club->name, club->name);
	club->player_id = sql_int(stack, "insert into teamdues.players "
	    "(parent_id, name, team, monthly_fee_cents) values (%lld, "
	    "'Player %s', 'Team %s', 8000) returning player_id",
	    (long long)club->parent_id, club->name, club->name);
	club->product_id = sql_int(stack, "insert into teamdues.products "
	    "(kind, name, amount_cents, currency) values ('tournament', "
	    "'Entry %s', %lld, 'usd') returning product_id", club->name,
	    (long long)amount_cents);
	club->tournament_id = sql_int(stack, "insert into "
	    "teamdues.tournaments (name, held_on, product_id) values "
	    "('Cup %s', current_date + 30, %lld) returning tournament_id",
	    club->name, (long long)club->product_id);
	club->order_id = sql_int(stack, "insert into teamdues.orders "
	    "(player_id, product_id, kind, tournament_id, amount_cents, "
	    "currency) values (%lld, %lld, 'tournament', %lld, %lld, 'usd') "
	    "returning order_id", (long long)club->player_id,
	    (long long)club->product_id, (long long)club->tournament_id,
	    (long long)amount_cents);
}

int64_t
club_add_order(struct stack *stack, const struct club *club)
{
	char name[UNIQUE_SIZE];
	int64_t player_id;

	unique_name("more", name);
	player_id = sql_int(stack, "with p as (insert into teamdues.parents "
	    "(name, email) values ('Parent %s', '%s@example.com') returning "
	    "parent_id) insert into teamdues.players (parent_id, name) select "
	    "parent_id, 'Player %s' from p returning player_id", name, name,
	    name);
	return sql_int(stack, "insert into teamdues.orders (player_id, "
	    "product_id, kind, tournament_id, amount_cents, currency) values "
	    "(%lld, %lld, 'tournament', %lld, %lld, 'usd') returning order_id",
	    (long long)player_id, (long long)club->product_id,
	    (long long)club->tournament_id, (long long)club->amount_cents);
}

void
club_forget_order(struct stack *stack, const struct club *club)
{
	sql_run(stack, "delete from teamdues.listed_orders where order_id = "
	    "%lld", (long long)club->order_id);
	sql_run(stack, "delete from teamdues.orders where order_id = %lld",
	    (long long)club->order_id);
}

void
club_store_session(struct stack *stack, const struct club *club,
    char id[UNIQUE_SIZE])
{
	unique_name("cs_test_", id);
	sql_assert_text(stack, "stored", "select result from "
	    "teamdues.store_session(%lld, (select attempt from teamdues.orders "
	    "where order_id = %lld), jsonb_build_object('id', '%s', 'url', "
	    "'https://stripe.example/%s', 'amount_cents', %lld, 'currency', "
	    "'usd', 'livemode', false, 'created', %lld, 'expires_at', %lld))",
	    (long long)club->order_id, (long long)club->order_id, id, id,
	    (long long)club->amount_cents, (long long)now_s(),
	    (long long)now_s() + 86400);
}

void
club_remember_customer(struct stack *stack, const struct club *club,
    char id[UNIQUE_SIZE])
{
	unique_name("cus_", id);
	sql_assert_text(stack, id, "select teamdues.store_customer(%lld, 0, "
	    "false, '%s')", (long long)club->parent_id, id);
}

void
club_assert_status(struct stack *stack, int64_t order_id, const char *status)
{
	sql_assert_text(stack, status, "select status from "
	    "teamdues.order_overview where order_id = %lld",
	    (long long)order_id);
}

void
club_assert_paid_by(struct stack *stack, int64_t order_id,
    const char *payment_intent_id)
{
	club_assert_status(stack, order_id, "paid");
	sql_assert_text(stack, payment_intent_id, "select payment_intent_id "
	    "from teamdues.order_overview where order_id = %lld and paid_at "
	    "is not null", (long long)order_id);
}

int64_t
club_payment_count(struct stack *stack, int64_t order_id)
{
	return sql_int(stack, "select count(*) from teamdues.payments "
	    "where place = 'order' and matched_order_id = %lld",
	    (long long)order_id);
}

int64_t
club_suggestion(struct stack *stack, const char *session_id)
{
	return sql_int(stack, "select coalesce(suggested_order_id, 0) from "
	    "teamdues.payments where session_id = '%s'", session_id);
}

void
club_cancel(struct stack *stack, int64_t order_id)
{
	sql_run(stack, "update teamdues.orders set cancelled_at = now(), "
	    "status = 'cancelled' where order_id = %lld",
	    (long long)order_id);
	sql_run(stack, "select teamdues.list_orders(array[%lld])",
	    (long long)order_id);
}

static void
put_word(char *word, char part[LINK_WORD_SIZE])
{
	snprintf(part, LINK_WORD_SIZE, "&word=%s", word);
	free(word);
}

void
club_order_word(struct stack *stack, int64_t order_id,
    char part[LINK_WORD_SIZE])
{
	put_word(sql_text(stack, "select word from teamdues.orders where "
	    "order_id = %lld", (long long)order_id), part);
}

void
club_player_word(struct stack *stack, int64_t player_id,
    char part[LINK_WORD_SIZE])
{
	put_word(sql_text(stack, "select word from teamdues.players where "
	    "player_id = %lld", (long long)player_id), part);
}

void
club_name_order(struct stack *stack, struct json_object *object,
    int64_t order_id)
{
	char *installation = sql_text(stack, "select installation_id from "
	    "teamdues.installation");
	char *word = sql_text(stack, "select word from teamdues.orders where "
	    "order_id = %lld", (long long)order_id);
	char id[UNIQUE_SIZE];

	snprintf(id, sizeof(id), "%lld", (long long)order_id);
	json_set_text(object, "metadata.order_id", id);
	json_set_text(object, "metadata.teamdues", installation);
	json_set_text(object, "metadata.teamdues_word", word);
	free(installation);
	free(word);
}

void
link_sign(struct stack *stack, const char *target, char url[LINK_SIZE])
{
	char *secret = stack_first_secret(stack, "LINK_SECRET");
	char signature[HMAC_BASE64_SIZE];

	hmac_base64url(secret, target, strlen(target), signature);
	snprintf(url, LINK_SIZE, "%s%s&signature=%s", stack_setting(stack,
	    "SITE_URL"), target, signature);
	free(secret);
}

void
club_link(struct stack *stack, int64_t order_id, char url[LINK_SIZE])
{
	char target[LINK_SIZE];
	char word[LINK_WORD_SIZE];

	club_order_word(stack, order_id, word);
	snprintf(target, sizeof(target),
	    "/checkout/tournament?order_id=%lld%s&expires=%lld",
	    (long long)order_id, word, (long long)now_s() + LINK_LASTS_S);
	link_sign(stack, target, url);
}

void
club_click(struct stack *stack, int64_t order_id, struct http_answer *answer)
{
	char url[LINK_SIZE];

	club_link(stack, order_id, url);
	http_get(stack, url, answer);
}

void
club_session_of(struct stack *stack, const struct http_answer *answer,
    char session_id[SESSION_ID_SIZE])
{
	const char *stripe = stack_setting(stack, "STRIPE_API_BASE");
	char location[HTTP_VALUE_SIZE];

	http_assert_status(answer, 303);
	http_header(answer, "Location", location);
	if (strncmp(location, stripe, strlen(stripe)) != 0 ||
	    strstr(location, "/c/pay/cs_") == NULL)
		fail_msg("not to Stripe, but to %s", location);
	snprintf(session_id, SESSION_ID_SIZE, "%s",
	    strrchr(location, '/') + 1);
}

void
club_click_through(struct stack *stack, int64_t order_id,
    char session_id[SESSION_ID_SIZE])
{
	struct http_answer answer;

	club_click(stack, order_id, &answer);
	club_session_of(stack, &answer, session_id);
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
}

void
club_assert_leads_to_paid_page(struct stack *stack, int64_t order_id)
{
	char expected[LINK_SIZE];
	struct http_answer answer;

	snprintf(expected, sizeof(expected), "%s/paid.html",
	    stack_setting(stack, "SITE_URL"));
	club_click(stack, order_id, &answer);
	http_assert_status(&answer, 303);
	http_assert_header(&answer, "Location", expected);
	http_answer_clear(&answer);
}
