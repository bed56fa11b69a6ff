/*
 * session.h - the machine as its own files see it.
 *
 * session.c   life, states, the step, queries
 * connect.c   dial and adopt; below it dial.c, lookup.c and transport.c, from
 *             a name to a stream
 * input.c     from the stream to the engine, the window and the callbacks
 * output.c    from the caller and the engine to the stream
 * wait.c      a wait for text, and what became of it
 * option.c    the callbacks: who decides, and who is told
 * trace.c     lines for people
 * blocking.c, reads.c, interact.c
 *             the second driver: poll, step, until it is done
 */
#ifndef NVT_SESSION_SESSION_H
#define NVT_SESSION_SESSION_H

#include <nvt/session.h>

#include "base/buf.h"
#include "session/failure.h"
#include "session/transport.h"

struct nvt__dial;
struct nvt__trace;

enum nvt__wait_phase {
	NVT__WAIT_NONE,
	NVT__WAIT_ON,
	NVT__WAIT_DECIDED /* and not fetched yet: the window stands still */
};

struct nvt__wait {
	struct nvt_match match;
	int64_t deadline; /* -1: none */
	int timeout_ms;
	int result;
	enum nvt__wait_phase phase;
};

struct nvt_session {
	struct nvt_telnet *telnet;
	struct nvt_expect *expect;
	struct nvt__dial *dial;   /* while resolving and connecting */
	struct nvt__trace *trace; /* while traced */
	struct nvt__transport transport;
	struct nvt__buf held; /* input that must wait for room */
	struct nvt__wait wait;
	struct nvt__failure failure;

	nvt_option_fn *on_option;
	void *option_arg;
	nvt_event_fn *on_event;
	void *event_arg;

	int64_t now; /* of the step under way, or the last */
	size_t out_limit;
	size_t text_limit; /* these three for a window anew */
	uint32_t match_limit;
	bool earliest;
	int family;
	int connect_timeout_ms;
	enum nvt_role role;
	enum nvt_start start;
	enum nvt_session_state state;
	unsigned epoch;   /* counts connections and their ends */
	unsigned holds;   /* functions that still need s */
	unsigned calling; /* callbacks under way */
	int out_error;    /* errno of the write that failed; 0 */
	bool doomed;      /* freed inside a callback */
	bool deciding;    /* a request of the peer's is open */
	bool started;     /* the options with NVT_ASK were asked for */
	bool finishing;   /* FIN once all is out */
	bool finished;    /* FIN is out */
	bool stalled;     /* the engine takes no input: output is full */
	bool choked;      /* the stream took less than it was given */
	bool got;         /* the last step read something */
	bool more;        /* as much as it could: there may be more */
	bool marked;      /* an urgent mark is ahead of what was read */
	bool discarding;  /* the engine looks for a DM */
	bool behind_dm;   /* the last that the engine took was a DM */
};

/*
 * A function that may call back holds the session, so that a callback may
 * free it.  release returns false if it is gone.
 */
void nvt__session_hold(struct nvt_session *s);
bool nvt__session_release(struct nvt_session *s);

/* nvt_session_step() for the directions, of enum nvt_wants, that are ready. */
int nvt__session_step(struct nvt_session *s, int64_t now, unsigned ready);

/* The one place where the state changes. */
void nvt__session_become(struct nvt_session *s, enum nvt_session_state state);

/* The session is over: the sentence says why.  Returns code. */
int nvt__session_fail(
    struct nvt_session *s, int code, int system, const char *sentence);

/* A call failed, and the session goes on.  Returns code. */
int nvt__session_complain(
    struct nvt_session *s, int code, int system, const char *sentence);

/* Whether there is a stream: open, or ended by the peer. */
bool nvt__session_is_connected(const struct nvt_session *s);

/*
 * A call failed, or not: one that did explains itself in the words of its
 * code, in place of what an earlier one said.  Returns code.
 */
int nvt__session_refuse(struct nvt_session *s, int code);

/* Why nothing more will come: NVT_ERR_EOF, NVT_ERR_CLOSED, the failure; 0. */
int nvt__session_end_code(const struct nvt_session *s);

/* Ask for the options with NVT_ASK, once in a connection. */
void nvt__session_start_options(struct nvt_session *s);

/* An empty window as configured; as nvt_expect_new(). */
int
nvt__session_new_window(const struct nvt_session *s, struct nvt_expect **out);

/* now + timeout_ms, or -1 for a timeout_ms below 0. */
int64_t nvt__deadline(int64_t now, int timeout_ms);
/* The sooner of two, of which -1 is none. */
int64_t nvt__sooner(int64_t a, int64_t b);

/* Go on dialling; in the end the state says what became of it. */
void nvt__connect_step(struct nvt_session *s);

/* Dial no more.  Idempotent. */
void nvt__connect_end(struct nvt_session *s);

/* Whether the socket may be read: there is room for what comes. */
bool nvt__input_may_read(const struct nvt_session *s);

/* Whether held input could be taken now. */
bool nvt__input_may_resume(const struct nvt_session *s);

/* Take held input, as far as there is room. */
void nvt__input_resume(struct nvt_session *s);

/* All is over: keep the text of held input, as far as there is room. */
void nvt__input_keep(struct nvt_session *s);

/*
 * Ask a TCP socket for an urgent mark: all that comes before it is thrown away.
 * The mark is a level.  It is asked for again before each read while there is
 * one, so that a DM ends a SYNCH only if no later mark is still ahead.
 */
void nvt__input_look_for_mark(struct nvt_session *s);

/* One read of the socket, taken; got and more tell of it. */
void nvt__input_read(struct nvt_session *s);

/* How many bytes wait. */
size_t nvt__output_pending(const struct nvt_session *s);

/* How many bytes of text, as they go on the wire, may still be queued. */
size_t nvt__output_room(const struct nvt_session *s);

/* Whether something waits that may be written. */
bool nvt__output_may_write(const struct nvt_session *s);

/* Write what the stream takes.  An error of it stops output, not input. */
void nvt__output_flush(struct nvt_session *s);

/* Why nothing can be sent: NVT_ERR_CLOSED, NVT_ERR_IO; 0 if it can. */
int nvt__output_refusal(const struct nvt_session *s);

/*
 * nvt__session_refuse() for what is to send: NVT_ERR_IO says what the socket
 * had said.
 */
int nvt__output_refuse(struct nvt_session *s, int code);

/* nvt_session_queue_line(), and whether the line is a secret. */
int nvt__output_line(struct nvt_session *s, const char *line, bool secret);

/* Decide if the text decides it. */
void nvt__wait_look(struct nvt_session *s);

/* Decide if the text, the end or the clock does. */
void nvt__wait_decide(struct nvt_session *s);

/* Forget the wait, if there is one, and its result. */
void nvt__wait_forget(struct nvt_session *s);

/* When to decide though nothing comes; -1: no need. */
int64_t nvt__wait_deadline(const struct nvt_session *s);

/* Let the callback, if there is one, answer the open request. */
void nvt__option_answer(struct nvt_session *s, const struct nvt_event *ev);

void
nvt__trace_received(struct nvt_session *s, const uint8_t *data, size_t len);
/*
 * What is sent is copied before the engine forgets it, and told, and freed,
 * after that: the callback may queue.  The copy is NULL unless traced.
 */
uint8_t *
nvt__trace_copy(const struct nvt_session *s, const uint8_t *data, size_t len);
void nvt__trace_sent(struct nvt_session *s, uint8_t *copy, size_t len);
void nvt__trace_note(struct nvt_session *s, const char *text);
void nvt__trace_fault(struct nvt_session *s, const struct nvt_event *ev);
/* What is queued between the two is secret: if told so, or by the prompt. */
size_t nvt__trace_queue_begin(struct nvt_session *s);
void nvt__trace_queue_end(struct nvt_session *s, size_t begin, bool secret);
/* A new connection: the streams begin anew. */
void nvt__trace_reset(struct nvt_session *s);
void nvt__trace_free(struct nvt__trace *tr);

/* What poll() is to look for, of enum nvt_wants. */
short nvt__block_events(unsigned wants);

/*
 * One turn of the blocking driver: wait until the machine can go on, or until
 * that instant (-1: for ever), then let it go on.  0, or NVT_ERR_CLOSED if a
 * callback freed the session, or the error that ended it.
 */
int nvt__block_turn(struct nvt_session *s, int64_t until);

/* 0, or NVT_ERR_STATE inside a callback. */
int nvt__block_refusal(struct nvt_session *s);

#endif /* NVT_SESSION_SESSION_H */
