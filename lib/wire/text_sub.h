/*
 * text_sub.h - the payload that several options share: SEND, or IS and text.
 */
#ifndef NVT_WIRE_TEXT_SUB_H
#define NVT_WIRE_TEXT_SUB_H

#include <nvt/wire.h>

int nvt__text_sub_parse(const uint8_t *p, size_t len, struct nvt_text_sub *out);
size_t
nvt__text_sub_write(const struct nvt_text_sub *in, uint8_t *out, size_t size);

#endif /* NVT_WIRE_TEXT_SUB_H */
