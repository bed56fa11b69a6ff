/*
 * telnet.c - one side of a connection: its life, and its output.
 *
 * What comes in is in receive.c, what is queued in send.c, the options in
 * negotiate.c and, one by one, in opt_*.c.
 */
#include <stdlib.h>

#include "base/config.h"
#include "telnet/engine.h"

size_t
nvt_telnet_pending(struct nvt_telnet *t, const uint8_t **data)
{
	nvt__negotiate_settle(t);
	return nvt__queue_pending(&t->out, data);
}

size_t
nvt_telnet_pending_len(const struct nvt_telnet *t)
{
	return t->out.bytes.len - t->out.head;
}

size_t
nvt_telnet_pending_urgent(const struct nvt_telnet *t)
{
	return t->out.urgent;
}

void
nvt_telnet_sent(struct nvt_telnet *t, size_t len)
{
	nvt__queue_sent(&t->out, len);
}

size_t
nvt_telnet_drop_text(struct nvt_telnet *t)
{
	return nvt__queue_drop_text(&t->out);
}

void
nvt_telnet_set_newline(struct nvt_telnet *t, enum nvt_newline newline)
{
	t->newline = newline;
}

void
nvt_telnet_set_enter(struct nvt_telnet *t, bool on)
{
	nvt_decoder_set_enter(t->decoder, on);
}

void
nvt_telnet_trim(struct nvt_telnet *t)
{
	nvt_decoder_trim(t->decoder);
	nvt__queue_trim(&t->out);
	nvt__buf_free(&t->scratch);
}

void
nvt_telnet_reset(struct nvt_telnet *t)
{
	struct nvt_wire_item item;

	nvt_decoder_end(t->decoder, &item);
	nvt__queue_clear(&t->out);
	t->synch_left = 0;
	t->marks_awaited = 0;
	t->nomem = t->owes_change = t->asked = false;
	t->ttype_sends = 0;
	for (unsigned i = 0; i < NVT_OPT_COUNT; i++)
		for (unsigned side = 0; side < 2; side++)
			t->cells[side][i].state = NVT_STATE_NO;
}

int
nvt_telnet_new(const struct nvt_telnet_config *config, struct nvt_telnet **out)
{
	struct nvt_telnet_config c = { .size = sizeof(c) };
	struct nvt_telnet *t;
	int err;

	if (config != NULL && nvt__config_read(&c, sizeof(c), config) != 0)
		return NVT_ERR_ARG;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NVT_ERR_NOMEM;
	t->role = c.role;
	t->newline = c.newline;
	t->out_limit = c.out_limit != 0 ? c.out_limit : NVT_OUT_LIMIT_DEFAULT;
	/* With less no pair of bytes would ever fit. */
	if (t->out_limit < 2)
		t->out_limit = 2;
	err = nvt_decoder_new(c.sub_limit, &t->decoder);
	if (err != 0) {
		nvt_telnet_free(t);
		return err;
	}
	*out = t;
	return 0;
}

void
nvt_telnet_free(struct nvt_telnet *t)
{
	if (t == NULL)
		return;
	nvt_decoder_free(t->decoder);
	nvt__queue_free(&t->out);
	nvt__buf_free(&t->scratch);
	nvt__buf_free(&t->ttype);
	nvt__buf_free(&t->xdisploc);
	nvt__buf_free(&t->environ);
	nvt__buf_free(&t->wanted);
	free(t);
}
