/* Columns are read by name: their order in the statement may change. */
#include "store/outgoing.h"

#include "store/db.h"

void
outgoing_read(const struct pg_result *r, int row, struct outgoing *mail)
{
	mail->email_id = row_i64(r, row, "email_id");
	row_copy_of(mail->kind, sizeof(mail->kind), r, row, "kind");
	mail->order_id = row_i64(r, row, "order_id");
	mail->player_id = row_i64(r, row, "player_id");
	row_copy_of(mail->word, sizeof(mail->word), r, row, "word");
	row_copy_of(mail->order_kind, sizeof(mail->order_kind), r, row,
	    "order_kind");
	row_copy_of(mail->recipient, sizeof(mail->recipient), r, row,
	    "recipient");
	row_copy_of(mail->parent_name, sizeof(mail->parent_name), r, row,
	    "parent_name");
	row_copy_of(mail->player_name, sizeof(mail->player_name), r, row,
	    "player_name");
	row_copy_of(mail->item, sizeof(mail->item), r, row, "item");
	mail->amount_cents = row_i64(r, row, "amount_cents");
	row_copy_of(mail->currency, sizeof(mail->currency), r, row, "currency");
	row_copy_of(mail->quoted, sizeof(mail->quoted), r, row, "quoted");
	mail->prorate = row_bool(r, row, "prorate");
	row_copy_of(mail->day, sizeof(mail->day), r, row, "day");
	mail->copy = (int)row_i64(r, row, "copy");
	mail->attempts = (int)row_i64(r, row, "attempts");
	row_copy_of(mail->installation_id, sizeof(mail->installation_id), r,
	    row, "installation_id");
	mail->age_s = row_i64(r, row, "age_s");
	mail->link_expires = row_i64(r, row, "link_expires");
	row_copy_of(mail->last_day, sizeof(mail->last_day), r, row, "last_day");
	mail->left_cents = row_i64(r, row, "left_cents");
}
