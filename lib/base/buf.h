/*
 * buf.h - a growing buffer of bytes with a bound.
 *
 * Zero-initialised is empty.  Every append goes through one function, which
 * takes all of its bytes or none.
 */
#ifndef NVT_BASE_BUF_H
#define NVT_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct nvt__buf {
	uint8_t *data;
	size_t len;
	size_t cap;
};

void nvt__buf_free(struct nvt__buf *b);

/* Room for extra more bytes: 0, or NVT_ERR_NOMEM with b as it was. */
int nvt__buf_reserve(struct nvt__buf *b, size_t extra);

/* 0, or NVT_ERR_NOMEM with b as it was. */
int nvt__buf_append(struct nvt__buf *b, const void *data, size_t len);

/* Remove the first len bytes. */
void nvt__buf_shift(struct nvt__buf *b, size_t len);

/* Give back what is not needed to hold len bytes. */
void nvt__buf_trim(struct nvt__buf *b);

#endif /* NVT_BASE_BUF_H */
