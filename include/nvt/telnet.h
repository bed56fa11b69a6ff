/*
 * nvt/telnet.h - one side of a Telnet connection, with no I/O.
 *
 * The caller owns the socket and the clock.  Bytes from the peer go in with
 * nvt_telnet_feed(), which stops at the first event; bytes for the peer come
 * out with nvt_telnet_pending() and nvt_telnet_sent().  Nothing here blocks
 * or calls back.  Client and server are the same machine: new, then policies
 * and values, then nvt_telnet_start(), then feed and send in any order.
 */
#ifndef NVT_TELNET_H
#define NVT_TELNET_H

#include <nvt/wire.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nvt_telnet;

enum nvt_role {
	NVT_CLIENT,
	NVT_SERVER
};

/* Whose half of an option: what we do (WILL, DO) or what the peer does. */
enum nvt_side {
	NVT_LOCAL,		/* we do it: sent WILL/WONT, received DO/DONT */
	NVT_REMOTE		/* the peer does: sent DO/DONT, received WILL/WONT */
};

/* What to say when an option comes up. */
enum nvt_policy {
	NVT_REFUSE,		/* the default of all */
	NVT_ACCEPT,		/* agree when the peer asks */
	NVT_ASK,		/* agree, and ask for it in nvt_telnet_start() */
	NVT_DECIDE		/* NVT_EV_REQUEST: the caller answers */
};

/* Bytes of output that may wait for the socket unless told otherwise. */
#define NVT_OUT_LIMIT_DEFAULT	((size_t)64 << 10)

/* Bytes of text thrown away at most while looking for an urgent DM. */
#define NVT_SYNCH_LIMIT		((size_t)64 << 10)

/* TTYPE SENDs that a server may send in one session. */
#define NVT_TTYPE_SENDS_MAX	16

struct nvt_telnet_config {
	size_t		 size;		/* sizeof(struct nvt_telnet_config) */
	enum nvt_role	 role;
	size_t		 sub_limit;	/* as in nvt_decoder_new() */
	size_t		 out_limit;	/* 0: NVT_OUT_LIMIT_DEFAULT; 2 at least */
	enum nvt_newline newline;	/* how text is sent outside BINARY */
};

enum nvt_event_type {
	NVT_EV_NONE,		/* all was taken, nothing happened */
	NVT_EV_TEXT,		/* data, len: text from the peer */
	NVT_EV_COMMAND,		/* command: NOP to EL, GA, EOR, and unknown ones */
	NVT_EV_REQUEST,		/* the peer asks; see nvt_telnet_answer() */
	NVT_EV_OPTION,		/* side, option: change says what became of it */
	NVT_EV_TIMING_MARK,	/* ours came back; on: WILL (true) or WONT */
	NVT_EV_SUB,		/* option, data, len; sub if decoded */
	NVT_EV_FAULT,		/* fault, option: the peer erred; all goes on */
	NVT_EV_FULL		/* send what is pending, then feed the rest */
};

enum nvt_change {
	NVT_CHANGE_ON,		/* now in force */
	NVT_CHANGE_OFF,		/* no longer in force */
	NVT_CHANGE_REFUSED	/* the peer refused what we had asked for */
};

struct nvt_event {
	enum nvt_event_type	 type;
	uint8_t			 command;
	uint8_t			 option;
	enum nvt_side		 side;
	enum nvt_change		 change;
	bool			 on;
	enum nvt_fault		 fault;
	const uint8_t		*data;
	size_t			 len;
	bool			 decoded;	/* sub holds the payload */
	union {
		struct nvt_naws		naws;
		struct nvt_text_sub	ttype;
		struct nvt_text_sub	xdisploc;
		struct nvt_tspeed	tspeed;
		struct nvt_environ	environ;
		struct nvt_status	status;
	} sub;			/* the member named after the option; only
				 * what decoded vouches for is ever set */
};

/*
 * config may be NULL: a client with the defaults.  Every option is refused
 * until a policy says otherwise.  Fails with NVT_ERR_NOMEM, or NVT_ERR_ARG for
 * a config of an impossible size, or a newer one that asks for what this
 * version does not know.
 */
NVT_API int	nvt_telnet_new(const struct nvt_telnet_config *config,
		    struct nvt_telnet **out);
NVT_API void	nvt_telnet_free(struct nvt_telnet *t);

/* Begin a new connection: as new, but policies and values stay. */
NVT_API void	nvt_telnet_reset(struct nvt_telnet *t);

/*
 * The policy for one option on one side.  Applies to what comes up from now
 * on; what is on already stays on.
 */
NVT_API void	nvt_telnet_set_policy(struct nvt_telnet *t,
		    enum nvt_side side, uint8_t option,
		    enum nvt_policy policy);

/*
 * Whether every request is the caller's to answer, as if all policies were
 * NVT_DECIDE; they themselves stay, and still say what nvt_telnet_start() asks.
 * Not asked about is what would make two sides echo each other.
 */
NVT_API void	nvt_telnet_set_decide(struct nvt_telnet *t, bool all);

/*
 * The policies most programs want.  A client accepts BINARY, SGA, EOR, STATUS
 * and TIMING-MARK on its side and BINARY, ECHO, SGA, EOR and STATUS on the
 * peer's, and asks for nothing.  A server asks to ECHO and SGA, asks the peer
 * for TTYPE and NAWS, and accepts BINARY, SGA, EOR, STATUS, TIMING-MARK and
 * LOGOUT.  What nvt_telnet_set_...() gave a value for stays accepted.
 */
NVT_API void	nvt_telnet_set_usual(struct nvt_telnet *t);

/*
 * What to answer with.  Each copies its argument and lifts the local policy
 * of its option from NVT_REFUSE to NVT_ACCEPT; NULL takes it back.  A value
 * that changes while the option is on is sent at once where the RFC has a way.
 * NVT_ERR_NOMEM, NVT_ERR_FULL, or NVT_ERR_ARG for what cannot be sent.
 */

/*
 * TTYPE: names for the SEND cycle, NULL-terminated; the last is repeated.  A
 * SEND that finds none, since a policy alone agreed, is told "UNKNOWN".
 */
NVT_API int	nvt_telnet_set_ttype(struct nvt_telnet *t,
		    const char *const *names);
/* NAWS: the window in character cells; sent on DO and when it changes. */
NVT_API int	nvt_telnet_set_naws(struct nvt_telnet *t,
		    const struct nvt_naws *naws);
/* TSPEED: "transmit,receive" in decimal. */
NVT_API int	nvt_telnet_set_tspeed(struct nvt_telnet *t,
		    const char *speed);
/* XDISPLOC: "host:display.screen". */
NVT_API int	nvt_telnet_set_xdisploc(struct nvt_telnet *t,
		    const char *location);
/*
 * NEW-ENVIRON: a variable that the peer may have; value NULL takes it back,
 * and with the last of them the policy.
 * Nothing else is ever told, the process's environment least of all.
 */
NVT_API int	nvt_telnet_set_environ(struct nvt_telnet *t,
		    enum nvt_environ_kind kind, const char *name,
		    const char *value);
/*
 * Server: a variable to ask for once the peer agrees to NEW-ENVIRON; lifts the
 * remote policy from NVT_REFUSE to NVT_ASK.  With none, nothing is asked.
 */
NVT_API int	nvt_telnet_want_environ(struct nvt_telnet *t,
		    enum nvt_environ_kind kind, const char *name);

/* How text is sent while the local side is not in BINARY. */
NVT_API void	nvt_telnet_set_newline(struct nvt_telnet *t,
		    enum nvt_newline newline);

/*
 * Server: what the peer sends is typed, and CR LF as well as CR NUL stands for
 * its Enter key (RFC 1123, 3.3.1): both become CR.  Otherwise CR LF stays.
 */
NVT_API void	nvt_telnet_set_enter(struct nvt_telnet *t, bool on);

/*
 * Ask for every option whose policy is NVT_ASK, whatever out_limit says; not
 * for TIMING-MARK, which is a question and no state.
 * NVT_ERR_NOMEM: some may be asked for; call it again for the rest.
 */
NVT_API int	nvt_telnet_start(struct nvt_telnet *t);

/*
 * Take bytes from the peer, up to and including the end of the first event.
 * Returns how many were taken; ev->type says what they amounted to.  Call
 * again with the rest until all is taken and the type is NVT_EV_NONE.  An
 * event may take no byte.  NVT_EV_FULL means that out_limit bytes of output wait:
 * send some, then feed the rest.  Pointers in ev are valid until the next call on t, or
 * until the caller reuses in.  What the peer is owed for the event is queued.
 */
NVT_API size_t	nvt_telnet_feed(struct nvt_telnet *t,
		    const uint8_t *in, size_t len, struct nvt_event *ev);

/*
 * The peer's stream has ended: ev is NVT_FAULT_TRUNCATED if that was inside a
 * command.  Call until ev is NVT_EV_NONE.
 */
NVT_API void	nvt_telnet_end(struct nvt_telnet *t, struct nvt_event *ev);

/*
 * Answer the NVT_EV_REQUEST just returned; NVT_CHANGE_ON follows if agreed.
 * One that is still unanswered at the next feed or pending is refused then:
 * nothing hangs.  NVT_ERR_STATE if no request is open.
 */
NVT_API int	nvt_telnet_answer(struct nvt_telnet *t, bool agree);

/*
 * The socket says that urgent data is on its way (RFC 854, SYNCH): text is
 * thrown away and commands are acted on until the next DM.
 */
NVT_API void	nvt_telnet_urgent(struct nvt_telnet *t);

/*
 * Queue text.  Stores in *taken how many bytes were taken: fewer than len,
 * perhaps none, once out_limit bytes wait.  A pair of bytes is never cut.  Each
 * call stands for itself: a CR at the end of one and a LF at the beginning of
 * the next are not CR LF but CR NUL and LF.  Fails with NVT_ERR_NOMEM.
 */
NVT_API int	nvt_telnet_send_text(struct nvt_telnet *t,
		    const uint8_t *data, size_t len, size_t *taken);

/*
 * Queue a command, or a subnegotiation, or bytes as they are (a whole item;
 * the option table does not learn of it).  Taken whole or not at all:
 * NVT_ERR_FULL while out_limit bytes wait, NVT_ERR_ARG for a command that is
 * not one byte's worth (SB, WILL to DONT, IAC), NVT_ERR_NOMEM.
 */
NVT_API int	nvt_telnet_send_command(struct nvt_telnet *t,
		    uint8_t command);
NVT_API int	nvt_telnet_send_sub(struct nvt_telnet *t, uint8_t option,
		    const uint8_t *payload, size_t len);
NVT_API int	nvt_telnet_send_raw(struct nvt_telnet *t,
		    const uint8_t *data, size_t len);

/* Queue IAC DM, the DM to go as TCP urgent data. */
NVT_API int	nvt_telnet_send_synch(struct nvt_telnet *t);

/* Ask for the peer's timing mark: NVT_EV_TIMING_MARK when it comes back. */
NVT_API int	nvt_telnet_send_timing_mark(struct nvt_telnet *t);

/* Server: ask for the next name of the TTYPE cycle.  NVT_ERR_STATE if TTYPE
 * is not on, NVT_ERR_TOO_BIG after NVT_TTYPE_SENDS_MAX of them. */
NVT_API int	nvt_telnet_send_ttype(struct nvt_telnet *t);

/*
 * Ask for an option to be on or off (RFC 1143).  0 if asked or queued behind
 * a request under way, or if that is the state already.  A wish to turn on
 * implies that we agree.  NVT_ERR_NOMEM, NVT_ERR_FULL.
 */
NVT_API int	nvt_telnet_request(struct nvt_telnet *t, enum nvt_side side,
		    uint8_t option, bool on);

/*
 * What waits for the socket, oldest first: stores where it is and returns how
 * long.  The pointer is valid until the next call on t that is not a query.
 */
NVT_API size_t	nvt_telnet_pending(struct nvt_telnet *t,
		    const uint8_t **data);

/* How many bytes wait.  A query: an open request stays open. */
NVT_API size_t	nvt_telnet_pending_len(const struct nvt_telnet *t);

/*
 * How many of the pending bytes go up to and including the last urgent DM; 0
 * if there is none.  The byte before that count is the one for MSG_OOB.
 */
NVT_API size_t	nvt_telnet_pending_urgent(const struct nvt_telnet *t);

/* The first len pending bytes have been handed to the socket. */
NVT_API void	nvt_telnet_sent(struct nvt_telnet *t, size_t len);

/*
 * Drop what text is still pending; commands and half-sent pairs stay.  A
 * server does it by itself on AO.  Returns how many bytes went.
 */
NVT_API size_t	nvt_telnet_drop_text(struct nvt_telnet *t);

/* Whether an option is in force. */
NVT_API bool	nvt_telnet_is_on(const struct nvt_telnet *t,
		    enum nvt_side side, uint8_t option);

/* RFC 1143's state of an option. */
#define NVT_STATES(X)							\
	X(NO) X(YES) X(WANTNO) X(WANTNO_OPPOSITE)			\
	X(WANTYES) X(WANTYES_OPPOSITE)
enum nvt_state {
#define NVT_STATE_ENUM(name) NVT_STATE_##name,
	NVT_STATES(NVT_STATE_ENUM)
#undef NVT_STATE_ENUM
	NVT_STATE_COUNT
};
NVT_API enum nvt_state	nvt_telnet_state(const struct nvt_telnet *t,
			    enum nvt_side side, uint8_t option);
NVT_API enum nvt_policy	nvt_telnet_policy(const struct nvt_telnet *t,
			    enum nvt_side side, uint8_t option);

/* How many requests of ours still wait for the peer's answer. */
NVT_API size_t	nvt_telnet_unanswered(const struct nvt_telnet *t);

/* Give back memory that a burst needed.  For sessions that fall idle. */
NVT_API void	nvt_telnet_trim(struct nvt_telnet *t);

/* An event as one line for people, such as "peer WILL ECHO: on". */
NVT_API size_t	nvt_event_describe(const struct nvt_event *ev,
		    char *out, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* NVT_TELNET_H */
