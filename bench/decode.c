/*
 * decode.c - bytes from the wire to text, against libtelnet.
 */
#include "common.h"
#include "tally.h"

#include <errno.h>
#include <nvt/telnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORK_BYTES = 1 << 20, COMMAND_EVERY = 64 };

static size_t
take_items(
    struct nvt_decoder *d, const uint8_t *in, size_t len, struct tally *sum)
{
	struct nvt_wire_item item;
	size_t n;

	n = nvt_decoder_feed(d, in, len, &item);
	if (item.type == NVT_WIRE_TEXT)
		sum->text += item.len;
	else if (item.type == NVT_WIRE_COMMAND)
		sum->commands++;
	return n;
}

static void
decoder_run(void *arg)
{
	struct work *w = arg;
	struct nvt_decoder *d;
	size_t at, end;

	if (nvt_decoder_new(0, &d) != 0)
		bench_die("nvt_decoder_new");
	nvt_decoder_set_binary(d, w->binary);
	w->sum = (struct tally){ 0 };
	for (at = 0; at < w->len;) {
		end = w->len - at < w->piece ? w->len : at + w->piece;
		while (at < end)
			at += take_items(d, w->data + at, end - at, &w->sum);
	}
	nvt_decoder_free(d);
}

static size_t
take_events(
    struct nvt_telnet *t, const uint8_t *in, size_t len, struct tally *sum)
{
	struct nvt_event ev;
	size_t n;

	n = nvt_telnet_feed(t, in, len, &ev);
	if (ev.type == NVT_EV_TEXT)
		sum->text += ev.len;
	else if (ev.type == NVT_EV_COMMAND)
		sum->commands++;
	return n;
}

static struct nvt_telnet *
open_telnet(bool binary)
{
	static const uint8_t will_binary[] = { NVT_CMD_IAC, NVT_CMD_WILL,
		NVT_OPT_BINARY };
	const uint8_t *pending;
	struct nvt_telnet *t;
	struct tally sum = { 0 };
	size_t at = 0;

	if (nvt_telnet_new(NULL, &t) != 0)
		bench_die("nvt_telnet_new");
	if (!binary)
		return t;
	nvt_telnet_set_policy(t, NVT_REMOTE, NVT_OPT_BINARY, NVT_ACCEPT);
	while (at < sizeof(will_binary))
		at += take_events(
		    t, will_binary + at, sizeof(will_binary) - at, &sum);
	nvt_telnet_sent(t, nvt_telnet_pending(t, &pending));
	if (!nvt_telnet_is_on(t, NVT_REMOTE, NVT_OPT_BINARY))
		bench_die("BINARY");
	return t;
}

static void
telnet_run(void *arg)
{
	struct work *w = arg;
	struct nvt_telnet *t = open_telnet(w->binary);
	size_t at, end;

	w->sum = (struct tally){ 0 };
	for (at = 0; at < w->len;) {
		end = w->len - at < w->piece ? w->len : at + w->piece;
		while (at < end)
			at += take_events(t, w->data + at, end - at, &w->sum);
	}
	nvt_telnet_free(t);
}

static size_t
text(uint8_t *out, size_t len)
{
	bench_log_lines(out, len);
	return len;
}

static size_t
text_with_commands(uint8_t *out, size_t len)
{
	size_t at;

	bench_log_lines(out, len);
	for (at = COMMAND_EVERY - 2; at + 2 <= len; at += COMMAND_EVERY) {
		out[at] = NVT_CMD_IAC;
		out[at + 1] =
		    (at & COMMAND_EVERY) != 0 ? NVT_CMD_NOP : NVT_CMD_GA;
	}
	return len;
}

static size_t
random_doubled(uint8_t *out, size_t len)
{
	uint8_t *plain = bench_alloc(len);
	size_t i, at = 0;

	bench_random(plain, len);
	for (i = 0; i < len && at + 2 <= len; i++) {
		out[at++] = plain[i];
		if (plain[i] == NVT_CMD_IAC)
			out[at++] = NVT_CMD_IAC;
	}
	free(plain);
	return at;
}

static const struct kind {
	const char *name;
	size_t (*fill)(uint8_t *out, size_t len);
	int binary;
} KINDS[] = {
	{ "text, binary", text, 1 },
	{ "text, NVT", text, 0 },
	{ "command each 64 bytes, NVT", text_with_commands, 0 },
	{ "random, binary", random_doubled, 1 },
};

static const struct engine {
	const char *name;
	void (*run)(void *work);
} ENGINES[] = {
	{ "nvt_decoder_feed", decoder_run },
	{ "nvt_telnet_feed", telnet_run },
};

static void
check_same(const char *row, struct work *a, const struct engine *engine)
{
#if HAVE_LIBTELNET
	struct work b = *a;

	engine->run(a);
	libtelnet_decode(&b);
	if (a->sum.text == b.sum.text && a->sum.commands == b.sum.commands)
		return;
	fprintf(stderr,
	    "bench: %s: %zu bytes and %zu commands,"
	    " libtelnet %zu and %zu\n",
	    row, a->sum.text, a->sum.commands, b.sum.text, b.sum.commands);
	exit(1);
#else
	(void)row, (void)a, (void)engine;
#endif
}

static void
measure(const struct kind *kind, const struct engine *engine, struct work *w,
    unsigned rounds)
{
	struct work peer_work = *w;
	struct bench_side ours = { engine->name, engine->run, w };
#if HAVE_LIBTELNET
	struct bench_side peer = { "libtelnet", libtelnet_decode, &peer_work };
#else
	struct bench_side peer = { "libtelnet", NULL, &peer_work };
#endif
	char row[96];

	snprintf(row, sizeof(row), "decode %s, %zu KiB, %s", kind->name,
	    w->piece / 1024, engine->name + strlen("nvt_"));
	check_same(row, w, engine);
	bench_pair(row, w->len, rounds, &ours, &peer);
}

int
main(int argc, char **argv)
{
	static const size_t pieces[] = { 4096, 65536 };
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
