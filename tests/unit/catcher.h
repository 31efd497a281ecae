/* tests/smtp-catcher as a process of its own, for one test. */
#ifndef TEAMDUES_TESTS_UNIT_CATCHER_H
#define TEAMDUES_TESTS_UNIT_CATCHER_H

#include <json-c/json.h>

struct catcher;

/* setting: "CATCHER_STARTTLS=1", or NULL.  Returns when it listens; fails the
 * test when it does not.  End with catcher_stop. */
struct catcher *catcher_start(const char *setting);

/* "smtp://127.0.0.1:PORT" and the path of its certificate.  Borrowed. */
const char *catcher_url(const struct catcher *catcher);
const char *catcher_certificate(const struct catcher *catcher);

/* Asks the control port; the answer is the caller's to put. */
struct json_object *catcher_get(const struct catcher *catcher,
    const char *path);

/* Forgets mails, connections and faults, then adds this one (NULL: none). */
void catcher_expect(const struct catcher *catcher, const char *fault);

/* One fault more. */
void catcher_add(const struct catcher *catcher, const char *fault);

void catcher_stop(struct catcher *catcher);

#endif
