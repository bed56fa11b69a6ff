/*
 * put.h - bytes that are counted and, where they fit, written.
 */
#ifndef NVT_WIRE_PUT_H
#define NVT_WIRE_PUT_H

#include <stddef.h>
#include <stdint.h>

struct nvt__put {
	uint8_t *out;
	size_t size;
	size_t len; /* of all that was put, also beyond size */
};

static inline void
nvt__put(struct nvt__put *p, uint8_t c)
{
	if (p->len < p->size)
		p->out[p->len] = c;
	p->len++;
}

#endif /* NVT_WIRE_PUT_H */
