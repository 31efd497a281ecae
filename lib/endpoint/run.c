/*
 * service_run's own thread, which also waits for signals, calls tick() every
 * half second beside the threads that serve.  Sweeps for stray sessions begin
 * there.
 */
#include "endpoint/run.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "billing/session_expire.h"

/*
 * Ten seconds, since a payer may be filling in a card on a stray session's
 * page: within a minute it has to be ended (invariant 9).  After a failure more
 * rarely: Stripe or the database does not answer.  Five at a time bound how
 * long one sweep takes.
 */
enum { SWEEP_MS = 10000, REST_MS = 30000, STRAYS_MAX = 5 };

struct program {
	struct app app;		/* first: the context of the routes */
	bool ends_strays;
	bool is_begun;			/* sweeper is to be joined */
	pthread_t sweeper;
	atomic_bool is_sweeping;
	atomic_int_least64_t next_ms;	/* when to sweep again */
};

/*
 * A failure is logged where it happens and mended by the next sweep: a stray
 * stays on the database's list until it has ended.
 */
static void *
sweep(void *argument)
{
	struct program *program = argument;
	int wait_ms = SWEEP_MS;
	struct err err;

	if (session_expire_strays(&program->app, STRAYS_MAX, &err) != ST_OK)
		wait_ms = REST_MS;
	atomic_store(&program->next_ms, clock_monotonic_ms() + wait_ms);
	atomic_store(&program->is_sweeping, false);
	return NULL;
}

/* The thread of a sweep that has ended still has to be joined. */
static void
sweeper_join(struct program *program)
{
	if (program->is_begun)
		pthread_join(program->sweeper, NULL);
	program->is_begun = false;
}

/*
 * In a thread of its own, since a sweep asks Stripe and may take seconds: the
 * thread that ticks must notice signals at once.
 */
static void
sweeper_begin(struct program *program)
{
	sweeper_join(program);
	atomic_store(&program->is_sweeping, true);
	if (pthread_create(&program->sweeper, NULL, sweep, program) == 0) {
		program->is_begun = true;
		return;
	}
	log_event(LOG_ERROR, "no_thread", LOG_TEXT("for", "strays"), NULL);
	atomic_store(&program->next_ms, clock_monotonic_ms() + REST_MS);
	atomic_store(&program->is_sweeping, false);
}

/*
 * One sweep at a time: is_sweeping is set before the thread begins and cleared
 * by it as the last thing.
 */
static void
tick(void *context)
{
	struct program *program = context;

	app_tick(&program->app);
	if (program->ends_strays && !atomic_load(&program->is_sweeping) &&
	    clock_monotonic_ms() >= atomic_load(&program->next_ms))
		sweeper_begin(program);
}

int
endpoint_run(const struct app_needs *needs, const struct route *routes,
    int threads)
{
	struct program program = { .ends_strays = needs->ends_strays };
	int code = 1;

	log_as_service();
	if (app_open(&program.app, needs) == ST_OK)
		code = service_run(&(const struct service){
			.routes = routes,
			.context = &program,
			.contact = config_text(&program.app.config,
			    SETTING_CLUB_CONTACT),
			.is_for_staff = needs->is_for_staff,
			.threads = config_threads(&program.app.config,
			    threads),
			.idle_exit_s = config_idle_exit(&program.app.config),
			.tick = tick,
		});
	sweeper_join(&program);
	app_close(&program.app);
	return code;
}
