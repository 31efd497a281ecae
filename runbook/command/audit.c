/*
 * teamdues audit: recomputes what the books derive and reports where it
 * differs.  It goes part by part in slices, so that the club's programs are
 * never held up by one long statement.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "kit/invocation.h"
#include "kit/output.h"
#include "kit/progress.h"
#include "kit/waiting.h"
#include "store/audit.h"
#include "store/runs.h"

static const char *const columns[] = {
	"invariant", "subject", "fault", "must_hold", NULL
};

static const struct parameter parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

struct audit {
	struct store *store;
	struct output output;
	struct progress progress;
	int64_t orders;
	int64_t faults;
};

/*
 * The bar is hidden before a row is printed; the next step draws it again
 * below.
 */
static enum status
add_fault(void *context, struct json_node row, struct err *err)
{
	struct audit *audit = context;

	audit->faults++;
	progress_hide(&audit->progress);
	return output_row(&audit->output, row, err);
}

/*
 * A slice that looked at no row is the end of the part; a slice without a fault
 * is not.
 */
static enum status
audit_part(struct audit *audit, const char *part, struct err *err)
{
	struct audit_slice slice = { .part = part };
	enum status st;

	do {
		st = store_audit_slice(audit->store, &slice, add_fault, audit,
		    err);
		if (st == ST_OK)
			progress_add(&audit->progress, (size_t)slice.looked);
		if (st == ST_OK && strcmp(part, "orders") == 0)
			audit->orders += slice.looked;
	} while (st == ST_OK && slice.looked > 0);
	return st;
}

/* The bar would spoil CSV and JSON, so rows are counted for a table only. */
static enum status
audit_all(struct audit *audit, struct err *err)
{
	int64_t rows = 0;
	enum status st = ST_OK;

	if (audit->output.format == OUTPUT_TABLE) {
		st = store_audit_size(audit->store, &rows, err);
		progress_begin(&audit->progress, (size_t)rows);
	}
	for (size_t i = 0; st == ST_OK && store_audit_parts[i] != NULL; i++)
		st = audit_part(audit, store_audit_parts[i], err);
	progress_hide(&audit->progress);
	return st;
}

static enum status
audit(struct invocation *invocation, struct err *err)
{
	struct audit audit = { .store = invocation->app.store };
	enum status st;

	output_init(&audit.output, &invocation->arguments, columns);
	st = audit_all(&audit, err);
	/*
	 * A person with no fault reads one sentence; a program gets its empty
	 * list.
	 */
	if (audit.output.format != OUTPUT_TABLE || audit.faults > 0 ||
	    st != ST_OK)
		st = output_end(&audit.output, st, err);
	else
		printf("%" PRId64 " orders and all payments and events are "
		    "sound.\n", audit.orders);
	if (st == ST_OK && audit.output.format == OUTPUT_TABLE)
		st = waiting_print(invocation->app.store, err);
	/*
	 * Faults fail the command, so that the timer's log and the exit show
	 * them.  The run is then not noted: the alarm about a missing audit
	 * stays until the books are sound.
	 */
	if (st == ST_OK && audit.faults > 0)
		st = err_set(err, ST_CONFLICT, "faults in the books: %" PRId64,
		    audit.faults);
	if (st == ST_OK)
		st = store_note_run(invocation->app.store, RUN_AUDIT,
		    clock_now_s(), 0, err);
	return st;
}

const struct command commands_audit[] = {
	{
		.name = "audit",
		.summary = "recompute all that is derived; fails where it "
		    "differs",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = parameters,
		.run = audit,
	},
	COMMANDS_END
};
