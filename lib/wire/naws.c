/*
 * naws.c - the window's size: RFC 1073.
 */
#include <nvt/wire.h>

enum { NAWS_LEN = 4 };

int
nvt_naws_parse(const uint8_t *p, size_t len, struct nvt_naws *out)
{
	if (len != NAWS_LEN)
		return NVT_ERR_MALFORMED;
	out->cols = (uint16_t)(p[0] << 8 | p[1]);
	out->rows = (uint16_t)(p[2] << 8 | p[3]);
	return 0;
}

size_t
nvt_naws_write(const struct nvt_naws *in, uint8_t *out, size_t size)
{
	if (size >= NAWS_LEN) {
		out[0] = (uint8_t)(in->cols >> 8);
		out[1] = (uint8_t)in->cols;
		out[2] = (uint8_t)(in->rows >> 8);
		out[3] = (uint8_t)in->rows;
	}
	return NAWS_LEN;
}
