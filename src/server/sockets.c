/*
 * sockets.c - the sockets that listen, and the word of where they do.
 */
#define _GNU_SOURCE /* SOCK_CLOEXEC, SOCK_NONBLOCK */
#include "server/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A free port of one family may be taken in the other: then try again. */
enum { SAME_PORT_TRIES = 16 };

static int
listen_on(const struct address *where)
{
	int fd, on = 1, family = where->name.ss_family;

	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&where->name, where->len) == 0 &&
	    listen(fd, SOMAXCONN) == 0)
		return fd;
	on = errno;
	close(fd);
	errno = on;
	return -1;
}

/* -1 and errno on failure. */
static int
add(struct sockets *s, const struct address *where)
{
	struct address *name = &s->names[s->count];
	int fd = listen_on(where);

	if (fd < 0)
		return -1;
	*name = *where;
	name->len = sizeof(name->name);
	if (getsockname(fd, (struct sockaddr *)&name->name, &name->len) != 0) {
		close(fd);
		return -1;
	}
	s->fds[s->count++] = fd;
	return 0;
}

/* What helps against a refusal to listen. */
static const char *
remedy(int error)
{
	switch (error) {
	case EACCES:
		return "; ports below 1024 need root";
	case EADDRINUSE:
		return "; port 0 takes any that is free";
	case EADDRNOTAVAIL:
		return "; it is none of this machine's";
	default:
		return "";
	}
}

static int
refuse(const struct address *where, struct report *why)
{
	const char *words = strerror(errno), *help = remedy(errno);
	struct address_text text;

	address_text(where, &text);
	return report_set(why, "%s port %u: cannot listen: %s%s", text.address,
	    text.port, words, help);
}

static int
open_given(
    const struct server_config *config, struct sockets *out, struct report *why)
{
	struct address where;

	for (size_t i = 0; i < config->listen_count; i++) {
		where = config->listen[i];
		if (!where.has_port)
			address_set_port(&where, config->port);
		if (add(out, &where) != 0)
			return refuse(&where, why);
	}
	return 0;
}

/* Whether errno says that the machine has no such family or address. */
static bool
is_missing(void)
{
	return errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL;
}

static void
loopback(const char *text, uint16_t port, struct address *out)
{
	struct report none;

	if (address_parse(text, out, &none) != 0)
		abort(); /* it is one of ours */
	address_set_port(out, port);
}

/* One port of both loopback addresses: 0, or -1 and the one that failed. */
static int
open_loopback_once(uint16_t port, struct sockets *out, struct address *failed)
{
	struct address_text text;

	loopback("127.0.0.1", port, failed);
	if (add(out, failed) == 0) {
		address_text(&out->names[0], &text);
		port = text.port;
	} else if (!is_missing())
		return -1;
	loopback("::1", port, failed);
	if (add(out, failed) != 0 && (!is_missing() || out->count == 0))
		return -1;
	return 0;
}

static int
open_loopback(uint16_t port, struct sockets *out, struct report *why)
{
	struct address failed;

	for (int i = 0; i < SAME_PORT_TRIES; i++) {
		if (open_loopback_once(port, out, &failed) == 0)
			return 0;
		if (port != 0 || errno != EADDRINUSE)
			break;
		sockets_close(out);
	}
	return refuse(&failed, why);
}

int
sockets_open(
    const struct server_config *config, struct sockets *out, struct report *why)
{
	int status;

	out->count = 0;
	if (config->listen_count > 0)
		status = open_given(config, out, why);
	else
		status = open_loopback(config->port, out, why);
	if (status != 0)
		sockets_close(out);
	return status;
}

void
sockets_close(struct sockets *s)
{
	while (s->count > 0)
		close(s->fds[--s->count]);
}

void
sockets_print(
    const struct sockets *s, FILE *out, const char *before, const char *between)
{
	struct address_text text;

	for (size_t i = 0; i < s->count; i++) {
		address_text(&s->names[i], &text);
		fprintf(out, "%s%s%s%u\n", before, text.address, between,
		    text.port);
	}
}

int
sockets_announce(const struct sockets *s, struct report *why)
{
	sockets_print(s, stdout, "nvt: listening on ", " port ");
	return fflush(stdout) == 0 ? 0 : report_errno(why, "standard output");
}
