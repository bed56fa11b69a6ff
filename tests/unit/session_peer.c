/*
 * session_peer.c - the other end of a session under test.
 *
 * It calls recvfrom() and sendto(), which are not among the calls that
 * session_calls.c counts and lets fail.
 */
#include "session_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct nvt_session *
peer_session(const struct nvt_session_config *config)
{
	struct nvt_session *s = NULL;

	assert_int_equal(nvt_session_new(config, &s), 0);
	return s;
}

struct nvt_session *
peer_pair(const struct nvt_session_config *config, int *fd)
{
	struct nvt_session *s = peer_session(config);
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(nvt_session_adopt(s, pair[0], nvt_session_now()), 0);
	*fd = pair[1];
	return s;
}

struct nvt_session *
peer_tcp(const struct nvt_session_config *config, int *fd)
{
	struct nvt_session *s = peer_session(config);
	char port[8];
	int listener = peer_listen(AF_INET, port);

	assert_int_equal(
	    nvt_session_open(s, "127.0.0.1", port, PEER_TIMEOUT_MS), 0);
	*fd = peer_accept(listener);
	close(listener);
	return s;
}

static int
bound(int family, char port[8])
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_storage got;
	struct sockaddr *address = (struct sockaddr *)&six;
	socklen_t len = sizeof(six), got_len = sizeof(got);
	int fd = socket(family, SOCK_STREAM, 0);

	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (family == AF_INET) {
		address = (struct sockaddr *)&four;
		len = sizeof(four);
	}
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&got, &got_len), 0);
	assert_int_equal(getnameinfo((struct sockaddr *)&got, got_len, NULL, 0,
			     port, 8, NI_NUMERICSERV),
	    0);
	return fd;
}

int
peer_listen(int family, char port[8])
{
	int fd = bound(family, port);

	assert_int_equal(listen(fd, 16), 0);
	return fd;
}

void
peer_free_port(int family, char port[8])
{
	close(bound(family, port));
}

int
peer_accept(int listener)
{
	int fd = accept(listener, NULL, NULL);

	assert_true(fd >= 0);
	return fd;
}

void
peer_say(int fd, const void *data, size_t len)
{
	assert_int_equal(
	    sendto(fd, data, len, MSG_NOSIGNAL, NULL, 0), (ssize_t)len);
}

void
peer_text(int fd, const char *text)
{
	peer_say(fd, text, strlen(text));
}

size_t
peer_heard(int fd, void *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = recvfrom(fd, (char *)buf + len, size - len, MSG_DONTWAIT,
		    NULL, NULL);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	return len;
}

void
peer_hear(int fd, void *buf, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
		n = recvfrom(fd, (char *)buf + got, len - got, 0, NULL, NULL);
		assert_true(n > 0);
		got += (size_t)n;
	}
}

void
peer_end(int fd)
{
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
}

void
peer_reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
	    0);
	close(fd);
}

void
peer_check(struct nvt_span span, const char *text)
{
	assert_int_equal(span.len, strlen(text));
	assert_memory_equal(span.data, text, span.len);
}
