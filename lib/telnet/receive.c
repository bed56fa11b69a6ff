/*
 * receive.c - bytes from the peer to events: RFC 854, RFC 855.
 */
#include <string.h>

#include "telnet/engine.h"

static void
tell_text(const struct nvt_wire_item *item, struct nvt_event *ev)
{
	ev->type = NVT_EV_TEXT;
	ev->data = item->data;
	ev->len = item->len;
}

static void
got_text(struct nvt_telnet *t, const struct nvt_wire_item *item,
    struct nvt_event *ev)
{
	if (t->synch_left == 0) {
		tell_text(item, ev);
		return;
	}
	t->synch_left -= item->len;
	if (t->synch_left == 0)
		nvt__tell_fault(ev, NVT_FAULT_SYNCH_LIMIT, 0);
}

static void
got_command(struct nvt_telnet *t, const struct nvt_wire_item *item,
    struct nvt_event *ev)
{
	ev->type = NVT_EV_COMMAND;
	ev->command = item->command;
	if (item->command == NVT_CMD_DM)
		t->synch_left = 0;
	if (t->role == NVT_CLIENT)
		return;
	if (item->command == NVT_CMD_AYT)
		nvt__telnet_answer_ayt(t);
	if (item->command == NVT_CMD_AO)
		nvt__telnet_abort_output(t);
}

static void
got_sub(struct nvt_telnet *t, const struct nvt_wire_item *item,
    struct nvt_event *ev)
{
	const struct nvt__behaviour *b = nvt__behaviour_of(item->option);
	enum nvt__verdict verdict = NVT__SUB_GOOD;

	ev->type = NVT_EV_SUB;
	ev->option = item->option;
	ev->data = item->data;
	ev->len = item->len;
	if (b != NULL && b->sub != NULL) {
		verdict = b->sub(t, ev);
		ev->decoded = verdict == NVT__SUB_GOOD;
	} else if (!nvt__telnet_lives(t, NVT_LOCAL, item->option) &&
	    !nvt__telnet_lives(t, NVT_REMOTE, item->option))
		verdict = NVT__SUB_OFF;
	if (verdict == NVT__SUB_BAD)
		nvt__tell_fault(ev, NVT_FAULT_SUB_MALFORMED, item->option);
	if (verdict == NVT__SUB_OFF)
		nvt__tell_fault(ev, NVT_FAULT_SUB_UNEXPECTED, item->option);
}

static void
got_item(struct nvt_telnet *t, const struct nvt_wire_item *item,
    struct nvt_event *ev)
{
	switch (item->type) {
	case NVT_WIRE_NONE:
		break;
	case NVT_WIRE_TEXT:
		got_text(t, item, ev);
		break;
	case NVT_WIRE_COMMAND:
		got_command(t, item, ev);
		break;
	case NVT_WIRE_NEGOTIATION:
		nvt__negotiate_recv(t, item, ev);
		break;
	case NVT_WIRE_SUB:
		got_sub(t, item, ev);
		break;
	case NVT_WIRE_FAULT:
		nvt__tell_fault(ev, item->fault, item->option);
		break;
	}
}

/* What is still to be told of what came before. */
static void
tell_owed(struct nvt_telnet *t, struct nvt_event *ev)
{
	if (t->nomem) {
		t->nomem = false;
		nvt__tell_fault(ev, NVT_FAULT_NOMEM, 0);
		return;
	}
	if (t->owes_change) {
		t->owes_change = false;
		nvt__tell_option(
		    ev, t->owed_side, t->owed_option, t->owed_change);
	}
}

/* How much to decode at once: while text is thrown away, no more than that. */
static size_t
portion(const struct nvt_telnet *t, size_t len)
{
	return t->synch_left > 0 && t->synch_left < len ? t->synch_left : len;
}

/* Items from in + taken on, until there is something to tell. */
static size_t
feed_on(struct nvt_telnet *t, const uint8_t *in, size_t taken, size_t len,
    struct nvt_event *ev)
{
	while (taken < len && ev->type == NVT_EV_NONE) {
		if (nvt__telnet_is_full(t)) {
			ev->type = NVT_EV_FULL;
			break;
		}
		taken += nvt_decoder_feed(
		    t->decoder, in + taken, portion(t, len - taken), &t->item);
		got_item(t, &t->item, ev);
	}
	return taken;
}

/* Whether there is nothing to see to but what comes: mostly. */
static bool
is_at_ease(const struct nvt_telnet *t)
{
	return !t->asked && !t->nomem && !t->owes_change &&
	    t->synch_left == 0 && !nvt__telnet_is_full(t);
}

size_t
nvt_telnet_feed(
    struct nvt_telnet *t, const uint8_t *in, size_t len, struct nvt_event *ev)
{
	size_t taken;

	/* The rest of it is there only where decoded says so. */
	memset(ev, 0, offsetof(struct nvt_event, sub));
	if (!is_at_ease(t)) {
		nvt__negotiate_settle(t);
		tell_owed(t, ev);
		return feed_on(t, in, 0, len, ev);
	}
	taken = nvt_decoder_feed(t->decoder, in, len, &t->item);
	/* What comes most goes the shortest way. */
	if (t->item.type == NVT_WIRE_TEXT) {
		tell_text(&t->item, ev);
		return taken;
	}
	if (t->item.type == NVT_WIRE_COMMAND) {
		got_command(t, &t->item, ev);
		return taken;
	}
	got_item(t, &t->item, ev);
	return feed_on(t, in, taken, len, ev);
}

void
nvt_telnet_end(struct nvt_telnet *t, struct nvt_event *ev)
{
	struct nvt_wire_item item;

	memset(ev, 0, sizeof(*ev));
	nvt__negotiate_settle(t);
	tell_owed(t, ev);
	if (ev->type != NVT_EV_NONE)
		return;
	nvt_decoder_end(t->decoder, &item);
	got_item(t, &item, ev);
}

void
nvt_telnet_urgent(struct nvt_telnet *t)
{
	t->synch_left = NVT_SYNCH_LIMIT;
}
