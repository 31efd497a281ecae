/*
 * Key-set paging: a page begins after the last row's key instead of at an
 * offset, so that each page costs the same and rows that come or go meanwhile
 * shift none of the others.
 */
#include "base/buf.h"
#include "store/db.h"

/*
 * A thousand rows are a few hundred kilobytes; fewer would make the round trips
 * count.
 */
enum { PAGE_ROWS = 1000, KEY_SIZE = 256, PARAMS_MAX = 16 };

/* A page while its rows come. */
struct page {
	const char *const *keys;
	store_row *each;
	void *context;
	int64_t rows;
	char last[PAGE_KEYS_MAX][KEY_SIZE];	/* the keys of the last one */
};

static enum status
page_row(void *context, struct json_node row, struct err *err)
{
	struct page *page = context;

	page->rows++;
	/*
	 * The keys are kept before the row is given away: the row's memory is
	 * the caller's only during the call.
	 */
	for (int i = 0; page->keys[i] != NULL; i++) {
		/*
		 * A key that was cut would begin the next page at another row,
		 * so that buf_check's failure ends the list.
		 */
		struct buf key = buf_over(page->last[i], KEY_SIZE);
		enum status st;

		json_put_chars(&key, json_at(row, page->keys[i]));
		st = buf_check(&key, page->keys[i], err);
		if (st != ST_OK)
			return st;
	}
	return page->each(page->context, row, err);
}

enum status
db_pages(struct store *store, const struct statement *statement,
    const char *const *argv, const char *const *keys, store_row *each,
    void *context, struct err *err)
{
	struct page page = { .keys = keys, .each = each, .context = context };
	const char *values[PARAMS_MAX];
	char rows[I64_TEXT_SIZE];
	const char **after;
	int count = 0;
	enum status st;

	if (statement->params > PARAMS_MAX)
		return err_set(err, ST_BUG, "%s: %d parameters",
		    statement->name, statement->params);
	for (int i = 0; i < statement->params; i++)
		values[i] = argv[i];

	while (keys[count] != NULL)
		count++;
	values[statement->params - 1] = db_i64(rows, PAGE_ROWS);
	after = values + statement->params - 1 - count;
	for (int i = 0; i < count; i++)
		after[i] = NULL;
	/* A full page may be the last: that costs one empty page more. */
	do {
		page.rows = 0;
		st = db_each(store, statement, values, page_row, &page, err);
		for (int i = 0; i < count; i++)
			after[i] = page.last[i];
	} while (st == ST_OK && page.rows == PAGE_ROWS);
	return st;
}
