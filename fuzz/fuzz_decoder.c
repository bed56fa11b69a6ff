/*
 * fuzz_decoder.c - any stream gives the same items however it is cut, and any
 * text comes back from the encoder as it went in.
 *
 * The input: a byte of flags, a byte that says where to cut, the stream.
 */
#include <nvt/wire.h>

#include <string.h>

#include "target.h"
#include "trail.h"

enum { BINARY = 1, SMALL_SUB = 2, VERY_SMALL_SUB = 4, ENTER = 8 };

struct run {
	struct nvt_decoder *d;
	struct trail trail;
};

/* As the engine does: BINARY holds from the byte after the command. */
static void
got(struct run *r, const struct nvt_wire_item *item, const uint8_t *in,
    size_t len)
{
	trail_item(&r->trail, item);
	if (item->type == NVT_WIRE_TEXT)
		MUST(item->data >= in && item->len <= len &&
		    item->data + item->len <= in + len);
	if (item->type == NVT_WIRE_NEGOTIATION &&
	    item->option == NVT_OPT_BINARY && item->command <= NVT_CMD_WONT)
		nvt_decoder_set_binary(r->d, item->command == NVT_CMD_WILL);
}

static void
feed(struct run *r, const uint8_t *in, size_t len)
{
	struct nvt_wire_item item;
	size_t done = 0, took;

	do {
		took = nvt_decoder_feed(r->d, in + done, len - done, &item);
		MUST(took <= len - done);
		MUST(took > 0 || done == len || item.type == NVT_WIRE_FAULT);
		got(r, &item, in + done, took);
		done += took;
	} while (done < len || item.type != NVT_WIRE_NONE);
}

static size_t
sub_limit(uint8_t flags)
{
	if ((flags & VERY_SMALL_SUB) != 0)
		return 1;
	return (flags & SMALL_SUB) != 0 ? 16 : 0;
}

/* In pieces of that size, the first being shorter by what first says. */
static struct trail
decode(uint8_t flags, const uint8_t *in, size_t len, size_t first, size_t piece)
{
	struct run r = { .trail.quick = piece <= len };
	struct nvt_wire_item item;
	size_t done, n;

	MUST(nvt_decoder_new(sub_limit(flags), &r.d) == 0);
	nvt_decoder_set_binary(r.d, (flags & BINARY) != 0);
	nvt_decoder_set_enter(r.d, (flags & ENTER) != 0);
	for (done = 0; done < len; done += n) {
		n = done == 0 && first > 0 ? first : piece;
		n = n < len - done ? n : len - done;
		feed(&r, in + done, n);
		nvt_decoder_trim(r.d);
	}
	nvt_decoder_end(r.d, &item);
	MUST(item.type == NVT_WIRE_NONE || item.type == NVT_WIRE_FAULT);
	trail_item(&r.trail, &item);
	/* As new: the same text once more is text. */
	feed(&r, (const uint8_t *)"end", 3);
	nvt_decoder_free(r.d);
	return r.trail;
}

static void
check_cuts(uint8_t flags, uint8_t cut, const uint8_t *in, size_t len)
{
	struct trail whole = decode(flags, in, len, 0, len + 1);
	struct trail cuts[3];
	size_t i;

	cuts[0] = decode(flags, in, len, 0, 1);
	cuts[1] = decode(flags, in, len, cut, len + 1);
	cuts[2] = decode(flags, in, len, cut, (size_t)cut % 7 + 2);
	for (i = 0; i < 3; i++) {
		MUST(trail_same(&whole, &cuts[i]));
		trail_free(&cuts[i]);
	}
	trail_free(&whole);
}

/* Encoded into whatever room, decoded: the same. */
static void
check_identity(enum nvt_newline newline, bool binary, const uint8_t *in,
    size_t len, size_t room)
{
	uint8_t *wire = malloc(2 * len + 1);
	struct trail want = { 0 }, got_back;
	struct nvt_wire_item item = {
		.type = NVT_WIRE_TEXT, .data = in, .len = len
	};
	size_t done = 0, wrote = 0, taken, n;

	MUST(wire != NULL);
	while (done < len) {
		n = 2 * len - wrote < room ? 2 * len - wrote : room;
		n = nvt_encode_text(
		    newline, in + done, len - done, &taken, wire + wrote, n);
		MUST(taken > 0 && taken <= len - done);
		done += taken;
		wrote += n;
		MUST(wrote <= 2 * len);
	}
	if (len > 0)
		trail_item(&want, &item);
	trail_item(&want,
	    &(struct nvt_wire_item){ .type = NVT_WIRE_TEXT,
		.data = (const uint8_t *)"end",
		.len = 3 });
	got_back = decode(binary ? BINARY : 0, wire, wrote, 0, 5);
	MUST(trail_same(&want, &got_back));
	trail_free(&want);
	trail_free(&got_back);
	free(wire);
}

static void
check_sub(uint8_t option, const uint8_t *in, size_t len)
{
	size_t need = nvt_encode_sub(option, in, len, NULL, 0), took;
	uint8_t *wire = malloc(need);
	struct nvt_decoder *d = NULL;
	struct nvt_wire_item item;

	MUST(wire != NULL);
	MUST(nvt_encode_sub(option, in, len, wire, need) == need);
	MUST(nvt_decoder_new(0, &d) == 0);
	took = nvt_decoder_feed(d, wire, need, &item);
	MUST(took == need);
	MUST(item.type == NVT_WIRE_SUB && item.option == option);
	MUST(item.len == len);
	MUST(len == 0 || memcmp(item.data, in, len) == 0);
	nvt_decoder_free(d);
	free(wire);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* libFuzzer's block has just this size: a byte too far is seen. */
	if (size < 2)
		return 0;
	check_cuts(data[0], data[1], data + 2, size - 2);
	check_identity(
	    NVT_NEWLINE_RAW, true, data + 2, size - 2, (size_t)data[1] + 2);
	check_identity(
	    NVT_NEWLINE_NVT, false, data + 2, size - 2, (size_t)data[1] + 2);
	if (data[0] != NVT_CMD_IAC && data[0] != NVT_OPT_MCCP1)
		check_sub(data[0], data + 2, size - 2);
	return 0;
}
