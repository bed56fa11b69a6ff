/*
 * session_lookup.c - a resolver in a thread of its own, and a session that
 * does not wait for it.
 *
 * malloc is the system's here, for ThreadSanitizer to see what is shared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

enum { RACES = 200 };

/* A resolver that fails, once for each byte of the gate. */
static void
begin(int gate[2])
{
	calls_begin();
	assert_int_equal(pipe(gate), 0);
	calls_resolve_gate(gate[0]);
	calls_resolve_error(EAI_AGAIN);
}

static void
end(int gate[2], size_t lookups)
{
	calls_wait_resolved(lookups);
	close(gate[1]);
	close(gate[0]);
}

/* The resolver hangs: open's time-out covers it, and free leaves it behind. */
static void
test_resolver_hangs(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	struct pollfd p = { .events = POLLIN };
	int gate[2];

	(void)state;
	begin(gate);
	assert_int_equal(nvt_session_open(s, "r1", "23", 1), NVT_ERR_TIMEOUT);
	assert_string_equal(
	    nvt_session_error(s), "cannot resolve r1: timed out");
	assert_int_equal(nvt_session_dial(s, "r1", "23", 0), 0);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_RESOLVING);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_READ);
	assert_int_equal(nvt_session_deadline(s), NVT_CONNECT_TIMEOUT_DEFAULT);
	p.fd = nvt_session_fd(s);
	assert_int_equal(write(gate[1], "ab", 2), 2);
	assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
	assert_int_equal(nvt_session_step(s, 0), NVT_ERR_RESOLVE);
	assert_int_equal(nvt_session_system_error(s), EAI_AGAIN);
	nvt_session_free(s);
	end(gate, 2);
}

/* A loop that watches what the session has shown it so far. */
static int
watch(const struct nvt_session *s)
{
	struct epoll_event event = { .events = EPOLLIN };
	int set = epoll_create1(EPOLL_CLOEXEC);

	assert_true(set >= 0);
	assert_int_equal(
	    epoll_ctl(set, EPOLL_CTL_ADD, nvt_session_fd(s), &event), 0);
	return set;
}

static void
give_up_by_deadline(struct nvt_session *s)
{
	assert_int_equal(
	    nvt_session_step(s, NVT_CONNECT_TIMEOUT_DEFAULT), NVT_ERR_TIMEOUT);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_FAILED);
}

/*
 * Whoever gives a lookup up never hears of it again: its descriptor is closed
 * while the resolver still hangs.
 */
static void
test_given_up_lookup_is_silent(void **state)
{
	void (*const give_up[])(struct nvt_session *) = { give_up_by_deadline,
		nvt_session_close, nvt_session_free };
	struct epoll_event event;
	struct nvt_session *s;
	int gate[2], set, fd;

	(void)state;
	begin(gate);
	for (size_t i = 0; i < 3; i++) {
		s = peer_session(NULL);
		assert_int_equal(nvt_session_dial(s, "r1", "23", 0), 0);
		assert_int_equal(nvt_session_state(s), NVT_SESSION_RESOLVING);
		fd = nvt_session_fd(s);
		set = watch(s);
		give_up[i](s);
		assert_int_equal(fcntl(fd, F_GETFD), -1);
		assert_int_equal(write(gate[1], "a", 1), 1);
		assert_int_equal(epoll_wait(set, &event, 1, 0), 0);
		if (give_up[i] != nvt_session_free)
			nvt_session_free(s);
		close(set);
		/* Its byte is not the next one's. */
		calls_wait_resolved(i + 1);
	}
	end(gate, 3);
}

/* The caller and the thread let go at the same time, in either order. */
static void
test_given_up_as_the_answer_comes(void **state)
{
	struct nvt_session *s;
	int gate[2];

	(void)state;
	begin(gate);
	for (int i = 0; i < RACES; i++) {
		s = peer_session(NULL);
		assert_int_equal(nvt_session_dial(s, "r1", "23", 0), 0);
		assert_int_equal(write(gate[1], "a", 1), 1);
		(void)nvt_session_step(s, 0);
		nvt_session_free(s);
	}
	end(gate, RACES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resolver_hangs),
		cmocka_unit_test(test_given_up_lookup_is_silent),
		cmocka_unit_test(test_given_up_as_the_answer_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
