/*
 * wire_roundtrip.c - what the encoder writes the decoder reads back, a
 * megabyte of hostile bytes at a time, however either side is cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/wire.h>

#define SIZE ((size_t)1 << 20)

static uint32_t seed;

static uint32_t
next_random(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

/* Mostly the bytes that mean something to somebody. */
static void
fill(uint8_t *data, size_t len, unsigned int kind)
{
	static const uint8_t sharp[] = { 0xff, 0xff, '\r', '\r', '\n', 0, 0xf0,
		0xfa, 'x' };
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = (next_random() % 10) < kind ?
		    sharp[next_random() % sizeof(sharp)] :
		    (uint8_t)next_random();
}

static size_t
piece(size_t left, size_t most)
{
	size_t n = 1 + next_random() % most;

	return n < left ? n : left;
}

/* Through buffers of odd sizes; out holds 2 * len. */
static size_t
encode(enum nvt_newline newline, const uint8_t *in, size_t len, uint8_t *out,
    size_t most)
{
	size_t done = 0, wrote = 0, taken, n;

	while (done < len) {
		/* The input in one piece: a CR must see what follows it. */
		n = nvt_encode_text(newline, in + done, len - done, &taken,
		    out + wrote, piece(2 * len - wrote, most));
		assert_true(wrote + n <= 2 * len);
		assert_true(taken <= len - done);
		assert_true(n >= taken);
		done += taken;
		wrote += n;
	}
	return wrote;
}

static size_t
decode(bool binary, const uint8_t *in, size_t len, uint8_t *out, size_t most)
{
	struct nvt_decoder *d = NULL;
	struct nvt_wire_item item;
	size_t done = 0, wrote = 0, n;

	assert_int_equal(nvt_decoder_new(0, &d), 0);
	nvt_decoder_set_binary(d, binary);
	while (done < len) {
		n = piece(len - done, most);
		n = nvt_decoder_feed(d, in + done, n, &item);
		assert_true(n > 0);
		done += n;
		if (item.type == NVT_WIRE_NONE)
			continue;
		assert_int_equal(item.type, NVT_WIRE_TEXT);
		memcpy(out + wrote, item.data, item.len);
		wrote += item.len;
	}
	nvt_decoder_end(d, &item);
	assert_int_equal(item.type, NVT_WIRE_NONE);
	nvt_decoder_free(d);
	return wrote;
}

struct buffers {
	uint8_t *text;
	uint8_t *wire;
	uint8_t *back;
};

static void
must_be_same(
    struct buffers *b, enum nvt_newline newline, bool binary, size_t most)
{
	size_t wire = encode(newline, b->text, SIZE, b->wire, most);
	size_t back = decode(binary, b->wire, wire, b->back, most);

	assert_int_equal(back, SIZE);
	assert_memory_equal(b->back, b->text, SIZE);
}

static struct buffers
new_buffers(void)
{
	struct buffers b = { malloc(SIZE), malloc(2 * SIZE), malloc(2 * SIZE) };

	assert_non_null(b.text);
	assert_non_null(b.wire);
	assert_non_null(b.back);
	return b;
}

static void
free_buffers(struct buffers *b)
{
	free(b->text);
	free(b->wire);
	free(b->back);
}

static void
test_identity(void **unused)
{
	static const size_t mosts[] = { 3, 17, 4096, 2 * SIZE };
	struct buffers b = new_buffers();
	unsigned int kind;
	size_t i;

	(void)unused;
	seed = 854;
	for (i = 0; i < sizeof(mosts) / sizeof(*mosts); i++)
		for (kind = 0; kind <= 10; kind += 5) {
			fill(b.text, SIZE, kind);
			must_be_same(&b, NVT_NEWLINE_RAW, true, mosts[i]);
			must_be_same(&b, NVT_NEWLINE_NVT, false, mosts[i]);
		}
	free_buffers(&b);
}

/* C's line ends come back as the NVT's: LF as CR LF, all else as it was. */
static size_t
as_nvt(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (in[i] == '\n' && (i == 0 || in[i - 1] != '\r'))
			out[n++] = '\r';
		out[n++] = in[i];
	}
	return n;
}

static void
test_c_newlines(void **unused)
{
	struct buffers b = new_buffers();
	uint8_t *want = malloc(2 * SIZE);
	size_t wire, back, len;

	(void)unused;
	assert_non_null(want);
	seed = 1123;
	fill(b.text, SIZE, 8);
	wire = encode(NVT_NEWLINE_CRLF, b.text, SIZE, b.wire, 2 * SIZE);
	back = decode(false, b.wire, wire, b.back, 100);
	len = as_nvt(b.text, SIZE, want);
	assert_int_equal(back, len);
	assert_memory_equal(b.back, want, len);
	free(want);
	free_buffers(&b);
}

/* The same text is the same bytes, whatever room there is at a time. */
static void
test_room(void **unused)
{
	uint8_t text[600], whole[1200], parts[1200];
	static const enum nvt_newline newlines[] = { NVT_NEWLINE_CRLF,
		NVT_NEWLINE_NVT, NVT_NEWLINE_RAW };
	size_t i, n, m, done, taken, room;

	(void)unused;
	seed = 2;
	fill(text, sizeof(text), 10);
	for (i = 0; i < 3; i++)
		for (room = 2; room < 40; room++) {
			n = nvt_encode_text(newlines[i], text, sizeof(text),
			    &taken, whole, sizeof(whole));
			assert_int_equal(taken, sizeof(text));
			for (m = 0, done = 0; done < sizeof(text);) {
				m += nvt_encode_text(newlines[i], text + done,
				    sizeof(text) - done, &taken, parts + m,
				    room < sizeof(parts) - m ?
					room :
					sizeof(parts) - m);
				assert_true(taken > 0);
				done += taken;
			}
			assert_int_equal(m, n);
			assert_memory_equal(parts, whole, n);
		}
}

/* A pair is never cut: with room for half of one, nothing is taken. */
static void
test_no_half_pairs(void **unused)
{
	static const struct {
		enum nvt_newline newline;
		const char *in;
		size_t len;
	} cases[] = {
		{ NVT_NEWLINE_CRLF, "\xff", 1 },
		{ NVT_NEWLINE_CRLF, "\n", 1 },
		{ NVT_NEWLINE_CRLF, "\rx", 2 },
		{ NVT_NEWLINE_NVT, "\xff", 1 },
		{ NVT_NEWLINE_NVT, "\rx", 2 },
		{ NVT_NEWLINE_RAW, "\xff", 1 },
	};
	uint8_t out[2] = { 'a', 'b' };
	size_t i, taken;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		taken = 99;
		assert_int_equal(nvt_encode_text(cases[i].newline,
				     (const uint8_t *)cases[i].in, cases[i].len,
				     &taken, out, 1),
		    0);
		assert_int_equal(taken, 0);
		assert_memory_equal(out, "ab", 2);
	}
}

/* Subnegotiations: any payload comes back, at every size around a buffer's. */
static void
test_subnegotiations(void **unused)
{
	uint8_t payload[1025], wire[2 * 1025 + 5];
	struct nvt_decoder *d = NULL;
	struct nvt_wire_item item;
	size_t len, n, took;

	(void)unused;
	seed = 855;
	assert_int_equal(nvt_decoder_new(0, &d), 0);
	for (len = 0; len <= sizeof(payload); len++) {
		fill(payload, len, 10);
		n = nvt_encode_sub(99, payload, len, wire, sizeof(wire));
		assert_true(n <= sizeof(wire));
		/* Too little room: nothing, and the length all the same. */
		assert_int_equal(
		    nvt_encode_sub(99, payload, len, wire, n - 1), n);
		nvt_encode_sub(99, payload, len, wire, n);
		took = nvt_decoder_feed(d, wire, n, &item);
		assert_int_equal(took, n);
		assert_int_equal(item.type, NVT_WIRE_SUB);
		assert_int_equal(item.option, 99);
		assert_int_equal(item.len, len);
		assert_true(len == 0 || memcmp(item.data, payload, len) == 0);
	}
	nvt_decoder_free(d);
}

static void
test_commands(void **unused)
{
	static const uint8_t ayt[] = { 0xff, 0xf6 };
	static const uint8_t will[] = { 0xff, 0xfb, 0xff };
	uint8_t out[3] = { 1, 2, 3 };

	(void)unused;
	assert_int_equal(nvt_encode_command(NVT_CMD_AYT, out, 1), 2);
	assert_int_equal(out[0], 1);
	assert_int_equal(nvt_encode_command(NVT_CMD_AYT, out, 2), 2);
	assert_memory_equal(out, ayt, 2);
	out[0] = 1;
	assert_int_equal(
	    nvt_encode_negotiation(NVT_CMD_WILL, NVT_OPT_EXOPL, out, 2), 3);
	assert_int_equal(out[0], 1);
	assert_int_equal(
	    nvt_encode_negotiation(NVT_CMD_WILL, NVT_OPT_EXOPL, out, 3), 3);
	assert_memory_equal(out, will, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_c_newlines),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_no_half_pairs),
		cmocka_unit_test(test_subnegotiations),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
