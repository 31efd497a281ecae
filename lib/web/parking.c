/*
 * Everything is registered to fire once (EPOLLONESHOT), so that a connection
 * has one owner: the thread that took its event, until it leaves the connection
 * here again.  Another thread therefore never closes an idle connection: it
 * shuts it down, and the event of that wakes an owner, who closes it.
 */
#include "web/parking.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

static bool
watch(const struct parking *parking, int operation, int fd, void *what,
    uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = what };

	return epoll_ctl(parking->epoll, operation, fd, &event) == 0;
}

bool
parking_open(struct parking *parking, int listener)
{
	*parking = (struct parking){ .epoll = -1, .listener = listener,
		.stop = { -1, -1 } };
	for (int i = 0; i < PLACES; i++)
		parking->places[i].fd = -1;
	pthread_mutex_init(&parking->lock, NULL);
	if (pipe(parking->stop) != 0)
		return false;
	parking->epoll = epoll_create1(EPOLL_CLOEXEC);
	/* Closing the pipe's write end wakes every thread that waits, and each
	 * later one: this event is not EPOLLONESHOT. */
	return parking->epoll != -1 &&
	    watch(parking, EPOLL_CTL_ADD, parking->stop[0], &parking->stop,
	    EPOLLIN) &&
	    watch(parking, EPOLL_CTL_ADD, listener, &parking->listener,
	    EPOLLIN | EPOLLONESHOT);
}

static void
close_open(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void
parking_clear(struct parking *parking)
{
	for (int i = 0; i < PLACES; i++)
		close_open(&parking->places[i].fd);
	close_open(&parking->epoll);
	close_open(&parking->stop[0]);
	close_open(&parking->stop[1]);
	pthread_mutex_destroy(&parking->lock);
}

/* After the stop, new connections are left to the processes that share the
 * listening socket. */
enum arrival
parking_wait(struct parking *parking, struct place **place)
{
	struct epoll_event event;
	bool is_stopped;

	/* Workers block all signals; only stopping and continuing the process
	 * interrupts the wait. */
	while (epoll_wait(parking->epoll, &event, 1, -1) != 1)
		continue;
	*place = NULL;
	if (event.data.ptr != &parking->listener &&
	    event.data.ptr != &parking->stop)
		*place = event.data.ptr;
	pthread_mutex_lock(&parking->lock);
	is_stopped = parking->is_stopped;
	if (!is_stopped && *place != NULL)
		(*place)->is_idle = false;
	pthread_mutex_unlock(&parking->lock);
	if (is_stopped)
		return ARRIVAL_STOP;
	return *place != NULL ? ARRIVAL_REQUEST : ARRIVAL_LISTENER;
}

void
parking_listen(struct parking *parking)
{
	(void)watch(parking, EPOLL_CTL_MOD, parking->listener,
	    &parking->listener, EPOLLIN | EPOLLONESHOT);
}

struct place *
parking_find(struct parking *parking, int fd)
{
	struct place *found = NULL;

	pthread_mutex_lock(&parking->lock);
	for (int i = 0; i < PLACES && found == NULL; i++)
		if (parking->places[i].fd == -1)
			found = &parking->places[i];
	if (found != NULL)
		*found = (struct place){ .fd = fd };
	pthread_mutex_unlock(&parking->lock);
	return found;
}

/*
 * The connection may fire at once and belong to another thread.  So everything
 * is read from place before, and the lock is released, which that thread needs.
 */
bool
parking_leave(struct parking *parking, struct place *place)
{
	int operation = place->is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	int fd = place->fd;
	bool is_stopped;

	pthread_mutex_lock(&parking->lock);
	is_stopped = parking->is_stopped;
	place->is_idle = !is_stopped;
	place->is_known = true;
	place->since_ms = clock_monotonic_ms();
	pthread_mutex_unlock(&parking->lock);
	return !is_stopped && watch(parking, operation, fd, place,
	    EPOLLIN | EPOLLONESHOT);
}

void
parking_free(struct parking *parking, struct place *place)
{
	if (place == NULL)
		return;
	pthread_mutex_lock(&parking->lock);
	place->fd = -1;
	place->is_idle = false;
	pthread_mutex_unlock(&parking->lock);
}

/* The lock must be held. */
static void
end_idle(struct parking *parking, int64_t before_ms)
{
	for (int i = 0; i < PLACES; i++) {
		const struct place *place = &parking->places[i];

		if (place->is_idle && place->since_ms < before_ms)
			(void)shutdown(place->fd, SHUT_RDWR);
	}
}

void
parking_end_idle(struct parking *parking, int64_t before_ms)
{
	pthread_mutex_lock(&parking->lock);
	end_idle(parking, before_ms);
	pthread_mutex_unlock(&parking->lock);
}

void
parking_stop(struct parking *parking)
{
	pthread_mutex_lock(&parking->lock);
	parking->is_stopped = true;
	end_idle(parking, INT64_MAX);
	pthread_mutex_unlock(&parking->lock);
	close_open(&parking->stop[1]);
}
