/*
 * opt_naws.c - the window's size: RFC 1073.
 */
#include "telnet/engine.h"

static void
send_size(struct nvt_telnet *t)
{
	uint8_t payload[4];
	size_t len = nvt_naws_write(&t->naws, payload, sizeof(payload));

	nvt__telnet_answer_sub(t, NVT_OPT_NAWS, payload, len);
}

static void
changed(struct nvt_telnet *t, enum nvt_side side, bool on)
{
	(void)on;
	if (side == NVT_LOCAL && t->has_naws &&
	    nvt_telnet_is_on(t, NVT_LOCAL, NVT_OPT_NAWS))
		send_size(t);
}

static enum nvt__verdict
sub(struct nvt_telnet *t, struct nvt_event *ev)
{
	if (nvt_naws_parse(ev->data, ev->len, &ev->sub.naws) != 0)
		return NVT__SUB_BAD;
	if (!nvt__telnet_lives(t, NVT_REMOTE, NVT_OPT_NAWS))
		return NVT__SUB_OFF;
	return NVT__SUB_GOOD;
}

int
nvt_telnet_set_naws(struct nvt_telnet *t, const struct nvt_naws *naws)
{
	bool on = nvt_telnet_is_on(t, NVT_LOCAL, NVT_OPT_NAWS);

	if (naws == NULL) {
		t->has_naws = false;
		nvt_telnet_set_policy(t, NVT_LOCAL, NVT_OPT_NAWS, NVT_REFUSE);
		return 0;
	}
	if (t->has_naws && naws->cols == t->naws.cols &&
	    naws->rows == t->naws.rows)
		return 0;
	if (on && nvt__telnet_is_full(t))
		return NVT_ERR_FULL;
	t->has_naws = true;
	t->naws = *naws;
	nvt__telnet_lift(t, NVT_LOCAL, NVT_OPT_NAWS, NVT_ACCEPT);
	if (on)
		send_size(t);
	return 0;
}

const struct nvt__behaviour nvt__opt_naws = {
	.option = NVT_OPT_NAWS,
	.changed = changed,
	.sub = sub,
};
