/*
 * relay.h - the pump between a session and a terminal's master side.
 *
 * Each way has a small buffer and reads no more while it is full, so that the
 * slower side sets the pace: the peer's socket or the program.
 */
#ifndef NVT_SERVER_RELAY_H
#define NVT_SERVER_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nvt/session.h>

#include "server/input.h"
#include "server/monitor.h"

enum {
	RELAY_TO_PTY_MAX = 4096, /* what a tty's own queue holds */
	RELAY_TO_PEER_MAX = 8192
};

/* Output that may wait for the peer before no more is read from the program:
 * with what one read can become, less than the session's limit. */
enum { RELAY_PENDING_MAX = 8192 };

struct relay {
	struct nvt_session *session;
	struct input *input;
	struct monitor *monitor;
	int master;
	bool ended; /* the program's side gives no more */
	bool deaf;  /* and takes no more */
	uint64_t from_pty;
	uint64_t from_peer;
	size_t in_pos;
	size_t in_len;
	size_t out_len;
	uint8_t in[RELAY_TO_PTY_MAX];
	uint8_t out[RELAY_TO_PEER_MAX];
};

void relay_init(struct relay *r, struct nvt_session *session,
    struct input *input, struct monitor *monitor, int master);

/* The events to poll master for. */
short relay_events(struct relay *r);

/*
 * Move what can be moved.  0, or -1 if the session takes no more.  The
 * output reaches the peer with the session's next step.
 */
int relay_pump(struct relay *r);

/* The peer wants what is under way to it dropped (AO); or from it (SYNCH). */
void relay_drop_output(struct relay *r);
void relay_drop_input(struct relay *r);

#endif /* NVT_SERVER_RELAY_H */
