/*
 * tell.c - events, filled in.
 */
#include "telnet/engine.h"

void
nvt__tell_option(struct nvt_event *ev, enum nvt_side side, uint8_t option,
    enum nvt_change change)
{
	ev->type = NVT_EV_OPTION;
	ev->side = side;
	ev->option = option;
	ev->change = change;
	ev->on = change == NVT_CHANGE_ON;
}

void
nvt__tell_fault(struct nvt_event *ev, enum nvt_fault fault, uint8_t option)
{
	ev->type = NVT_EV_FAULT;
	ev->fault = fault;
	ev->option = option;
}

void
nvt__telnet_consult(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    struct nvt_event *ev)
{
	t->asked = true;
	t->asked_side = side;
	t->asked_option = option;
	ev->type = NVT_EV_REQUEST;
	ev->side = side;
	ev->option = option;
}
