/*
 * nvt/session.h - a Telnet session on a socket, blocking or not.
 *
 * One machine, two ways to drive it.  Blocking: nvt_session_open(), then
 * nvt_session_read_until(), _expect(), _write() and the rest, as telnetlib had
 * them.  In a loop of one's own: nvt_session_dial() or _adopt(), then wait
 * for _fd() to be ready as _wants() says, or for _deadline(), call _step(),
 * and look at _state(), _result() or _text().  One session, one thread.
 */
#ifndef NVT_SESSION_H
#define NVT_SESSION_H

#include <nvt/expect.h>
#include <nvt/telnet.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nvt_session;

/* Time to connect in, in ms, unless told otherwise. */
#define NVT_CONNECT_TIMEOUT_DEFAULT	30000

/* A client's answers to TTYPE and NAWS unless told otherwise. */
#define NVT_SESSION_TTYPE_DEFAULT	"dumb"
#define NVT_SESSION_COLS_DEFAULT	500
#define NVT_SESSION_ROWS_DEFAULT	50

/* When a session asks for the options whose policy is NVT_ASK. */
enum nvt_start {
	NVT_START_AUTO,		/* server: at once; client: once the peer has
				 * shown that it speaks Telnet */
	NVT_START_NOW,
	NVT_START_NEVER
};

/* All zero but size is the default. */
struct nvt_session_config {
	size_t			 size;	/* sizeof(struct nvt_session_config) */
	enum nvt_role		 role;
	enum nvt_newline	 newline;
	enum nvt_start		 start;
	bool			 refuse_all;	/* no usual policies, no TTYPE,
						 * no NAWS: the caller sets */
	const char		*ttype;		/* client; NULL: the default;
						 * "": refuse */
	struct nvt_naws		 window;	/* client; 0x0: the default */
	int			 family;	/* AF_INET, AF_INET6; 0: both */
	int			 connect_timeout_ms; /* 0: default; -1: none */
	size_t			 text_limit;	/* as in nvt_expect_config; */
	uint32_t		 match_limit;	/* text is not read from the */
	bool			 earliest;	/* socket beyond text_limit
						 * unless a wait is under way */
	size_t			 sub_limit;	/* as in nvt_telnet_config */
	size_t			 out_limit;	/* 16 at least */
};

/* A timeout_ms below 0 waits for ever; 0 looks once and does not wait. */
#define NVT_FOREVER	(-1)

/*
 * A session that is not connected.  config may be NULL.  NVT_ERR_NOMEM, or
 * NVT_ERR_ARG for a config of an impossible size, or a newer one that asks for
 * what this version does not know.  Free closes.  Free is allowed inside a callback, and takes
 * effect once it returns.
 */
NVT_API int	nvt_session_new(const struct nvt_session_config *config,
		    struct nvt_session **out);
NVT_API void	nvt_session_free(struct nvt_session *s);

/* The engine, for policies, values, option state and commands; borrowed. */
NVT_API struct nvt_telnet	*nvt_session_telnet(struct nvt_session *s);

/* The machine: none of these blocks. */

/*
 * Begin to connect: resolve host and service (a name or a number; NULL is 23),
 * race the addresses (RFC 8305), and be NVT_SESSION_OPEN in the end or
 * NVT_SESSION_FAILED, perhaps at once.  service may also be "telnet" where
 * there is no list of services.  A session may be dialled again once closed or
 * failed; its text is kept.  NVT_ERR_STATE if it is connected, NVT_ERR_NOMEM,
 * NVT_ERR_ARG without a host; the session is as it was then.  NVT_ERR_CLOSED if
 * a callback freed it.
 */
NVT_API int	nvt_session_dial(struct nvt_session *s, const char *host,
		    const char *service, int64_t now);

/*
 * Take a connected descriptor: a socket of either family, AF_UNIX, or any
 * other stream.  Takes fd, also on failure.  It is made non-blocking and
 * close-on-exec.  NVT_ERR_ARG for what is no stream, such as a file or a
 * directory, NVT_ERR_STATE if the session is connected, NVT_ERR_NOMEM; the
 * session is as it was then.
 */
NVT_API int	nvt_session_adopt(struct nvt_session *s, int fd, int64_t now);

enum nvt_session_state {
	NVT_SESSION_IDLE,	/* not connected yet */
	NVT_SESSION_RESOLVING,
	NVT_SESSION_CONNECTING,
	NVT_SESSION_OPEN,
	NVT_SESSION_ENDED,	/* the peer has closed; text may be left, and
				 * what is written may still reach it */
	NVT_SESSION_FAILED,	/* see nvt_session_error() */
	NVT_SESSION_CLOSED	/* by us */
};
NVT_API enum nvt_session_state	nvt_session_state(const struct nvt_session *s);

enum nvt_wants {
	NVT_WANTS_READ = 1,
	NVT_WANTS_WRITE = 2,
	NVT_WANTS_URGENT = 4	/* POLLPRI; UV_PRIORITIZED in libuv */
};

/*
 * The descriptor to wait for, or -1.  May change, and then in number, with
 * each step until the session is open; stays from then on until it is closed,
 * dialled again or freed, also where the peer ends or it fails.
 */
NVT_API int	nvt_session_fd(const struct nvt_session *s);

/*
 * What to wait for: enum nvt_wants; 0 for the deadline alone: then leave the
 * descriptor out, since poll() tells of errors unasked.  NVT_WANTS_URGENT comes
 * only with NVT_WANTS_READ, on TCP: nvt_session_urgent() tells of it.
 */
NVT_API unsigned	nvt_session_wants(const struct nvt_session *s);

/* When to step though nothing is ready, in ms; -1: no need. */
NVT_API int64_t	nvt_session_deadline(const struct nvt_session *s);

/*
 * Do what can be done now: read, decode, answer, match, write.  Harmless when
 * nothing is ready.  Returns 0, or the error that ended the session, which
 * stays; the peer's close is not one.  Answers to what decided a wait are not
 * written yet but join what is queued next, in one write; wants() says so.
 * NVT_ERR_STATE inside a callback, NVT_ERR_CLOSED if one freed the session.
 */
NVT_API int	nvt_session_step(struct nvt_session *s, int64_t now);

/*
 * The descriptor has urgent data (POLLPRI): call before step, and each time
 * that it is told.  On TCP the socket is asked where the mark is: text is
 * thrown away up to the first DM that is not before the mark (RFC 854, SYNCH).
 */
NVT_API void	nvt_session_urgent(struct nvt_session *s);

/*
 * Queue text, or text and the line end that the peer wants (CR LF, or CR in
 * BINARY).  Out with the next step.  Whole or not at all: NVT_ERR_FULL if
 * it is more than there is room for, three quarters of out_limit being for
 * text and the rest for the engine's answers; NVT_ERR_CLOSED; NVT_ERR_IO once
 * the socket has refused to send, after which text can still be read;
 * NVT_ERR_NOMEM.
 */
NVT_API int	nvt_session_queue(struct nvt_session *s,
		    const void *data, size_t len);
NVT_API int	nvt_session_queue_line(struct nvt_session *s,
		    const char *line);

/*
 * Begin to wait, as nvt_expect_until() and nvt_expect_patterns(); the result
 * comes with nvt_session_result().  timeout_ms as above.  A wait under way is
 * forgotten.  May be begun while the session is still connecting.
 */
NVT_API int	nvt_session_begin_until(struct nvt_session *s,
		    const void *needle, size_t len,
		    int timeout_ms, int64_t now);
NVT_API int	nvt_session_begin_expect(struct nvt_session *s,
		    struct nvt_patterns *patterns,
		    int timeout_ms, int settle_ms, int64_t now);

/*
 * What became of the wait: NVT_ERR_AGAIN while it goes on; then once the index
 * of the pattern (0 for a string), with its text consumed; or NVT_ERR_TIMEOUT,
 * NVT_ERR_EOF, NVT_ERR_MATCH_LIMIT or the session's error, with nothing
 * consumed and all that came so far in match->all.  NVT_ERR_STATE: no wait.
 * match may be NULL; its pointers live until the next call that is no query.
 * Once a wait is decided nothing is read until its result is asked for.
 */
NVT_API int	nvt_session_result(struct nvt_session *s,
		    struct nvt_match *match);

/*
 * Text that came and is not consumed; consume the first len bytes of it, which
 * a wait under way forbids.  The text stays where it is until more comes.
 */
NVT_API struct nvt_span	nvt_session_text(const struct nvt_session *s);
NVT_API void	nvt_session_consume(struct nvt_session *s, size_t len);

/* The pieces of the last match; as nvt_expect_capture(). */
NVT_API int	nvt_session_capture(const struct nvt_session *s,
		    size_t group, struct nvt_span *out);

/*
 * Send no more: FIN once all that is queued has gone.  NVT_ERR_CLOSED, or
 * NVT_ERR_UNSUPPORTED for a descriptor that is no socket.
 */
NVT_API int	nvt_session_finish(struct nvt_session *s);

/*
 * Close now.  What is queued is tried once.  Text that came can still be read,
 * as far as text_limit allows.  Input that the system holds unread makes TCP
 * send a RST, which may take from the peer what was sent last: to part in
 * peace, finish and read to the end before.  Idempotent.
 */
NVT_API void	nvt_session_close(struct nvt_session *s);

/* Give back memory that a burst needed. */
NVT_API void	nvt_session_trim(struct nvt_session *s);

/* Callbacks and errors. */

/*
 * Asked about every request of the peer's (WILL: NVT_REMOTE, DO: NVT_LOCAL)
 * while set, whatever the policy: true agrees, false refuses.  NULL returns to
 * the policies.  It may call anything but step and the blocking functions,
 * which fail with NVT_ERR_STATE.
 */
typedef bool	nvt_option_fn(struct nvt_session *s, enum nvt_side side,
		    uint8_t option, void *arg);
NVT_API void	nvt_session_on_option(struct nvt_session *s,
		    nvt_option_fn *fn, void *arg);

/* Told every event but text, after the engine acted on it. */
typedef void	nvt_event_fn(struct nvt_session *s,
		    const struct nvt_event *ev, void *arg);
NVT_API void	nvt_session_on_event(struct nvt_session *s,
		    nvt_event_fn *fn, void *arg);

/*
 * Told, line by line, what is received and sent: options and commands by name,
 * text escaped, connections and their ends, failures.  Text that goes out as a
 * secret, or in answer to a prompt that speaks of a password, shows as
 * "(secret)".  NULL ends it.  NVT_ERR_NOMEM.
 */
struct nvt_trace {
	int64_t		 now;		/* ms, monotonic */
	char		 direction;	/* '<' from the peer, '>' to it, '!' */
	const char	*text;
};
typedef void	nvt_trace_fn(struct nvt_session *s,
		    const struct nvt_trace *line, void *arg);
NVT_API int	nvt_session_trace(struct nvt_session *s,
		    nvt_trace_fn *fn, void *arg);

/*
 * What failed, as a sentence, such as "cannot connect to r1 port 23: Connection
 * refused" or "timed out after 10 s waiting for \"login:\""; "" if nothing did.
 * The error that ended the session stays until it is dialled or adopted again;
 * before it, the last error of a call.  Until the next call that is no
 * query.
 */
NVT_API const char	*nvt_session_error(const struct nvt_session *s);
/* Its NVT_ERR_..., or 0. */
NVT_API int	nvt_session_error_code(const struct nvt_session *s);
/* Its errno, or for NVT_ERR_RESOLVE getaddrinfo()'s EAI_...; 0 if neither. */
NVT_API int	nvt_session_system_error(const struct nvt_session *s);

/*
 * The peer as "address" and port.  NVT_ERR_STATE if there is none, or none with
 * an address; NVT_ERR_TOO_BIG for size, 46 being enough for any.
 */
NVT_API int	nvt_session_peer(const struct nvt_session *s,
		    char *address, size_t size, unsigned *port);

/* Milliseconds of the monotonic clock, for now. */
NVT_API int64_t	nvt_session_now(void);

/* The blocking face. */

/*
 * telnetlib's open: dial and wait, for timeout_ms or connect_timeout_ms,
 * whichever is sooner.  NVT_ERR_RESOLVE, _CONNECT, _TIMEOUT; as dial.
 */
NVT_API int	nvt_session_open(struct nvt_session *s, const char *host,
		    const char *service, int timeout_ms);

/*
 * Wait for a string, or for a pattern of a list: as nvt_session_result(), and
 * a failure of the wait does not end the session.  For _expect, list ends in
 * NULL and flags (enum nvt_pattern_flags) holds for all of it; NVT_ERR_PATTERN
 * is explained by nvt_session_error().  Compile a list that is used often, and
 * use _expect_set.  match may be NULL.
 */
NVT_API int	nvt_session_read_until(struct nvt_session *s,
		    const char *needle, int timeout_ms,
		    struct nvt_match *match);
NVT_API int	nvt_session_expect(struct nvt_session *s,
		    const char *const *list, unsigned flags,
		    int timeout_ms, struct nvt_match *match);
NVT_API int	nvt_session_expect_set(struct nvt_session *s,
		    struct nvt_patterns *patterns, int timeout_ms,
		    int settle_ms, struct nvt_match *match);

/*
 * Write all of it, waiting for the socket, and reading meanwhile; timeout_ms
 * bounds the whole.  _send_line adds the line end, and waits only while there
 * is no room to queue it (NVT_ERR_TOO_BIG: there never will be), for
 * connect_timeout_ms at most (NVT_ERR_TIMEOUT); _send_secret does so too and is
 * never traced.  Errors as nvt_session_queue().
 */
NVT_API int	nvt_session_write(struct nvt_session *s,
		    const void *data, size_t len, int timeout_ms);
NVT_API int	nvt_session_send_line(struct nvt_session *s,
		    const char *line);
NVT_API int	nvt_session_send_secret(struct nvt_session *s,
		    const char *line);

/*
 * telnetlib's reads.  Each returns 0 and text, which is consumed and lives
 * until the next call; or NVT_ERR_EOF if the end has come and no text is left;
 * or NVT_ERR_TIMEOUT or the session's error, and the text stays.
 */
/* All until the end; empty if there is none.  NVT_ERR_TOO_BIG: text_limit. */
NVT_API int	nvt_session_read_all(struct nvt_session *s,
		    int timeout_ms, struct nvt_span *text);
/* At least one byte. */
NVT_API int	nvt_session_read_some(struct nvt_session *s,
		    int timeout_ms, struct nvt_span *text);
/* All that can be had without waiting, of a flood a part; perhaps empty. */
NVT_API int	nvt_session_read_very_eager(struct nvt_session *s,
		    struct nvt_span *text);
/* The same, but reads the socket only while there is no text. */
NVT_API int	nvt_session_read_eager(struct nvt_session *s,
		    struct nvt_span *text);
/* What has been read from the socket already; perhaps empty. */
NVT_API int	nvt_session_read_lazy(struct nvt_session *s,
		    struct nvt_span *text);
NVT_API int	nvt_session_read_very_lazy(struct nvt_session *s,
		    struct nvt_span *text);

/*
 * Bytes for the wire as they are; nothing learns of an option in them.  Whole
 * or not at all.  Errors as nvt_session_queue().
 */
NVT_API int	nvt_session_send_raw(struct nvt_session *s,
		    const void *data, size_t len);

/* What nvt_session_interact() connects the session to. */
struct nvt_interact {
	size_t	size;		/* sizeof(struct nvt_interact) */
	int	in;		/* the user's descriptors: a terminal is made */
	int	out;		/* raw and restored; no SIGPIPE */
	int	escape;		/* byte that ends it at once; -1: none */
};
#define NVT_ESCAPE_DEFAULT	0x1d	/* ^] */

/*
 * Give the session to a person.  NULL: standard input and output, and ^] if
 * that is a terminal.  Returns 0 when the escape byte came or input ended and
 * has been sent, NVT_ERR_EOF when the peer closed and all of its text has been
 * shown, or an error.  The window's size is passed on as it changes.  What is
 * typed to a peer that does not echo is echoed.
 */
NVT_API int	nvt_session_interact(struct nvt_session *s,
		    const struct nvt_interact *with);

#ifdef __cplusplus
}
#endif

#endif /* NVT_SESSION_H */
