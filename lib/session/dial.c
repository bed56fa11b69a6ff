/*
 * dial.c - racing a host's addresses (RFC 8305, Happy Eyeballs version 2).
 *
 * A caller's loop notices a new descriptor by its number.  So a number must
 * not come back for another socket: whatever has more than one address shows
 * an epoll descriptor from the first attempt to the last, and the resolver's
 * descriptor stays open, but quiet, until the winner has its own.
 */
#include "session/dial.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nvt/session.h>

#include "session/failure.h"
#include "session/lookup.h"
#include "session/transport.h"

/* Between the starts of two attempts: RFC 8305, section 5. */
#define ATTEMPT_DELAY_MS 250

/* Addresses tried: more than any host has, less than would harm. */
#define ADDRESSES_MAX 64

struct attempt {
	const struct addrinfo *address;
	int fd; /* -1: not begun, or over */
};

struct nvt__dial {
	struct nvt__lookup *lookup;
	struct attempt *attempts; /* NULL until resolved */
	size_t count;
	size_t next; /* the first that has not begun */
	size_t in_flight;
	int64_t next_at;
	int64_t deadline;
	int epoll;
	int system;
};

static size_t
count_addresses(const struct addrinfo *list)
{
	size_t n = 0;

	for (; list != NULL && n < ADDRESSES_MAX; list = list->ai_next)
		n++;
	return n;
}

/* The next address of the family, or of the other one, from ai on. */
static const struct addrinfo *
seek(const struct addrinfo *ai, int family, bool same)
{
	while (ai != NULL && (ai->ai_family == family) != same)
		ai = ai->ai_next;
	return ai;
}

/*
 * RFC 8305, section 4: the resolver's order within a family is kept (it is
 * RFC 6724's), and the families alternate, beginning with the first's.
 */
static void
interleave(struct nvt__dial *d, const struct addrinfo *list)
{
	const struct addrinfo *turn[2];
	size_t i, which = 0;

	turn[0] = list;
	turn[1] = seek(list, list->ai_family, false);
	for (i = 0; i < d->count; i++) {
		if (turn[which] == NULL)
			which = !which;
		d->attempts[i].address = turn[which];
		d->attempts[i].fd = -1;
		turn[which] =
		    seek(turn[which]->ai_next, list->ai_family, which == 0);
		which = !which;
	}
}

static int
line_up(struct nvt__dial *d, const struct addrinfo *list)
{
	d->count = count_addresses(list);
	d->attempts = calloc(d->count, sizeof(*d->attempts));
	if (d->attempts == NULL)
		return NVT_ERR_NOMEM;
	interleave(d, list);
	if (d->count == 1)
		return 0;
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (d->epoll >= 0)
		return 0;
	d->system = errno;
	return NVT_ERR_CONNECT;
}

static int
resolve(struct nvt__dial *d)
{
	struct nvt__lookup_answer answer;

	if (!nvt__lookup_answer(d->lookup, &answer))
		return NVT_ERR_AGAIN;
	if (answer.error == 0)
		return line_up(d, answer.list);
	if (answer.error == EAI_MEMORY)
		return NVT_ERR_NOMEM;
	d->system = answer.error;
	return NVT_ERR_RESOLVE;
}

/* What says more about this machine than about the peer. */
static bool
is_no_route(int error)
{
	return error == ENETUNREACH || error == EADDRNOTAVAIL ||
	    error == EAFNOSUPPORT;
}

/* Of several failures the first that is the peer's is told. */
static void
note(struct nvt__dial *d, int error)
{
	if (d->system == 0 || is_no_route(d->system))
		d->system = error;
}

static void
drop(struct nvt__dial *d, struct attempt *a)
{
	(void)close(a->fd);
	a->fd = -1;
	d->in_flight--;
}

/* Hand the winner's socket over. */
static int
win(struct nvt__dial *d, struct attempt *a, int *fd)
{
	if (d->epoll >= 0)
		(void)epoll_ctl(d->epoll, EPOLL_CTL_DEL, a->fd, NULL);
	*fd = a->fd;
	a->fd = -1;
	d->in_flight--;
	return 0;
}

/*
 * Asking again for a connection under way tells in one call what became of
 * it: 0 (or EISCONN) once it is there, EALREADY while not, else its error.
 */
static int
press(struct nvt__dial *d, struct attempt *a, int *fd)
{
	if (connect(a->fd, a->address->ai_addr, a->address->ai_addrlen) == 0 ||
	    errno == EISCONN)
		return win(d, a, fd);
	if (errno == EINPROGRESS || errno == EALREADY || errno == EINTR)
		return NVT_ERR_AGAIN;
	note(d, errno);
	drop(d, a);
	return NVT_ERR_CONNECT;
}

static int
open_socket(struct nvt__dial *d, struct attempt *a)
{
	struct epoll_event watch = { .events = EPOLLOUT };

	a->fd = socket(a->address->ai_family,
	    a->address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    a->address->ai_protocol);
	if (a->fd < 0)
		return -1;
	d->in_flight++;
	nvt__socket_prepare(a->fd);
	if (d->epoll < 0)
		return 0;
	return epoll_ctl(d->epoll, EPOLL_CTL_ADD, a->fd, &watch);
}

static int
attempt_next(struct nvt__dial *d, int64_t now, int *fd)
{
	struct attempt *a = &d->attempts[d->next++];

	d->next_at = now + ATTEMPT_DELAY_MS;
	if (open_socket(d, a) == 0)
		return press(d, a, fd);
	note(d, errno);
	if (a->fd >= 0)
		drop(d, a);
	return NVT_ERR_CONNECT;
}

static int
look_at_attempts(struct nvt__dial *d, int *fd)
{
	size_t i;

	for (i = 0; i < d->next; i++)
		if (d->attempts[i].fd >= 0 &&
		    press(d, &d->attempts[i], fd) == 0)
			return 0;
	return NVT_ERR_AGAIN;
}

/* One that fails makes room for the next at once. */
static bool
is_next_due(const struct nvt__dial *d, int64_t now)
{
	return d->next < d->count && (d->in_flight == 0 || now >= d->next_at);
}

static int
race(struct nvt__dial *d, int64_t now, int *fd)
{
	if (look_at_attempts(d, fd) == 0)
		return 0;
	while (is_next_due(d, now))
		if (attempt_next(d, now, fd) == 0)
			return 0;
	return d->in_flight > 0 ? NVT_ERR_AGAIN : NVT_ERR_CONNECT;
}

int
nvt__dial_new(const char *host, const char *service, int family,
    int64_t deadline, struct nvt__dial **out)
{
	struct nvt__dial *d;
	int err;

	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return NVT_ERR_NOMEM;
	d->epoll = -1;
	d->deadline = deadline;
	err = nvt__lookup_new(host, service, family, &d->lookup);
	if (err != 0) {
		free(d);
		return err;
	}
	*out = d;
	return 0;
}

void
nvt__dial_free(struct nvt__dial *d)
{
	size_t i;

	if (d == NULL)
		return;
	for (i = 0; i < d->next; i++)
		if (d->attempts[i].fd >= 0)
			drop(d, &d->attempts[i]);
	if (d->epoll >= 0)
		(void)close(d->epoll);
	nvt__lookup_free(d->lookup);
	free(d->attempts);
	free(d);
}

void
nvt__dial_limit(struct nvt__dial *d, int64_t deadline)
{
	if (d->deadline < 0 || deadline < d->deadline)
		d->deadline = deadline;
}

int
nvt__dial_step(struct nvt__dial *d, int64_t now, int *fd)
{
	int err = 0;

	if (d->attempts == NULL)
		err = resolve(d);
	if (err == 0)
		err = race(d, now, fd);
	if (err != NVT_ERR_AGAIN || d->deadline < 0 || now < d->deadline)
		return err;
	d->system = 0;
	return NVT_ERR_TIMEOUT;
}

static const char *
reason(const struct nvt__dial *d, int err, char *buf, size_t size)
{
	struct nvt__lookup_answer answer;

	if (err == NVT_ERR_CONNECT)
		return nvt__system_text(d->system, buf, size);
	if (err != NVT_ERR_RESOLVE)
		return nvt_error_text(err);
	if (d->system == EAI_SYSTEM && nvt__lookup_answer(d->lookup, &answer))
		return nvt__system_text(answer.system, buf, size);
	return gai_strerror(d->system);
}

void
nvt__dial_explain(const struct nvt__dial *d, int err, char *out, size_t size)
{
	const char *host = nvt__lookup_host(d->lookup);
	const char *service = nvt__lookup_service(d->lookup);
	char buf[128];
	const char *why = reason(d, err, buf, sizeof(buf));

	if (d->attempts != NULL)
		(void)snprintf(out, size, "cannot connect to %s port %s: %s",
		    host, service, why);
	else if (d->system == EAI_SERVICE)
		(void)snprintf(
		    out, size, "cannot resolve port %s: %s", service, why);
	else
		(void)snprintf(out, size, "cannot resolve %s: %s", host, why);
}

int
nvt__dial_system_error(const struct nvt__dial *d)
{
	return d->system;
}

bool
nvt__dial_is_resolving(const struct nvt__dial *d)
{
	return d->attempts == NULL;
}

int
nvt__dial_fd(const struct nvt__dial *d)
{
	if (d->attempts == NULL)
		return nvt__lookup_fd(d->lookup);
	return d->epoll >= 0 ? d->epoll : d->attempts[0].fd;
}

unsigned
nvt__dial_wants(const struct nvt__dial *d)
{
	return d->attempts == NULL || d->epoll >= 0 ? NVT_WANTS_READ :
						      NVT_WANTS_WRITE;
}

int64_t
nvt__dial_deadline(const struct nvt__dial *d)
{
	if (d->attempts == NULL || d->next == d->count)
		return d->deadline;
	if (d->deadline < 0 || d->next_at < d->deadline)
		return d->next_at;
	return d->deadline;
}
