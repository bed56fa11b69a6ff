/*
 * opt_binary.c - BINARY: RFC 856.
 *
 * The peer's half turns the decoder over at once, so that the byte after the
 * command is read by the new rules.  Ours is looked up whenever text is sent.
 */
#include "telnet/engine.h"

static void
changed(struct nvt_telnet *t, enum nvt_side side, bool on)
{
	if (side == NVT_REMOTE)
		nvt_decoder_set_binary(t->decoder, on);
}

const struct nvt__behaviour nvt__opt_binary = {
	.option = NVT_OPT_BINARY,
	.changed = changed,
};
