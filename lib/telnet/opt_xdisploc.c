/*
 * opt_xdisploc.c - the X display's location: RFC 1096.
 */
#include <string.h>

#include "telnet/engine.h"

/* A host name of 253, a display, a screen, and the verb. */
enum { PAYLOAD_MAX = 272 };

static void
changed(struct nvt_telnet *t, enum nvt_side side, bool on)
{
	if (side == NVT_REMOTE && on)
		nvt__telnet_ask_value(t, NVT_OPT_XDISPLOC);
}

static enum nvt__verdict
sub(struct nvt_telnet *t, struct nvt_event *ev)
{
	struct nvt_text_sub is = { .verb = NVT_SUB_IS };
	uint8_t payload[PAYLOAD_MAX];
	size_t len;
	bool send;

	if (nvt_xdisploc_parse(ev->data, ev->len, &ev->sub.xdisploc) != 0)
		return NVT__SUB_BAD;
	send = ev->sub.xdisploc.verb == NVT_SUB_SEND;
	if (!nvt__telnet_lives(
		t, send ? NVT_LOCAL : NVT_REMOTE, NVT_OPT_XDISPLOC))
		return NVT__SUB_OFF;
	if (!send)
		return NVT__SUB_GOOD;
	is.text = (const char *)t->xdisploc.data;
	is.len = t->xdisploc.len;
	len = nvt_xdisploc_write(&is, payload, sizeof(payload));
	nvt__telnet_answer_sub(t, NVT_OPT_XDISPLOC, payload, len);
	return NVT__SUB_GOOD;
}

int
nvt_telnet_set_xdisploc(struct nvt_telnet *t, const char *location)
{
	struct nvt__buf copy = { 0 };
	size_t len = location != NULL ? strlen(location) : 0;
	int err;

	if (len > PAYLOAD_MAX - 1)
		return NVT_ERR_ARG;
	err = nvt__buf_append(&copy, location, len);
	if (err != 0)
		return err;
	nvt__buf_free(&t->xdisploc);
	t->xdisploc = copy;
	if (len > 0)
		nvt__telnet_lift(t, NVT_LOCAL, NVT_OPT_XDISPLOC, NVT_ACCEPT);
	else
		nvt_telnet_set_policy(
		    t, NVT_LOCAL, NVT_OPT_XDISPLOC, NVT_REFUSE);
	return 0;
}

const struct nvt__behaviour nvt__opt_xdisploc = {
	.option = NVT_OPT_XDISPLOC,
	.changed = changed,
	.sub = sub,
};
