/*
 * buf.c - a growing buffer of bytes.
 */
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include <nvt/error.h>

/* Small enough that an idle session stays small. */
enum { CAP_MIN = 32 };

void
nvt__buf_free(struct nvt__buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->cap = 0;
}

int
nvt__buf_reserve(struct nvt__buf *b, size_t extra)
{
	size_t need, cap;
	uint8_t *data;

	if (extra <= b->cap - b->len)
		return 0;
	if (extra > SIZE_MAX - b->len)
		return NVT_ERR_NOMEM;
	need = b->len + extra;
	cap = b->cap < CAP_MIN ? CAP_MIN : b->cap;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	data = realloc(b->data, cap);
	if (data == NULL)
		return NVT_ERR_NOMEM;
	b->data = data;
	b->cap = cap;
	return 0;
}

int
nvt__buf_append(struct nvt__buf *b, const void *data, size_t len)
{
	int err;

	if (len == 0)
		return 0;
	err = nvt__buf_reserve(b, len);
	if (err != 0)
		return err;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	return 0;
}

void
nvt__buf_shift(struct nvt__buf *b, size_t len)
{
	if (len >= b->len) {
		b->len = 0;
		return;
	}
	memmove(b->data, b->data + len, b->len - len);
	b->len -= len;
}

void
nvt__buf_trim(struct nvt__buf *b)
{
	uint8_t *data;

	if (b->len == 0) {
		nvt__buf_free(b);
		return;
	}
	data = realloc(b->data, b->len);
	if (data == NULL)
		return;
	b->data = data;
	b->cap = b->len;
}
