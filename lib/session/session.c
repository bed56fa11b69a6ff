/*
 * session.c - the machine: its life, its states, its step.
 */
#include "session/session.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/config.h"
#include "session/dial.h"

/* With less for text, a CR LF would find no room in pieces of half of it. */
#define OUT_LIMIT_MIN 16

int64_t
nvt_session_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
nvt__deadline(int64_t now, int timeout_ms)
{
	return timeout_ms < 0 ? -1 : now + timeout_ms;
}

int64_t
nvt__sooner(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

static void
destroy(struct nvt_session *s)
{
	nvt_telnet_free(s->telnet);
	nvt_expect_free(s->expect);
	nvt__dial_free(s->dial);
	nvt__trace_free(s->trace);
	nvt__transport_close(&s->transport);
	nvt__buf_free(&s->held);
	nvt__failure_clear(&s->failure);
	free(s);
}

void
nvt__session_hold(struct nvt_session *s)
{
	s->holds++;
}

bool
nvt__session_release(struct nvt_session *s)
{
	if (--s->holds > 0 || !s->doomed)
		return !s->doomed;
	destroy(s);
	return false;
}

int
nvt__session_new_window(const struct nvt_session *s, struct nvt_expect **out)
{
	struct nvt_expect_config config = {
		.size = sizeof(config),
		.text_limit = s->text_limit,
		.match_limit = s->match_limit,
		.earliest = s->earliest,
	};

	return nvt_expect_new(&config, out);
}

static int
new_engine(struct nvt_session *s, const struct nvt_session_config *c)
{
	struct nvt_telnet_config config = {
		.size = sizeof(config),
		.role = c->role,
		.sub_limit = c->sub_limit,
		.out_limit = s->out_limit,
		.newline = c->newline,
	};

	return nvt_telnet_new(&config, &s->telnet);
}

static int
set_ttype(struct nvt_session *s, const char *name)
{
	const char *names[] = { name, NULL };

	if (name == NULL)
		names[0] = NVT_SESSION_TTYPE_DEFAULT;
	else if (name[0] == '\0')
		return 0;
	return nvt_telnet_set_ttype(s->telnet, names);
}

static int
set_naws(struct nvt_session *s, struct nvt_naws window)
{
	if (window.cols == 0 && window.rows == 0) {
		window.cols = NVT_SESSION_COLS_DEFAULT;
		window.rows = NVT_SESSION_ROWS_DEFAULT;
	}
	return nvt_telnet_set_naws(s->telnet, &window);
}

static int
set_usual(struct nvt_session *s, const struct nvt_session_config *c)
{
	int err;

	nvt_telnet_set_usual(s->telnet);
	if (c->role == NVT_SERVER)
		return 0;
	err = set_ttype(s, c->ttype);
	if (err == 0)
		err = set_naws(s, c->window);
	return err;
}

static int
furnish(struct nvt_session *s, const struct nvt_session_config *c)
{
	int err;

	s->transport.fd = -1;
	s->role = c->role;
	s->start = c->start;
	s->family = c->family;
	s->connect_timeout_ms = c->connect_timeout_ms != 0 ?
	    c->connect_timeout_ms :
	    NVT_CONNECT_TIMEOUT_DEFAULT;
	s->out_limit = c->out_limit != 0 ? c->out_limit : NVT_OUT_LIMIT_DEFAULT;
	if (s->out_limit < OUT_LIMIT_MIN)
		s->out_limit = OUT_LIMIT_MIN;
	s->text_limit = c->text_limit;
	s->match_limit = c->match_limit;
	s->earliest = c->earliest;
	err = new_engine(s, c);
	if (err == 0)
		err = nvt__session_new_window(s, &s->expect);
	if (err == 0 && !c->refuse_all)
		err = set_usual(s, c);
	return err;
}

int
nvt_session_new(
    const struct nvt_session_config *config, struct nvt_session **out)
{
	struct nvt_session_config c = { .size = sizeof(c) };
	struct nvt_session *s;
	int err;

	if (config != NULL && nvt__config_read(&c, sizeof(c), config) != 0)
		return NVT_ERR_ARG;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NVT_ERR_NOMEM;
	err = furnish(s, &c);
	if (err != 0) {
		destroy(s);
		return err;
	}
	*out = s;
	return 0;
}

void
nvt_session_free(struct nvt_session *s)
{
	if (s == NULL)
		return;
	nvt__session_hold(s);
	nvt_session_close(s);
	s->on_option = NULL;
	s->on_event = NULL;
	s->doomed = true;
	(void)nvt__session_release(s);
}

bool
nvt__session_is_connected(const struct nvt_session *s)
{
	return s->state == NVT_SESSION_OPEN || s->state == NVT_SESSION_ENDED;
}

int
nvt__session_end_code(const struct nvt_session *s)
{
	switch (s->state) {
	case NVT_SESSION_RESOLVING:
	case NVT_SESSION_CONNECTING:
	case NVT_SESSION_OPEN:
		return 0;
	case NVT_SESSION_ENDED:
		return NVT_ERR_EOF;
	case NVT_SESSION_FAILED:
		return s->failure.code;
	case NVT_SESSION_IDLE:
	case NVT_SESSION_CLOSED:
		break;
	}
	return NVT_ERR_CLOSED;
}

void
nvt__session_start_options(struct nvt_session *s)
{
	if (s->started || s->start == NVT_START_NEVER)
		return;
	s->started = true;
	if (nvt_telnet_start(s->telnet) == NVT_ERR_NOMEM)
		(void)nvt__session_fail(
		    s, NVT_ERR_NOMEM, 0, nvt_error_text(NVT_ERR_NOMEM));
}

/* A client that asked first would send bytes to a port that is no Telnet. */
static bool
starts_at_once(const struct nvt_session *s)
{
	return s->start == NVT_START_NOW || s->role == NVT_SERVER;
}

void
nvt__session_become(struct nvt_session *s, enum nvt_session_state state)
{
	s->state = state;
	switch (state) {
	case NVT_SESSION_IDLE:
	case NVT_SESSION_CONNECTING:
		break;
	case NVT_SESSION_RESOLVING:
		s->epoch++;
		break;
	case NVT_SESSION_OPEN:
		if (starts_at_once(s))
			nvt__session_start_options(s);
		break;
	case NVT_SESSION_ENDED:
		nvt_expect_end(s->expect);
		break;
	case NVT_SESSION_FAILED:
	case NVT_SESSION_CLOSED:
		s->epoch++;
		nvt__input_keep(s);
		nvt__buf_free(&s->held);
		nvt_expect_end(s->expect);
		break;
	}
}

int
nvt__session_fail(
    struct nvt_session *s, int code, int system, const char *sentence)
{
	nvt__failure_set(&s->failure, true, code, system, sentence);
	nvt__session_become(s, NVT_SESSION_FAILED);
	nvt__trace_note(s, sentence);
	return code;
}

int
nvt__session_complain(
    struct nvt_session *s, int code, int system, const char *sentence)
{
	nvt__failure_set(&s->failure, false, code, system, sentence);
	return code;
}

int
nvt__session_refuse(struct nvt_session *s, int code)
{
	if (code >= 0)
		return code;
	return nvt__session_complain(s, code, 0, nvt_error_text(code));
}

/*
 * What the script says next joins the answers to what let it go on: one write
 * a turn, and no peer has to put an answer and a line together.
 */
static bool
leaves_write_to_script(const struct nvt_session *s, bool waited)
{
	return waited && s->wait.phase == NVT__WAIT_DECIDED;
}

/*
 * Output first only where its being full keeps input from going on.  Then what
 * was read before, since it came before; then the socket; then the wait, which
 * all of that may decide; and last what all of it had to answer, in one write.
 */
static void
exchange(struct nvt_session *s, unsigned ready)
{
	bool waited = s->wait.phase == NVT__WAIT_ON;

	if (s->stalled && (ready & NVT_WANTS_WRITE) != 0)
		nvt__output_flush(s);
	nvt__input_resume(s);
	if ((ready & NVT_WANTS_READ) != 0)
		nvt__input_read(s);
	nvt__wait_decide(s);
	if (!leaves_write_to_script(s, waited))
		nvt__output_flush(s);
}

int
nvt__session_step(struct nvt_session *s, int64_t now, unsigned ready)
{
	int code;

	if (s->calling > 0)
		return nvt__session_refuse(s, NVT_ERR_STATE);
	nvt__session_hold(s);
	s->now = now;
	s->got = s->more = false;
	if (s->dial != NULL)
		nvt__connect_step(s);
	else if (nvt__session_is_connected(s))
		exchange(s, ready);
	nvt__wait_decide(s);
	code = s->state == NVT_SESSION_FAILED ? s->failure.code : 0;
	return nvt__session_release(s) ? code : NVT_ERR_CLOSED;
}

int
nvt_session_step(struct nvt_session *s, int64_t now)
{
	return nvt__session_step(s, now, NVT_WANTS_READ | NVT_WANTS_WRITE);
}

void
nvt_session_urgent(struct nvt_session *s)
{
	nvt__input_look_for_mark(s);
	/* What is no TCP has no mark to ask for: the caller knows. */
	if (s->state == NVT_SESSION_OPEN && !s->transport.ops->has_urgent)
		nvt_telnet_urgent(s->telnet);
}

int
nvt_session_finish(struct nvt_session *s)
{
	if (!nvt__session_is_connected(s))
		return nvt__session_refuse(s, NVT_ERR_CLOSED);
	if (s->transport.ops->finish == NULL)
		return nvt__session_complain(
		    s, NVT_ERR_UNSUPPORTED, 0, "only a socket can be finished");
	nvt__session_hold(s);
	s->finishing = true;
	nvt__output_flush(s);
	return nvt__session_release(s) ? 0 : NVT_ERR_CLOSED;
}

void
nvt_session_close(struct nvt_session *s)
{
	if (s->state == NVT_SESSION_CLOSED)
		return;
	nvt__session_hold(s);
	s->deciding = false;
	if (nvt__session_is_connected(s))
		nvt__output_flush(s);
	nvt__transport_close(&s->transport);
	nvt__connect_end(s);
	if (s->state != NVT_SESSION_CLOSED)
		nvt__session_become(s, NVT_SESSION_CLOSED);
	nvt__wait_decide(s);
	(void)nvt__session_release(s);
}

void
nvt_session_trim(struct nvt_session *s)
{
	nvt_telnet_trim(s->telnet);
	if (s->wait.phase != NVT__WAIT_DECIDED)
		nvt_expect_trim(s->expect);
	nvt__buf_trim(&s->held);
}

struct nvt_telnet *
nvt_session_telnet(struct nvt_session *s)
{
	return s->telnet;
}

enum nvt_session_state
nvt_session_state(const struct nvt_session *s)
{
	return s->state;
}

int
nvt_session_fd(const struct nvt_session *s)
{
	return s->dial != NULL ? nvt__dial_fd(s->dial) : s->transport.fd;
}

unsigned
nvt_session_wants(const struct nvt_session *s)
{
	unsigned wants = 0;

	if (s->dial != NULL)
		return nvt__dial_wants(s->dial);
	if (nvt__input_may_read(s)) {
		wants |= NVT_WANTS_READ;
		if (s->transport.ops->has_urgent)
			wants |= NVT_WANTS_URGENT;
	}
	if (nvt__output_may_write(s))
		wants |= NVT_WANTS_WRITE;
	return wants;
}

int64_t
nvt_session_deadline(const struct nvt_session *s)
{
	int64_t at = nvt__wait_deadline(s);

	if (s->dial != NULL)
		return nvt__sooner(at, nvt__dial_deadline(s->dial));
	return nvt__input_may_resume(s) ? nvt__sooner(at, s->now) : at;
}

struct nvt_span
nvt_session_text(const struct nvt_session *s)
{
	return nvt_expect_text(s->expect);
}

void
nvt_session_consume(struct nvt_session *s, size_t len)
{
	if (s->wait.phase == NVT__WAIT_DECIDED)
		nvt__wait_forget(s);
	(void)nvt_expect_consume(s->expect, len);
}

const char *
nvt_session_error(const struct nvt_session *s)
{
	return nvt__failure_text(&s->failure);
}

int
nvt_session_error_code(const struct nvt_session *s)
{
	return s->failure.code;
}

int
nvt_session_system_error(const struct nvt_session *s)
{
	return s->failure.system;
}

int
nvt_session_peer(
    const struct nvt_session *s, char *address, size_t size, unsigned *port)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof(peer);
	char service[8];

	if (s->transport.fd < 0 ||
	    getpeername(s->transport.fd, (struct sockaddr *)&peer, &len) != 0)
		return NVT_ERR_STATE;
	if (peer.ss_family != AF_INET && peer.ss_family != AF_INET6)
		return NVT_ERR_STATE;
	if (getnameinfo((struct sockaddr *)&peer, len, address, (socklen_t)size,
		service, sizeof(service), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return NVT_ERR_TOO_BIG;
	*port = (unsigned)strtoul(service, NULL, 10);
	return 0;
}
