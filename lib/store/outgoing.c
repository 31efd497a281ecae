/* Columns are read by name: their order in the statement may change. */
#include "store/outgoing.h"

#include "store/db.h"

void
outgoing_read(const struct pg_result *r, struct outgoing *mail)
{
	mail->email_id = row_i64(r, 0, "email_id");
	row_copy(mail->kind, sizeof(mail->kind), r, "kind");
	mail->order_id = row_i64(r, 0, "order_id");
	mail->player_id = row_i64(r, 0, "player_id");
	row_copy(mail->word, sizeof(mail->word), r, "word");
	row_copy(mail->order_kind, sizeof(mail->order_kind), r, "order_kind");
	row_copy(mail->recipient, sizeof(mail->recipient), r, "recipient");
	row_copy(mail->parent_name, sizeof(mail->parent_name), r,
	    "parent_name");
	row_copy(mail->player_name, sizeof(mail->player_name), r,
	    "player_name");
	row_copy(mail->item, sizeof(mail->item), r, "item");
	mail->amount_cents = row_i64(r, 0, "amount_cents");
	row_copy(mail->currency, sizeof(mail->currency), r, "currency");
	row_copy(mail->quoted, sizeof(mail->quoted), r, "quoted");
	mail->prorate = row_bool(r, 0, "prorate");
	row_copy(mail->day, sizeof(mail->day), r, "day");
	mail->copy = (int)row_i64(r, 0, "copy");
	mail->attempts = (int)row_i64(r, 0, "attempts");
	row_copy(mail->installation_id, sizeof(mail->installation_id), r,
	    "installation_id");
	mail->age_s = row_i64(r, 0, "age_s");
	mail->link_expires = row_i64(r, 0, "link_expires");
	row_copy(mail->last_day, sizeof(mail->last_day), r, "last_day");
	mail->left_cents = row_i64(r, 0, "left_cents");
}
