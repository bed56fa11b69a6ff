/*
 * listener.c - accept connections, a process for each, and reap them.
 *
 * This process never reads a byte of a peer's.
 */
#define _GNU_SOURCE /* accept4 */
#include "server/listener.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nvt/session.h>

#include "server/connection.h"
#include "server/log.h"
#include "server/signals.h"

enum {
	SHORTAGE_MS = 200, /* out of descriptors: not to spin on it */
	STOP_MS = 5000,    /* for sessions to end by themselves */
	ACCEPT_TURN = 16   /* connections a turn; the dead want reaping */
};

struct child {
	pid_t pid;
	struct address_text peer;
};

struct listener {
	const struct server_config *config;
	const struct banner *banner;
	struct sockets *sockets;
	int signals;
	int64_t resume; /* no accepting before then */
	struct child *children;
	size_t count;
};

static struct child *
find_child(struct listener *l, pid_t pid)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->children[i].pid == pid)
			return &l->children[i];
	return NULL;
}

static void
reap(struct listener *l)
{
	struct child *child;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		child = find_child(l, pid);
		if (child == NULL)
			continue;
		if (WIFSIGNALED(status))
			log_event("%s port %u: process %ld ended by signal %d",
			    child->peer.address, child->peer.port, (long)pid,
			    WTERMSIG(status));
		*child = l->children[--l->count];
	}
}

static void
kill_all(struct listener *l, int number)
{
	for (size_t i = 0; i < l->count; i++)
		kill(l->children[i].pid, number);
}

static void
wait_for_signal(struct listener *l, int ms)
{
	struct pollfd fd = { l->signals, POLLIN, 0 };

	poll(&fd, 1, ms);
	signals_clear();
	reap(l);
}

static void
end_all(struct listener *l)
{
	int64_t until = nvt_session_now() + STOP_MS, now;

	log_event("ending, with %zu connection%s", l->count,
	    l->count == 1 ? "" : "s");
	kill_all(l, SIGTERM);
	while (l->count > 0 && (now = nvt_session_now()) < until)
		wait_for_signal(l, (int)(until - now));
	kill_all(l, SIGKILL);
	while (l->count > 0)
		wait_for_signal(l, 100);
}

static void
serve(struct listener *l, int fd, const struct address_text *peer)
{
	char who[96];
	int signals = signals_open();

	signals_release();
	sockets_close(l->sockets);
	/* It will hold passwords: no core file has them, and no session reads
	 * them, whose user is ours unless we are root. */
	prctl(PR_SET_DUMPABLE, 0);
	snprintf(who, sizeof(who), "%s port %u", peer->address, peer->port);
	log_about(who);
	log_event("connected");
	if (signals >= 0)
		connection_run(l->config, l->banner, fd, peer, signals);
	else
		log_event("no descriptor left");
}

static void
refuse(int fd, const struct address_text *peer)
{
	static const char text[] = "Too many connections\r\n";

	log_event("%s port %u: refused, too many connections", peer->address,
	    peer->port);
	/* As much as the socket takes at once is all that it gets. */
	if (send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		shutdown(fd, SHUT_WR);
}

static void
begin(struct listener *l, int fd, const struct address *from)
{
	struct child *child = &l->children[l->count];

	if (l->count == l->config->max) {
		struct address_text peer;

		address_text(from, &peer);
		refuse(fd, &peer);
		return;
	}
	address_text(from, &child->peer);
	child->pid = signals_fork();
	if (child->pid == 0) {
		serve(l, fd, &child->peer);
		exit(0);
	}
	signals_release();
	if (child->pid > 0)
		l->count++;
	else
		log_event("%s port %u: no process for it: %s",
		    child->peer.address, child->peer.port, strerror(errno));
}

/* The connection is gone already, or is not for us to worry about. */
static bool
is_passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ECONNABORTED ||
	    error == EPROTO || error == EPERM;
}

static void
accept_some(struct listener *l, int socket)
{
	struct address from;
	int fd;

	for (int i = 0; i < ACCEPT_TURN; i++) {
		from.len = sizeof(from.name);
		fd = accept4(socket, (struct sockaddr *)&from.name, &from.len,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && is_passing(errno))
			return;
		if (fd < 0) {
			log_event("cannot accept: %s", strerror(errno));
			l->resume = nvt_session_now() + SHORTAGE_MS;
			return;
		}
		begin(l, fd, &from);
		close(fd);
	}
}

static void
turn(struct listener *l)
{
	struct pollfd fds[SERVER_LISTEN_MAX + 1];
	int64_t wait = l->resume - nvt_session_now();
	size_t n = wait > 0 ? 0 : l->sockets->count;

	for (size_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){ l->sockets->fds[i], POLLIN, 0 };
	fds[n] = (struct pollfd){ l->signals, POLLIN, 0 };
	if (poll(fds, (nfds_t)(n + 1), wait > 0 ? (int)wait : -1) <= 0)
		return;
	if (fds[n].revents != 0 && signals_clear())
		reap(l);
	for (size_t i = 0; i < n; i++)
		if (fds[i].revents != 0)
			accept_some(l, l->sockets->fds[i]);
}

int
listener_run(const struct server_config *config, const struct banner *banner,
    struct sockets *sockets, int signals, struct report *why)
{
	struct listener l = {
		.config = config,
		.banner = banner,
		.sockets = sockets,
		.signals = signals,
	};

	/* One more than ever is in use: begin() fills it before it forks. */
	l.children = calloc((size_t)config->max + 1, sizeof(*l.children));
	if (l.children == NULL)
		return report_errno(why, "connections");
	while (!signals_stop())
		turn(&l);
	sockets_close(sockets);
	end_all(&l);
	free(l.children);
	return 0;
}
