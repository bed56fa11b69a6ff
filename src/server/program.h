/*
 * program.h - the program of a session: its arguments, its environment, its
 * start.  Nothing in them is the peer's but a $TERM that term.h let through.
 */
#ifndef NVT_SERVER_PROGRAM_H
#define NVT_SERVER_PROGRAM_H

#include <sys/types.h>

#include "server/identity.h"
#include "server/report.h"

struct program {
	char *const *argv;      /* NULL: the login shell of id */
	const char *const *env; /* NAME=VALUE of the administrator's; NULL
				 * ends them; they win over ours */
	const char *term;
	const char *remote; /* the peer's address in numbers */
	struct identity id;
};

/*
 * Start it on a terminal's slave side, as the leader of a session of its own.
 * The process, or -1 and why.
 */
pid_t program_start(const struct program *p, int slave, struct report *why);

#endif /* NVT_SERVER_PROGRAM_H */
