/*
 * signals.h - signals as a descriptor to poll and flags to take.
 *
 * SIGTERM, SIGINT and SIGHUP ask a process to stop, SIGCHLD says that a child
 * may have ended, and SIGPIPE is ignored.  A SIGHUP or SIGINT that was ignored
 * before stays so.
 */
#ifndef NVT_SERVER_SIGNALS_H
#define NVT_SERVER_SIGNALS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Catch them.  Returns the descriptor that is readable once any came, or -1.
 * Again after a fork: the child has a descriptor and flags of its own.
 */
int signals_open(void);

/* Whether a request to stop has come, now or earlier. */
bool signals_stop(void);

/* Make the descriptor quiet again.  Whether anything had come. */
bool signals_clear(void);

/*
 * fork() between which and signals_open() no signal can be lost or reach the
 * wrong process: both leave it with signals held; signals_release() ends that.
 */
pid_t signals_fork(void);
void signals_release(void);

/* Everything as a new program expects it.  In a child, before exec. */
void signals_default(void);

#endif /* NVT_SERVER_SIGNALS_H */
