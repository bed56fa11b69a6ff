/*
 * encode.c - text to bytes for the wire, against libtelnet.
 *
 * libtelnet hands the caller spans of what it was given; nvt writes into a
 * buffer, which a socket needs anyway for one write per turn.  The copy is in
 * our figure and not in libtelnet's.
 */
#include "common.h"
#include "tally.h"

#include <errno.h>
#include <nvt/telnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORK_BYTES = 1 << 20, PIECE_MAX = 65536 };

static enum nvt_newline
newline_of(const struct work *w)
{
	return w->binary ? NVT_NEWLINE_RAW : NVT_NEWLINE_CRLF;
}

static void
encoder_run(void *arg)
{
	static uint8_t out[2 * PIECE_MAX];
	struct work *w = arg;
	size_t at, n, taken;

	w->sum = (struct tally){ 0 };
	for (at = 0; at < w->len; at += taken) {
		n = w->len - at < w->piece ? w->len - at : w->piece;
		w->sum.wire += nvt_encode_text(
		    newline_of(w), w->data + at, n, &taken, out, sizeof(out));
	}
}

static void
telnet_run(void *arg)
{
	struct work *w = arg;
	struct nvt_telnet_config config = { .size = sizeof(config),
		.newline = newline_of(w) };
	struct nvt_telnet *t;
	const uint8_t *pending;
	size_t at, n, taken, len;

	if (nvt_telnet_new(&config, &t) != 0)
		bench_die("nvt_telnet_new");
	w->sum = (struct tally){ 0 };
	for (at = 0; at < w->len; at += taken) {
		n = w->len - at < w->piece ? w->len - at : w->piece;
		if (nvt_telnet_send_text(t, w->data + at, n, &taken) != 0)
			bench_die("nvt_telnet_send_text");
		len = nvt_telnet_pending(t, &pending);
		w->sum.wire += len;
		nvt_telnet_sent(t, len);
	}
	nvt_telnet_free(t);
}

/* C's text: LF alone ends a line. */
static size_t
c_text(uint8_t *out, size_t len)
{
	size_t i, at = 0;

	bench_log_lines(out, len);
	for (i = 0; i < len; i++)
		if (out[i] != '\r')
			out[at++] = out[i];
	return at;
}

static size_t
wire_text(uint8_t *out, size_t len)
{
	bench_log_lines(out, len);
	return len;
}

static size_t
any_bytes(uint8_t *out, size_t len)
{
	bench_random(out, len);
	return len;
}

static const struct kind {
	const char *name;
	size_t (*fill)(uint8_t *out, size_t len);
	int binary;
} KINDS[] = {
	{ "text, raw", wire_text, 1 },
	{ "random, raw", any_bytes, 1 },
	{ "text, LF to CR LF", c_text, 0 },
};

static const struct engine {
	const char *name;
	void (*run)(void *work);
} ENGINES[] = {
	{ "nvt_encode_text", encoder_run },
	{ "nvt_telnet_send_text", telnet_run },
};

#if HAVE_LIBTELNET
static void
check_same(const char *row, struct work *a, const struct engine *engine,
    void (*peer)(void *))
{
	struct work b = *a;

	engine->run(a);
	peer(&b);
	if (a->sum.wire == b.sum.wire)
		return;
	fprintf(stderr, "bench: %s: %zu bytes, libtelnet %zu\n", row,
	    a->sum.wire, b.sum.wire);
	exit(1);
}
#endif

static void
measure(const struct kind *kind, const struct engine *engine, struct work *w,
    unsigned rounds)
{
	struct work peer_work = *w;
	struct bench_side ours = { engine->name, engine->run, w };
	struct bench_side peer = { "libtelnet", NULL, &peer_work };
	char row[96];

	snprintf(row, sizeof(row), "encode %s, %zu KiB, %s", kind->name,
	    w->piece / 1024, engine->name + strlen("nvt_"));
#if HAVE_LIBTELNET
	peer.run = kind->binary ? libtelnet_send : libtelnet_printf;
	check_same(row, w, engine, peer.run);
#endif
	bench_pair(row, w->len, rounds, &ours, &peer);
}

int
main(int argc, char **argv)
{
	static const size_t pieces[] = { 4096, PIECE_MAX };
	unsigned rounds = argc > 1 ? (unsigned)bench_number(argv[1]) : 5;
	uint8_t *data = bench_alloc(WORK_BYTES);
	size_t i, j, k;

	errno = 0;
	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		struct work w = { .data = data, .binary = KINDS[i].binary };

		w.len = KINDS[i].fill(data, WORK_BYTES);
		for (j = 0; j < 2; j++)
			for (k = 0; k < 2; k++) {
				w.piece = pieces[j];
				measure(&KINDS[i], &ENGINES[k], &w, rounds);
			}
	}
	free(data);
	return 0;
}
