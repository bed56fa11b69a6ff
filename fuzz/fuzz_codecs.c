/*
 * fuzz_codecs.c - what a codec parses it can write, and reads back the same;
 * what it does not parse it leaves alone.
 *
 * The input: the option, then the payload of its subnegotiation.
 */
#include <nvt/wire.h>

#include <string.h>

#include "target.h"
#include "trail.h"

/* The written payload must be the one that was read. */
static void
check_same(const uint8_t *p, size_t len, const uint8_t *out, size_t n)
{
	MUST(n == len);
	MUST(memcmp(p, out, len) == 0);
}

static void
check_naws(const uint8_t *p, size_t len, uint8_t *out, size_t size)
{
	struct nvt_naws naws;

	if (nvt_naws_parse(p, len, &naws) != 0)
		return;
	check_same(p, len, out, nvt_naws_write(&naws, out, size));
}

static void
check_ttype(const uint8_t *p, size_t len, uint8_t *out, size_t size)
{
	struct nvt_text_sub text;
	uint32_t bits;

	if (nvt_ttype_parse(p, len, &text) != 0)
		return;
	if (text.verb == NVT_SUB_IS)
		(void)nvt_ttype_mtts(text.text, text.len, &bits);
	check_same(p, len, out, nvt_ttype_write(&text, out, size));
}

static void
check_xdisploc(const uint8_t *p, size_t len, uint8_t *out, size_t size)
{
	struct nvt_text_sub text;

	if (nvt_xdisploc_parse(p, len, &text) != 0)
		return;
	check_same(p, len, out, nvt_xdisploc_write(&text, out, size));
}

/* Zeros in front are read and not written. */
static void
check_tspeed(const uint8_t *p, size_t len, uint8_t *out, size_t size)
{
	struct nvt_tspeed a = { 0 }, b = { 0 };
	size_t n;

	if (nvt_tspeed_parse(p, len, &a) != 0)
		return;
	n = nvt_tspeed_write(&a, out, size);
	MUST(n <= len && n <= size);
	MUST(nvt_tspeed_parse(out, n, &b) == 0);
	MUST(a.verb == b.verb);
	if (a.verb == NVT_SUB_IS)
		MUST(a.transmit == b.transmit && a.receive == b.receive);
}

static size_t
unescape(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t n = nvt_environ_unescape(in, len, out);

	MUST(n <= len);
	MUST(n == nvt_environ_unescape(in, len, NULL));
	return n;
}

/* One variable, unescaped, and escaped again. */
static size_t
rewrite_var(const struct nvt_environ_var *var, uint8_t *out, size_t size)
{
	struct nvt_environ_var plain = *var;
	uint8_t *name = malloc(var->name_len + 1);
	uint8_t *value = malloc(var->value_len + 1);
	size_t n;

	MUST(name != NULL && value != NULL);
	plain.name_len = unescape(var->name, var->name_len, name);
	plain.name = name;
	if (var->value != NULL) {
		plain.value_len = unescape(var->value, var->value_len, value);
		plain.value = value;
	}
	n = nvt_environ_var_write(&plain, out, size);
	MUST(n <= size);
	free(name);
	free(value);
	return n;
}

static void
trail_var(struct trail *t, const struct nvt_environ_var *var)
{
	uint8_t head[3] = { (uint8_t)var->kind, var->value != NULL, 0 };
	uint8_t *plain = malloc(var->name_len + var->value_len + 1);
	size_t n;

	MUST(plain != NULL);
	trail_bytes(t, head, sizeof(head));
	n = unescape(var->name, var->name_len, plain);
	trail_bytes(t, plain, n);
	if (var->value != NULL) {
		n = unescape(var->value, var->value_len, plain);
		trail_bytes(t, plain, n);
	}
	free(plain);
}

static size_t
walk_environ(struct nvt_environ e, struct trail *t, uint8_t *out, size_t size)
{
	struct nvt_environ_var var;
	size_t n = 1;
	int more;

	out[0] = (uint8_t)e.verb;
	while ((more = nvt_environ_next(&e, &var)) == 1) {
		MUST(var.kind == NVT_ENVIRON_VAR ||
		    var.kind == NVT_ENVIRON_USERVAR);
		trail_var(t, &var);
		n += rewrite_var(&var, out + n, size - n);
	}
	MUST(more == 0);
	return n;
}

static void
check_environ(const uint8_t *p, size_t len, uint8_t *out, size_t size)
{
	struct trail a = { 0 }, b = { 0 };
	struct nvt_environ e;
	uint8_t *again;
	size_t n;

	if (nvt_environ_parse(p, len, &e) != 0)
		return;
	n = walk_environ(e, &a, out, size);
	MUST(nvt_environ_parse(out, n, &e) == 0);
	again = malloc(size);
	MUST(again != NULL);
	MUST(walk_environ(e, &b, again, size) == n);
	MUST(memcmp(out, again, n) == 0);
	MUST(trail_same(&a, &b));
	trail_free(&a);
	trail_free(&b);
	free(again);
}

/* An item's payload is as sent; the writer doubles SE by itself. */
static size_t
rewrite_item(struct nvt_wire_item item, uint8_t *out, size_t size)
{
	uint8_t *plain = malloc(item.len + 1);
	size_t i, n = 0;

	MUST(plain != NULL);
	for (i = 0; i < item.len; i++) {
		plain[n++] = item.data[i];
		if (item.data[i] == NVT_CMD_SE) {
			MUST(i + 1 < item.len);
			MUST(item.data[++i] == NVT_CMD_SE);
		}
	}
	item.data = plain;
	item.len = n;
	n = nvt_status_item_write(&item, out, size);
	MUST(n <= size);
	free(plain);
	return n;
}

static void
check_status(const uint8_t *p, size_t len, uint8_t *out, size_t size)
{
	struct nvt_wire_item item;
	struct nvt_status s;
	size_t n = 1;
	int more;

	if (nvt_status_parse(p, len, &s) != 0)
		return;
	out[0] = (uint8_t)s.verb;
	while ((more = nvt_status_next(&s, &item)) == 1) {
		MUST(item.type == NVT_WIRE_SUB ||
		    item.type == NVT_WIRE_NEGOTIATION);
		if (item.type == NVT_WIRE_NEGOTIATION)
			item.len = 0;
		n += rewrite_item(item, out + n, size - n);
	}
	MUST(more == 0);
	check_same(p, len, out, n);
}

/* Escaped for people, in any room. */
static void
check_escape(const uint8_t *p, size_t len)
{
	char out[64];
	size_t size, n;

	for (size = 1; size <= sizeof(out); size += 9) {
		n = nvt_wire_escape(p, len, out, size);
		MUST(n < size && strlen(out) == n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_wire_item item = { .type = NVT_WIRE_SUB };
	struct trail unused = { 0 };
	size_t len, room;
	uint8_t *p, *out;

	if (size == 0)
		return 0;
	len = size - 1;
	room = 2 * len + 16;
	p = malloc(len + 1);
	out = malloc(room);
	MUST(p != NULL && out != NULL);
	/* At the end of its block: a byte too far is seen. */
	memcpy(p + 1, data + 1, len);
	check_naws(p + 1, len, out, room);
	check_ttype(p + 1, len, out, room);
	check_xdisploc(p + 1, len, out, room);
	check_tspeed(p + 1, len, out, room);
	check_environ(p + 1, len, out, room);
	check_status(p + 1, len, out, room);
	check_escape(p + 1, len);
	item.option = data[0];
	item.data = p + 1;
	item.len = len;
	trail_item(&unused, &item);
	trail_free(&unused);
	free(out);
	free(p);
	return 0;
}
