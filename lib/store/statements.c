/*
 * Every file's table, for the tests that prepare each statement as each role
 * that it names, and for grants.c.  The tables are declared here and not in
 * headers: nothing else may run a statement but the function beside it.
 */
#include "store/db.h"

extern const struct statement *const store_adopt_statements[];
extern const struct statement *const store_audit_statements[];
extern const struct statement *const store_charges_statements[];
extern const struct statement *const store_checkout_statements[];
extern const struct statement *const store_clerk_statements[];
extern const struct statement *const store_club_statements[];
extern const struct statement *const store_desk_families_statements[];
extern const struct statement *const store_desk_family_statements[];
extern const struct statement *const store_desk_log_statements[];
extern const struct statement *const store_desk_mailing_statements[];
extern const struct statement *const store_desk_mails_statements[];
extern const struct statement *const store_desk_payments_statements[];
extern const struct statement *const store_desk_order_statements[];
extern const struct statement *const store_desk_products_statements[];
extern const struct statement *const store_desk_remind_statements[];
extern const struct statement *const store_desk_requests_statements[];
extern const struct statement *const store_desk_rosters_statements[];
extern const struct statement *const store_desk_sign_in_statements[];
extern const struct statement *const store_desk_today_statements[];
extern const struct statement *const store_desk_tournament_statements[];
extern const struct statement *const store_desk_tournaments_statements[];
extern const struct statement *const store_desk_unmatched_statements[];
extern const struct statement *const store_desk_users_statements[];
extern const struct statement *const store_dismiss_statements[];
extern const struct statement *const store_first_payment_statements[];
extern const struct statement *const store_installation_statements[];
extern const struct statement *const store_jersey_statements[];
extern const struct statement *const store_links_statements[];
extern const struct statement *const store_mail_acts_statements[];
extern const struct statement *const store_mail_queue_statements[];
extern const struct statement *const store_mail_send_statements[];
extern const struct statement *const store_metrics_statements[];
extern const struct statement *const store_notice_statements[];
extern const struct statement *const store_order_acts_statements[];
extern const struct statement *const store_orders_statements[];
extern const struct statement *const store_payment_acts_statements[];
extern const struct statement *const store_person_statements[];
extern const struct statement *const store_reconcile_statements[];
extern const struct statement *const store_record_statements[];
extern const struct statement *const store_refund_statements[];
extern const struct statement *const store_roster_statements[];
extern const struct statement *const store_runs_statements[];
extern const struct statement *const store_schema_statements[];
extern const struct statement *const store_shop_statements[];
extern const struct statement *const store_stray_statements[];
extern const struct statement *const store_suggest_statements[];
extern const struct statement *const store_tryout_statements[];
extern const struct statement *const store_views_statements[];
extern const struct statement *const store_views_open_statements[];

const struct statement *const *const store_statements[] = {
	store_adopt_statements,
	store_audit_statements,
	store_charges_statements,
	store_checkout_statements,
	store_clerk_statements,
	store_club_statements,
	store_desk_families_statements,
	store_desk_family_statements,
	store_desk_log_statements,
	store_desk_mailing_statements,
	store_desk_mails_statements,
	store_desk_payments_statements,
	store_desk_order_statements,
	store_desk_products_statements,
	store_desk_remind_statements,
	store_desk_requests_statements,
	store_desk_rosters_statements,
	store_desk_sign_in_statements,
	store_desk_today_statements,
	store_desk_tournament_statements,
	store_desk_tournaments_statements,
	store_desk_unmatched_statements,
	store_desk_users_statements,
	store_dismiss_statements,
	store_first_payment_statements,
	store_installation_statements,
	store_jersey_statements,
	store_links_statements,
	store_mail_acts_statements,
	store_mail_queue_statements,
	store_mail_send_statements,
	store_metrics_statements,
	store_notice_statements,
	store_order_acts_statements,
	store_orders_statements,
	store_payment_acts_statements,
	store_person_statements,
	store_reconcile_statements,
	store_record_statements,
	store_refund_statements,
	store_roster_statements,
	store_runs_statements,
	store_schema_statements,
	store_shop_statements,
	store_stray_statements,
	store_suggest_statements,
	store_tryout_statements,
	store_views_statements,
	store_views_open_statements,
	NULL
};
