/*
 * report.c - an event in words, for people.
 */
#include "telnet/engine.h"
#include "wire/describe.h"

static const char *const changes[] = {
	[NVT_CHANGE_ON] = "on",
	[NVT_CHANGE_OFF] = "off",
	[NVT_CHANGE_REFUSED] = "refused by the peer",
};

static void
describe_option(
    struct nvt__line *l, const struct nvt_event *ev, const char *what)
{
	nvt__line_add(l, ev->side == NVT_LOCAL ? "our " : "the peer's ");
	nvt__describe_option(l, ev->option);
	nvt__line_add(l, ": ");
	nvt__line_add(l, what);
}

size_t
nvt_event_describe(const struct nvt_event *ev, char *out, size_t size)
{
	struct nvt__line l;

	nvt__line_init(&l, out, size);
	switch (ev->type) {
	case NVT_EV_NONE:
		break;
	case NVT_EV_TEXT:
		nvt__line_quote(&l, ev->data, ev->len);
		break;
	case NVT_EV_COMMAND:
		nvt__describe_command(&l, ev->command);
		break;
	case NVT_EV_REQUEST:
		describe_option(&l, ev, "asked for");
		break;
	case NVT_EV_OPTION:
		describe_option(&l, ev, changes[ev->change]);
		break;
	case NVT_EV_TIMING_MARK:
		nvt__line_add(
		    &l, ev->on ? "timing mark" : "timing mark refused");
		break;
	case NVT_EV_SUB:
		nvt__line_add(&l, "SB ");
		nvt__describe_option(&l, ev->option);
		nvt__describe_payload(&l, ev->option, ev->data, ev->len);
		break;
	case NVT_EV_FAULT:
		nvt__describe_fault(&l, ev->fault, ev->option);
		break;
	case NVT_EV_FULL:
		nvt__line_add(&l, "output queue is full");
		break;
	}
	return l.len;
}
