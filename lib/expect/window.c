/*
 * window.c - the text that is kept: appended behind, consumed in front.
 */
#include "expect/window.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <nvt/error.h>

#include "expect/pages.h"

enum {
	/* Most waits see a few lines; an idle window has no buffer at all. */
	CAP_MIN = 256,
	/* The room behind a full window, as a fraction of its limit.  A flood
	 * moves the text once per room filled, so each byte is moved this
	 * often; and memory stays below 7/6 of the limit. */
	SLACK = 6,
	/* Text moves to the front rather than grow the buffer once this
	 * fraction of it has been consumed: each byte consumed pays for as
	 * many moved. */
	WORTH = 4
};

/* The largest buffer that a window with this limit ever has. */
static size_t
cap_max(const struct nvt__window *w)
{
	size_t slack = w->limit / SLACK;

	if (slack < CAP_MIN)
		slack = CAP_MIN;
	return w->limit > SIZE_MAX - slack ? SIZE_MAX : w->limit + slack;
}

/* A buffer of at least need bytes: 0, or NVT_ERR_NOMEM with w as it was. */
static int
grow(struct nvt__window *w, size_t need)
{
	size_t max = cap_max(w);
	size_t cap = w->cap < CAP_MIN ? CAP_MIN : w->cap;
	uint8_t *data;

	while (cap < need)
		cap = cap > max / 2 ? max : cap * 2;
	data = realloc(w->data, cap);
	if (data == NULL)
		return NVT_ERR_NOMEM;
	w->data = data;
	w->cap = cap;
	nvt__pages_fill(data, cap);
	return 0;
}

/*
 * Make room for len bytes behind the text when its first gone bytes are about
 * to go.  If the text is moved it loses those bytes and *gone becomes 0.
 */
static int
make_room(struct nvt__window *w, size_t len, size_t *gone)
{
	size_t front = w->head + *gone;
	size_t kept = w->len - *gone;
	size_t need = w->head + w->len + len;
	bool fits = kept + len <= w->cap;

	if (need <= w->cap)
		return 0;
	if (need <= cap_max(w) && (!fits || front < kept / WORTH))
		return grow(w, need);
	if (!fits) {
		int err = grow(w, kept + len);

		if (err != 0)
			return err;
	}
	if (kept > 0)
		memmove(w->data, w->data + front, kept);
	w->head = 0;
	w->len = kept;
	*gone = 0;
	return 0;
}

void
nvt__window_init(struct nvt__window *w, size_t limit)
{
	memset(w, 0, sizeof(*w));
	w->limit = limit;
}

void
nvt__window_free(struct nvt__window *w)
{
	free(w->data);
	w->data = NULL;
	w->cap = w->head = w->len = 0;
}

int
nvt__window_append(struct nvt__window *w, const uint8_t *data, size_t len)
{
	size_t room = w->limit - w->len;
	size_t over = len > room ? len - room : 0;
	size_t gone = over < w->len ? over : w->len;
	size_t skip = over - gone; /* of data, which alone is too much */
	size_t left = gone;
	int err;

	if (len > w->piece)
		w->piece = len;
	err = make_room(w, len - skip, &left);
	if (err != 0)
		return err;
	w->head += left;
	w->len -= left;
	memcpy(w->data + w->head + w->len, data + skip, len - skip);
	w->len += len - skip;
	w->base += over;
	w->lost += over;
	w->dropped += over;
	return 0;
}

const uint8_t *
nvt__window_text(const struct nvt__window *w)
{
	static const uint8_t nothing[1];

	return w->data == NULL ? nothing : w->data + w->head;
}

void
nvt__window_consume(struct nvt__window *w, size_t len)
{
	if (len > w->len)
		len = w->len;
	if (len == 0)
		return;
	w->head += len;
	w->len -= len;
	w->base += len;
	w->lost = 0;
}

size_t
nvt__window_offset(const struct nvt__window *w, uint64_t pos)
{
	return pos > w->base ? (size_t)(pos - w->base) : 0;
}

void
nvt__window_trim(struct nvt__window *w)
{
	uint8_t *data;

	if (w->len == 0) {
		nvt__window_free(w);
		return;
	}
	if (w->head > 0)
		memmove(w->data, w->data + w->head, w->len);
	w->head = 0;
	data = realloc(w->data, w->len);
	if (data == NULL)
		return;
	w->data = data;
	w->cap = w->len;
}
