/*
 * status.c - which options are on: RFC 859.
 *
 * The list of IS is WILL or DO and an option, or SB, an option, its payload
 * and SE.  No IAC is in it but doubled ones, so a byte of SE is doubled.
 */
#include <nvt/wire.h>

#include "wire/put.h"

/* The byte at *p, one of a pair if it is SE: 0, or NVT_ERR_MALFORMED. */
static int
take_byte(const uint8_t **p, const uint8_t *end, uint8_t *out)
{
	if (*p == end)
		return NVT_ERR_MALFORMED;
	*out = *(*p)++;
	if (*out != NVT_CMD_SE)
		return 0;
	return *p < end && *(*p)++ == NVT_CMD_SE ? 0 : NVT_ERR_MALFORMED;
}

/* The payload of an SB in the list, up to its SE. */
static int
take_payload(struct nvt_status *s, struct nvt_wire_item *out)
{
	out->data = s->pos;
	for (; s->pos < s->end; s->pos++) {
		if (*s->pos != NVT_CMD_SE)
			continue;
		out->len = (size_t)(s->pos - out->data);
		s->pos++;
		if (s->pos == s->end || *s->pos != NVT_CMD_SE)
			return 0;
	}
	return NVT_ERR_MALFORMED;
}

static int
take_item(struct nvt_status *s, struct nvt_wire_item *out)
{
	struct nvt_wire_item item = { .command = *s->pos++ };

	if (item.command != NVT_CMD_WILL && item.command != NVT_CMD_DO &&
	    item.command != NVT_CMD_SB)
		return NVT_ERR_MALFORMED;
	if (take_byte(&s->pos, s->end, &item.option) != 0)
		return NVT_ERR_MALFORMED;
	item.type = NVT_WIRE_NEGOTIATION;
	if (item.command == NVT_CMD_SB) {
		item.type = NVT_WIRE_SUB;
		if (take_payload(s, &item) != 0)
			return NVT_ERR_MALFORMED;
	}
	*out = item;
	return 0;
}

int
nvt_status_parse(const uint8_t *p, size_t len, struct nvt_status *out)
{
	struct nvt_status s;
	struct nvt_wire_item item;

	if (len == 0 || p[0] > NVT_SUB_SEND ||
	    (p[0] == NVT_SUB_SEND && len > 1))
		return NVT_ERR_MALFORMED;
	s.verb = (enum nvt_sub_verb)p[0];
	s.pos = p + 1;
	s.end = p + len;
	while (s.pos < s.end)
		if (take_item(&s, &item) != 0)
			return NVT_ERR_MALFORMED;
	s.pos = p + 1;
	*out = s;
	return 0;
}

int
nvt_status_next(struct nvt_status *s, struct nvt_wire_item *out)
{
	if (s->pos >= s->end || take_item(s, out) != 0)
		return 0;
	return 1;
}

static void
put_doubled(struct nvt__put *p, uint8_t c)
{
	nvt__put(p, c);
	if (c == NVT_CMD_SE)
		nvt__put(p, c);
}

static size_t
put_item(const struct nvt_wire_item *in, uint8_t *out, size_t size)
{
	bool sub = in->type == NVT_WIRE_SUB;
	struct nvt__put p = { out, size, 0 };

	nvt__put(&p, sub ? NVT_CMD_SB : in->command);
	put_doubled(&p, in->option);
	if (!sub)
		return p.len;
	for (size_t i = 0; i < in->len; i++)
		put_doubled(&p, in->data[i]);
	nvt__put(&p, NVT_CMD_SE);
	return p.len;
}

size_t
nvt_status_item_write(const struct nvt_wire_item *in, uint8_t *out, size_t size)
{
	size_t need = put_item(in, NULL, 0);

	return need > size ? need : put_item(in, out, size);
}
