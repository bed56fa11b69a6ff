/*
 * trail.h - what a target saw, as bytes that two runs can be compared by.
 *
 * Text is joined however it was cut: each of its bytes stands for itself.
 */
#ifndef FUZZ_TRAIL_H
#define FUZZ_TRAIL_H

#include <nvt/telnet.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trail {
	uint8_t *data;
	size_t len;
	size_t cap;
	bool quick; /* do not look at descriptions as well */
};

void trail_free(struct trail *t);
void trail_bytes(struct trail *t, const uint8_t *data, size_t len);
void trail_item(struct trail *t, const struct nvt_wire_item *item);
void trail_event(struct trail *t, const struct nvt_event *ev);
bool trail_same(const struct trail *a, const struct trail *b);

#endif /* FUZZ_TRAIL_H */
