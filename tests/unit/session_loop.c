/*
 * session_loop.c - two sessions in one loop, a client and a server among
 * them, and a pseudo-terminal as a stream.
 */
#define _GNU_SOURCE /* posix_openpt() and its kin */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

enum { BOTH = 2, WAKE_UPS_MAX = 20 };

/* One turn of a loop as a program would write it. */
static void
turn(struct nvt_session *const *s)
{
	struct pollfd p[BOTH];
	int64_t now = nvt_session_now(), at;
	int timeout = PEER_TIMEOUT_MS;

	for (int i = 0; i < BOTH; i++) {
		unsigned wants = nvt_session_wants(s[i]);

		p[i].fd = nvt_session_fd(s[i]);
		p[i].events = (wants & NVT_WANTS_READ) != 0 ? POLLIN : 0;
		if ((wants & NVT_WANTS_WRITE) != 0)
			p[i].events |= POLLOUT;
		at = nvt_session_deadline(s[i]);
		if (at >= 0 && at - now < timeout)
			timeout = at > now ? (int)(at - now) : 0;
	}
	assert_true(poll(p, BOTH, timeout) >= 0);
	for (int i = 0; i < BOTH; i++)
		(void)nvt_session_step(s[i], nvt_session_now());
}

static int
result(struct nvt_session *const *s, int which, struct nvt_match *match)
{
	int r;

	while ((r = nvt_session_result(s[which], match)) == NVT_ERR_AGAIN)
		turn(s);
	return r;
}

/* Our client and our server, who talk to each other and log in. */
static void
test_client_and_server(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.role = NVT_SERVER };
	struct nvt_session *s[BOTH] = { peer_session(NULL),
		peer_session(&config) };
	struct nvt_match match;
	char port[8];
	int listener = peer_listen(AF_INET, port);
	int64_t now = nvt_session_now();

	(void)state;
	assert_int_equal(nvt_session_dial(s[0], "127.0.0.1", port, now), 0);
	assert_int_equal(
	    nvt_session_adopt(s[1], peer_accept(listener), now), 0);
	assert_int_equal(nvt_session_queue(s[1], "login: ", 7), 0);
	assert_int_equal(
	    nvt_session_begin_until(s[0], "login:", 6, -1, now), 0);
	assert_int_equal(result(s, 0, &match), 0);
	assert_int_equal(nvt_session_queue_line(s[0], "bob"), 0);
	assert_int_equal(nvt_session_begin_until(s[1], "\r\n", 2, -1, now), 0);
	assert_int_equal(result(s, 1, &match), 0);
	peer_check(match.before, "bob");
	while (!nvt_telnet_is_on(
		   nvt_session_telnet(s[0]), NVT_REMOTE, NVT_OPT_ECHO) ||
	    !nvt_telnet_is_on(
		nvt_session_telnet(s[1]), NVT_REMOTE, NVT_OPT_NAWS))
		turn(s);
	assert_int_equal(nvt_session_queue_line(s[1], "bye"), 0);
	assert_int_equal(nvt_session_finish(s[1]), 0);
	assert_int_equal(nvt_session_begin_until(s[0], "none", 4, -1, now), 0);
	assert_int_equal(result(s, 0, &match), NVT_ERR_EOF);
	peer_check(match.all, " bye\r\n");
	assert_int_equal(nvt_session_state(s[0]), NVT_SESSION_ENDED);
	nvt_session_free(s[0]);
	nvt_session_free(s[1]);
	close(listener);
}

/* Each has its own patience. */
static void
test_two_deadlines(void **state)
{
	struct nvt_session *s[BOTH];
	int fd[BOTH];
	int64_t now = nvt_session_now();

	(void)state;
	for (int i = 0; i < BOTH; i++) {
		s[i] = peer_pair(NULL, &fd[i]);
		assert_int_equal(
		    nvt_session_begin_until(s[i], "x", 1, i == 0 ? 1 : -1, now),
		    0);
	}
	assert_int_equal(result(s, 0, NULL), NVT_ERR_TIMEOUT);
	assert_int_equal(nvt_session_result(s[1], NULL), NVT_ERR_AGAIN);
	peer_text(fd[1], "x");
	assert_int_equal(result(s, 1, NULL), 0);
	for (int i = 0; i < BOTH; i++) {
		nvt_session_free(s[i]);
		close(fd[i]);
	}
}

/* nvt_session(3) shows the same. */
struct watched {
	struct nvt_session *session;
	int fd;
};

static void
unwatch(int set, struct watched *w)
{
	if (w->fd >= 0)
		(void)epoll_ctl(set, EPOLL_CTL_DEL, w->fd, NULL);
	w->fd = -1;
}

static int
watch(int set, struct watched *w)
{
	unsigned wants = nvt_session_wants(w->session);
	int fd = wants != 0 ? nvt_session_fd(w->session) : -1;
	struct epoll_event event = { .data.ptr = w };
	int how = EPOLL_CTL_MOD;

	if (wants & NVT_WANTS_READ)
		event.events |= EPOLLIN;
	if (wants & NVT_WANTS_WRITE)
		event.events |= EPOLLOUT;
	if (wants & NVT_WANTS_URGENT)
		event.events |= EPOLLPRI;
	if (w->fd != fd) {
		unwatch(set, w);
		how = EPOLL_CTL_ADD;
	}
	w->fd = fd;
	return fd >= 0 ? epoll_ctl(set, how, fd, &event) : 0;
}

/* Turn until the session is in that state; returns how often it was woken. */
static int
turn_until(int set, struct watched *w, enum nvt_session_state state)
{
	struct epoll_event event;
	int turns = 0;

	while (nvt_session_state(w->session) != state) {
		assert_int_equal(watch(set, w), 0);
		assert_int_equal(
		    epoll_wait(set, &event, 1, PEER_TIMEOUT_MS), 1);
		assert_ptr_equal(event.data.ptr, w);
		(void)nvt_session_step(w->session, nvt_session_now());
		turns++;
	}
	assert_int_equal(watch(set, w), 0);
	return turns;
}

/* From a name to a reset by the peer, and not once woken for nothing. */
static void
test_epoll(void **state)
{
	struct calls_address list[2] = { { "::1", NULL },
		{ "127.0.0.1", NULL } };
	struct watched w = { peer_session(NULL), -1 };
	struct epoll_event event;
	char shut[8], port[8];
	int turns, peer, listener = peer_listen(AF_INET, port);
	int set = epoll_create1(EPOLL_CLOEXEC);

	(void)state;
	calls_begin();
	peer_free_port(AF_INET6, shut);
	list[0].port = shut;
	list[1].port = port;
	calls_resolve(list, 2);
	assert_int_equal(
	    nvt_session_dial(w.session, "r1", NULL, nvt_session_now()), 0);
	turns = turn_until(set, &w, NVT_SESSION_OPEN);
	peer = peer_accept(listener);
	assert_int_equal(epoll_wait(set, &event, 1, 0), 0);
	peer_text(peer, "bye");
	peer_reset(peer);
	turns += turn_until(set, &w, NVT_SESSION_FAILED);
	assert_true(turns <= WAKE_UPS_MAX);
	assert_int_equal(epoll_wait(set, &event, 1, 0), 0);
	unwatch(set, &w);
	nvt_session_free(w.session);
	close(set);
	close(listener);
}

/* A stream that is no socket; its other side's end is an end. */
static void
test_terminal_as_stream(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.newline = NVT_NEWLINE_RAW };
	struct nvt_session *s = peer_session(&config);
	struct nvt_span text;
	struct termios raw;
	char address[64], heard[3];
	unsigned port;
	int slave, master = posix_openpt(O_RDWR | O_NOCTTY);

	(void)state;
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_int_equal(tcgetattr(slave, &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(slave, TCSANOW, &raw), 0);
	assert_int_equal(nvt_session_adopt(s, master, 0), 0);
	assert_int_equal(nvt_session_peer(s, address, sizeof(address), &port),
	    NVT_ERR_STATE);
	assert_int_equal(nvt_session_write(s, "abc", 3, -1), 0);
	assert_int_equal(read(slave, heard, 3), 3);
	assert_memory_equal(heard, "abc", 3);
	assert_int_equal(write(slave, "xyz", 3), 3);
	assert_int_equal(nvt_session_read_some(s, -1, &text), 0);
	peer_check(text, "xyz");
	close(slave);
	assert_int_equal(nvt_session_read_some(s, -1, &text), NVT_ERR_EOF);
	nvt_session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_and_server),
		cmocka_unit_test(test_two_deadlines),
		cmocka_unit_test(test_epoll),
		cmocka_unit_test(test_terminal_as_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
