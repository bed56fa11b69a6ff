/*
 * window.h - the text that is kept: appended behind, consumed in front.
 *
 * Consuming moves an offset and no bytes, so pointers into the text outlive
 * it; appending may move everything.  Places are told as positions in the
 * whole stream, which neither consuming nor dropping changes.
 */
#ifndef NVT_EXPECT_WINDOW_H
#define NVT_EXPECT_WINDOW_H

#include <stddef.h>
#include <stdint.h>

struct nvt__window {
	uint8_t *data;
	size_t cap;
	size_t head; /* where in data the text begins */
	size_t len;
	size_t limit;     /* bytes of text kept at most */
	size_t piece;     /* the most that was appended at once */
	uint64_t base;    /* position of the text's first byte */
	uint64_t lost;    /* dropped since text was last consumed */
	uint64_t dropped; /* dropped over the window's life */
};

void nvt__window_init(struct nvt__window *w, size_t limit);
void nvt__window_free(struct nvt__window *w);

/*
 * Take all of data, a byte at least; over the limit the oldest text goes.  0,
 * or NVT_ERR_NOMEM with w as it was.
 */
int nvt__window_append(struct nvt__window *w, const uint8_t *data, size_t len);

/* The first byte of the text; never NULL. */
const uint8_t *nvt__window_text(const struct nvt__window *w);

/* Remove the first len bytes, or all if there are fewer. */
void nvt__window_consume(struct nvt__window *w, size_t len);

/* Where position pos lies in the text now: 0 if it is gone. */
size_t nvt__window_offset(const struct nvt__window *w, uint64_t pos);

/* Give back what is not needed to hold the text. */
void nvt__window_trim(struct nvt__window *w);

#endif /* NVT_EXPECT_WINDOW_H */
