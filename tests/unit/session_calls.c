/*
 * session_calls.c - the system calls of a session, counted, and failing or
 * falling short on request.
 */
#define _GNU_SOURCE
#include "session_calls.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t __real_recv(int fd, void *buf, size_t size, int flags);
ssize_t __real_send(int fd, const void *data, size_t len, int flags);
ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __real_write(int fd, const void *data, size_t len);
int __real_poll(struct pollfd *p, nfds_t count, int timeout);
int __real_connect(int fd, const struct sockaddr *address, socklen_t len);
int __real_socket(int family, int type, int protocol);
int __real_epoll_create1(int flags);
int __real_eventfd(unsigned int value, int flags);
int __real_getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **out);

ssize_t __wrap_recv(int fd, void *buf, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t len, int flags);
ssize_t __wrap_read(int fd, void *buf, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __wrap_poll(struct pollfd *p, nfds_t count, int timeout);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t len);
int __wrap_socket(int family, int type, int protocol);
int __wrap_epoll_create1(int flags);
int __wrap_eventfd(unsigned int value, int flags);
int __wrap_getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **out);

static struct {
	size_t made;
	bool armed;
	size_t until; /* calls that still succeed, if armed */
	int error;
	bool again;
	size_t between; /* calls that succeed between two that fail */
	size_t max;     /* 0: no limit */
} state[CALL_COUNT];

static struct {
	const struct calls_address *list;
	size_t count;
	int error;
	int gate;
	size_t answered; /* guarded by the mutex: threads count it */
} resolver = { .gate = -1 };

static pthread_mutex_t answered_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered_more = PTHREAD_COND_INITIALIZER;

void
calls_begin(void)
{
	memset(state, 0, sizeof(state));
	memset(&resolver, 0, sizeof(resolver));
	resolver.gate = -1;
}

size_t
calls_made(enum call call)
{
	return state[call].made;
}

void
calls_fail(enum call call, size_t nth, int error)
{
	state[call].armed = true;
	state[call].until = nth;
	state[call].error = error;
	state[call].again = false;
}

void
calls_keep_failing(enum call call, size_t between, int error)
{
	calls_fail(call, 0, error);
	state[call].again = true;
	state[call].between = between;
}

void
calls_cut(enum call call, size_t max)
{
	state[call].max = max;
}

static bool
fails(enum call call)
{
	state[call].made++;
	if (!state[call].armed)
		return false;
	if (state[call].until > 0) {
		state[call].until--;
		return false;
	}
	state[call].armed = state[call].again;
	state[call].until = state[call].between;
	errno = state[call].error;
	return true;
}

static size_t
cut(enum call call, size_t len)
{
	size_t max = state[call].max;

	return max > 0 && len > max ? max : len;
}

ssize_t
__wrap_recv(int fd, void *buf, size_t size, int flags)
{
	if (fails(CALL_RECV))
		return -1;
	return __real_recv(fd, buf, cut(CALL_RECV, size), flags);
}

ssize_t
__wrap_send(int fd, const void *data, size_t len, int flags)
{
	if (fails(CALL_SEND))
		return -1;
	return __real_send(fd, data, cut(CALL_SEND, len), flags);
}

ssize_t
__wrap_read(int fd, void *buf, size_t size)
{
	if (fails(CALL_READ))
		return -1;
	return __real_read(fd, buf, cut(CALL_READ, size));
}

ssize_t
__wrap_write(int fd, const void *data, size_t len)
{
	if (fails(CALL_WRITE))
		return -1;
	return __real_write(fd, data, cut(CALL_WRITE, len));
}

int
__wrap_poll(struct pollfd *p, nfds_t count, int timeout)
{
	return fails(CALL_POLL) ? -1 : __real_poll(p, count, timeout);
}

/* An interrupted connect() goes on by itself. */
int
__wrap_connect(int fd, const struct sockaddr *address, socklen_t len)
{
	int error;

	if (!fails(CALL_CONNECT))
		return __real_connect(fd, address, len);
	error = errno;
	if (error == EINTR)
		(void)__real_connect(fd, address, len);
	errno = error;
	return -1;
}

int
__wrap_socket(int family, int type, int protocol)
{
	return fails(CALL_SOCKET) ? -1 : __real_socket(family, type, protocol);
}

int
__wrap_epoll_create1(int flags)
{
	return fails(CALL_EPOLL) ? -1 : __real_epoll_create1(flags);
}

int
__wrap_eventfd(unsigned int value, int flags)
{
	return fails(CALL_EVENTFD) ? -1 : __real_eventfd(value, flags);
}

void
calls_resolve(const struct calls_address *list, size_t count)
{
	resolver.list = list;
	resolver.count = count;
}

void
calls_resolve_error(int error)
{
	resolver.error = error;
}

void
calls_resolve_gate(int fd)
{
	resolver.gate = fd;
}

void
calls_wait_resolved(size_t count)
{
	pthread_mutex_lock(&answered_mutex);
	while (resolver.answered < count)
		pthread_cond_wait(&answered_more, &answered_mutex);
	pthread_mutex_unlock(&answered_mutex);
}

static void
count_answer(void)
{
	pthread_mutex_lock(&answered_mutex);
	resolver.answered++;
	pthread_cond_signal(&answered_more);
	pthread_mutex_unlock(&answered_mutex);
}

/* One list of them all; freeaddrinfo() takes it apart again. */
static int
make_list(const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo numeric = *hints, **tail = out;
	int error;

	numeric.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	*out = NULL;
	for (size_t i = 0; i < resolver.count; i++) {
		error = __real_getaddrinfo(resolver.list[i].address,
		    resolver.list[i].port, &numeric, tail);
		if (error != 0)
			return error;
		while (*tail != NULL)
			tail = &(*tail)->ai_next;
	}
	return 0;
}

static int
answer(const char *host, const char *service, const struct addrinfo *hints,
    struct addrinfo **out)
{
	char byte;

	if (resolver.gate >= 0)
		(void)!__real_read(resolver.gate, &byte, 1);
	if (resolver.error != 0)
		return resolver.error;
	if (resolver.count > 0)
		return make_list(hints, out);
	return __real_getaddrinfo(host, service, hints, out);
}

int
__wrap_getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	int error;

	if ((hints->ai_flags & AI_NUMERICHOST) != 0)
		return __real_getaddrinfo(host, service, hints, out);
	error = answer(host, service, hints, out);
	count_answer();
	return error;
}
