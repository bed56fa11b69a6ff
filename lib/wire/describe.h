/*
 * describe.h - pieces of an item in words, for whoever describes more.
 */
#ifndef NVT_WIRE_DESCRIBE_H
#define NVT_WIRE_DESCRIBE_H

#include <nvt/wire.h>

#include "base/line.h"

/* The name, or the number of what has none. */
void nvt__describe_command(struct nvt__line *l, uint8_t command);
void nvt__describe_option(struct nvt__line *l, uint8_t option);

/* What the peer did wrong, and about which option, where there is one. */
void
nvt__describe_fault(struct nvt__line *l, enum nvt_fault fault, uint8_t option);

/* A space and the payload: decoded where known and well-formed, else hex. */
void nvt__describe_payload(
    struct nvt__line *l, uint8_t option, const uint8_t *p, size_t len);

#endif /* NVT_WIRE_DESCRIBE_H */
