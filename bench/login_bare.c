/*
 * login_bare.c COUNT PORT - whole sessions, one after the other, by hand: the
 * least that a C program without a library gets by with.
 *
 * No names are resolved, no time-out is kept, and the three answers are known
 * beforehand.  With "poll" as a third argument it waits with poll() and a
 * time-out before each read, as a client that must not hang does.
 */
#define _GNU_SOURCE /* memmem */
#include "common.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_MS = 10000 };

struct client {
	int fd;
	bool poll;
	size_t len;
	char text[4096];
};

static ssize_t
more(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	ssize_t n;

	if (c->len == sizeof(c->text))
		bench_die("more text than room");
	if (c->poll && poll(&p, 1, TIMEOUT_MS) != 1)
		bench_die("poll");
	n = recv(c->fd, c->text + c->len, sizeof(c->text) - c->len, 0);
	if (n == -1)
		bench_die("recv");
	c->len += (size_t)n;
	return n;
}

static void
await(struct client *c, const char *what)
{
	char *at;
	size_t end;

	while ((at = memmem(c->text, c->len, what, strlen(what))) == NULL)
		if (more(c) == 0)
			bench_die(what);
	end = (size_t)(at - c->text) + strlen(what);
	memmove(c->text, c->text + end, c->len - end);
	c->len -= end;
}

static void
negotiate(struct client *c)
{
	static const unsigned char asked[] = { 255, 253, 24, 255, 251, 1, 255,
		251, 3 };
	static const unsigned char answer[] = { 255, 251, 24, 255, 253, 1, 255,
		253, 3 };

	while (c->len < sizeof(asked))
		if (more(c) == 0)
			bench_die("negotiation");
	if (memcmp(c->text, asked, sizeof(asked)) != 0)
		bench_die("negotiation");
	memmove(c->text, c->text + sizeof(asked), c->len - sizeof(asked));
	c->len -= sizeof(asked);
	bench_write(c->fd, answer, sizeof(answer));
}

static void
tell(struct client *c, const char *line)
{
	bench_write(c->fd, line, strlen(line));
}

static void
session(struct client *c, unsigned port)
{
	c->fd = bench_connect(port);
	c->len = 0;
	negotiate(c);
	await(c, "login:");
	tell(c, "admin\r\n");
	await(c, "assword:");
	tell(c, "secret\r\n");
	await(c, BENCH_PROMPT " ");
	tell(c, "show interfaces\r\n");
	await(c, BENCH_PROMPT " ");
	tell(c, "exit\r\n");
	while (more(c) > 0)
		continue;
	close(c->fd);
}

int
main(int argc, char **argv)
{
	struct client c = { .poll = argc > 3 };
	unsigned long count, i;
	unsigned port;
	double begin, cpu;

	if (argc < 3)
		return 2;
	errno = 0;
	count = bench_number(argv[1]);
	port = (unsigned)bench_number(argv[2]);
	session(&c, port);
	cpu = bench_cpu();
	begin = bench_now();
	for (i = 0; i < count; i++)
		session(&c, port);
	printf("{\"count\": %lu, \"seconds\": %.9f, \"cpu\": %.9f}\n", count,
	    bench_now() - begin, bench_cpu() - cpu);
	return 0;
}
