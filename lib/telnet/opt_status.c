/*
 * opt_status.c - which options are on: RFC 859.
 *
 * Only the side that said WILL STATUS sends the list, and only when asked.
 */
#include "telnet/engine.h"

static int
add_item(struct nvt__buf *list, uint8_t command, uint8_t option)
{
	struct nvt_wire_item item = {
		.type = NVT_WIRE_NEGOTIATION,
		.command = command,
		.option = option,
	};
	uint8_t piece[3];
	size_t len = nvt_status_item_write(&item, piece, sizeof(piece));

	return nvt__buf_append(list, piece, len);
}

static int
build_list(struct nvt_telnet *t, struct nvt__buf *list)
{
	const uint8_t is = NVT_SUB_IS;
	int err = nvt__buf_append(list, &is, 1);

	for (unsigned i = 0; i < NVT_OPT_COUNT && err == 0; i++) {
		uint8_t option = (uint8_t)i;

		if (nvt_telnet_is_on(t, NVT_LOCAL, option))
			err = add_item(list, NVT_CMD_WILL, option);
		if (err == 0 && nvt_telnet_is_on(t, NVT_REMOTE, option))
			err = add_item(list, NVT_CMD_DO, option);
	}
	return err;
}

static void
send_list(struct nvt_telnet *t)
{
	struct nvt__buf *list = &t->scratch;

	list->len = 0;
	if (build_list(t, list) == 0)
		nvt__telnet_answer_sub(
		    t, NVT_OPT_STATUS, list->data, list->len);
	else
		t->nomem = true;
}

static enum nvt__verdict
sub(struct nvt_telnet *t, struct nvt_event *ev)
{
	bool send;

	if (nvt_status_parse(ev->data, ev->len, &ev->sub.status) != 0)
		return NVT__SUB_BAD;
	send = ev->sub.status.verb == NVT_SUB_SEND;
	if (!nvt__telnet_lives(
		t, send ? NVT_LOCAL : NVT_REMOTE, NVT_OPT_STATUS))
		return NVT__SUB_OFF;
	if (send)
		send_list(t);
	return NVT__SUB_GOOD;
}

const struct nvt__behaviour nvt__opt_status = {
	.option = NVT_OPT_STATUS,
	.sub = sub,
};
