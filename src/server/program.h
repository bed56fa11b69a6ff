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
 * Whether there is a program of that name to run, as far as one can tell
 * before there is a session: one without a '/' is looked for in env's PATH, or
 * in all folders that a session's PATH can have; one with a '/' inside, in
 * folders that are not known yet, so that it passes.  0, or -1 and why.
 */
int program_check(const char *name, const char *const *env, struct report *why);

/*
 * Start it on a terminal's slave side, as the leader of a session of its own.
 * The process, once the program is what it runs, or -1 and why.
 */
pid_t program_start(const struct program *p, int slave, struct report *why);

#endif /* NVT_SERVER_PROGRAM_H */
