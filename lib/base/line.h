/*
 * line.h - one line of readable text in a buffer of fixed size.
 *
 * Every addition fits whole or is left out, and from then on all is: a line
 * that is cut ends at a whole word or escape.  Always NUL-terminated.
 */
#ifndef NVT_BASE_LINE_H
#define NVT_BASE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nvt__line {
	char *out;
	size_t size;
	size_t len;
	bool cut;
};

/* size 0 is allowed: nothing is written, not even the NUL. */
void nvt__line_init(struct nvt__line *l, char *out, size_t size);

void nvt__line_add(struct nvt__line *l, const char *text);
void nvt__line_number(struct nvt__line *l, uint32_t number);
/* Two hex digits. */
void nvt__line_hex(struct nvt__line *l, uint8_t byte);
/* Bytes with C escapes for what is not printable ASCII. */
void nvt__line_escape(struct nvt__line *l, const uint8_t *data, size_t len);
/* The same in double quotes, which are then escaped too. */
void nvt__line_quote(struct nvt__line *l, const uint8_t *data, size_t len);

#endif /* NVT_BASE_LINE_H */
