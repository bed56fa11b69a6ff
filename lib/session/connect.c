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

static int
begin_connection(struct nvt_session *s, int64_t now)
{
	int err;

	if (s->dial != NULL || nvt__session_is_connected(s))
		return NVT_ERR_STATE;
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
	return 0;
}

int
nvt_session_adopt(struct nvt_session *s, int fd, int64_t now)
{
	int err;

	err = begin_connection(s, now);
	if (err != 0) {
		if (fd >= 0)
			(void)close(fd);
		return err;
	}
	err = nvt__transport_adopt(&s->transport, fd);
	if (err != 0)
		return err;
	s->epoch++;
	nvt__session_hold(s);
	nvt__session_become(s, NVT_SESSION_OPEN);
	err = nvt__session_end_code(s);
	(void)nvt__session_release(s);
	return err;
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
	int err;

	if (host == NULL)
		return NVT_ERR_ARG;
	err = begin_connection(s, now);
	if (err == 0)
		err = nvt__dial_new(host, service, s->family,
		    nvt__deadline(now, s->connect_timeout_ms), &s->dial);
	if (err != 0)
		return err;
	nvt__session_hold(s);
	nvt__session_become(s, NVT_SESSION_RESOLVING);
	nvt__connect_step(s);
	(void)nvt__session_release(s);
	return 0;
}
