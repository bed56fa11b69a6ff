/*
 * trail.c - what a target saw, as bytes that two runs can be compared by.
 */
#include "trail.h"

#include "target.h"

#include <string.h>

void
trail_free(struct trail *t)
{
	free(t->data);
	*t = (struct trail){ 0 };
}

void
trail_bytes(struct trail *t, const uint8_t *data, size_t len)
{
	if (len == 0)
		return;
	if (t->len + len > t->cap) {
		t->cap = (t->len + len) * 2;
		t->data = realloc(t->data, t->cap);
		MUST(t->data != NULL);
	}
	memcpy(t->data + t->len, data, len);
	t->len += len;
}

static void
add(struct trail *t, int kind, unsigned int a, unsigned int b, unsigned int c)
{
	const uint8_t bytes[] = { (uint8_t)kind, (uint8_t)a, (uint8_t)b,
		(uint8_t)c };

	trail_bytes(t, bytes, sizeof(bytes));
}

static void
add_text(struct trail *t, const uint8_t *data, size_t len)
{
	size_t i;

	MUST(len > 0);
	for (i = 0; i < len; i++)
		add(t, 'T', data[i], 0, 0);
}

static void
add_payload(struct trail *t, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		add(t, 'P', data[i], 0, 0);
}

/* What can be described is described in any room, in printable ASCII. */
static void
check_line(const char *line, size_t len, size_t size)
{
	size_t i;

	MUST(len < size);
	MUST(strlen(line) == len);
	for (i = 0; i < len; i++)
		MUST(line[i] >= ' ' && line[i] < 0x7f);
}

static void
check_item_line(const struct nvt_wire_item *item)
{
	char line[80];

	check_line(
	    line, nvt_wire_describe(item, line, sizeof(line)), sizeof(line));
	check_line(line, nvt_wire_describe(item, line, 9), 9);
}

static void
check_event_line(const struct nvt_event *ev)
{
	char line[80];

	check_line(
	    line, nvt_event_describe(ev, line, sizeof(line)), sizeof(line));
	check_line(line, nvt_event_describe(ev, line, 9), 9);
}

void
trail_item(struct trail *t, const struct nvt_wire_item *item)
{
	if (!t->quick)
		check_item_line(item);
	switch (item->type) {
	case NVT_WIRE_NONE:
		return;
	case NVT_WIRE_TEXT:
		add_text(t, item->data, item->len);
		return;
	case NVT_WIRE_COMMAND:
		add(t, 'C', item->command, 0, 0);
		return;
	case NVT_WIRE_NEGOTIATION:
		MUST(item->command >= NVT_CMD_WILL);
		MUST(item->command <= NVT_CMD_DONT);
		add(t, 'N', item->command, item->option, 0);
		return;
	case NVT_WIRE_SUB:
		add(t, 'S', item->option, 0, 0);
		add_payload(t, item->data, item->len);
		return;
	case NVT_WIRE_FAULT:
		MUST(item->fault > NVT_FAULT_NONE);
		MUST(item->fault < NVT_FAULT_COUNT);
		add(t, 'F', item->fault, item->option, 0);
		return;
	}
	MUST(item->type <= NVT_WIRE_FAULT);
}

void
trail_event(struct trail *t, const struct nvt_event *ev)
{
	if (!t->quick)
		check_event_line(ev);
	switch (ev->type) {
	case NVT_EV_NONE:
	case NVT_EV_FULL:
		return;
	case NVT_EV_TEXT:
		add_text(t, ev->data, ev->len);
		return;
	case NVT_EV_COMMAND:
		add(t, 'C', ev->command, 0, 0);
		return;
	case NVT_EV_REQUEST:
		add(t, 'R', ev->side, ev->option, 0);
		return;
	case NVT_EV_OPTION:
		add(t, 'O', ev->side, ev->option, ev->change);
		return;
	case NVT_EV_TIMING_MARK:
		add(t, 'M', ev->on, 0, 0);
		return;
	case NVT_EV_SUB:
		add(t, 'S', ev->option, ev->decoded, 0);
		add_payload(t, ev->data, ev->len);
		return;
	case NVT_EV_FAULT:
		MUST(ev->fault > NVT_FAULT_NONE);
		MUST(ev->fault < NVT_FAULT_COUNT);
		add(t, 'F', ev->fault, ev->option, 0);
		add_payload(t, ev->data, ev->len);
		return;
	}
	MUST(ev->type <= NVT_EV_FULL);
}

bool
trail_same(const struct trail *a, const struct trail *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}
