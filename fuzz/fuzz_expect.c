/*
 * fuzz_expect.c - a window, a peer that sends anything, and a program that
 * waits for anything.  The text is what was sent, less what was consumed and
 * dropped; a match lies in it; a string is found where a naive search finds it.
 *
 * Input: a byte of flags and one of the limit, then operations: one byte
 * (modulo their number) and its operands.  A string of bytes is one byte of
 * length and that many.  What is missing at the end reads as 0.
 */
#include <nvt/expect.h>

#include <string.h>

#include "target.h"

enum flag { EARLIEST = 1, LIMITED = 2 };

enum op {
	APPEND,   /* bytes */
	UNTIL,    /* bytes */
	PATTERNS, /* settle, flags, bytes, flags, bytes; or settle, AGAIN */
	POLL,     /* ms that have passed */
	CANCEL,
	CONSUME, /* how much */
	TRIM,
	END,
	OPS
};

/* In the place of a pattern's flags: the last list once more. */
enum { AGAIN = 64 };

/* Random patterns are slow ones; this is enough to find what breaks. */
#define STEPS 500

/* More than any input sends. */
#define SENT_MAX 65536

struct input {
	const uint8_t *at;
	size_t left;
};

/* What the window must hold, by a simpler account of it. */
struct run {
	struct nvt_expect *x;
	struct input in;
	uint8_t sent[SENT_MAX];
	size_t begin, end;
	size_t limit;
	uint64_t dropped;
	int64_t now;
	struct nvt_span needle;
	struct nvt_patterns *patterns; /* the last list */
	bool ended, until;
};

static uint8_t
byte(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static struct nvt_span
bytes(struct input *in)
{
	struct nvt_span s = { in->at, byte(in) };

	s.data = in->at;
	if (s.len > in->left)
		s.len = in->left;
	in->at += s.len;
	in->left -= s.len;
	return s;
}

static void
check_text(const struct run *r)
{
	struct nvt_span text = nvt_expect_text(r->x);

	MUST(text.len == r->end - r->begin);
	MUST(memcmp(text.data, r->sent + r->begin, text.len) == 0);
	MUST(nvt_expect_dropped(r->x) == r->dropped);
	MUST(nvt_expect_room(r->x) == r->limit - text.len);
	MUST(nvt_expect_ended(r->x) == r->ended);
}

static void
append(struct run *r)
{
	struct nvt_span s = bytes(&r->in);
	int rc = nvt_expect_append(r->x, s.data, s.len, r->now);

	if (r->ended) {
		MUST(rc == NVT_ERR_STATE);
		return;
	}
	MUST(rc == 0 && r->end + s.len <= SENT_MAX);
	memcpy(r->sent + r->end, s.data, s.len);
	r->end += s.len;
	if (r->end - r->begin > r->limit) {
		r->dropped += r->end - r->begin - r->limit;
		r->begin = r->end - r->limit;
	}
}

/* Compile a list, unless it is no list, or the last one once more. */
static void
read_patterns(struct run *r)
{
	struct nvt_pattern list[2];
	struct nvt_pattern_error error;
	struct nvt_patterns *p;
	int rc;

	for (int i = 0; i < 2; i++) {
		uint8_t flags = byte(&r->in);
		struct nvt_span s;

		if (flags & AGAIN)
			return;
		list[i].flags = flags & 63;
		s = bytes(&r->in);
		list[i].text = (const char *)s.data;
		list[i].len = s.len;
	}
	rc = nvt_patterns_new(list, 2, &p, &error);
	if (rc != 0) {
		MUST(rc == NVT_ERR_PATTERN && error.which < 2);
		MUST(error.offset <= list[error.which].len);
		return;
	}
	nvt_patterns_free(r->patterns);
	r->patterns = p;
}

static void
wait_patterns(struct run *r)
{
	int settle_ms = byte(&r->in);

	read_patterns(r);
	if (r->patterns == NULL)
		return;
	MUST(nvt_expect_patterns(r->x, r->patterns, settle_ms, r->now) == 0);
	r->until = false;
}

/* Where needle first is; text.len: nowhere. */
static size_t
search(struct nvt_span text, struct nvt_span needle)
{
	for (size_t i = 0; i + needle.len <= text.len; i++)
		if (memcmp(text.data + i, needle.data, needle.len) == 0)
			return i;
	return SIZE_MAX;
}

static void
check_captures(const struct run *r, const struct nvt_match *m)
{
	const uint8_t *end = m->after.data + m->after.len;
	struct nvt_span s;

	for (size_t i = 0; i <= m->captures; i++) {
		MUST(nvt_expect_capture(r->x, i, &s) == 0);
		if (s.data != NULL)
			MUST(s.data >= m->all.data && s.data + s.len <= end);
	}
	MUST(nvt_expect_capture(r->x, m->captures + 1, &s) == NVT_ERR_ARG);
}

static void
check_match(struct run *r, const struct nvt_match *m)
{
	MUST(m->all.len == m->before.len + m->matched.len);
	MUST(m->all.data == m->before.data);
	MUST(m->matched.data == m->before.data + m->before.len);
	MUST(m->after.data == m->matched.data + m->matched.len);
	MUST(m->all.len + m->after.len == r->end - r->begin);
	MUST(m->which >= 0 && m->which < 2);
	check_captures(r, m);
	r->begin += m->all.len;
}

static void
poll(struct run *r)
{
	struct nvt_span text = nvt_expect_text(r->x);
	bool waiting = nvt_expect_waiting(r->x);
	size_t found = SIZE_MAX;
	struct nvt_match m;
	int rc;

	r->now += byte(&r->in);
	if (waiting && r->until)
		found = search(text, r->needle);
	rc = nvt_expect_poll(r->x, r->now, &m);
	if (!waiting)
		MUST(rc == NVT_ERR_STATE);
	else if (r->until)
		MUST(rc == (found != SIZE_MAX));
	if (rc == 1 && r->until)
		MUST(m.before.len == found);
	if (rc == 1)
		check_match(r, &m);
	if (rc == 0 && r->ended)
		MUST(nvt_expect_deadline(r->x) < 0);
	if (rc == 0 && nvt_expect_deadline(r->x) >= 0)
		MUST(nvt_expect_deadline(r->x) > r->now);
	MUST(nvt_expect_waiting(r->x) == (rc == 0));
}

static void
cancel(struct run *r)
{
	struct nvt_match m;

	nvt_expect_cancel(r->x, &m);
	MUST(m.which == -1 && m.all.len == r->end - r->begin);
	MUST(!nvt_expect_waiting(r->x));
}

static void
consume(struct run *r)
{
	bool waiting = nvt_expect_waiting(r->x);
	size_t len = byte(&r->in);

	MUST(nvt_expect_consume(r->x, len) == (waiting ? NVT_ERR_STATE : 0));
	if (waiting)
		return;
	r->begin += len < r->end - r->begin ? len : r->end - r->begin;
}

static void
operate(struct run *r)
{
	switch (byte(&r->in) % OPS) {
	case APPEND:
		append(r);
		break;
	case UNTIL:
		r->needle = bytes(&r->in);
		r->until = true;
		MUST(
		    nvt_expect_until(r->x, r->needle.data, r->needle.len) == 0);
		break;
	case PATTERNS:
		wait_patterns(r);
		break;
	case POLL:
		poll(r);
		break;
	case CANCEL:
		cancel(r);
		break;
	case CONSUME:
		consume(r);
		break;
	case TRIM:
		nvt_expect_trim(r->x);
		break;
	case END:
		nvt_expect_end(r->x);
		r->ended = true;
		break;
	default:
		break;
	}
	check_text(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.match_limit = STEPS };
	static struct run r;
	uint8_t flags, limit;

	if (size > SENT_MAX)
		return 0;
	memset(&r, 0, sizeof(r));
	r.in.at = data;
	r.in.left = size;
	flags = byte(&r.in);
	limit = byte(&r.in);
	config.earliest = flags & EARLIEST;
	config.text_limit = flags & LIMITED ? (size_t)limit + 1 : SIZE_MAX;
	r.limit = config.text_limit;
	MUST(nvt_expect_new(&config, &r.x) == 0);
	while (r.in.left > 0)
		operate(&r);
	nvt_expect_free(r.x);
	nvt_patterns_free(r.patterns);
	return 0;
}
