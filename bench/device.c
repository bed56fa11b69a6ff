/*
 * device.c - a device to log in to, for timing whole sessions: epoll, no
 * library, no waiting of its own.
 *
 * On connect: IAC DO TTYPE, IAC WILL ECHO, IAC WILL SGA; once these have their
 * three answers "login: "; after a line "Password: "; after a line the prompt;
 * after a command its echo, three lines and the prompt; after "exit" it
 * closes.  Prints its port; ends when standard input does.
 */
#include "common.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	IAC = 255,
	WILL = 251,
	DO = 253,
	LINE_MAX_BYTES = 128,
	CONNECTIONS_MAX = 1024
};

enum state { AT_NEGOTIATION, AT_LOGIN, AT_PASSWORD, AT_PROMPT, AT_END };

struct connection {
	enum state state;
	unsigned skip; /* bytes of a negotiation to come */
	unsigned answers;
	size_t len;
	char line[LINE_MAX_BYTES];
};

static struct connection *connections[CONNECTIONS_MAX];

static void
say(int fd, const void *data, size_t len)
{
	/* A few bytes into an empty buffer: short only if the peer is gone,
	 * and then the next read says so. */
	(void)!send(fd, data, len, MSG_NOSIGNAL);
}

static void
show_command(int fd, const char *line)
{
	char out[512];
	int n;

	n = snprintf(out, sizeof(out),
	    "%s\r\n"
	    "GigabitEthernet0/1 is up, line protocol is up\r\n"
	    "  Internet address is 192.0.2.1/24\r\n"
	    "  5 minute input rate 1000 bits/sec, 1 "
	    "packets/sec\r\n" BENCH_PROMPT " ",
	    line);
	say(fd, out, (size_t)n);
}

static enum state
take_line(enum state state, int fd, const char *line)
{
	switch (state) {
	case AT_LOGIN:
		say(fd, "Password: ", strlen("Password: "));
		return AT_PASSWORD;
	case AT_PASSWORD:
		say(fd, "\r\n" BENCH_PROMPT " ",
		    strlen("\r\n" BENCH_PROMPT " "));
		return AT_PROMPT;
	case AT_PROMPT:
		if (strcmp(line, "exit") == 0)
			return AT_END;
		show_command(fd, line);
		return AT_PROMPT;
	default:
		return state;
	}
}

static void
take_byte(struct connection *c, int fd, unsigned char b)
{
	if (c->skip > 0) {
		if (--c->skip == 0 && ++c->answers == 3) {
			say(fd, "login: ", strlen("login: "));
			c->state = AT_LOGIN;
		}
		return;
	}
	if (b == IAC) {
		c->skip = 2;
	} else if (b == '\n') {
		c->line[c->len] = '\0';
		c->len = 0;
		c->state = take_line(c->state, fd, c->line);
	} else if (b != '\r' && b != '\0' && c->len < LINE_MAX_BYTES - 1) {
		c->line[c->len++] = (char)b;
	}
}

static void
end_connection(int fd)
{
	free(connections[fd]);
	connections[fd] = NULL;
	close(fd);
}

static void
on_readable(int fd)
{
	struct connection *c = connections[fd];
	unsigned char buf[512];
	ssize_t n, i;

	n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n == -1 && errno == EAGAIN)
		return;
	for (i = 0; i < n && c->state != AT_END; i++)
		take_byte(c, fd, buf[i]);
	if (n <= 0 || c->state == AT_END)
		end_connection(fd);
}

static void
watch(int epoll, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data = { .fd = fd } };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev) != 0)
		bench_die("epoll_ctl");
}

static void
on_connect(int epoll, int listener)
{
	static const unsigned char hello[] = { IAC, DO, 24, IAC, WILL, 1, IAC,
		WILL, 3 };
	int fd;

	fd = bench_accept(listener);
	if (fd == -1)
		return;
	if (fd >= CONNECTIONS_MAX) {
		close(fd);
		return;
	}
	connections[fd] = bench_alloc(sizeof(struct connection));
	watch(epoll, fd);
	say(fd, hello, sizeof(hello));
}

int
main(void)
{
	struct epoll_event ev[64];
	unsigned port;
	int epoll, listener, i, n;

	listener = bench_listen(&port);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll == -1)
		bench_die("epoll_create1");
	watch(epoll, listener);
	watch(epoll, STDIN_FILENO);
	printf("%u\n", port);
	fflush(stdout);
	for (;;) {
		n = epoll_wait(epoll, ev, 64, -1);
		if (n == -1 && errno != EINTR)
			bench_die("epoll_wait");
		for (i = 0; i < n; i++) {
			if (ev[i].data.fd == STDIN_FILENO)
				return 0;
			if (ev[i].data.fd == listener)
				on_connect(epoll, listener);
			else
				on_readable(ev[i].data.fd);
		}
	}
}
