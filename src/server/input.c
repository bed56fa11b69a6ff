/*
 * input.c - what the peer typed, as the bytes that a terminal would send.
 *
 * RFC 854, p. 13: what IP, EC and EL mean.
 */
#include "server/input.h"

#include <string.h>

void
input_init(struct input *in, struct nvt_session *session)
{
	memset(in, 0, sizeof(*in));
	in->session = session;
}

/* Bytes of text that came before what happens now. */
static uint64_t
here(const struct input *in)
{
	return in->consumed + nvt_session_text(in->session).len;
}

void
input_note_key(struct input *in, enum pty_key key)
{
	if (in->count < INPUT_KEYS_MAX)
		in->marks[in->count++] = (struct input_mark){ here(in), key };
}

void
input_skip(struct input *in, size_t len)
{
	nvt_session_consume(in->session, len);
	in->consumed += len;
}

struct nvt_span
input_peek(const struct input *in)
{
	struct nvt_span text = nvt_session_text(in->session);
	uint64_t until;

	if (in->count == 0)
		return text;
	until = in->marks[0].at - in->consumed;
	if (until < text.len)
		text.len = (size_t)until;
	return text;
}

/* Forget the first count marks. */
static void
drop_marks(struct input *in, size_t count)
{
	in->count -= count;
	memmove(in->marks, in->marks + count, in->count * sizeof(in->marks[0]));
}

/* Act on the first mark; returns how many bytes there are in out behind it,
 * where there were n. */
static size_t
pass_mark(
    struct input *in, input_key_fn *key, void *arg, uint8_t *out, size_t n)
{
	struct input_mark mark = in->marks[0];
	bool flush = false;
	int byte;

	drop_marks(in, 1);
	byte = key(arg, mark.key, &flush);
	if (flush)
		n = 0;
	if (byte >= 0)
		out[n++] = (uint8_t)byte;
	return n;
}

size_t
input_take(
    struct input *in, input_key_fn *key, void *arg, uint8_t *out, size_t size)
{
	struct nvt_span text;
	size_t n = 0, part;

	while (n < size) {
		text = input_peek(in);
		if (text.len > 0) {
			part = text.len < size - n ? text.len : size - n;
			memcpy(out + n, text.data, part);
			n += part;
			input_skip(in, part);
			continue;
		}
		if (in->count == 0)
			break;
		n = pass_mark(in, key, arg, out, n);
	}
	return n;
}

size_t
input_jump(struct input *in, input_key_fn *key, void *arg, uint8_t *out)
{
	bool flush = false;
	int byte;

	for (size_t i = 0; i < in->count; i++) {
		byte = key(arg, in->marks[i].key, &flush);
		if (!flush)
			continue;
		input_skip(in, (size_t)(in->marks[i].at - in->consumed));
		drop_marks(in, i + 1);
		*out = (uint8_t)byte;
		return 1;
	}
	return 0;
}

void
input_discard(struct input *in)
{
	input_skip(in, nvt_session_text(in->session).len);
	for (size_t i = 0; i < in->count; i++)
		in->marks[i].at = in->consumed;
}

bool
input_is_empty(const struct input *in)
{
	return in->count == 0 && nvt_session_text(in->session).len == 0;
}
