/*
 * sockets.h - the sockets that listen, and the word of where they do.
 */
#ifndef NVT_SERVER_SOCKETS_H
#define NVT_SERVER_SOCKETS_H

#include <stddef.h>
#include <stdio.h>

#include "server/server.h"

struct sockets {
	int fds[SERVER_LISTEN_MAX];
	struct address names[SERVER_LISTEN_MAX]; /* ports as they came out */
	size_t count;
};

/*
 * Listen where config says.  With no addresses: on 127.0.0.1 and ::1, the
 * same port on both, and content with one where the machine has no other.
 * 0, or -1 and why.
 */
int sockets_open(const struct server_config *config, struct sockets *out,
    struct report *why);
void sockets_close(struct sockets *s);

/* A line each: before, the address, between, the port. */
void sockets_print(const struct sockets *s, FILE *out, const char *before,
    const char *between);

/*
 * Say where: a line "nvt: listening on ADDR port N" each to standard output.
 * 0, or -1 and why.
 */
int sockets_announce(const struct sockets *s, struct report *why);

#endif /* NVT_SERVER_SOCKETS_H */
