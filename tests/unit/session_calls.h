/*
 * session_calls.h - the system calls of a session, counted, and failing or
 * falling short on request.
 *
 * For tests linked with -Wl,--wrap= each of the names below.
 */
#ifndef TEST_SESSION_CALLS_H
#define TEST_SESSION_CALLS_H

#include <stdbool.h>
#include <stddef.h>

struct addrinfo;

enum call {
	CALL_RECV,
	CALL_SEND,
	CALL_READ,
	CALL_WRITE,
	CALL_POLL,
	CALL_CONNECT,
	CALL_SOCKET,
	CALL_EPOLL,
	CALL_EVENTFD,
	CALL_COUNT
};

/* As the system has it; counts begin anew. */
void calls_begin(void);
size_t calls_made(enum call call);

/* The nth call from now (the first is 0) fails with that errno. */
void calls_fail(enum call call, size_t nth, int error);
/* The next call does, and again each time that so many have succeeded. */
void calls_keep_failing(enum call call, size_t between, int error);
/* Receive or send no more than that at a time. */
void calls_cut(enum call call, size_t max);

/*
 * getaddrinfo() of names that are no numbers: an error, or a list of numeric
 * addresses, one port for each.  With a gate it first waits for a byte there.
 */
struct calls_address {
	const char *address;
	const char *port;
};
void calls_resolve(const struct calls_address *list, size_t count);
void calls_resolve_error(int error);
void calls_resolve_gate(int fd);
/* Wait until so many such names were answered since calls_begin(). */
void calls_wait_resolved(size_t count);

#endif /* TEST_SESSION_CALLS_H */
