/*
 * wait.c - a wait for text: begin, decide, fetch.
 *
 * A wait that is decided holds pointers into the window, so the machine reads
 * nothing more until its result is fetched.
 */
#include "session/session.h"

#include <stdio.h>

/* The wait is over without a match; its text is told. */
static void
give_up(struct nvt_session *s, int result)
{
	if (nvt_expect_waiting(s->expect))
		nvt_expect_cancel(s->expect, &s->wait.match);
	s->wait.result = result;
	s->wait.phase = NVT__WAIT_DECIDED;
}

void
nvt__wait_look(struct nvt_session *s)
{
	int rc;

	if (s->wait.phase != NVT__WAIT_ON)
		return;
	rc = nvt_expect_poll(s->expect, s->now, &s->wait.match);
	if (rc < 0)
		give_up(s, rc);
	if (rc <= 0)
		return;
	s->wait.result = s->wait.match.which;
	s->wait.phase = NVT__WAIT_DECIDED;
}

static void
decide_by_end(struct nvt_session *s)
{
	int code = nvt__session_end_code(s);

	if (s->wait.phase == NVT__WAIT_ON && code != 0)
		give_up(s, code);
}

void
nvt__wait_decide(struct nvt_session *s)
{
	nvt__wait_look(s);
	decide_by_end(s);
	if (s->wait.phase == NVT__WAIT_ON && s->wait.deadline >= 0 &&
	    s->now >= s->wait.deadline)
		give_up(s, NVT_ERR_TIMEOUT);
}

void
nvt__wait_forget(struct nvt_session *s)
{
	if (nvt_expect_waiting(s->expect))
		nvt_expect_cancel(s->expect, NULL);
	s->wait.phase = NVT__WAIT_NONE;
}

int64_t
nvt__wait_deadline(const struct nvt_session *s)
{
	if (s->wait.phase != NVT__WAIT_ON)
		return -1;
	return nvt__sooner(s->wait.deadline, nvt_expect_deadline(s->expect));
}

/*
 * What is there may decide at once.  The clock may not: a time-out of 0 still
 * looks at what the socket has.
 */
static void
begin(struct nvt_session *s, int timeout_ms, int64_t now)
{
	s->now = now;
	s->wait.deadline = nvt__deadline(now, timeout_ms);
	s->wait.timeout_ms = timeout_ms;
	s->wait.phase = NVT__WAIT_ON;
	nvt__wait_look(s);
	decide_by_end(s);
}

int
nvt_session_begin_until(struct nvt_session *s, const void *needle, size_t len,
    int timeout_ms, int64_t now)
{
	int err;

	nvt__wait_forget(s);
	err = nvt_expect_until(s->expect, needle, len);
	if (err == 0)
		begin(s, timeout_ms, now);
	return nvt__session_refuse(s, err);
}

int
nvt_session_begin_expect(struct nvt_session *s, struct nvt_patterns *patterns,
    int timeout_ms, int settle_ms, int64_t now)
{
	int err;

	nvt__wait_forget(s);
	err = nvt_expect_patterns(s->expect, patterns, settle_ms, now);
	if (err == 0)
		begin(s, timeout_ms, now);
	return nvt__session_refuse(s, err);
}

static void
explain(struct nvt_session *s, int code)
{
	char sentence[80];

	if (code == NVT_ERR_TIMEOUT)
		(void)snprintf(sentence, sizeof(sentence),
		    "timed out after %.3g s",
		    (double)s->wait.timeout_ms / 1000);
	else
		(void)snprintf(
		    sentence, sizeof(sentence), "%s", nvt_error_text(code));
	(void)nvt__session_complain(s, code, 0, sentence);
}

int
nvt_session_result(struct nvt_session *s, struct nvt_match *match)
{
	if (s->wait.phase == NVT__WAIT_NONE)
		return nvt__session_refuse(s, NVT_ERR_STATE);
	if (s->wait.phase == NVT__WAIT_ON)
		return NVT_ERR_AGAIN;
	s->wait.phase = NVT__WAIT_NONE;
	if (match != NULL)
		*match = s->wait.match;
	if (s->wait.result < 0)
		explain(s, s->wait.result);
	return s->wait.result;
}

int
nvt_session_capture(
    const struct nvt_session *s, size_t group, struct nvt_span *out)
{
	return nvt_expect_capture(s->expect, group, out);
}
