/*
 * input.c - from the stream to the engine, the window and the callbacks.
 *
 * What there is no room for stays as it came, undecoded: the engine is given
 * no more than the window can take, and nothing while its output is full.
 */
#include "session/session.h"

#include <errno.h>
#include <stdio.h>

/*
 * Bytes of one read.  A loop of many sessions shares these on its stack.  In a
 * flood half as many cost 6 % of the time, a quarter 14 %, and twice as many
 * gain nothing.
 */
#define READ_SIZE ((size_t)64 << 10)

/* A match that is not fetched yet points into the window. */
static bool
window_stands_still(const struct nvt_session *s)
{
	return s->wait.phase == NVT__WAIT_DECIDED;
}

/* While a wait is under way old text makes room for new. */
static bool
has_room(const struct nvt_session *s)
{
	if (window_stands_still(s))
		return false;
	return s->wait.phase == NVT__WAIT_ON || nvt_expect_room(s->expect) > 0;
}

bool
nvt__input_may_read(const struct nvt_session *s)
{
	return s->state == NVT_SESSION_OPEN && s->held.len == 0 && has_room(s);
}

bool
nvt__input_may_resume(const struct nvt_session *s)
{
	return s->held.len > 0 && !s->stalled && has_room(s);
}

/*
 * How much of len bytes the window has room for, decoded text being no longer
 * than its bytes.  When it is full the wait looks before the oldest text goes,
 * and half of the text stays, for what began in it.  The look may decide the
 * wait, but frees nothing: so room is still what it was, and 0 then.
 */
static size_t
slice(struct nvt_session *s, size_t len)
{
	size_t room;

	if (window_stands_still(s))
		return 0;
	room = nvt_expect_room(s->expect);
	if (room == 0)
		nvt__wait_look(s);
	if (room == 0 && s->wait.phase == NVT__WAIT_ON)
		room = (nvt_expect_text(s->expect).len + 1) / 2;
	return len < room ? len : room;
}

static void
take_text(struct nvt_session *s, const struct nvt_event *ev)
{
	int err;

	err = nvt_expect_append(s->expect, ev->data, ev->len, s->now);
	if (err != 0)
		(void)nvt__session_fail(s, err, 0, nvt_error_text(err));
}

static void
tell(struct nvt_session *s, const struct nvt_event *ev)
{
	if (s->on_event == NULL)
		return;
	s->calling++;
	/* Without on_option a request is the event callback's to answer. */
	s->deciding = ev->type == NVT_EV_REQUEST && s->on_option == NULL;
	s->on_event(s, ev, s->event_arg);
	s->deciding = false;
	s->calling--;
}

/* From here on text is thrown away, up to the next DM. */
static void
discard(struct nvt_session *s)
{
	if (s->discarding)
		return;
	s->discarding = true;
	nvt_telnet_urgent(s->telnet);
}

/*
 * RFC 854 has the mark on the DM.  RFC 793 and RFC 1122 (4.2.2.4) differ by
 * one about where it points: where it is on the byte behind a DM, that DM was
 * the one, and no other will come.
 */
void
nvt__input_look_for_mark(struct nvt_session *s)
{
	if (s->state != NVT_SESSION_OPEN || !s->transport.ops->has_urgent)
		return;
	s->marked = nvt__transport_mark_ahead(&s->transport);
	if (s->marked && s->behind_dm && s->held.len == 0 &&
	    nvt__transport_at_mark(&s->transport))
		s->marked = false;
	if (s->marked)
		discard(s);
}

/* A DM ends it, and so does the engine's limit. */
static void
note_dm(struct nvt_session *s, const struct nvt_event *ev)
{
	bool is_dm = ev->type == NVT_EV_COMMAND && ev->command == NVT_CMD_DM;

	if (is_dm ||
	    (ev->type == NVT_EV_FAULT && ev->fault == NVT_FAULT_SYNCH_LIMIT))
		s->discarding = false;
	s->behind_dm = is_dm;
}

static void
dispatch(struct nvt_session *s, const struct nvt_event *ev)
{
	unsigned epoch = s->epoch;

	switch (ev->type) {
	case NVT_EV_NONE:
	case NVT_EV_FULL:
		return;
	case NVT_EV_TEXT:
		take_text(s, ev);
		return;
	case NVT_EV_REQUEST:
		nvt__option_answer(s, ev);
		break;
	case NVT_EV_FAULT:
		nvt__trace_fault(s, ev);
		break;
	default:
		break;
	}
	if (s->epoch == epoch)
		tell(s, ev);
}

/*
 * Whether the peer has shown that it speaks Telnet.  What it asked for and
 * was refused is no event, but has an answer: more waits than before.
 */
static bool
speaks_telnet(
    const struct nvt_session *s, const struct nvt_event *ev, size_t before)
{
	if (ev->type != NVT_EV_NONE && ev->type != NVT_EV_TEXT)
		return true;
	return nvt__output_pending(s) > before;
}

/* A request is still open while the bytes that made it are shown. */
static void
show_received(struct nvt_session *s, const uint8_t *data, size_t len,
    const struct nvt_event *ev)
{
	s->deciding = ev->type == NVT_EV_REQUEST;
	nvt__trace_received(s, data, len);
	s->deciding = false;
}

/*
 * The engine wants its output out first: whether that made room.  The errors
 * of a stream that takes no more make room, too.
 */
static bool
make_room(struct nvt_session *s)
{
	size_t before = nvt__output_pending(s);

	nvt__output_flush(s);
	s->stalled = nvt__output_pending(s) >= before;
	return !s->stalled;
}

/* Returns how much of in was taken: less if output is full, or all is over. */
static size_t
feed(struct nvt_session *s, const uint8_t *in, size_t len)
{
	struct nvt_event ev;
	unsigned epoch = s->epoch;
	size_t taken = 0, n, before;
	bool speaks;

	do {
		if (s->marked && taken < len)
			discard(s);
		before = nvt__output_pending(s);
		n = nvt_telnet_feed(s->telnet, in + taken, len - taken, &ev);
		speaks = speaks_telnet(s, &ev, before);
		if (n > 0)
			note_dm(s, &ev);
		show_received(s, in + taken, n, &ev);
		taken += n;
		if (s->epoch != epoch)
			return taken;
		dispatch(s, &ev);
		if (s->epoch != epoch)
			return taken;
		if (!s->started && speaks)
			nvt__session_start_options(s);
		if (ev.type == NVT_EV_FULL && !make_room(s))
			return taken;
	} while (s->epoch == epoch && (taken < len || ev.type != NVT_EV_NONE));
	return taken;
}

static size_t
feed_slices(struct nvt_session *s, const uint8_t *in, size_t len)
{
	unsigned epoch = s->epoch;
	size_t taken = 0, n, part;

	while (taken < len && s->epoch == epoch) {
		part = slice(s, len - taken);
		if (part == 0)
			break;
		n = feed(s, in + taken, part);
		taken += n;
		if (n < part)
			break;
	}
	return taken;
}

/* Keep what was not taken.  It is less than READ_SIZE. */
static void
hold(struct nvt_session *s, const uint8_t *rest, size_t len)
{
	if (nvt__buf_append(&s->held, rest, len) != 0)
		(void)nvt__session_fail(
		    s, NVT_ERR_NOMEM, 0, nvt_error_text(NVT_ERR_NOMEM));
}

void
nvt__input_resume(struct nvt_session *s)
{
	struct nvt__buf in = s->held;
	unsigned epoch = s->epoch;
	size_t taken;

	if (!nvt__input_may_resume(s))
		return;
	/* Ours meanwhile: a callback may close, which frees what is held. */
	s->held = (struct nvt__buf){ 0 };
	taken = feed_slices(s, in.data, in.len);
	if (s->epoch != epoch || taken == in.len) {
		nvt__buf_free(&in);
		return;
	}
	nvt__buf_shift(&in, taken);
	s->held = in;
}

/*
 * Nobody is told of what else there is in it, or answered: the engine's answers
 * only must not keep it from going on.
 */
void
nvt__input_keep(struct nvt_session *s)
{
	struct nvt_event ev;
	size_t taken = 0, room;

	while (taken < s->held.len && !window_stands_still(s)) {
		room = nvt_expect_room(s->expect);
		if (room > s->held.len - taken)
			room = s->held.len - taken;
		if (room == 0)
			break;
		taken +=
		    nvt_telnet_feed(s->telnet, s->held.data + taken, room, &ev);
		if (ev.type == NVT_EV_FULL)
			nvt_telnet_sent(s->telnet, nvt__output_pending(s));
		if (ev.type == NVT_EV_TEXT &&
		    nvt_expect_append(s->expect, ev.data, ev.len, s->now) != 0)
			break;
	}
}

static void
broken(struct nvt_session *s, int error)
{
	char sentence[160], why[128];

	if (error == EAGAIN || error == EWOULDBLOCK)
		return;
	(void)snprintf(sentence, sizeof(sentence), "connection lost: %s",
	    nvt__system_text(error, why, sizeof(why)));
	(void)nvt__session_fail(s, NVT_ERR_IO, error, sentence);
}

/*
 * The system tells of a RST once, and a write may have been told: then what
 * looks like the end of the stream is the loss of the connection.
 */
static bool
was_cut(const struct nvt_session *s)
{
	return s->out_error != 0 && s->out_error != EPIPE;
}

static void
ended(struct nvt_session *s)
{
	struct nvt_event ev;
	unsigned epoch = s->epoch;

	if (was_cut(s)) {
		broken(s, s->out_error);
		return;
	}
	nvt__trace_note(s, nvt_error_text(NVT_ERR_EOF));
	if (s->epoch != epoch)
		return;
	nvt_telnet_end(s->telnet, &ev);
	dispatch(s, &ev);
	if (s->epoch == epoch)
		nvt__session_become(s, NVT_SESSION_ENDED);
}

/* Outside a wait nothing may be lost, so no more is read than fits. */
static size_t
read_size(const struct nvt_session *s)
{
	size_t room = nvt_expect_room(s->expect);

	if (s->wait.phase == NVT__WAIT_ON || room > READ_SIZE)
		return READ_SIZE;
	return room;
}

/*
 * A read stops before the mark, and one that begins at it passes it: what
 * follows the mark in that read is as if there had been none, once a DM came.
 */
static ssize_t
read_up_to_mark(struct nvt_session *s, uint8_t *buf, size_t size)
{
	bool at_mark = false;
	ssize_t n;

	if (s->marked)
		nvt__input_look_for_mark(s);
	if (s->marked)
		at_mark = nvt__transport_at_mark(&s->transport);
	n = s->transport.ops->read(&s->transport, buf, size);
	s->more = n > 0 && ((size_t)n == size || (s->marked && !at_mark));
	if (n > 0 && at_mark)
		s->marked = false;
	return n;
}

void
nvt__input_read(struct nvt_session *s)
{
	uint8_t buf[READ_SIZE];
	unsigned epoch = s->epoch;
	size_t taken;
	ssize_t n;

	s->more = s->got = false;
	if (!nvt__input_may_read(s))
		return;
	n = read_up_to_mark(s, buf, read_size(s));
	if (n < 0)
		broken(s, errno);
	if (n == 0)
		ended(s);
	if (n <= 0)
		return;
	s->got = true;
	taken = feed_slices(s, buf, (size_t)n);
	if (s->epoch == epoch && taken < (size_t)n)
		hold(s, buf + taken, (size_t)n - taken);
}
