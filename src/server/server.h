/*
 * server.h - nvt serve: what it is told, and its whole run.
 *
 * A listener forks one process for each connection.  That process has two
 * sides: connection.h touches the peer's bytes, monitor.h opens terminals and
 * starts programs.  They share a process for now and meet only in monitor.h's
 * messages, so that each can have its own.
 */
#ifndef NVT_SERVER_SERVER_H
#define NVT_SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/address.h"
#include "server/report.h"

/* Defaults of the options; nvt-serve(1) has them, too. */
#define SERVER_PORT_DEFAULT 2323
#define SERVER_MAX_DEFAULT 100
#define SERVER_TRIES_DEFAULT 3
#define SERVER_FAIL_DELAY_DEFAULT 2000
#define SERVER_GRACE_DEFAULT 60000

enum { SERVER_LISTEN_MAX = 16, SERVER_ENV_MAX = 32 };

struct server_config {
	struct address listen[SERVER_LISTEN_MAX];
	size_t listen_count;  /* 0: the loopback addresses */
	uint16_t port;        /* of addresses without one; 0: any */
	bool allow_plaintext; /* other addresses than loopback, too */
	const char *port_file;
	const char *accounts; /* NULL: nobody logs in */
	const char *user;     /* to run as; see identity.h */
	const char *banner;   /* a file */
	const char *host;     /* in the prompt; NULL: the machine's name */
	const char *env[SERVER_ENV_MAX + 1];
	char *const *program; /* NULL: the user's shell */
	unsigned max;         /* connections at once */
	unsigned tries;
	int fail_delay_ms;
	int grace_ms;
};

/*
 * Listen, say where on standard output, and serve until SIGTERM, SIGINT or
 * SIGHUP; then end every session.  0, or -1 and why.
 */
int server_run(const struct server_config *config, struct report *why);

#endif /* NVT_SERVER_SERVER_H */
