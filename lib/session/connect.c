/*
 * connect.c - the ways into a connection: dial and adopt.
 */
#include "session/session.h"

#include <stdio.h>
#include <unistd.h>

#include "session/dial.h"

/* The window of an ended stream takes no more text; its text is kept. */
static int
renew_window(struct nvt_session *s)
{
	struct nvt_expect *fresh;
	struct nvt_span text;
	int err;

	if (!nvt_expect_ended(s->expect))
		return 0;
	err = nvt__session_new_window(s, &fresh);
	if (err != 0)
		return err;
	text = nvt_expect_text(s->expect);
	err = nvt_expect_append(fresh, text.data, text.len, s->now);
	if (err != 0) {
		nvt_expect_free(fresh);
		return err;
	}
	nvt_expect_free(s->expect);
	s->expect = fresh;
	return 0;
}

static bool
is_busy(const struct nvt_session *s)
{
	return s->dial != NULL || nvt__session_is_connected(s);
}

/*
 * What can fail comes first, and what the connection needs was had before: a
 * session that could not begin one is as it was, its failure with it.
 */
static int
begin_connection(struct nvt_session *s, int64_t now)
{
	int err;

	s->now = now;
	nvt__wait_forget(s);
	err = renew_window(s);
	if (err != 0)
		return err;
	nvt__transport_close(&s->transport);
	nvt_telnet_reset(s->telnet);
	nvt__trace_reset(s);
	nvt__failure_clear(&s->failure);
	s->out_error = 0;
	s->started = s->finishing = s->finished = false;
	s->stalled = s->choked = s->more = false;
	s->marked = s->discarding = s->behind_dm = false;
	return 0;
}

static int
refuse_descriptor(struct nvt_session *s, int err)
{
	return nvt__session_complain(s, err, 0,
	    err == NVT_ERR_ARG ? "cannot adopt what is no stream" :
				 nvt_error_text(err));
}

int
nvt_session_adopt(struct nvt_session *s, int fd, int64_t now)
{
	struct nvt__transport fresh;
	int err;

	if (is_busy(s)) {
		if (fd >= 0)
			(void)close(fd);
		return nvt__session_refuse(s, NVT_ERR_STATE);
	}
	err = nvt__transport_adopt(&fresh, fd);
	if (err != 0)
		return refuse_descriptor(s, err);
	err = begin_connection(s, now);
	if (err != 0) {
		nvt__transport_close(&fresh);
		return nvt__session_refuse(s, err);
	}
	s->transport = fresh;
	s->epoch++;
	nvt__session_hold(s);
	nvt__session_become(s, NVT_SESSION_OPEN);
	err = nvt__session_end_code(s);
	return nvt__session_release(s) ? err : NVT_ERR_CLOSED;
}

void
nvt__connect_end(struct nvt_session *s)
{
	nvt__dial_free(s->dial);
	s->dial = NULL;
}

static void
note_connected(struct nvt_session *s)
{
	char address[64], line[96];
	unsigned port;

	if (s->trace == NULL ||
	    nvt_session_peer(s, address, sizeof(address), &port) != 0)
		return;
	(void)snprintf(
	    line, sizeof(line), "connected to %s port %u", address, port);
	nvt__trace_note(s, line);
}

void
nvt__connect_step(struct nvt_session *s)
{
	char sentence[512];
	int err, fd, system;

	err = nvt__dial_step(s->dial, s->now, &fd);
	if (err == NVT_ERR_AGAIN) {
		if (!nvt__dial_is_resolving(s->dial))
			nvt__session_become(s, NVT_SESSION_CONNECTING);
		return;
	}
	if (err != 0) {
		system = nvt__dial_system_error(s->dial);
		nvt__dial_explain(s->dial, err, sentence, sizeof(sentence));
		nvt__connect_end(s);
		(void)nvt__session_fail(s, err, system, sentence);
		return;
	}
	nvt__connect_end(s);
	nvt__transport_tcp(&s->transport, fd);
	nvt__session_become(s, NVT_SESSION_OPEN);
	note_connected(s);
}

int
nvt_session_dial(
    struct nvt_session *s, const char *host, const char *service, int64_t now)
{
	struct nvt__dial *dial;
	int err;

	if (host == NULL || is_busy(s))
		return nvt__session_refuse(
		    s, host == NULL ? NVT_ERR_ARG : NVT_ERR_STATE);
	err = nvt__dial_new(host, service, s->family,
	    nvt__deadline(now, s->connect_timeout_ms), &dial);
	if (err != 0)
		return nvt__session_refuse(s, err);
	err = begin_connection(s, now);
	if (err != 0) {
		nvt__dial_free(dial);
		return nvt__session_refuse(s, err);
	}
	s->dial = dial;
	nvt__session_hold(s);
	nvt__session_become(s, NVT_SESSION_RESOLVING);
	nvt__connect_step(s);
	return nvt__session_release(s) ? 0 : NVT_ERR_CLOSED;
}
