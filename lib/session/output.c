/*
 * output.c - from the caller and the engine to the stream.
 */
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * One in so many bytes of out_limit is for the engine.  An engine without
 * room for an answer takes no input; a peer that echoes, and so waits to be
 * read, would then wait for ever, and we for it.
 */
#define RESERVE 4

size_t
nvt__output_pending(const struct nvt_session *s)
{
	return nvt_telnet_pending_len(s->telnet);
}

bool
nvt__output_may_write(const struct nvt_session *s)
{
	if (!nvt__session_is_connected(s))
		return false;
	return nvt__output_pending(s) > 0 || (s->finishing && !s->finished);
}

int
nvt__output_refusal(const struct nvt_session *s)
{
	if (!nvt__session_is_connected(s) || s->finishing)
		return NVT_ERR_CLOSED;
	return s->out_error != 0 ? NVT_ERR_IO : 0;
}

#define SENTENCE_SIZE 160

static int
explain_broken(struct nvt_session *s, char sentence[SENTENCE_SIZE])
{
	char why[128];

	(void)snprintf(sentence, SENTENCE_SIZE, "cannot send: %s",
	    nvt__system_text(s->out_error, why, sizeof(why)));
	return nvt__session_complain(s, NVT_ERR_IO, s->out_error, sentence);
}

int
nvt__output_refuse(struct nvt_session *s, int code)
{
	char sentence[SENTENCE_SIZE];

	if (code == NVT_ERR_IO && s->out_error != 0)
		return explain_broken(s, sentence);
	return nvt__session_refuse(s, code);
}

/*
 * Nothing more can be sent, but what the peer had sent before can still be
 * read: the reader will find the end, after the text.
 */
static void
broken(struct nvt_session *s, int error)
{
	char sentence[SENTENCE_SIZE];

	s->out_error = error;
	(void)explain_broken(s, sentence);
	nvt__trace_note(s, sentence);
}

/* Whether what waits has nowhere to go. */
static bool
is_pointless(const struct nvt_session *s)
{
	return s->out_error != 0 || s->finished;
}

/*
 * One write: whether there may be another.  After an error there is, in a way:
 * the next turn of the caller's loop lets go of what waits.
 */
static bool
write_once(struct nvt_session *s, const uint8_t *data, size_t len)
{
	size_t urgent = nvt_telnet_pending_urgent(s->telnet);
	size_t part = urgent > 0 ? urgent : len;
	unsigned epoch = s->epoch;
	uint8_t *copy;
	ssize_t n;

	n = s->transport.ops->write(&s->transport, data, part, urgent > 0);
	if (n < 0) {
		s->choked = errno == EAGAIN || errno == EWOULDBLOCK;
		if (!s->choked)
			broken(s, errno);
		return s->out_error != 0;
	}
	copy = nvt__trace_copy(s, data, (size_t)n);
	nvt_telnet_sent(s->telnet, (size_t)n);
	s->stalled = false;
	s->choked = (size_t)n < part;
	nvt__trace_sent(s, copy, (size_t)n);
	return s->epoch == epoch && !s->choked;
}

/* A peer that is gone needs no FIN. */
static void
send_fin(struct nvt_session *s)
{
	s->finished = true;
	if (s->transport.ops->finish(&s->transport) != 0 && errno != ENOTCONN)
		broken(s, errno);
}

void
nvt__output_flush(struct nvt_session *s)
{
	const uint8_t *data;
	unsigned epoch = s->epoch;
	size_t len;

	if (s->deciding)
		return;
	while (nvt__session_is_connected(s) && s->epoch == epoch &&
	    (len = nvt_telnet_pending(s->telnet, &data)) > 0) {
		if (is_pointless(s)) {
			nvt_telnet_sent(s->telnet, len);
			s->stalled = false;
		} else if (!write_once(s, data, len))
			break;
	}
	if (!nvt__session_is_connected(s) || s->epoch != epoch)
		return;
	if (s->finishing && !s->finished && nvt__output_pending(s) == 0)
		send_fin(s);
}

/* The bytes that text can become at most: these three may become two. */
static size_t
worst_length(const uint8_t *data, size_t len)
{
	size_t i, n = len;

	for (i = 0; i < len; i++)
		n += data[i] == NVT_CMD_IAC || data[i] == '\r' ||
		    data[i] == '\n';
	return n;
}

size_t
nvt__output_room(const struct nvt_session *s)
{
	size_t limit = s->out_limit - s->out_limit / RESERVE;
	size_t pending = nvt__output_pending(s);

	return pending < limit ? limit - pending : 0;
}

static bool
fits(const struct nvt_session *s, const uint8_t *data, size_t len, size_t end)
{
	return worst_length(data, len) + end <= nvt__output_room(s);
}

static int
queue_text(struct nvt_session *s, const void *data, size_t len, bool secret)
{
	size_t taken, begin;
	int err;

	begin = nvt__trace_queue_begin(s);
	err = nvt_telnet_send_text(s->telnet, data, len, &taken);
	nvt__trace_queue_end(s, begin, secret);
	return err;
}

int
nvt_session_queue(struct nvt_session *s, const void *data, size_t len)
{
	int err;

	err = nvt__output_refusal(s);
	if (err == 0 && !fits(s, data, len, 0))
		err = NVT_ERR_FULL;
	if (err == 0)
		err = queue_text(s, data, len, false);
	return nvt__output_refuse(s, err);
}

/* In BINARY no CR LF is an end of line: the terminal's Enter is a CR. */
static const char *
line_end(const struct nvt_session *s)
{
	return nvt_telnet_is_on(s->telnet, NVT_LOCAL, NVT_OPT_BINARY) ? "\r" :
									"\r\n";
}

int
nvt__output_line(struct nvt_session *s, const char *line, bool secret)
{
	const char *end = line_end(s);
	size_t len = strlen(line);
	struct nvt__buf whole = { 0 };
	int err;

	err = nvt__output_refusal(s);
	if (err != 0)
		return err;
	if (!fits(s, (const uint8_t *)line, len, strlen(end)))
		return NVT_ERR_FULL;
	/* In one piece: half a line would be worse than none. */
	err = nvt__buf_append(&whole, line, len);
	if (err == 0)
		err = nvt__buf_append(&whole, end, strlen(end));
	if (err == 0)
		err = queue_text(s, whole.data, whole.len, secret);
	nvt__buf_free(&whole);
	return err;
}

int
nvt_session_queue_line(struct nvt_session *s, const char *line)
{
	return nvt__output_refuse(s, nvt__output_line(s, line, false));
}
