/* Where threads wait for work: what arrives, what is closed, and when. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "web/parking.h"

/* A socket that listens at an abstract address of its own. */
static int
listen_somewhere(struct sockaddr_un *address, socklen_t *len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	*len = sizeof(*address);
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	assert_int_equal(bind(fd, (struct sockaddr *)address,
	    sizeof(sa_family_t)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)address, len), 0);
	return fd;
}

struct yard {
	struct parking parking;
	struct sockaddr_un address;
	socklen_t address_len;
	int listener;
	int ours;		/* a connection, */
	int theirs;		/* and its other end */
};

static void
yard_open(struct yard *yard)
{
	int pair[2];

	yard->listener = listen_somewhere(&yard->address, &yard->address_len);
	assert_true(parking_open(&yard->parking, yard->listener));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	yard->ours = pair[0];
	yard->theirs = pair[1];
}

static void
yard_close(struct yard *yard)
{
	parking_stop(&yard->parking);
	parking_clear(&yard->parking);
	(void)close(yard->listener);
	(void)close(yard->theirs);
}

/* Leaves it there for the first time. */
static struct place *
park(struct yard *yard, int fd)
{
	struct place *place = parking_find(&yard->parking, fd);

	assert_non_null(place);
	assert_int_equal(place->fd, fd);
	assert_true(parking_leave(&yard->parking, place));
	return place;
}

static bool
is_ended(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	char byte = 0;

	return poll(&readable, 1, 0) == 1 && read(fd, &byte, 1) == 0;
}

static void
a_request_arrives_once(void **state)
{
	struct place *found = NULL;
	struct place *place;
	struct yard yard;

	(void)state;
	yard_open(&yard);
	place = park(&yard, yard.ours);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(write(yard.theirs, "x", 1), 1);
		assert_int_equal(parking_wait(&yard.parking, &found),
		    ARRIVAL_REQUEST);
		assert_ptr_equal(found, place);
		assert_true(parking_leave(&yard.parking, place));
	}
	yard_close(&yard);
}

/* Also its end is for somebody to see. */
static void
a_client_that_leaves_arrives(void **state)
{
	struct place *found = NULL;
	struct place *place;
	struct yard yard;

	(void)state;
	yard_open(&yard);
	place = park(&yard, yard.ours);
	assert_int_equal(shutdown(yard.theirs, SHUT_RDWR), 0);
	assert_int_equal(parking_wait(&yard.parking, &found),
	    ARRIVAL_REQUEST);
	assert_ptr_equal(found, place);
	yard_close(&yard);
}

static void
a_listener_arrives_again_when_it_is_listened_to(void **state)
{
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	struct place *found = NULL;
	struct yard yard;

	(void)state;
	yard_open(&yard);
	assert_int_equal(connect(client, (struct sockaddr *)&yard.address,
	    yard.address_len), 0);
	assert_int_equal(parking_wait(&yard.parking, &found),
	    ARRIVAL_LISTENER);
	/* Until then nobody else is woken for it. */
	(void)park(&yard, yard.ours);
	assert_int_equal(write(yard.theirs, "x", 1), 1);
	assert_int_equal(parking_wait(&yard.parking, &found),
	    ARRIVAL_REQUEST);
	parking_listen(&yard.parking);
	assert_int_equal(parking_wait(&yard.parking, &found),
	    ARRIVAL_LISTENER);
	(void)close(client);
	yard_close(&yard);
}

/* Only what no thread has, and then a thread is woken to close it. */
static void
what_is_idle_for_long_is_ended(void **state)
{
	int64_t before_ms = clock_monotonic_ms();
	struct place *found = NULL;
	struct place *place;
	struct yard yard;

	(void)state;
	yard_open(&yard);
	place = parking_find(&yard.parking, yard.ours);
	parking_end_idle(&yard.parking, INT64_MAX);
	assert_false(is_ended(yard.theirs));
	assert_true(parking_leave(&yard.parking, place));
	parking_end_idle(&yard.parking, before_ms);
	assert_false(is_ended(yard.theirs));
	parking_end_idle(&yard.parking, clock_monotonic_ms() + 1);
	assert_true(is_ended(yard.theirs));
	assert_int_equal(parking_wait(&yard.parking, &found),
	    ARRIVAL_REQUEST);
	assert_ptr_equal(found, place);
	yard_close(&yard);
}

static void
a_full_one_has_no_place(void **state)
{
	struct place *places[PLACES];
	struct yard yard;

	(void)state;
	yard_open(&yard);
	for (int i = 0; i < PLACES; i++) {
		places[i] = parking_find(&yard.parking, dup(yard.ours));
		assert_non_null(places[i]);
	}
	assert_null(parking_find(&yard.parking, yard.ours));
	(void)close(places[7]->fd);
	parking_free(&yard.parking, places[7]);
	parking_free(&yard.parking, NULL);
	assert_ptr_equal(parking_find(&yard.parking, yard.ours), places[7]);
	yard_close(&yard);
}

static void
nothing_arrives_once_it_is_stopped(void **state)
{
	struct place *found = NULL;
	struct place *busy;
	struct yard yard;

	(void)state;
	yard_open(&yard);
	busy = parking_find(&yard.parking, dup(0));
	(void)park(&yard, yard.ours);
	assert_int_equal(write(yard.theirs, "x", 1), 1);
	parking_stop(&yard.parking);
	assert_true(is_ended(yard.theirs));
	for (int i = 0; i < 3; i++)
		assert_int_equal(parking_wait(&yard.parking, &found),
		    ARRIVAL_STOP);
	assert_false(parking_leave(&yard.parking, busy));
	yard_close(&yard);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_arrives_once),
		cmocka_unit_test(a_client_that_leaves_arrives),
		cmocka_unit_test(
		    a_listener_arrives_again_when_it_is_listened_to),
		cmocka_unit_test(what_is_idle_for_long_is_ended),
		cmocka_unit_test(a_full_one_has_no_place),
		cmocka_unit_test(nothing_arrives_once_it_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
