/*
 * What an end of a transfer means for the mail.  Pure; used by smtp.c, and
 * apart from it so that every case can be tested without a server.
 */
#ifndef TEAMDUES_MAIL_SMTP_JUDGE_H
#define TEAMDUES_MAIL_SMTP_JUDGE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/smtp_end.h"

enum smtp_phase {
	SMTP_PHASE_SESSION,	/* greeting, EHLO, STARTTLS, AUTH */
	SMTP_PHASE_MAIL,	/* who sends */
	SMTP_PHASE_RCPT,	/* to whom */
	SMTP_PHASE_DATA,	/* DATA and the text */
	SMTP_PHASE_DOT		/* the final dot may be on its way */
};

/* What is known of a transfer while it runs. */
struct smtp_progress {
	enum smtp_phase phase;
	int code;			/* of the answer to the last command;
					 * 0: none yet */
	bool is_continued;		/* that answer has more lines */
	bool is_over;			/* refused, and QUIT has been sent */
	char text[SMTP_TEXT_SIZE];	/* that answer, its lines in one */
};

/* A command has been sent: the answer to the one before is forgotten. */
void smtp_progress_sent(struct smtp_progress *progress, const char *command,
    size_t len);

/* A line of the server's; without a code it is not an answer. */
void smtp_progress_answered(struct smtp_progress *progress, const char *line,
    size_t len);

/* The whole text has been sent, and now the dot. */
void smtp_progress_dot(struct smtp_progress *progress);

/*
 * How long a phase may last (RFC 5321, 4.5.3.2): 5 minutes for the greeting and
 * for each command.  Behind the dot a server may look through the whole mail
 * before it answers, 10 minutes: whoever leaves earlier does not know what
 * became of the mail.
 */
int64_t smtp_patience_ms(enum smtp_phase phase);

enum smtp_end smtp_judge(const struct smtp_progress *progress, CURLcode code);

/*
 * The connection was lost, or the server closed it at a moment of its choice
 * (421), before the dot: on a kept connection that says nothing about the mail.
 */
bool smtp_is_stale(const struct smtp_progress *progress, CURLcode code);

#endif
