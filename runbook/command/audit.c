/* teamdues audit: do the books say what was recorded. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "command.h"
#include "output.h"
#include "store/inspect.h"
#include "store/runs.h"

static const char *const columns[] = {
	"invariant", "subject", "fault", NULL
};

static const struct parameter parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

struct faults {
	struct output *output;
	int64_t count;
};

static enum status
count_fault(void *context, struct json_node row, struct err *err)
{
	struct faults *faults = context;

	faults->count++;
	return output_row(faults->output, row, err);
}

static enum status
audit(struct invocation *invocation, struct err *err)
{
	struct output output;
	struct faults faults = { &output, 0 };
	int64_t orders = 0;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_audit(invocation->store, count_fault, &faults, err);
	if (st == ST_OK)
		st = store_order_count(invocation->store, &orders, err);
	if (output.format != OUTPUT_TABLE || faults.count > 0 || st != ST_OK)
		st = output_end(&output, st, err);
	else
		printf("%" PRId64 " orders and all payments and events are "
		    "sound.\n", orders);
	if (st == ST_OK && faults.count > 0)
		st = err_set(err, ST_CONFLICT, "faults in the books: %" PRId64,
		    faults.count);
	if (st == ST_OK)
		st = store_note_run(invocation->store, RUN_AUDIT, clock_now_s(),
		    0, err);
	return st;
}

const struct command command_audit = {
	.name = "audit",
	.summary = "recompute all that is derived; fails where it differs",
	.needs = NEEDS(SETTING_DATABASE_URL),
	.parameters = parameters,
	.run = audit,
};
