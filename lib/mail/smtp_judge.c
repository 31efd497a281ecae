/*
 * Two mistakes must not happen: a mail that is sent twice, and a family's
 * address that is given up because of our server.  So after the dot only the
 * server's answer counts, and a refusal of us is never held against the
 * recipient.
 */
#include "mail/smtp_judge.h"

#include <string.h>

#include "base/text.h"

/* RFC 5321, section 4.5.3.2. */
enum { COMMAND_MS = 5 * 60 * 1000, DOT_MS = 10 * 60 * 1000 };

static bool
begins_with(const char *text, size_t len, const char *word)
{
	size_t word_len = strlen(word);

	return len >= word_len && memcmp(text, word, word_len) == 0;
}

/* The password passes here, too: it is compared and never kept. */
void
smtp_progress_sent(struct smtp_progress *progress, const char *command,
    size_t len)
{
	/* After a refusal libcurl sends QUIT in the same call; its answer must
	 * not replace the refusal. */
	progress->is_over = progress->code >= 400 &&
	    begins_with(command, len, "QUIT");
	if (progress->is_over)
		return;
	progress->code = 0;
	progress->is_continued = false;
	progress->text[0] = '\0';
	if (begins_with(command, len, "MAIL FROM:"))
		progress->phase = SMTP_PHASE_MAIL;
	else if (begins_with(command, len, "RCPT TO:"))
		progress->phase = SMTP_PHASE_RCPT;
	else if (begins_with(command, len, "DATA"))
		progress->phase = SMTP_PHASE_DATA;
}

void
smtp_progress_dot(struct smtp_progress *progress)
{
	smtp_progress_sent(progress, "", 0);
	progress->phase = SMTP_PHASE_DOT;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Appends what fits, as printable ASCII, because it goes into logs and
 * pages. */
static void
append_words(char text[SMTP_TEXT_SIZE], const char *words, size_t len)
{
	size_t at = strlen(text);

	if (at > 0 && at + 1 < SMTP_TEXT_SIZE)
		text[at++] = ' ';
	for (size_t i = 0; i < len && at + 1 < SMTP_TEXT_SIZE; i++) {
		bool is_plain = words[i] >= ' ' && words[i] <= '~';

		if (words[i] != '\r' && words[i] != '\n')
			text[at++] = is_plain ? words[i] : '?';
	}
	text[at] = '\0';
}

void
smtp_progress_answered(struct smtp_progress *progress, const char *line,
    size_t len)
{
	/* A line has three digits and a hyphen or a space (RFC 5321, section
	 * 4.2.1); a hyphen means that more lines follow. */
	if (progress->is_over || len < 4 || !is_digit(line[0]) ||
	    !is_digit(line[1]) || !is_digit(line[2]))
		return;
	if (!progress->is_continued)
		progress->text[0] = '\0';
	progress->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 +
	    (line[2] - '0');
	progress->is_continued = line[3] == '-';
	append_words(progress->text, line + 4, len - 4);
}

/* RFC 4954, section 6: the server wants a login, or a stronger one, or refuses
 * ours. */
static bool
is_about_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static bool
needs_a_person(CURLcode code)
{
	switch (code) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
	case CURLE_USE_SSL_FAILED:
	case CURLE_LOGIN_DENIED:
	case CURLE_AUTH_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return true;
	default:
		return false;
	}
}

/* The subject and detail of an enhanced code (RFC 3463), 5.SUBJECT.DETAIL, at
 * the beginning of the server's words.  False when there is no such code. */
static bool
read_enhanced(const char *text, int *subject, int *detail)
{
	if (text[0] != '5' || text[1] != '.' || !is_digit(text[2]) ||
	    text[3] != '.' || !is_digit(text[4]))
		return false;
	*subject = text[2] - '0';
	*detail = text[4] - '0';
	for (text += 5; is_digit(*text) && *detail < 100; text++)
		*detail = *detail * 10 + (*text - '0');
	return true;
}

/* Many servers refuse a sender only when they hear the recipient, and some of
 * them without an enhanced code.  Then these words show whom they mean. */
static bool
names_the_sender(const char *text)
{
	static const char *const words[] = {
		"relay", "sender", "sending", "daily", "hourly", "per hour",
		"per day", "too many", "rate limit", "message limit",
		"blacklist", "black list", "blocklist", "block list",
		"block-list", "blocked", "banned", "spam", "rbl", "dnsbl",
		"reputation", "policy", "prohibit", "authenticat",
		"not authorized", "not authorised", "spf", "dkim", "dmarc",
		"helo", "ehlo", "client host", "reverse dns", "ptr record",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_holds(text, words[i]))
			return true;
	return false;
}

/*
 * Who is meant by a 5xx: after MAIL, and after the text of a recipient who was
 * accepted, it is us; after RCPT it is the recipient; unless the enhanced code
 * says otherwise.
 */
static enum smtp_end
judge_refusal(const struct smtp_progress *progress)
{
	enum smtp_end otherwise = progress->phase == SMTP_PHASE_RCPT &&
	    !names_the_sender(progress->text) ? SMTP_PERMANENT : SMTP_REFUSED;
	int subject;
	int detail;

	if (!read_enhanced(progress->text, &subject, &detail))
		return otherwise;
	if (subject == 6 || (subject == 3 && detail == 4))
		return SMTP_PERMANENT;	/* the text, or its length */
	if (progress->phase == SMTP_PHASE_MAIL || subject == 7)
		return SMTP_REFUSED;	/* policy */
	if (subject == 1)		/* addresses, the sender's too */
		return detail == 7 || detail == 8 || (detail == 0 &&
		    names_the_sender(progress->text)) ? SMTP_REFUSED
		    : SMTP_PERMANENT;
	if (subject == 2)		/* the mailbox */
		return SMTP_PERMANENT;
	if (subject == 3 || (subject == 4 && detail == 5))
		return SMTP_REFUSED;	/* its own system; too much of ours */
	return otherwise;
}

static enum smtp_end
judge_before_dot(const struct smtp_progress *progress, CURLcode code)
{
	int class = progress->code / 100;

	/* The server's code comes before libcurl's: a login may be refused for
	 * the moment only. */
	if (class == 4)
		return SMTP_TEMPORARY;
	if (class == 5 && progress->phase != SMTP_PHASE_SESSION &&
	    !is_about_login(progress->code))
		return judge_refusal(progress);
	if (class == 5 || needs_a_person(code))
		return SMTP_MISCONFIGURED;
	return SMTP_TEMPORARY;
}

int64_t
smtp_patience_ms(enum smtp_phase phase)
{
	return phase == SMTP_PHASE_DOT ? DOT_MS : COMMAND_MS;
}

enum smtp_end
smtp_judge(const struct smtp_progress *progress, CURLcode code)
{
	if (code == CURLE_OK)
		return SMTP_SENT;
	if (progress->phase != SMTP_PHASE_DOT)
		return judge_before_dot(progress, code);
	switch (progress->code / 100) {
	case 2:
		return SMTP_SENT;
	case 4:
		return SMTP_TEMPORARY;
	case 5:
		return judge_refusal(progress);
	default:
		return SMTP_UNKNOWN;
	}
}

bool
smtp_is_stale(const struct smtp_progress *progress, CURLcode code)
{
	if (code == CURLE_OK || code == CURLE_OPERATION_TIMEDOUT ||
	    code == CURLE_ABORTED_BY_CALLBACK ||
	    progress->phase == SMTP_PHASE_DOT || needs_a_person(code))
		return false;
	/* Any other code is an answer to this mail. */
	return progress->code < 400 || progress->code == 421;
}
