/*
 * transport.h - where a session's bytes meet the descriptor.
 *
 * The session sees a stream: read, write, finish, close.  What kind of stream
 * it is, only the table of operations knows; TLS is one more table with state
 * of its own.  What must happen at an exact byte of the stream (the start of
 * TLS, the start and end of compression) is found by the engine, and so has
 * its place in input.c, between a read and the engine.
 */
#ifndef NVT_SESSION_TRANSPORT_H
#define NVT_SESSION_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct nvt__transport;

struct nvt__transport_ops {
	/* Bytes read; 0 at the end; -1 and errno, EAGAIN meaning "not now". */
	ssize_t (*read)(struct nvt__transport *t, void *buf, size_t size);
	/* Bytes written, or -1 and errno.  urgent: the last byte is. */
	ssize_t (*write)(struct nvt__transport *t, const void *data, size_t len,
	    bool urgent);
	/* Tell the peer that no more will come: 0, or -1 and errno.  NULL
	 * where that cannot be told. */
	int (*finish)(struct nvt__transport *t);
	/* Whether POLLPRI means urgent data here. */
	bool has_urgent;
};

struct nvt__transport {
	const struct nvt__transport_ops *ops;
	int fd; /* -1: none */
};

/* A connected TCP socket that nvt__socket_prepare() has seen.  Takes fd. */
void nvt__transport_tcp(struct nvt__transport *t, int fd);

/*
 * Any connected stream, made non-blocking.  Takes fd, also on failure:
 * NVT_ERR_ARG if it is no descriptor, or a socket that is no stream, or a
 * file or a directory, which have no other side.
 */
int nvt__transport_adopt(struct nvt__transport *t, int fd);

/* Idempotent. */
void nvt__transport_close(struct nvt__transport *t);

/* The next two where has_urgent: whether an urgent mark is still to be read. */
bool nvt__transport_mark_ahead(const struct nvt__transport *t);
/* Whether the next byte to be read is the marked one. */
bool nvt__transport_at_mark(const struct nvt__transport *t);

/* write() that raises no SIGPIPE. */
ssize_t nvt__write_quietly(int fd, const void *data, size_t len);

/*
 * Set what every TCP connection has: no Nagle, since a turn is one write;
 * urgent data in line, as RFC 854's SYNCH needs; keep-alives, so that a peer
 * that vanished is noticed.
 */
void nvt__socket_prepare(int fd);

#endif /* NVT_SESSION_TRANSPORT_H */
