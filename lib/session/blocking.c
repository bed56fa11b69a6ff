/*
 * blocking.c - the second driver: poll and step, until it is done.
 *
 * Every function here does with the machine what a caller's own loop would;
 * none knows anything that the public functions do not tell.
 */
#include "session/session.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/dial.h"

/* Bytes of a needle that an error shows. */
#define NEEDLE_SHOWN 80

static int
poll_timeout(const struct nvt_session *s, int64_t until)
{
	int64_t at = nvt__sooner(until, nvt_session_deadline(s));
	int64_t left;

	if (at < 0)
		return -1;
	left = at - nvt_session_now();
	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

short
nvt__block_events(unsigned wants)
{
	int events = 0;

	if ((wants & NVT_WANTS_READ) != 0)
		events |= POLLIN;
	if ((wants & NVT_WANTS_WRITE) != 0)
		events |= POLLOUT;
	if ((wants & NVT_WANTS_URGENT) != 0)
		events |= POLLPRI;
	return (short)events;
}

static unsigned
ready_for(int revents)
{
	unsigned ready = 0;

	if ((revents & (POLLIN | POLLPRI | POLLHUP | POLLERR | POLLNVAL)) != 0)
		ready |= NVT_WANTS_READ;
	if ((revents & (POLLOUT | POLLERR)) != 0)
		ready |= NVT_WANTS_WRITE;
	return ready;
}

static int
poll_failed(struct nvt_session *s, int error)
{
	char sentence[160], why[128];

	(void)snprintf(sentence, sizeof(sentence), "cannot wait: %s",
	    nvt__system_text(error, why, sizeof(why)));
	return nvt__session_fail(s, NVT_ERR_IO, error, sentence);
}

/* What waits is tried before the wait: mostly the socket takes it. */
static void
flush_first(struct nvt_session *s)
{
	if (s->dial == NULL && !s->choked && nvt__output_may_write(s))
		nvt__output_flush(s);
}

int
nvt__block_turn(struct nvt_session *s, int64_t until)
{
	struct pollfd p;
	unsigned wants;
	int n;

	flush_first(s);
	/* A trace of that may have closed it. */
	if (s->dial == NULL && !nvt__session_is_connected(s))
		return nvt__session_step(s, nvt_session_now(), 0);
	wants = nvt_session_wants(s);
	if (s->more && (wants & NVT_WANTS_READ) != 0) {
		nvt__input_look_for_mark(s);
		return nvt__session_step(s, nvt_session_now(), NVT_WANTS_READ);
	}
	/* Unasked, poll() tells of an end and of errors all the same. */
	p.fd = wants != 0 ? nvt_session_fd(s) : -1;
	p.events = nvt__block_events(wants);
	p.revents = 0;
	n = poll(&p, 1, poll_timeout(s, until));
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return poll_failed(s, errno);
	if (n <= 0)
		p.revents = 0;
	if ((p.revents & POLLPRI) != 0)
		nvt_session_urgent(s);
	return nvt__session_step(s, nvt_session_now(), ready_for(p.revents));
}

int
nvt__block_refusal(struct nvt_session *s)
{
	return nvt__session_refuse(s, s->calling > 0 ? NVT_ERR_STATE : 0);
}

static int
dial_and_wait(struct nvt_session *s, const char *host, const char *service,
    int timeout_ms)
{
	int64_t now = nvt_session_now();
	int err;

	err = nvt_session_dial(s, host, service, now);
	if (err != 0)
		return err;
	if (s->dial != NULL && timeout_ms >= 0)
		nvt__dial_limit(s->dial, now + timeout_ms);
	while (s->dial != NULL)
		(void)nvt__block_turn(s, -1);
	return nvt__session_refuse(s, nvt__session_end_code(s));
}

int
nvt_session_open(struct nvt_session *s, const char *host, const char *service,
    int timeout_ms)
{
	int err;

	err = nvt__block_refusal(s);
	if (err != 0)
		return err;
	nvt__session_hold(s);
	err = dial_and_wait(s, host, service, timeout_ms);
	return nvt__session_release(s) ? err : NVT_ERR_CLOSED;
}

static int
wait_for_result(struct nvt_session *s, struct nvt_match *match)
{
	int result;

	while ((result = nvt_session_result(s, match)) == NVT_ERR_AGAIN)
		(void)nvt__block_turn(s, -1);
	return result;
}

/* Only here is it known what was waited for. */
static void
explain_wait(struct nvt_session *s, int code, int timeout_ms, const char *what)
{
	char sentence[256];

	if (code == NVT_ERR_TIMEOUT)
		(void)snprintf(sentence, sizeof(sentence),
		    "timed out after %.3g s waiting for %s",
		    (double)timeout_ms / 1000, what);
	else
		(void)snprintf(sentence, sizeof(sentence),
		    "%s while waiting for %s", nvt_error_text(code), what);
	/* A call that fails inside the callback must not have the last word. */
	nvt__trace_note(s, sentence);
	(void)nvt__session_complain(s, code, 0, sentence);
}

static void
explain_needle(
    struct nvt_session *s, int code, int timeout_ms, const char *needle)
{
	char shown[NEEDLE_SHOWN], what[NEEDLE_SHOWN + 2];

	(void)nvt_wire_escape(
	    (const uint8_t *)needle, strlen(needle), shown, sizeof(shown));
	(void)snprintf(what, sizeof(what), "\"%s\"", shown);
	explain_wait(s, code, timeout_ms, what);
}

static void
explain_patterns(struct nvt_session *s, int code, int timeout_ms, size_t count)
{
	char what[48];

	(void)snprintf(what, sizeof(what),
	    count == 1 ? "a pattern" : "any of %zu patterns", count);
	explain_wait(s, code, timeout_ms, what);
}

int
nvt_session_read_until(struct nvt_session *s, const char *needle,
    int timeout_ms, struct nvt_match *match)
{
	int result;

	result = nvt__block_refusal(s);
	if (result != 0)
		return result;
	nvt__session_hold(s);
	result = nvt_session_begin_until(
	    s, needle, strlen(needle), timeout_ms, nvt_session_now());
	if (result == 0)
		result = wait_for_result(s, match);
	if (result < 0)
		explain_needle(s, result, timeout_ms, needle);
	return nvt__session_release(s) ? result : NVT_ERR_CLOSED;
}

int
nvt_session_expect_set(struct nvt_session *s, struct nvt_patterns *patterns,
    int timeout_ms, int settle_ms, struct nvt_match *match)
{
	int result;

	result = nvt__block_refusal(s);
	if (result != 0)
		return result;
	nvt__session_hold(s);
	result = nvt_session_begin_expect(
	    s, patterns, timeout_ms, settle_ms, nvt_session_now());
	if (result == 0)
		result = wait_for_result(s, match);
	if (result < 0)
		explain_patterns(
		    s, result, timeout_ms, nvt_patterns_count(patterns));
	return nvt__session_release(s) ? result : NVT_ERR_CLOSED;
}

static size_t
count_list(const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

static int
bad_pattern(struct nvt_session *s, const char *const *list,
    const struct nvt_pattern_error *error)
{
	char sentence[320], shown[NEEDLE_SHOWN];
	const char *text = list[error->which];

	(void)nvt_wire_escape(
	    (const uint8_t *)text, strlen(text), shown, sizeof(shown));
	(void)snprintf(sentence, sizeof(sentence),
	    "invalid pattern \"%s\" at offset %zu: %s", shown, error->offset,
	    error->text);
	return nvt__session_complain(s, NVT_ERR_PATTERN, 0, sentence);
}

static int
compile(struct nvt_session *s, const char *const *list, unsigned flags,
    struct nvt_patterns **out)
{
	struct nvt_pattern_error error;
	struct nvt_pattern *patterns;
	size_t i, count = count_list(list);
	int err;

	patterns = calloc(count + 1, sizeof(*patterns));
	if (patterns == NULL)
		return nvt__session_refuse(s, NVT_ERR_NOMEM);
	for (i = 0; i < count; i++) {
		patterns[i].text = list[i];
		patterns[i].len = strlen(list[i]);
		patterns[i].flags = flags;
	}
	err = nvt_patterns_new(patterns, count, out, &error);
	free(patterns);
	if (err == NVT_ERR_PATTERN)
		return bad_pattern(s, list, &error);
	return nvt__session_refuse(s, err);
}

int
nvt_session_expect(struct nvt_session *s, const char *const *list,
    unsigned flags, int timeout_ms, struct nvt_match *match)
{
	struct nvt_patterns *patterns;
	int result;

	result = nvt__block_refusal(s);
	if (result == 0)
		result = compile(s, list, flags, &patterns);
	if (result != 0)
		return result;
	result = nvt_session_expect_set(s, patterns, timeout_ms, 0, match);
	nvt_patterns_free(patterns);
	return result;
}

static bool
is_past(const struct nvt_session *s, int64_t until)
{
	return until >= 0 && s->now >= until;
}

static int
send_timed_out(struct nvt_session *s)
{
	return nvt__session_complain(
	    s, NVT_ERR_TIMEOUT, 0, "timed out while sending");
}

/*
 * As much of the text as is sure to fit, each byte of it being doubled.  The
 * engine takes each piece for itself, so none ends between a CR and its LF.
 */
static size_t
part(const struct nvt_session *s, const uint8_t *data, size_t len)
{
	size_t room = nvt__output_room(s) / 2;

	if (len <= room)
		return len;
	return room > 0 && data[room - 1] == '\r' ? room - 1 : room;
}

/* Queue as much as there is room for, and offer it to the socket. */
static int
push(struct nvt_session *s, const uint8_t **data, size_t *len)
{
	size_t begin, taken = 0;
	int err;

	err = nvt__output_refusal(s);
	if (err != 0)
		return err;
	begin = nvt__trace_queue_begin(s);
	err = nvt_telnet_send_text(
	    s->telnet, *data, part(s, *data, *len), &taken);
	nvt__trace_queue_end(s, begin, false);
	*data += taken;
	*len -= taken;
	if (err == 0)
		nvt__output_flush(s);
	return err != 0 ? err : nvt__output_refusal(s);
}

static int
write_all(
    struct nvt_session *s, const uint8_t *data, size_t len, int timeout_ms)
{
	int64_t until;
	int err;

	s->now = nvt_session_now();
	until = nvt__deadline(s->now, timeout_ms);
	for (;;) {
		err = push(s, &data, &len);
		if (err != 0)
			return nvt__output_refuse(s, err);
		if (len == 0 && nvt__output_pending(s) == 0)
			return 0;
		/* Room again already: the socket took all. */
		if (nvt__output_pending(s) == 0)
			continue;
		if (is_past(s, until))
			return send_timed_out(s);
		(void)nvt__block_turn(s, until);
	}
}

int
nvt_session_write(
    struct nvt_session *s, const void *data, size_t len, int timeout_ms)
{
	int err;

	err = nvt__block_refusal(s);
	if (err != 0)
		return err;
	nvt__session_hold(s);
	err = write_all(s, data, len, timeout_ms);
	return nvt__session_release(s) ? err : NVT_ERR_CLOSED;
}

/* What was queued is offered to the socket. */
static int
offer(struct nvt_session *s)
{
	nvt__output_flush(s);
	return nvt__output_refuse(s, s->out_error != 0 ? NVT_ERR_IO : 0);
}

static int
too_long(struct nvt_session *s)
{
	return nvt__session_complain(
	    s, NVT_ERR_TOO_BIG, 0, "a line longer than out_limit allows");
}

/* A line waits for room, if it must, and then for nothing. */
static int
send_line(struct nvt_session *s, const char *line, bool secret)
{
	int64_t until;
	size_t before;
	int err;

	s->now = nvt_session_now();
	until = nvt__deadline(s->now, s->connect_timeout_ms);
	while ((err = nvt__output_line(s, line, secret)) == NVT_ERR_FULL) {
		before = nvt__output_pending(s);
		if (before == 0)
			return too_long(s);
		if (is_past(s, until))
			return send_timed_out(s);
		nvt__output_flush(s);
		if (nvt__output_pending(s) == before)
			(void)nvt__block_turn(s, until);
	}
	return err != 0 ? nvt__output_refuse(s, err) : offer(s);
}

static int
send_line_held(struct nvt_session *s, const char *line, bool secret)
{
	int err;

	err = nvt__block_refusal(s);
	if (err != 0)
		return err;
	nvt__session_hold(s);
	err = send_line(s, line, secret);
	return nvt__session_release(s) ? err : NVT_ERR_CLOSED;
}

int
nvt_session_send_line(struct nvt_session *s, const char *line)
{
	return send_line_held(s, line, false);
}

int
nvt_session_send_secret(struct nvt_session *s, const char *line)
{
	return send_line_held(s, line, true);
}

int
nvt_session_send_raw(struct nvt_session *s, const void *data, size_t len)
{
	int err;

	err = nvt__output_refusal(s);
	if (err == 0)
		err = nvt_telnet_send_raw(s->telnet, data, len);
	if (err != 0)
		return nvt__output_refuse(s, err);
	nvt__session_hold(s);
	err = offer(s);
	return nvt__session_release(s) ? err : NVT_ERR_CLOSED;
}
