/*
 * session_connect.c - from a name to a connection, and the ways to fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

static void
check_error(struct nvt_session *s, int code, const char *part)
{
	assert_int_equal(nvt_session_error_code(s), code);
	if (strstr(nvt_session_error(s), part) == NULL)
		fail_msg(
		    "\"%s\" does not say \"%s\"", nvt_session_error(s), part);
}

static void
test_opens(void **state)
{
	static const int families[] = { AF_INET, AF_INET6 };
	static const char *const hosts[] = { "127.0.0.1", "::1" };
	struct nvt_session *s;
	char port[8], address[64];
	unsigned number;
	int listener, on, i;
	socklen_t len = sizeof(on);

	(void)state;
	for (i = 0; i < 2; i++) {
		calls_begin();
		s = peer_session(NULL);
		assert_int_equal(nvt_session_state(s), NVT_SESSION_IDLE);
		assert_int_equal(
		    nvt_session_peer(s, address, 64, &number), NVT_ERR_STATE);
		listener = peer_listen(families[i], port);
		assert_int_equal(
		    nvt_session_open(s, hosts[i], port, PEER_TIMEOUT_MS), 0);
		assert_int_equal(nvt_session_state(s), NVT_SESSION_OPEN);
		assert_int_equal(nvt_session_peer(s, address, 64, &number), 0);
		assert_string_equal(address, hosts[i]);
		assert_int_equal(number, atoi(port));
		assert_int_equal(
		    nvt_session_peer(s, address, 2, &number), NVT_ERR_TOO_BIG);
		assert_string_equal(nvt_session_error(s), "");
		assert_int_equal(getsockopt(nvt_session_fd(s), IPPROTO_TCP,
				     TCP_NODELAY, &on, &len),
		    0);
		assert_int_equal(on, 1);
		assert_true(fcntl(nvt_session_fd(s), F_GETFD) & FD_CLOEXEC);
		assert_true(fcntl(nvt_session_fd(s), F_GETFL) & O_NONBLOCK);
		assert_int_equal(
		    nvt_session_dial(s, hosts[i], port, 0), NVT_ERR_STATE);
		nvt_session_close(s);
		nvt_session_close(s);
		assert_int_equal(nvt_session_state(s), NVT_SESSION_CLOSED);
		assert_int_equal(nvt_session_fd(s), -1);
		nvt_session_free(s);
		close(listener);
	}
}

static void
test_opens_by_name(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	struct calls_address list[] = { { "127.0.0.1", NULL } };
	char port[8];
	int listener = peer_listen(AF_INET, port);

	(void)state;
	calls_begin();
	list[0].port = port;
	calls_resolve(list, 1);
	assert_int_equal(
	    nvt_session_open(s, "r1", "telnet", PEER_TIMEOUT_MS), 0);
	assert_int_equal(calls_made(CALL_EPOLL), 0);
	nvt_session_free(s);
	close(listener);
}

static void
test_refused(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	char port[8];

	(void)state;
	calls_begin();
	peer_free_port(AF_INET, port);
	assert_int_equal(
	    nvt_session_open(s, "127.0.0.1", port, PEER_TIMEOUT_MS),
	    NVT_ERR_CONNECT);
	check_error(s, NVT_ERR_CONNECT, "cannot connect to 127.0.0.1 port ");
	check_error(s, NVT_ERR_CONNECT, ": Connection refused");
	assert_int_equal(nvt_session_system_error(s), ECONNREFUSED);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_FAILED);
	assert_int_equal(nvt_session_fd(s), -1);
	assert_int_equal(nvt_session_step(s, 0), NVT_ERR_CONNECT);
	nvt_session_free(s);
}

static void
test_no_such_name(void **state)
{
	struct nvt_session *s = peer_session(NULL);

	(void)state;
	calls_begin();
	calls_resolve_error(EAI_NONAME);
	assert_int_equal(
	    nvt_session_open(s, "r1", NULL, PEER_TIMEOUT_MS), NVT_ERR_RESOLVE);
	check_error(s, NVT_ERR_RESOLVE, "cannot resolve r1: ");
	check_error(s, NVT_ERR_RESOLVE, gai_strerror(EAI_NONAME));
	assert_int_equal(nvt_session_system_error(s), EAI_NONAME);
	nvt_session_free(s);
}

static void
test_no_such_service(void **state)
{
	static const char *const services[] = { "99999", "no such" };
	struct nvt_session *s = peer_session(NULL);

	(void)state;
	calls_begin();
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(nvt_session_open(s, "127.0.0.1", services[i],
				     PEER_TIMEOUT_MS),
		    NVT_ERR_RESOLVE);
		check_error(s, NVT_ERR_RESOLVE, "cannot resolve");
	}
	assert_int_equal(nvt_session_dial(s, NULL, NULL, 0), NVT_ERR_ARG);
	nvt_session_free(s);
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
test_no_descriptors(void **state)
{
	static const struct {
		enum call call;
		int error;
	} rows[] = {
		{ CALL_EVENTFD, NVT_ERR_RESOLVE },
		{ CALL_EPOLL, NVT_ERR_CONNECT },
	};
	static const struct calls_address list[] = { { "127.0.0.1", "9" },
		{ "::1", "9" } };
	struct nvt_session *s = peer_session(NULL);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		calls_begin();
		calls_resolve(list, 2);
		calls_fail(rows[i].call, 0, EMFILE);
		assert_int_equal(
		    nvt_session_open(s, "r1", NULL, PEER_TIMEOUT_MS),
		    rows[i].error);
		check_error(s, rows[i].error, strerror(EMFILE));
	}
	calls_begin();
	calls_fail(CALL_SOCKET, 0, EMFILE);
	assert_int_equal(
	    nvt_session_open(s, "127.0.0.1", NULL, 0), NVT_ERR_CONNECT);
	assert_int_equal(nvt_session_system_error(s), EMFILE);
	nvt_session_free(s);
}

/* One family refuses and the other accepts, whichever comes first. */
static void
test_both_families(void **state)
{
	char open_port[8], shut[8], address[64];
	struct calls_address list[3];
	struct nvt_session *s;
	unsigned port;
	int listener = peer_listen(AF_INET, open_port);

	(void)state;
	for (int first = 0; first < 2; first++) {
		calls_begin();
		peer_free_port(AF_INET6, shut);
		list[first] = (struct calls_address){ "::1", shut };
		list[!first] = (struct calls_address){ "127.0.0.1", open_port };
		list[2] = list[first];
		calls_resolve(list, 3);
		s = peer_session(NULL);
		assert_int_equal(
		    nvt_session_open(s, "r1", NULL, PEER_TIMEOUT_MS), 0);
		assert_int_equal(
		    nvt_session_peer(s, address, sizeof(address), &port), 0);
		assert_string_equal(address, "127.0.0.1");
		nvt_session_free(s);
	}
	close(listener);
}

static void
test_all_refuse(void **state)
{
	struct calls_address list[2] = { { "::1", NULL },
		{ "127.0.0.1", NULL } };
	struct nvt_session *s = peer_session(NULL);
	char six[8], four[8];

	(void)state;
	calls_begin();
	peer_free_port(AF_INET6, six);
	peer_free_port(AF_INET, four);
	list[0].port = six;
	list[1].port = four;
	calls_resolve(list, 2);
	assert_int_equal(
	    nvt_session_open(s, "r1", NULL, PEER_TIMEOUT_MS), NVT_ERR_CONNECT);
	check_error(s, NVT_ERR_CONNECT, "cannot connect to r1 port 23: ");
	assert_int_equal(nvt_session_system_error(s), ECONNREFUSED);
	nvt_session_free(s);
}

/*
 * A listener whose queue is full leaves a SYN unanswered, like a black hole:
 * the second address begins 250 ms after the first and wins.
 */
static int
black_hole(char port[8], int *filler)
{
	struct sockaddr_in6 address;
	socklen_t len = sizeof(address);
	int fd = peer_listen(AF_INET6, port);

	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	for (int i = 0; i < 2; i++) {
		filler[i] = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(
		    filler[i], (struct sockaddr *)&address, sizeof(address));
	}
	return fd;
}

static void
test_black_hole(void **state)
{
	struct calls_address list[2] = { { "::1", NULL },
		{ "127.0.0.1", NULL } };
	struct nvt_session *s = peer_session(NULL);
	char six[8], four[8];
	int listener, hole, filler[2], set;
	struct pollfd p = { .events = POLLIN };
	struct epoll_event event;

	(void)state;
	calls_begin();
	listener = peer_listen(AF_INET, four);
	hole = black_hole(six, filler);
	list[0].port = six;
	list[1].port = four;
	calls_resolve(list, 2);
	assert_int_equal(nvt_session_dial(s, "r1", NULL, 1000), 0);
	/* The resolver may have been quick. */
	set = watch(s);
	while (nvt_session_state(s) == NVT_SESSION_RESOLVING) {
		p.fd = nvt_session_fd(s);
		assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
		assert_int_equal(nvt_session_step(s, 1000), 0);
		assert_int_not_equal(nvt_session_fd(s), p.fd);
		/* A loop that still watches the old one is left in peace. */
		assert_int_equal(epoll_wait(set, &event, 1, 0), 0);
	}
	assert_int_equal(nvt_session_state(s), NVT_SESSION_CONNECTING);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_READ);
	assert_int_equal(nvt_session_deadline(s), 1250);
	assert_int_equal(nvt_session_step(s, 1249), 0);
	assert_int_equal(nvt_session_deadline(s), 1250);
	assert_int_equal(nvt_session_step(s, 1250), 0);
	p.fd = nvt_session_fd(s);
	if (nvt_session_state(s) != NVT_SESSION_OPEN) {
		assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
		assert_int_equal(nvt_session_step(s, 1251), 0);
	}
	assert_int_equal(nvt_session_state(s), NVT_SESSION_OPEN);
	nvt_session_free(s);
	close(set);
	close(filler[0]);
	close(filler[1]);
	close(hole);
	close(listener);
}

static void
test_connect_times_out(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.connect_timeout_ms = 300 };
	struct nvt_session *s = peer_session(&config);
	char port[8];
	int filler[2], hole = black_hole(port, filler);

	(void)state;
	calls_begin();
	assert_int_equal(nvt_session_dial(s, "::1", port, 1000), 0);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_CONNECTING);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_WRITE);
	assert_int_equal(nvt_session_deadline(s), 1300);
	assert_int_equal(nvt_session_step(s, 1299), 0);
	assert_int_equal(nvt_session_step(s, 1300), NVT_ERR_TIMEOUT);
	check_error(s, NVT_ERR_TIMEOUT, ": timed out");
	/* A session that is dialling can be closed, and freed. */
	assert_int_equal(nvt_session_dial(s, "::1", port, 1000), 0);
	nvt_session_close(s);
	assert_int_equal(nvt_session_dial(s, "::1", port, 1000), 0);
	nvt_session_free(s);
	close(filler[0]);
	close(filler[1]);
	close(hole);
}

static void
test_adopts_streams_only(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)state;
	calls_begin();
	assert_int_equal(nvt_session_adopt(s, fd, 0), NVT_ERR_ARG);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(nvt_session_adopt(s, -1, 0), NVT_ERR_ARG);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_IDLE);
	nvt_session_free(s);
}

static void
test_adopts_once(void **state)
{
	int fd, other[2];
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	calls_begin();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, other), 0);
	assert_int_equal(nvt_session_adopt(s, other[0], 0), NVT_ERR_STATE);
	assert_int_equal(fcntl(other[0], F_GETFD), -1);
	nvt_session_free(s);
	close(other[1]);
	close(fd);
}

static void
test_dials_again_and_keeps_text(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;

	(void)state;
	calls_begin();
	peer_text(fd, "old ");
	close(fd);
	assert_int_equal(
	    nvt_session_read_until(s, "new", NVT_FOREVER, &match), NVT_ERR_EOF);
	peer_check(match.all, "old ");
	assert_int_equal(nvt_session_state(s), NVT_SESSION_ENDED);
	nvt_session_close(s);
	assert_int_equal(
	    nvt_session_read_until(s, "new", 0, &match), NVT_ERR_CLOSED);
	{
		int pair[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		assert_int_equal(nvt_session_adopt(s, pair[0], 0), 0);
		peer_text(pair[1], "and new");
		assert_int_equal(
		    nvt_session_read_until(s, "new", NVT_FOREVER, &match), 0);
		peer_check(match.all, "old and new");
		close(pair[1]);
	}
	nvt_session_free(s);
}

static void
test_config_is_checked(void **state)
{
	struct nvt_session_config config = { .size = 1 };
	struct nvt_session *s;

	(void)state;
	assert_int_equal(nvt_session_new(&config, &s), NVT_ERR_ARG);
	nvt_session_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens),
		cmocka_unit_test(test_opens_by_name),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_such_name),
		cmocka_unit_test(test_no_such_service),
		cmocka_unit_test(test_no_descriptors),
		cmocka_unit_test(test_both_families),
		cmocka_unit_test(test_all_refuse),
		cmocka_unit_test(test_black_hole),
		cmocka_unit_test(test_connect_times_out),
		cmocka_unit_test(test_adopts_streams_only),
		cmocka_unit_test(test_adopts_once),
		cmocka_unit_test(test_dials_again_and_keeps_text),
		cmocka_unit_test(test_config_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
