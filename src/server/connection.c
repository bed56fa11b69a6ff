/*
 * connection.c - one connection: login, terminal, end.
 *
 * The story is the phases: each step looks at what has come and says which
 * phase is next.  What the peer says of itself is in peer.c.
 */
#define _GNU_SOURCE /* POLLRDHUP */
#include "server/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nvt/session.h>

#include "server/ending.h"
#include "server/input.h"
#include "server/log.h"
#include "server/login.h"
#include "server/monitor.h"
#include "server/peer.h"
#include "server/relay.h"
#include "server/signals.h"

/*
 * What one connection may hold of the peer's and for the peer.  Text beyond
 * that stays in the socket, and so with the peer.
 */
enum {
	TEXT_LIMIT = 8192,
	SUB_LIMIT = 4096,
	OUT_LIMIT = 32768,
	DIALOGUE_PENDING_MAX = 8192
};

/* For the peer's answers, before the program. */
enum { SETTLE_MS = 2000 };

/*
 * A peer that is gone is noticed within two minutes if nothing is under way to
 * it.  If something is, no keep-alives are sent, and the system gives that up
 * at last, Linux after some 15 minutes: a peer that merely reads slowly is not
 * to be cut off, so there is no TCP_USER_TIMEOUT.
 */
enum { KEEPALIVE_IDLE_S = 60, KEEPALIVE_INTERVAL_S = 15, KEEPALIVE_COUNT = 4 };

enum phase {
	PHASE_LOGIN,  /* a name or password is being typed */
	PHASE_DELAY,  /* it was wrong; the answer waits */
	PHASE_SETTLE, /* the peer's answers are awaited */
	PHASE_RELAY,  /* a program runs */
	PHASE_FLUSH,  /* all is over; the rest goes out */
	PHASE_DONE
};

struct connection {
	const struct server_config *config;
	struct nvt_session *session;
	struct nvt_telnet *telnet;
	struct monitor *monitor;
	int signals;
	int master;
	enum phase phase;
	bool child_news;
	bool broken; /* the socket is dead, and nobody reads it */
	int64_t now;
	int64_t grace;    /* a login must be done by then */
	int64_t settle;   /* the peer's answers must be there by then */
	int64_t deadline; /* of the phase; -1: none */
	int64_t gone;     /* the peer has closed behind what the program does
			   * not read: until then it may; 0: it has not */
	struct ending ending;
	char reason[160]; /* of the end */
	struct input input;
	struct peer peer;
	struct login login;
	struct relay relay;
};

static size_t
pending(const struct connection *c)
{
	const uint8_t *data;

	return nvt_telnet_pending(c->telnet, &data);
}

static void
say(struct connection *c, const char *text, size_t len)
{
	if (nvt_session_queue(c->session, text, len) != 0)
		log_event("could not say %zu bytes", len);
}

static void
say_text(struct connection *c, const char *text)
{
	say(c, text, strlen(text));
}

static void
say_login(struct connection *c)
{
	const char *text;
	size_t len = login_output(&c->login, &text);

	if (len > 0)
		say(c, text, len);
}

/* Nothing more can be said. */
static enum phase
drop(struct connection *c, const char *reason)
{
	snprintf(c->reason, sizeof(c->reason), "%s", reason);
	return PHASE_DONE;
}

/* What was said shall still arrive. */
static enum phase
finish(struct connection *c, const char *reason)
{
	snprintf(c->reason, sizeof(c->reason), "%s", reason);
	if (nvt_session_finish(c->session) != 0)
		return PHASE_DONE;
	ending_flush_begin(&c->ending, pending(c), c->now);
	c->deadline = c->ending.deadline;
	return PHASE_FLUSH;
}

static enum phase
step_flush(struct connection *c)
{
	enum ending_word word;

	/* Read on: closing with input unread would reset the connection, and
	 * the peer lose what it has not read yet. */
	input_discard(&c->input);
	if (nvt_session_state(c->session) != NVT_SESSION_OPEN)
		return PHASE_DONE;
	word = ending_flush(&c->ending, pending(c), c->now);
	c->deadline = c->ending.deadline;
	return word == ENDING_WAIT ? PHASE_FLUSH : PHASE_DONE;
}

/* Before there is a terminal the keys are as terminals have them. */
static int
login_key(void *arg, enum pty_key key, bool *flush)
{
	(void)arg;
	(void)flush;
	switch (key) {
	case PTY_KEY_INTR:
	case PTY_KEY_QUIT:
	case PTY_KEY_BREAK:
		return LOGIN_KEY_INTR;
	case PTY_KEY_EOF:
		return LOGIN_KEY_EOF;
	case PTY_KEY_ERASE:
		return LOGIN_KEY_ERASE;
	case PTY_KEY_KILL:
		return LOGIN_KEY_KILL;
	case PTY_KEY_SUSP:
		break;
	}
	return -1;
}

static bool
is_right(struct connection *c)
{
	struct monitor_login request;
	bool right;

	memset(&request, 0, sizeof(request));
	snprintf(
	    request.user, sizeof(request.user), "%s", login_user(&c->login));
	snprintf(request.password, sizeof(request.password), "%s",
	    login_password(&c->login));
	right = monitor_login(c->monitor, &request);
	hash_forget(&request, sizeof(request));
	return right;
}

static enum phase
judge(struct connection *c)
{
	bool right;

	/* Counted from before the hash: what that costs, and so whose it is,
	 * shows only if it is more than the delay. */
	c->deadline = c->now + c->config->fail_delay_ms;
	right = is_right(c);
	c->now = nvt_session_now();
	if (!right)
		return PHASE_DELAY;
	login_forget(&c->login);
	c->deadline = c->settle;
	return PHASE_SETTLE;
}

static enum phase
step_login(struct connection *c)
{
	uint8_t byte = 0;

	if (c->now >= c->grace) {
		say_text(c, "\r\nLogin timed out\r\n");
		return finish(c, "no login in time");
	}
	c->login.echo = !peer_echoes(&c->peer);
	/* One at a time: what is typed ahead of the program stays its own. */
	while (pending(c) <= DIALOGUE_PENDING_MAX &&
	    c->login.state != LOGIN_JUDGE && c->login.state != LOGIN_OVER &&
	    input_take(&c->input, login_key, NULL, &byte, 1) == 1) {
		login_feed(&c->login, &byte, 1);
		say_login(c);
	}
	hash_forget(&byte, sizeof(byte));
	if (c->login.state == LOGIN_OVER)
		return finish(c, "login given up");
	return c->login.state == LOGIN_JUDGE ? judge(c) : PHASE_LOGIN;
}

static enum phase
step_delay(struct connection *c)
{
	if (c->now < c->deadline)
		return PHASE_DELAY;
	c->deadline = c->grace;
	login_refuse(&c->login);
	say_login(c);
	if (c->login.state == LOGIN_OVER)
		return finish(c, "too many wrong logins");
	return PHASE_LOGIN;
}

static enum phase
open_terminal(struct connection *c)
{
	struct monitor_open request;
	struct report why;

	peer_describe(&c->peer, &request);
	if (monitor_open(c->monitor, &request, &c->master, &why) != 0) {
		log_event("no session: %s", why.text);
		say_text(c, "No session can be had now\r\n");
		return finish(c, "no session");
	}
	relay_init(&c->relay, c->session, &c->input, c->monitor, c->master);
	c->peer.relay = &c->relay;
	c->deadline = -1;
	log_event("session on a terminal of type %s, %ux%u", request.term,
	    request.cols, request.rows);
	return PHASE_RELAY;
}

static enum phase
step_settle(struct connection *c)
{
	if (c->now < c->settle && !peer_has_answered(&c->peer))
		return PHASE_SETTLE;
	return open_terminal(c);
}

static enum phase
step_drain(struct connection *c)
{
	enum ending_word word =
	    ending_drain(&c->ending, c->relay.from_pty, pending(c), c->now);

	c->deadline = c->ending.deadline;
	if (word == ENDING_STALLED)
		return drop(c, "program ended, and the peer takes no more");
	return word == ENDING_DONE ? finish(c, "program ended") : PHASE_RELAY;
}

/*
 * With BINARY on, an end of line is what the peer makes of it.  The LF of a CR
 * LF behind the password may come only now, and is not the program's.
 */
static void
drop_leftover(struct connection *c)
{
	struct nvt_span text = input_peek(&c->input);

	input_skip(&c->input, login_leftover(&c->login, text.data, text.len));
}

static enum phase
step_relay(struct connection *c)
{
	/* Before the last look for output: all that it wrote is there then. */
	bool ended =
	    c->ending.draining || (c->child_news && monitor_ended(c->monitor));

	c->child_news = false;
	drop_leftover(c);
	if (c->gone != 0 && c->now >= c->gone)
		return drop(c, "peer closed");
	if (relay_pump(&c->relay) != 0)
		return drop(c, nvt_session_error(c->session));
	if (c->relay.ended && c->relay.out_len == 0)
		return finish(c, "program ended");
	return ended || c->relay.ended ? step_drain(c) : PHASE_RELAY;
}

static enum phase
stop(struct connection *c)
{
	if (c->phase != PHASE_FLUSH)
		say_text(c, "\r\nThe server ends\r\n");
	return drop(c, "server ends");
}

static enum phase
step(struct connection *c)
{
	if (c->phase != PHASE_DONE && signals_stop())
		return stop(c);
	if (c->phase < PHASE_FLUSH && c->peer.logout)
		return finish(c, "peer asked to log out");
	switch (c->phase) {
	case PHASE_LOGIN:
		return step_login(c);
	case PHASE_DELAY:
		return step_delay(c);
	case PHASE_SETTLE:
		return step_settle(c);
	case PHASE_RELAY:
		return step_relay(c);
	case PHASE_FLUSH:
		return step_flush(c);
	case PHASE_DONE:
		break;
	}
	return PHASE_DONE;
}

/* The session cannot go on: what came before shall still count. */
static enum phase
lost(struct connection *c, const char *reason)
{
	if (c->phase == PHASE_RELAY)
		relay_pump(&c->relay);
	return c->phase == PHASE_FLUSH ? PHASE_DONE : drop(c, reason);
}

/* The earlier of two instants, of which those below 0 are never. */
static int64_t
earlier(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

static int
poll_timeout(const struct connection *c)
{
	int64_t when = nvt_session_deadline(c->session);

	when = earlier(when, c->deadline);
	when = earlier(when, c->gone > 0 ? c->gone : -1);
	if (when < 0)
		return -1;
	if (when <= c->now)
		return 0;
	return when - c->now > 60000 ? 60000 : (int)(when - c->now);
}

/*
 * Whether to look for urgent data.  It stays ready until it is read, so only
 * where it can be: the session reads, or will once relay_drop_input() has made
 * room in its window.
 */
static bool
heeds_urgent(const struct connection *c, unsigned wants)
{
	return (wants & NVT_WANTS_READ) != 0 ||
	    (c->phase == PHASE_RELAY && nvt_session_text(c->session).len > 0);
}

static short
session_events(const struct connection *c)
{
	unsigned wants = nvt_session_wants(c->session);
	short events = 0;

	if ((wants & NVT_WANTS_READ) != 0)
		events |= POLLIN;
	else if (c->gone == 0)
		events |= POLLRDHUP;
	if ((wants & NVT_WANTS_WRITE) != 0)
		events |= POLLOUT;
	if (heeds_urgent(c, wants))
		events |= POLLPRI;
	return events;
}

/* What the socket says beside what the session itself will find out. */
static void
heed_socket(struct connection *c, short events, short revents)
{
	if ((revents & POLLPRI) != 0) {
		nvt_session_urgent(c->session);
		if (c->phase == PHASE_RELAY)
			relay_drop_input(&c->relay);
	}
	if ((revents & POLLRDHUP) != 0)
		c->gone = c->now + ENDING_LINGER_MS;
	if ((revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 &&
	    (events & (POLLIN | POLLOUT)) == 0)
		c->broken = true;
}

static void
wait_for_something(struct connection *c)
{
	struct pollfd fds[3] = {
		{ nvt_session_fd(c->session), session_events(c), 0 },
		{ c->signals, POLLIN, 0 },
		{ -1, 0, 0 },
	};

	if (c->phase == PHASE_RELAY) {
		fds[2].events = relay_events(&c->relay);
		/* One that is hung up would wake us without being asked. */
		fds[2].fd = fds[2].events != 0 ? c->master : -1;
	}
	poll(fds, 3, poll_timeout(c));
	c->now = nvt_session_now();
	if (fds[1].revents != 0 && signals_clear())
		c->child_news = true;
	heed_socket(c, fds[0].events, fds[0].revents);
}

static void
turn(struct connection *c)
{
	enum phase before;

	if (nvt_session_step(c->session, c->now) != 0) {
		c->phase = lost(c, nvt_session_error(c->session));
		return;
	}
	if (c->broken || nvt_session_state(c->session) != NVT_SESSION_OPEN) {
		c->phase = lost(c, "peer closed");
		return;
	}
	do {
		before = c->phase;
		c->phase = step(c);
	} while (c->phase != before);
}

/*
 * A peer that has gone for good behind what nobody reads of it can only be
 * found out by asking.  The session has keep-alives on; these are their times.
 */
static void
set_keepalive(int fd)
{
	const int idle = KEEPALIVE_IDLE_S, interval = KEEPALIVE_INTERVAL_S;
	const int count = KEEPALIVE_COUNT;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	(void)setsockopt(
	    fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
}

static int
open_session(struct connection *c, int fd)
{
	struct nvt_session_config config = {
		.size = sizeof(config),
		.role = NVT_SERVER,
		.newline = NVT_NEWLINE_NVT,
		.text_limit = TEXT_LIMIT,
		.sub_limit = SUB_LIMIT,
		.out_limit = OUT_LIMIT,
	};
	int err;

	set_keepalive(fd);
	err = nvt_session_new(&config, &c->session);
	if (err != 0) {
		close(fd);
		return err;
	}
	c->telnet = nvt_session_telnet(c->session);
	nvt_telnet_set_enter(c->telnet, true);
	input_init(&c->input, c->session);
	peer_init(&c->peer, c->session, &c->input, c->monitor);
	return nvt_session_adopt(c->session, fd, c->now);
}

static void
begin(struct connection *c, const struct banner *banner)
{
	c->grace = c->now + c->config->grace_ms;
	c->settle = c->now + SETTLE_MS;
	/* With the opening requests, in one write. */
	if (banner->len > 0)
		say(c, banner->text, banner->len);
	if (c->config->accounts == NULL) {
		c->phase = PHASE_SETTLE;
		c->deadline = c->settle;
		return;
	}
	login_init(&c->login, c->config->host, c->config->tries);
	say_login(c);
	c->phase = PHASE_LOGIN;
	c->deadline = c->grace;
}

static void
run(struct connection *c, const struct banner *banner, int fd)
{
	int err = open_session(c, fd);

	if (err != 0) {
		drop(c, nvt_error_text(err));
		return;
	}
	begin(c, banner);
	for (turn(c); c->phase != PHASE_DONE; turn(c))
		wait_for_something(c);
}

static void
log_end(const struct connection *c)
{
	if (c->peer.relay == NULL)
		log_event("closed: %s", c->reason);
	else
		log_event("closed: %s; %llu bytes in, %llu out", c->reason,
		    (unsigned long long)c->relay.from_peer,
		    (unsigned long long)c->relay.from_pty);
}

static void
end(struct connection *c)
{
	nvt_session_free(c->session);
	/* The peer is gone before the program is: it need not wait for it. */
	monitor_free(c->monitor);
	log_end(c);
	hash_forget(c, sizeof(*c));
	free(c);
}

void
connection_run(const struct server_config *config, const struct banner *banner,
    int fd, const struct address_text *peer, int signals)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		close(fd);
		return;
	}
	c->config = config;
	c->signals = signals;
	c->master = -1;
	c->now = nvt_session_now();
	c->monitor = monitor_new(config, peer->address);
	if (c->monitor != NULL) {
		run(c, banner, fd);
	} else {
		drop(c, "out of memory");
		close(fd);
	}
	end(c);
}
