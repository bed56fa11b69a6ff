/*
 * text_sub.c - the payload that several options share: SEND, or IS and text.
 */
#include "wire/text_sub.h"

#include <string.h>

int
nvt__text_sub_parse(const uint8_t *p, size_t len, struct nvt_text_sub *out)
{
	if (len == 0)
		return NVT_ERR_MALFORMED;
	if (p[0] == NVT_SUB_SEND ? len != 1 : p[0] != NVT_SUB_IS)
		return NVT_ERR_MALFORMED;
	out->verb = (enum nvt_sub_verb)p[0];
	out->text = (const char *)p + 1;
	out->len = len - 1;
	return 0;
}

size_t
nvt__text_sub_write(const struct nvt_text_sub *in, uint8_t *out, size_t size)
{
	size_t len = in->verb == NVT_SUB_IS ? in->len : 0;

	if (len + 1 > size)
		return len + 1;
	out[0] = (uint8_t)in->verb;
	if (len > 0)
		memcpy(out + 1, in->text, len);
	return len + 1;
}
