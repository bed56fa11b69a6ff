/*
 * tspeed.c - the terminal's speed: RFC 1079.
 */
#include <string.h>

#include "base/line.h"
#include "wire/text_sub.h"

/* A decimal number of 32 bits at *p, which moves behind it; or -1. */
static int
take_number(const char **p, const char *end, uint32_t *out)
{
	const char *start = *p;
	uint64_t n = 0;

	while (*p < end && **p >= '0' && **p <= '9') {
		n = n * 10 + (uint64_t)(**p - '0');
		if (n > UINT32_MAX)
			return -1;
		(*p)++;
	}
	if (*p == start)
		return -1;
	*out = (uint32_t)n;
	return 0;
}

int
nvt_tspeed_parse(const uint8_t *p, size_t len, struct nvt_tspeed *out)
{
	struct nvt_tspeed speed = { 0 };
	struct nvt_text_sub sub;
	const char *at, *end;

	if (nvt__text_sub_parse(p, len, &sub) != 0)
		return NVT_ERR_MALFORMED;
	speed.verb = sub.verb;
	at = sub.text;
	end = sub.text + sub.len;
	if (sub.verb == NVT_SUB_IS &&
	    (take_number(&at, end, &speed.transmit) != 0 || at == end ||
		*at++ != ',' || take_number(&at, end, &speed.receive) != 0 ||
		at != end))
		return NVT_ERR_MALFORMED;
	*out = speed;
	return 0;
}

size_t
nvt_tspeed_write(const struct nvt_tspeed *in, uint8_t *out, size_t size)
{
	char text[24];
	struct nvt_text_sub sub = { .verb = in->verb, .text = text };
	struct nvt__line line;

	nvt__line_init(&line, text, sizeof(text));
	nvt__line_number(&line, in->transmit);
	nvt__line_add(&line, ",");
	nvt__line_number(&line, in->receive);
	sub.len = line.len;
	return nvt__text_sub_write(&sub, out, size);
}
