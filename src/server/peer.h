/*
 * peer.h - what the peer has said of itself: its terminal, its window, its
 * keys, whether it echoes.  And who is told when that changes.
 */
#ifndef NVT_SERVER_PEER_H
#define NVT_SERVER_PEER_H

#include <stdbool.h>

#include <nvt/session.h>

#include "server/input.h"
#include "server/monitor.h"
#include "server/relay.h"
#include "server/term.h"

struct peer {
	struct nvt_session *session;
	struct input *input;
	struct monitor *monitor;
	struct relay *relay; /* NULL: there is no terminal yet */
	bool has_term;
	bool has_window;
	bool echo_off; /* the terminal's echo is off for the peer's sake */
	bool logout;   /* it asked us to end (RFC 727) */
	char term[TERM_NAME_MAX + 1];
	struct nvt_naws window;
};

/* Listens to the session's events from now on. */
void peer_init(struct peer *p, struct nvt_session *session, struct input *input,
    struct monitor *monitor);

/* Whether it has answered all that a terminal has to know. */
bool peer_has_answered(const struct peer *p);

/* Whether it shows what is typed by itself: it refused that we ECHO. */
bool peer_echoes(const struct peer *p);

/* What a terminal for it is to be like. */
void peer_describe(struct peer *p, struct monitor_open *out);

#endif /* NVT_SERVER_PEER_H */
