/*
 * ttype.c - the terminal's type: RFC 1091, and the MUDs' MTTS on top of it.
 */
#include <string.h>

#include "wire/text_sub.h"

int
nvt_ttype_parse(const uint8_t *p, size_t len, struct nvt_text_sub *out)
{
	return nvt__text_sub_parse(p, len, out);
}

size_t
nvt_ttype_write(const struct nvt_text_sub *in, uint8_t *out, size_t size)
{
	return nvt__text_sub_write(in, out, size);
}

int
nvt_ttype_mtts(const char *text, size_t len, uint32_t *bits)
{
	static const char head[] = "MTTS ";
	const size_t head_len = sizeof(head) - 1;
	uint32_t n = 0;

	/* Nine digits cannot overflow, and no MTTS needs more. */
	if (len <= head_len || len > head_len + 9 ||
	    memcmp(text, head, head_len) != 0)
		return 0;
	for (size_t i = head_len; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		n = n * 10 + (uint32_t)(text[i] - '0');
	}
	*bits = n;
	return 1;
}
