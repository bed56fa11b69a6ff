/*
 * reads.c - telnetlib's reads: to the end, some, eager and lazy.
 */
#include "session/session.h"

/*
 * Reads of the socket that an eager read makes at most: of 64 KiB each, they
 * are more than any socket holds.  A peer that floods is not waited out.
 */
#define EAGER_READS 128

typedef bool done_fn(const struct nvt_session *s);

static size_t
text_len(const struct nvt_session *s)
{
	return nvt_expect_text(s->expect).len;
}

static bool
has_text(const struct nvt_session *s)
{
	return text_len(s) > 0;
}

static bool
is_over_or_full(const struct nvt_session *s)
{
	return nvt__session_end_code(s) != 0 || nvt_expect_room(s->expect) == 0;
}

/* Consuming moves nothing: the span lives until text comes. */
static int
give(struct nvt_session *s, struct nvt_span *text)
{
	*text = nvt_expect_text(s->expect);
	(void)nvt_expect_consume(s->expect, text->len);
	return 0;
}

/* Text first, then the reason why there is no more. */
static int
give_or_end(struct nvt_session *s, struct nvt_span *text)
{
	int code = nvt__session_end_code(s);

	if (code != 0 && !has_text(s))
		return nvt__session_refuse(s, code);
	return give(s, text);
}

static int
timed_out(struct nvt_session *s)
{
	return nvt__session_complain(
	    s, NVT_ERR_TIMEOUT, 0, "timed out while reading");
}

/* Turn until done, the end or the time: 0, or NVT_ERR_TIMEOUT. */
static int
drive(struct nvt_session *s, int timeout_ms, done_fn *done)
{
	int64_t until;

	s->now = nvt_session_now();
	until = nvt__deadline(s->now, timeout_ms);
	while (!done(s) && nvt__session_end_code(s) == 0) {
		(void)nvt__block_turn(s, until);
		if (until >= 0 && s->now >= until && !done(s) &&
		    nvt__session_end_code(s) == 0)
			return timed_out(s);
	}
	return 0;
}

/* All that the socket has, or until there is text. */
static void
drain(struct nvt_session *s, bool first)
{
	int reads = EAGER_READS;

	do {
		if (first && has_text(s))
			break;
		nvt__input_look_for_mark(s);
		(void)nvt__session_step(
		    s, nvt_session_now(), NVT_WANTS_READ | NVT_WANTS_WRITE);
	} while (s->got && --reads > 0);
}

static int
begin(struct nvt_session *s)
{
	int err = nvt__block_refusal(s);

	if (err != 0)
		return err;
	nvt__wait_forget(s);
	nvt__session_hold(s);
	return 0;
}

static int
end(struct nvt_session *s, int err)
{
	return nvt__session_release(s) ? err : NVT_ERR_CLOSED;
}

static int
all(struct nvt_session *s, int timeout_ms, struct nvt_span *text)
{
	int err, code;

	err = drive(s, timeout_ms, is_over_or_full);
	if (err != 0)
		return err;
	code = nvt__session_end_code(s);
	if (code == 0)
		return nvt__session_complain(
		    s, NVT_ERR_TOO_BIG, 0, "more text than text_limit");
	if (code == NVT_ERR_EOF)
		return give(s, text);
	return code == NVT_ERR_CLOSED ? give_or_end(s, text) :
					nvt__session_refuse(s, code);
}

int
nvt_session_read_all(
    struct nvt_session *s, int timeout_ms, struct nvt_span *text)
{
	int err = begin(s);

	if (err != 0)
		return err;
	return end(s, all(s, timeout_ms, text));
}

int
nvt_session_read_some(
    struct nvt_session *s, int timeout_ms, struct nvt_span *text)
{
	int err = begin(s);

	if (err != 0)
		return err;
	err = drive(s, timeout_ms, has_text);
	if (err == 0)
		err = give_or_end(s, text);
	return end(s, err);
}

int
nvt_session_read_very_eager(struct nvt_session *s, struct nvt_span *text)
{
	int err = begin(s);

	if (err != 0)
		return err;
	drain(s, false);
	return end(s, give_or_end(s, text));
}

int
nvt_session_read_eager(struct nvt_session *s, struct nvt_span *text)
{
	int err = begin(s);

	if (err != 0)
		return err;
	drain(s, true);
	return end(s, give_or_end(s, text));
}

int
nvt_session_read_lazy(struct nvt_session *s, struct nvt_span *text)
{
	int err = begin(s);

	if (err != 0)
		return err;
	s->now = nvt_session_now();
	nvt__input_resume(s);
	return end(s, give_or_end(s, text));
}

int
nvt_session_read_very_lazy(struct nvt_session *s, struct nvt_span *text)
{
	int err = begin(s);

	if (err != 0)
		return err;
	return end(s, give_or_end(s, text));
}
