/*
 * Figures for `teamdues metrics`, each computed when it is asked for: a counter
 * of its own could disagree with the books.
 */
#include "store/metrics.h"

#include "store/db.h"

static const struct statement metrics_list = {
	.name = "metrics_list",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select name, label, label_value, value,\n"
	"        nullif(current_setting('teamdues.club', true), '') as club\n"
	"    from teamdues.metrics()\n"
	"    order by name, label_value) x"
};

const struct statement *const store_metrics_statements[] = {
	&metrics_list, NULL
};

enum status
store_metrics(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &metrics_list, NULL, each, context, err);
}
