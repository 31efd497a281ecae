/*
 * The rules are those of `teamdues import roster`, in the same words; only how
 * many faults are told is limited, since a page has an end.
 */
#include "desk/roster_file.h"

#include "base/json_out.h"
#include "billing/roster/roster.h"
#include "billing/roster/roster_text.h"

enum { FAULTS_MAX = 100, FAULTS_TEXT_MAX = 1024 * 1024 };

struct faults {
	struct json_out json;
	size_t count;
};

/* A roster_complaint. */
static void
keep_complaint(void *context, size_t line, const char *reason)
{
	struct faults *faults = context;
	char place[32];
	struct buf b = BUF_FIXED(place);

	if (faults->count++ >= FAULTS_MAX)
		return;
	buf_putf(&b, "Line %zu", line);
	json_out_object(&faults->json, NULL);
	json_out_text(&faults->json, "line", place);
	json_out_text(&faults->json, "reason", reason);
	json_out_end(&faults->json);
}

static enum status
read_text(struct roster_file *file, const struct upload *upload,
    const char *shown, struct err *err)
{
	enum status st = ST_OK;

	file->text = (struct buf)BUF_INIT(ROSTER_TEXT_FACTOR * upload->len +
	    ROSTER_FILE_MAX + 1);
	if (shown != NULL)
		buf_puts(&file->text, shown);
	else if (upload->len > 0)
		st = roster_text(upload->bytes, upload->len, &file->text,
		    err);
	else
		return err_set(err, ST_BAD_INPUT, "choose a file first");
	if (st == ST_OK && (file->text.len > ROSTER_FILE_MAX ||
	    file->text.why == ST_TOO_LARGE))
		return err_set(err, ST_BAD_INPUT, "the file is larger than "
		    "1 MB: upload it in parts, such as a team at a time");
	return st;
}

/* Of a file with bad lines the rows of the others stay, to be shown. */
static enum status
read_rows(struct roster_file *file, struct err *err)
{
	struct faults faults = { JSON_OUT(&file->faults_text), 0 };
	struct err ignored;
	enum status parsed;
	enum status st;

	file->faults_text = (struct buf)BUF_INIT(FAULTS_TEXT_MAX);
	json_out_object(&faults.json, NULL);
	json_out_array(&faults.json, "rows");
	parsed = roster_parse(buf_str(&file->text), file->text.len,
	    keep_complaint, &faults, &file->rows, err);
	json_out_end(&faults.json);
	json_out_end(&faults.json);
	file->is_read = parsed == ST_OK || faults.count > 0;
	st = json_out_parse(&faults.json, "the faults", &file->faults,
	    parsed == ST_OK ? err : &ignored);
	return parsed != ST_OK ? parsed : st;
}

enum status
roster_file_read(struct roster_file *file, const struct upload *upload,
    const char *shown, struct err *err)
{
	enum status st = read_text(file, upload, shown, err);

	if (st == ST_OK)
		st = read_rows(file, err);
	if (!file->is_read) {
		buf_clear(&file->rows);
		file->rows = (struct buf)BUF_INIT(2);
		buf_puts(&file->rows, "[]");
	}
	if (st != ST_BAD_INPUT)
		return st;
	file->fault = *err;
	return ST_OK;
}

void
roster_file_clear(struct roster_file *file)
{
	json_clear(&file->faults);
	buf_clear(&file->faults_text);
	buf_clear(&file->rows);
	buf_clear(&file->text);
}
