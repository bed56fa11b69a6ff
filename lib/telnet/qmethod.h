/*
 * qmethod.h - RFC 1143's table: the Q method, for one side of one option.
 *
 * Pure: a state and what happened give the next state, what to say to the
 * peer and what to tell the caller.
 */
#ifndef NVT_TELNET_QMETHOD_H
#define NVT_TELNET_QMETHOD_H

#include <nvt/telnet.h>

enum nvt__say {
	NVT__SAY_NOTHING,
	NVT__SAY_YES, /* WILL for our side, DO for the peer's */
	NVT__SAY_NO   /* WONT for our side, DONT for the peer's */
};

enum nvt__tell {
	NVT__TELL_NOTHING,
	NVT__TELL_CONSULT, /* the peer asks: agree or refuse */
	NVT__TELL_ON,
	NVT__TELL_OFF,
	NVT__TELL_REFUSED,
	NVT__TELL_LIAR
};

struct nvt__step {
	uint8_t next; /* enum nvt_state */
	uint8_t say;  /* enum nvt__say */
	uint8_t tell; /* enum nvt__tell */
};

/* The peer said yes (WILL, DO) or no (WONT, DONT). */
struct nvt__step nvt__qmethod_recv(enum nvt_state state, bool yes);

/* We wish it on or off. */
struct nvt__step nvt__qmethod_wish(enum nvt_state state, bool on);

#endif /* NVT_TELNET_QMETHOD_H */
