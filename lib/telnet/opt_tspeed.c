/*
 * opt_tspeed.c - the terminal's speed: RFC 1079.
 */
#include <string.h>

#include "telnet/engine.h"

enum { PAYLOAD_MAX = 24 };

static void
changed(struct nvt_telnet *t, enum nvt_side side, bool on)
{
	if (side == NVT_REMOTE && on)
		nvt__telnet_ask_value(t, NVT_OPT_TSPEED);
}

static enum nvt__verdict
sub(struct nvt_telnet *t, struct nvt_event *ev)
{
	uint8_t payload[PAYLOAD_MAX];
	size_t len;
	bool send;

	if (nvt_tspeed_parse(ev->data, ev->len, &ev->sub.tspeed) != 0)
		return NVT__SUB_BAD;
	send = ev->sub.tspeed.verb == NVT_SUB_SEND;
	if (!nvt__telnet_lives(
		t, send ? NVT_LOCAL : NVT_REMOTE, NVT_OPT_TSPEED))
		return NVT__SUB_OFF;
	if (!send)
		return NVT__SUB_GOOD;
	len = nvt_tspeed_write(&t->tspeed, payload, sizeof(payload));
	nvt__telnet_answer_sub(t, NVT_OPT_TSPEED, payload, len);
	return NVT__SUB_GOOD;
}

int
nvt_telnet_set_tspeed(struct nvt_telnet *t, const char *speed)
{
	uint8_t payload[PAYLOAD_MAX] = { NVT_SUB_IS };
	size_t len;

	if (speed == NULL) {
		nvt_telnet_set_policy(t, NVT_LOCAL, NVT_OPT_TSPEED, NVT_REFUSE);
		return 0;
	}
	len = strlen(speed);
	if (len > sizeof(payload) - 1)
		return NVT_ERR_ARG;
	memcpy(payload + 1, speed, len);
	if (nvt_tspeed_parse(payload, len + 1, &t->tspeed) != 0)
		return NVT_ERR_ARG;
	nvt__telnet_lift(t, NVT_LOCAL, NVT_OPT_TSPEED, NVT_ACCEPT);
	return 0;
}

const struct nvt__behaviour nvt__opt_tspeed = {
	.option = NVT_OPT_TSPEED,
	.changed = changed,
	.sub = sub,
};
