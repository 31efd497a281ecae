/*
 * What `teamdues doctor` checks at the database: that it answers, that its
 * schema and this program are of one version, and that this role may do what
 * the commands do.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "doctor.h"
#include "store/grants.h"
#include "store/migrate.h"
#include "store/schema.h"
#include "store/views.h"

/* A small club may have no payment for two weeks out of season. */
enum { QUIET_DAYS_MAX = 14, DAY_S = 24 * 60 * 60 };

static void
check_grants(struct doctor *doctor)
{
	struct err err;
	int count;

	if (store_check_operator(doctor->invocation->app.store, &count, &err) ==
	    ST_OK)
		doctor_report(doctor, VERDICT_OK, "grants", NULL,
		    "all %d statements of this command are allowed", count);
	else
		doctor_report(doctor, VERDICT_FAIL, "grants",
		    "DATABASE_URL must name the role teamdues_operator; "
		    "`teamdues migrate` renews its grants", "%s", err.msg);
}

/*
 * The database is newer when another host was upgraded first; the programs of
 * this host do not know its schema.
 */
static void
report_version(struct doctor *doctor, int64_t version)
{
	int64_t expected = store_schema_expected();

	if (version == expected)
		doctor_report(doctor, VERDICT_OK, "schema", NULL,
		    "version %" PRId64 ", as this program knows it", version);
	else
		doctor_report(doctor, VERDICT_FAIL, "schema",
		    version < expected ? "run `teamdues migrate`"
		    : "install the newer teamdues on this host too",
		    "version %" PRId64 " there, %" PRId64 " here", version,
		    expected);
}

void
doctor_check_database(struct doctor *doctor)
{
	struct store *store = doctor->invocation->app.store;
	int64_t version;
	struct err err;
	enum status st;

	if (store == NULL)
		return;
	st = store_schema_version(store, &version, &err);
	/*
	 * Any other failure came from a database that answers but has no schema
	 * of ours.
	 */
	if (st == ST_DB) {
		doctor_report(doctor, VERDICT_FAIL, "database", "is it running"
		    ", and is DATABASE_URL right?", "%s", err.msg);
		return;
	}
	doctor_report(doctor, VERDICT_OK, "database", NULL, "answers");
	if (st == ST_OK)
		report_version(doctor, version);
	else
		doctor_report(doctor, VERDICT_FAIL, "schema",
		    "run `teamdues migrate`", "%s", err.msg);
	if (st == ST_OK)
		check_grants(doctor);
}

/*
 * The zone was checked against this host's tzdata when the settings were read.
 * The database has its own, of another package or version, and computes days
 * with it.
 */
void
doctor_check_zone(struct doctor *doctor)
{
	struct store *store = doctor->invocation->app.store;
	const char *zone = config_text(&doctor->invocation->app.config,
	    SETTING_CLUB_TIMEZONE);
	struct err err;
	enum status st;

	if (store == NULL || zone == NULL)
		return;
	st = store_check_zone(store, zone, &err);
	if (st == ST_OK)
		doctor_report(doctor, VERDICT_OK, "timezone", NULL,
		    "the database knows %s", zone);
	else if (st == ST_BAD_INPUT)
		doctor_report(doctor, VERDICT_FAIL, "timezone", "install the "
		    "database host's tzdata (and tzdata-legacy), or name the "
		    "zone as America/Denver is named",
		    "the database does not know %s", zone);
}

/*
 * A warning, never a failure: that no event comes may only mean that nobody
 * pays.
 */
void
doctor_check_webhooks(struct doctor *doctor)
{
	static const char mend[] = "at Stripe, under webhooks, look at the "
	    "endpoint SITE_URL/webhooks/stripe and its deliveries";
	struct store *store = doctor->invocation->app.store;
	int64_t newest;
	int64_t days;
	struct err err;

	/* The checks of the database have reported why the query fails. */
	if (store == NULL || store_newest_event(store, &newest, &err) != ST_OK)
		return;
	days = (clock_now_s() - newest) / DAY_S;
	if (newest == 0)
		doctor_report(doctor, VERDICT_WARN, "webhooks", mend,
		    "no event of Stripe's has ever come");
	else if (days > QUIET_DAYS_MAX)
		doctor_report(doctor, VERDICT_WARN, "webhooks", mend,
		    "the newest event came %" PRId64 " days ago", days);
	else
		doctor_report(doctor, VERDICT_OK, "webhooks", NULL,
		    "the newest event came %" PRId64 " minutes ago",
		    (clock_now_s() - newest) / 60);
}
