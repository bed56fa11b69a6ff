/*
 * xdisploc.c - the X display's location: RFC 1096.
 */
#include "wire/text_sub.h"

int
nvt_xdisploc_parse(const uint8_t *p, size_t len, struct nvt_text_sub *out)
{
	return nvt__text_sub_parse(p, len, out);
}

size_t
nvt_xdisploc_write(const struct nvt_text_sub *in, uint8_t *out, size_t size)
{
	return nvt__text_sub_write(in, out, size);
}
