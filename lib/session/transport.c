/*
 * transport.c - plain streams: TCP, other sockets, any other descriptor.
 */
#include "session/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <nvt/error.h>

static ssize_t
socket_read(struct nvt__transport *t, void *buf, size_t size)
{
	ssize_t n;

	do
		n = recv(t->fd, buf, size, 0);
	while (n < 0 && errno == EINTR);
	return n;
}

static ssize_t
socket_send(struct nvt__transport *t, const void *data, size_t len, int flags)
{
	ssize_t n;

	do
		n = send(t->fd, data, len, flags | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n;
}

/*
 * A send of which only a part is taken marks that part's last byte as urgent,
 * and the send of the rest moves the mark on.  A mark that comes early only
 * tells the peer early to look for the DM.
 */
static ssize_t
tcp_write(struct nvt__transport *t, const void *data, size_t len, bool urgent)
{
	return socket_send(t, data, len, urgent ? MSG_OOB : 0);
}

static ssize_t
socket_write(
    struct nvt__transport *t, const void *data, size_t len, bool urgent)
{
	(void)urgent;
	return socket_send(t, data, len, 0);
}

static int
socket_finish(struct nvt__transport *t)
{
	return shutdown(t->fd, SHUT_WR);
}

static ssize_t
file_read(struct nvt__transport *t, void *buf, size_t size)
{
	ssize_t n;

	do
		n = read(t->fd, buf, size);
	while (n < 0 && errno == EINTR);
	/* The master side of a pty says so when the other side is gone. */
	if (n < 0 && errno == EIO && isatty(t->fd))
		return 0;
	return n;
}

/* The signal that the write raised; one that waited before stays. */
static void
take_sigpipe(const sigset_t *sigpipe)
{
	const struct timespec at_once = { 0 };
	int error = errno;

	while (sigtimedwait(sigpipe, NULL, &at_once) < 0 && errno == EINTR)
		continue;
	errno = error;
}

/* Only a socket's send() can be told to raise none: the thread blocks it. */
ssize_t
nvt__write_quietly(int fd, const void *data, size_t len)
{
	sigset_t sigpipe, before, waiting;
	ssize_t n;

	(void)sigemptyset(&sigpipe);
	(void)sigaddset(&sigpipe, SIGPIPE);
	(void)sigemptyset(&waiting);
	(void)sigpending(&waiting);
	(void)pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
	n = write(fd, data, len);
	if (n < 0 && errno == EPIPE && sigismember(&waiting, SIGPIPE) == 0)
		take_sigpipe(&sigpipe);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return n;
}

static ssize_t
file_write(struct nvt__transport *t, const void *data, size_t len, bool urgent)
{
	ssize_t n;

	(void)urgent;
	do
		n = nvt__write_quietly(t->fd, data, len);
	while (n < 0 && errno == EINTR);
	return n;
}

static const struct nvt__transport_ops tcp_ops = {
	.read = socket_read,
	.write = tcp_write,
	.finish = socket_finish,
	.has_urgent = true,
};

static const struct nvt__transport_ops socket_ops = {
	.read = socket_read,
	.write = socket_write,
	.finish = socket_finish,
};

static const struct nvt__transport_ops file_ops = {
	.read = file_read,
	.write = file_write,
};

void
nvt__socket_prepare(int fd)
{
	const int on = 1;

	/* A socket that refuses one of them is still a connection. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static bool
is_tcp(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return false;
	return address.ss_family == AF_INET || address.ss_family == AF_INET6;
}

static bool
is_stream(int fd)
{
	int type = 0;
	socklen_t len = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	    type == SOCK_STREAM;
}

static int
make_nonblocking(int fd)
{
	int status = fcntl(fd, F_GETFL);
	int flags = fcntl(fd, F_GETFD);

	if (status < 0 || flags < 0)
		return NVT_ERR_ARG;
	if (fcntl(fd, F_SETFL, status | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, flags | FD_CLOEXEC) < 0)
		return NVT_ERR_IO;
	return 0;
}

static int
recognise(int fd, const struct nvt__transport_ops **ops)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return NVT_ERR_ARG;
	if (!S_ISSOCK(st.st_mode)) {
		*ops = &file_ops;
		return 0;
	}
	if (!is_stream(fd))
		return NVT_ERR_ARG;
	*ops = &socket_ops;
	if (is_tcp(fd)) {
		nvt__socket_prepare(fd);
		*ops = &tcp_ops;
	}
	return 0;
}

void
nvt__transport_tcp(struct nvt__transport *t, int fd)
{
	t->ops = &tcp_ops;
	t->fd = fd;
}

int
nvt__transport_adopt(struct nvt__transport *t, int fd)
{
	const struct nvt__transport_ops *ops;
	int err;

	err = recognise(fd, &ops);
	if (err == 0)
		err = make_nonblocking(fd);
	if (err != 0) {
		if (fd >= 0)
			(void)close(fd);
		return err;
	}
	t->ops = ops;
	t->fd = fd;
	return 0;
}

bool
nvt__transport_mark_ahead(const struct nvt__transport *t)
{
	struct pollfd p = { .fd = t->fd, .events = POLLPRI };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLPRI) != 0;
}

bool
nvt__transport_at_mark(const struct nvt__transport *t)
{
	return sockatmark(t->fd) == 1;
}

void
nvt__transport_close(struct nvt__transport *t)
{
	if (t->fd >= 0)
		(void)close(t->fd);
	t->fd = -1;
	t->ops = NULL;
}
