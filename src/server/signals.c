/*
 * signals.c - signals as a descriptor to poll.
 */
#define _GNU_SOURCE /* pipe2 */
#include "server/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int caught[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
enum { CAUGHT = sizeof(caught) / sizeof(caught[0]) };

static volatile sig_atomic_t stop;
static int ends[2] = { -1, -1 };
static sigset_t before_fork;

static void
note(int number)
{
	int error = errno;

	if (number != SIGCHLD)
		stop = 1;
	/* A full pipe wakes just as well. */
	if (write(ends[1], "", 1) < 0)
		errno = error;
	errno = error;
}

/*
 * nohup(1) ignores SIGHUP for us, and a shell the SIGINT of what it puts in the
 * background: not ours to undo.
 */
static bool
is_to_stay_ignored(int number)
{
	struct sigaction action;

	return (number == SIGHUP || number == SIGINT) &&
	    sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler == SIG_IGN;
}

static void
catch_all(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_flags = SA_RESTART;
	action.sa_handler = note;
	for (size_t i = 0; i < CAUGHT; i++)
		if (!is_to_stay_ignored(caught[i]))
			sigaction(caught[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static void
fill(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaddset(set, caught[i]);
}

/* Who started us may have held them. */
static void
unblock(void)
{
	sigset_t ours;

	fill(&ours);
	sigprocmask(SIG_UNBLOCK, &ours, NULL);
}

int
signals_open(void)
{
	bool first = ends[0] < 0;

	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
	}
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
		ends[0] = ends[1] = -1;
		return -1;
	}
	stop = 0;
	catch_all();
	/* Again, after a fork, signals_release() does it. */
	if (first)
		unblock();
	return ends[0];
}

bool
signals_stop(void)
{
	return stop != 0;
}

bool
signals_clear(void)
{
	bool any = false;
	char bytes[64];

	while (read(ends[0], bytes, sizeof(bytes)) > 0)
		any = true;
	return any;
}

pid_t
signals_fork(void)
{
	sigset_t held;

	fill(&held);
	sigprocmask(SIG_BLOCK, &held, &before_fork);
	return fork();
}

void
signals_release(void)
{
	sigprocmask(SIG_SETMASK, &before_fork, NULL);
}

void
signals_default(void)
{
	struct sigaction action;
	sigset_t none;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = SIG_DFL;
	/*
	 * Those too that were ignored when we were started: a server that was
	 * put in the background would hand shells a dead ^C or ^\.
	 */
	for (int number = 1; number <= SIGRTMAX; number++)
		sigaction(number, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
