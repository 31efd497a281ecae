/*
 * One line is one write(), so that lines of threads and processes do not mix;
 * to a pipe, POSIX promises that for up to PIPE_BUF bytes.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/journal.h"

enum { LINE_MAX_BYTES = 8192, REQUEST_ID_SIZE = 64, TIME_SIZE = 32 };

/* Of syslog(3). */
static const char *const priorities[LOG_LEVEL_MAX] = {
	[LOG_DEBUG] = "<7>",
	[LOG_INFO] = "<6>",
	[LOG_WARN] = "<4>",
	[LOG_ERROR] = "<3>",
};

static const char *const level_names[LOG_LEVEL_MAX] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

/* Writable, because the level belongs to the process and the id to the thread:
 * handing both through every call would add a parameter to every function. */
static atomic_int least_level = LOG_INFO;
static atomic_bool shows_time;
static atomic_bool shows_priority;
static _Thread_local char request_id[REQUEST_ID_SIZE];

static void
put_field(struct buf *line, const struct log_field *field)
{
	buf_putc(line, ' ');
	buf_puts(line, field->key);
	buf_putc(line, '=');
	if (field->text != NULL)
		buf_put_log(line, field->text, strlen(field->text));
	else
		buf_put_i64(line, field->number);
}

static void
put_time(struct buf *line)
{
	char storage[TIME_SIZE];
	struct buf time = BUF_FIXED(storage);

	clock_put_utc(&time, clock_now_s());
	buf_puts(line, " time=");
	buf_puts(line, buf_str(&time));
}

/* A line that cannot be written is lost: there is no other place to report it.
 * A caller may log before it looks at errno. */
static void
write_line(const char *bytes, size_t len)
{
	int saved_errno = errno;
	ssize_t written;

	do {
		written = write(STDERR_FILENO, bytes, len);
	} while (written < 0 && errno == EINTR);
	errno = saved_errno;
}

struct line {
	/* On the stack, because the report of a lack of memory must not
	 * allocate. */
	char storage[LINE_MAX_BYTES];
	struct buf buf;
};

static const char cut_end[] = " [cut]\n";

/* False when lines of this level are not logged. */
static bool
begin_line(struct line *line, enum log_level level, const char *event)
{
	if ((int)level < atomic_load(&least_level) || level >= LOG_LEVEL_MAX)
		return false;
	line->buf = (struct buf)BUF_FIXED(line->storage);
	/* Leaves room for the end of a line that is cut: each line must end
	 * with a newline. */
	line->buf.max -= strlen(cut_end);
	if (atomic_load(&shows_priority))
		buf_puts(&line->buf, priorities[level]);
	buf_puts(&line->buf, level_names[level]);
	buf_putc(&line->buf, ' ');
	buf_puts(&line->buf, event);
	if (request_id[0] != '\0')
		put_field(&line->buf, LOG_TEXT("request", request_id));
	return true;
}

static void
end_line(struct line *line, const char *event)
{
	const char *end;
	size_t len;

	if (atomic_load(&shows_time))
		put_time(&line->buf);
	end = line->buf.failed ? cut_end : "\n";
	len = line->buf.len;
	memcpy(line->storage + len, end, strlen(end));
	write_line(line->storage, len + strlen(end));
	/* Without what syslog() adds itself: the priority, and the line's
	 * end. */
	if (strcmp(event, LOG_ACT) == 0) {
		size_t skipped = atomic_load(&shows_priority)
		    ? strlen(priorities[LOG_INFO]) : 0;

		journal_put(line->storage + skipped, len - skipped);
	}
}

void
log_event(enum log_level level, const char *event,
    const struct log_field *first, ...)
{
	struct line line;
	va_list fields;

	if (!begin_line(&line, level, event))
		return;
	va_start(fields, first);
	for (const struct log_field *field = first; field != NULL;
	    field = va_arg(fields, const struct log_field *))
		put_field(&line.buf, field);
	va_end(fields);
	end_line(&line, event);
}

void
log_fields(enum log_level level, const char *event,
    const struct log_field *fields, size_t count)
{
	struct line line;

	if (!begin_line(&line, level, event))
		return;
	for (size_t i = 0; i < count; i++)
		put_field(&line.buf, &fields[i]);
	end_line(&line, event);
}

void
log_set_level(enum log_level level)
{
	atomic_store(&least_level, (int)level);
}

void
log_as_service(void)
{
	/* systemd sets the variable where its journal reads standard error. */
	bool is_read = getenv("JOURNAL_STREAM") != NULL;

	atomic_store(&shows_time, !is_read);
	atomic_store(&shows_priority, is_read);
}

enum log_level
log_level_parse(const char *text)
{
	int level = LOG_DEBUG;

	while (level < LOG_LEVEL_MAX && strcmp(text, level_names[level]) != 0)
		level++;
	return (enum log_level)level;
}

void
log_set_request(const char *id)
{
	(void)snprintf(request_id, sizeof(request_id), "%s",
	    id != NULL ? id : "");
}
