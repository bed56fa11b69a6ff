/*
 * describe.c - an item in words, for traces.
 */
#include "wire/describe.h"

static const char *const verbs[] = { "IS", "SEND", "INFO" };

static void
add_named(struct nvt__line *l, const char *name, uint8_t code)
{
	if (name != NULL)
		nvt__line_add(l, name);
	else
		nvt__line_number(l, code);
}

void
nvt__describe_command(struct nvt__line *l, uint8_t command)
{
	add_named(l, nvt_command_name(command), command);
}

void
nvt__describe_option(struct nvt__line *l, uint8_t option)
{
	add_named(l, nvt_option_name(option), option);
}

static void
describe_raw(struct nvt__line *l, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len && !l->cut; i++) {
		nvt__line_add(l, " ");
		nvt__line_hex(l, p[i]);
	}
}

static int
describe_naws(struct nvt__line *l, const uint8_t *p, size_t len)
{
	struct nvt_naws naws;

	if (nvt_naws_parse(p, len, &naws) != 0)
		return NVT_ERR_MALFORMED;
	nvt__line_add(l, " ");
	nvt__line_number(l, naws.cols);
	nvt__line_add(l, "x");
	nvt__line_number(l, naws.rows);
	return 0;
}

/* TTYPE, XDISPLOC, TSPEED: all of them a verb and text. */
static int
describe_text(struct nvt__line *l, const uint8_t *p, size_t len)
{
	struct nvt_text_sub sub;

	if (nvt_ttype_parse(p, len, &sub) != 0)
		return NVT_ERR_MALFORMED;
	nvt__line_add(l, " ");
	nvt__line_add(l, verbs[sub.verb]);
	if (sub.verb == NVT_SUB_SEND)
		return 0;
	nvt__line_add(l, " ");
	nvt__line_quote(l, (const uint8_t *)sub.text, sub.len);
	return 0;
}

static int
describe_environ(struct nvt__line *l, const uint8_t *p, size_t len)
{
	struct nvt_environ e;
	struct nvt_environ_var var;

	if (nvt_environ_parse(p, len, &e) != 0)
		return NVT_ERR_MALFORMED;
	nvt__line_add(l, " ");
	nvt__line_add(l, verbs[e.verb]);
	while (nvt_environ_next(&e, &var) == 1 && !l->cut) {
		nvt__line_add(
		    l, var.kind == NVT_ENVIRON_VAR ? " VAR " : " USERVAR ");
		nvt__line_escape(l, var.name, var.name_len);
		if (var.value == NULL)
			continue;
		nvt__line_add(l, "=");
		nvt__line_quote(l, var.value, var.value_len);
	}
	return 0;
}

static int
describe_status(struct nvt__line *l, const uint8_t *p, size_t len)
{
	struct nvt_status status;
	struct nvt_wire_item item;

	if (nvt_status_parse(p, len, &status) != 0)
		return NVT_ERR_MALFORMED;
	nvt__line_add(l, " ");
	nvt__line_add(l, verbs[status.verb]);
	while (nvt_status_next(&status, &item) == 1 && !l->cut) {
		nvt__line_add(l, " ");
		nvt__describe_command(l, item.command);
		nvt__line_add(l, " ");
		nvt__describe_option(l, item.option);
		if (item.type == NVT_WIRE_SUB)
			describe_raw(l, item.data, item.len);
	}
	return 0;
}

static const struct {
	uint8_t option;
	int (*describe)(struct nvt__line *l, const uint8_t *p, size_t len);
} payloads[] = {
	{ NVT_OPT_STATUS, describe_status },
	{ NVT_OPT_TTYPE, describe_text },
	{ NVT_OPT_NAWS, describe_naws },
	{ NVT_OPT_TSPEED, describe_text },
	{ NVT_OPT_XDISPLOC, describe_text },
	{ NVT_OPT_NEW_ENVIRON, describe_environ },
};

enum { PAYLOAD_COUNT = sizeof(payloads) / sizeof(payloads[0]) };

void
nvt__describe_payload(
    struct nvt__line *l, uint8_t option, const uint8_t *p, size_t len)
{
	for (int i = 0; i < PAYLOAD_COUNT; i++)
		if (payloads[i].option == option &&
		    payloads[i].describe(l, p, len) == 0)
			return;
	describe_raw(l, p, len);
}

/* Whether a fault is always about an option, even if that is number 0. */
static bool
names_option(enum nvt_fault fault)
{
	switch (fault) {
	case NVT_FAULT_SUB_OVERFLOW:
	case NVT_FAULT_SUB_INTERRUPTED:
	case NVT_FAULT_SUB_MALFORMED:
	case NVT_FAULT_SUB_UNEXPECTED:
	case NVT_FAULT_LIAR:
		return true;
	default:
		return false;
	}
}

void
nvt__describe_fault(struct nvt__line *l, enum nvt_fault fault, uint8_t option)
{
	nvt__line_add(l, nvt_fault_text(fault));
	if (option == 0 && !names_option(fault))
		return;
	nvt__line_add(l, ": ");
	nvt__describe_option(l, option);
}

size_t
nvt_wire_describe(const struct nvt_wire_item *item, char *out, size_t size)
{
	struct nvt__line l;

	nvt__line_init(&l, out, size);
	switch (item->type) {
	case NVT_WIRE_NONE:
		break;
	case NVT_WIRE_TEXT:
		nvt__line_quote(&l, item->data, item->len);
		break;
	case NVT_WIRE_COMMAND:
		nvt__describe_command(&l, item->command);
		break;
	case NVT_WIRE_NEGOTIATION:
		nvt__describe_command(&l, item->command);
		nvt__line_add(&l, " ");
		nvt__describe_option(&l, item->option);
		break;
	case NVT_WIRE_SUB:
		nvt__line_add(&l, "SB ");
		nvt__describe_option(&l, item->option);
		nvt__describe_payload(&l, item->option, item->data, item->len);
		break;
	case NVT_WIRE_FAULT:
		nvt__describe_fault(&l, item->fault, item->option);
		break;
	}
	return l.len;
}

size_t
nvt_wire_escape(const uint8_t *data, size_t len, char *out, size_t size)
{
	struct nvt__line l;

	nvt__line_init(&l, out, size);
	nvt__line_escape(&l, data, len);
	return l.len;
}
