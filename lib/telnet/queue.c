/*
 * queue.c - what waits for the socket: whole items, oldest first.
 */
#include "telnet/queue.h"

#include <stdlib.h>
#include <string.h>

/* Pending bytes of one kind in a row.  The first run may be partly sent. */
struct nvt__run {
	size_t len;
	bool text;
};

enum { RUNS_MIN = 4 };

void
nvt__queue_free(struct nvt__queue *q)
{
	nvt__buf_free(&q->bytes);
	free(q->runs);
	*q = (struct nvt__queue){ 0 };
}

void
nvt__queue_clear(struct nvt__queue *q)
{
	q->bytes.len = q->head = 0;
	q->run_count = 0;
	q->urgent = 0;
	q->split = false;
}

size_t
nvt__queue_pending(const struct nvt__queue *q, const uint8_t **data)
{
	size_t len = q->bytes.len - q->head;

	*data = len > 0 ? q->bytes.data + q->head : NULL;
	return len;
}

/* Room for extra bytes, and for the run that they may begin. */
static int
make_room(struct nvt__queue *q, size_t extra)
{
	struct nvt__run *runs;
	uint32_t cap;

	if (q->run_count == q->run_cap) {
		cap = q->run_cap == 0 ? RUNS_MIN : q->run_cap * 2;
		runs = realloc(q->runs, cap * sizeof(*runs));
		if (runs == NULL)
			return NVT_ERR_NOMEM;
		q->runs = runs;
		q->run_cap = cap;
	}
	if (extra > q->bytes.cap - q->bytes.len && q->head > 0) {
		nvt__buf_shift(&q->bytes, q->head);
		q->head = 0;
	}
	return nvt__buf_reserve(&q->bytes, extra);
}

/* len bytes were put behind the others; make_room() came before. */
static void
grew(struct nvt__queue *q, size_t len, bool text)
{
	struct nvt__run *last = q->runs + q->run_count;

	q->bytes.len += len;
	if (len == 0)
		return;
	if (q->run_count > 0 && last[-1].text == text) {
		last[-1].len += len;
		return;
	}
	last->len = len;
	last->text = text;
	q->run_count++;
}

static uint8_t *
tail(struct nvt__queue *q)
{
	return q->bytes.data + q->bytes.len;
}

static size_t
tail_room(const struct nvt__queue *q)
{
	return q->bytes.cap - q->bytes.len;
}

int
nvt__queue_command(struct nvt__queue *q, const uint8_t *data, size_t len)
{
	int err = make_room(q, len);

	if (err != 0 || len == 0)
		return err;
	memcpy(tail(q), data, len);
	grew(q, len, false);
	return 0;
}

int
nvt__queue_sub(
    struct nvt__queue *q, uint8_t option, const uint8_t *payload, size_t len)
{
	size_t need = nvt_encode_sub(option, payload, len, NULL, 0);
	int err = make_room(q, need);

	if (err != 0)
		return err;
	nvt_encode_sub(option, payload, len, tail(q), tail_room(q));
	grew(q, need, false);
	return 0;
}

int
nvt__queue_text(struct nvt__queue *q, enum nvt_newline newline,
    const uint8_t *data, size_t len, size_t limit, size_t *taken)
{
	size_t pending = q->bytes.len - q->head, room;
	int err;

	*taken = 0;
	if (len == 0 || pending >= limit)
		return 0;
	room = limit - pending;
	if (len < room / 2)
		room = len * 2;
	err = make_room(q, room);
	if (err != 0)
		return err;
	grew(
	    q, nvt_encode_text(newline, data, len, taken, tail(q), room), true);
	return 0;
}

void
nvt__queue_mark_urgent(struct nvt__queue *q)
{
	q->urgent = q->bytes.len - q->head;
}

/*
 * Whether a cut behind the first sent bytes of a text run parts a pair.  An
 * IAC before the cut is the first of a pair if it is an odd one of its row.
 */
static bool
parts_pair(const uint8_t *text, size_t sent, bool split)
{
	size_t first = split ? 1 : 0, i = sent;

	while (i > first && text[i - 1] == NVT_CMD_IAC)
		i--;
	if ((sent - i) % 2 == 1)
		return true;
	return sent > first && text[sent - 1] == '\r' &&
	    (text[sent] == '\n' || text[sent] == 0);
}

static void
drop_runs(struct nvt__queue *q, uint32_t count)
{
	q->run_count -= count;
	memmove(q->runs, q->runs + count, q->run_count * sizeof(*q->runs));
}

void
nvt__queue_sent(struct nvt__queue *q, size_t len)
{
	const uint8_t *data;
	size_t left, pending = nvt__queue_pending(q, &data);
	struct nvt__run *run = q->runs;

	if (len >= pending) {
		nvt__queue_clear(q);
		return;
	}
	for (left = len; left >= run->len; run++) {
		left -= run->len;
		data += run->len;
		q->split = false;
	}
	if (left > 0)
		q->split = run->text && parts_pair(data, left, q->split);
	run->len -= left;
	drop_runs(q, (uint32_t)(run - q->runs));
	q->head += len;
	q->urgent -= len < q->urgent ? len : q->urgent;
}

size_t
nvt__queue_drop_text(struct nvt__queue *q)
{
	uint8_t *from, *to;
	size_t keep, passed = 0, urgent = q->urgent;
	uint32_t count = 0;

	if (q->run_count == 0)
		return 0;
	from = to = q->bytes.data + q->head;
	for (uint32_t i = 0; i < q->run_count; i++) {
		struct nvt__run run = q->runs[i];

		keep = run.text ? (i == 0 && q->split ? 1 : 0) : run.len;
		memmove(to, from, keep);
		to += keep;
		from += run.len;
		passed += run.len;
		if (passed <= q->urgent)
			urgent -= run.len - keep;
		if (keep > 0)
			q->runs[count++] = (struct nvt__run){ keep, run.text };
	}
	q->urgent = urgent;
	q->run_count = count;
	q->bytes.len = (size_t)(to - q->bytes.data);
	return (size_t)(from - to);
}

void
nvt__queue_trim(struct nvt__queue *q)
{
	if (q->run_count > 0)
		return;
	nvt__queue_free(q);
}
