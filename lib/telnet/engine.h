/*
 * engine.h - what the files of this folder share: the engine's struct, and the
 * table of options that do something when they change or are spoken of.
 */
#ifndef NVT_TELNET_ENGINE_H
#define NVT_TELNET_ENGINE_H

#include <nvt/telnet.h>

#include "base/buf.h"
#include "telnet/queue.h"

/* One side of one option: its state and its policy, a byte. */
struct nvt__cell {
	uint8_t state : 4;  /* enum nvt_state */
	uint8_t policy : 4; /* enum nvt_policy */
};

struct nvt_telnet {
	struct nvt_decoder *decoder;
	struct nvt_wire_item item; /* the one being acted on */
	struct nvt__queue out;
	struct nvt__buf scratch; /* an answer while it is put together */
	size_t out_limit;
	size_t synch_left;      /* text still to throw away; 0: no SYNCH */
	uint32_t marks_awaited; /* timing marks asked for */
	enum nvt_role role;
	enum nvt_newline newline;
	bool decide_all;  /* all policies are as NVT_DECIDE */
	bool nomem;       /* an answer was lost; to be reported */
	bool owes_change; /* NVT_EV_OPTION is still to be told: ... */
	enum nvt_change owed_change;
	uint8_t owed_option;
	enum nvt_side owed_side;
	bool asked; /* a NVT_EV_REQUEST waits for its answer ... */
	uint8_t asked_option;
	enum nvt_side asked_side; /* ... about this */

	/* What to answer with: see the opt_*.c of that name. */
	struct nvt__buf ttype; /* names, each with its NUL */
	size_t ttype_at;       /* the next one's offset */
	uint32_t ttype_sends;  /* how many this side has asked for */
	bool ttype_repeat;     /* the last was given: give it once more */
	bool has_naws;
	struct nvt_naws naws;
	struct nvt_tspeed tspeed;
	struct nvt__buf xdisploc;
	struct nvt__buf environ; /* variables to tell, as in a payload */
	struct nvt__buf wanted;  /* variables to ask for, likewise */

	struct nvt__cell cells[2][NVT_OPT_COUNT]; /* by enum nvt_side */
};

/* What a subnegotiation amounted to. */
enum nvt__verdict {
	NVT__SUB_GOOD, /* ev->sub is filled in */
	NVT__SUB_BAD,  /* malformed */
	NVT__SUB_OFF   /* well-formed, but its option is not on */
};

/* An option's own behaviour; members may be NULL. */
struct nvt__behaviour {
	uint8_t option;
	/* It came into force, or no longer is. */
	void (*changed)(struct nvt_telnet *t, enum nvt_side side, bool on);
	/* Its subnegotiation came: decode into ev->sub, and answer. */
	enum nvt__verdict (*sub)(struct nvt_telnet *t, struct nvt_event *ev);
};

/* NULL for an option without any. */
const struct nvt__behaviour *nvt__behaviour_of(uint8_t option);

/* The policy that counts: the option's own, unless the caller decides all. */
enum nvt_policy nvt__telnet_ruling(
    const struct nvt_telnet *t, enum nvt_side side, uint8_t option);

/*
 * Whether the peer may still speak of an option: it is on, or was until we
 * asked for its end.
 */
bool nvt__telnet_lives(
    const struct nvt_telnet *t, enum nvt_side side, uint8_t option);

/* Queue an answer; want of memory is noted and reported by the next feed. */
void nvt__telnet_answer_sub(
    struct nvt_telnet *t, uint8_t option, const uint8_t *payload, size_t len);
void nvt__telnet_answer_negotiation(
    struct nvt_telnet *t, uint8_t command, uint8_t option);
/* SEND, unless our DONT is on its way: then the peer may not answer. */
void nvt__telnet_ask_value(struct nvt_telnet *t, uint8_t option);

/* There is a value to give or to ask for: lift a policy of NVT_REFUSE. */
void nvt__telnet_lift(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt_policy policy);

/* The peer's WILL, WONT, DO or DONT. */
void nvt__negotiate_recv(struct nvt_telnet *t, const struct nvt_wire_item *item,
    struct nvt_event *ev);

/* What the caller left unanswered is refused: nothing hangs. */
void nvt__negotiate_settle(struct nvt_telnet *t);

void
nvt__tell_fault(struct nvt_event *ev, enum nvt_fault fault, uint8_t option);

/* Something could not be queued for want of memory: the next feed tells. */
void nvt__telnet_note(struct nvt_telnet *t, int err);

/* What became of an option. */
void nvt__tell_option(struct nvt_event *ev, enum nvt_side side, uint8_t option,
    enum nvt_change change);

/* NVT_EV_REQUEST: the caller answers. */
void nvt__telnet_consult(struct nvt_telnet *t, enum nvt_side side,
    uint8_t option, struct nvt_event *ev);

/* As many bytes wait as may: nothing more from the caller. */
static inline bool
nvt__telnet_is_full(const struct nvt_telnet *t)
{
	return t->out.bytes.len - t->out.head >= t->out_limit;
}

/* What a server does on AYT and AO. */
void nvt__telnet_answer_ayt(struct nvt_telnet *t);
void nvt__telnet_abort_output(struct nvt_telnet *t);

/* TIMING-MARK is not a state: every DO and WILL is acted on (RFC 860). */
void nvt__timing_mark_recv(
    struct nvt_telnet *t, uint8_t command, struct nvt_event *ev);

/* One behaviour a file. */
extern const struct nvt__behaviour nvt__opt_binary;
extern const struct nvt__behaviour nvt__opt_environ;
extern const struct nvt__behaviour nvt__opt_naws;
extern const struct nvt__behaviour nvt__opt_status;
extern const struct nvt__behaviour nvt__opt_tspeed;
extern const struct nvt__behaviour nvt__opt_ttype;
extern const struct nvt__behaviour nvt__opt_xdisploc;

#endif /* NVT_TELNET_ENGINE_H */
