/*
 * fuzz_pair.c - a client and a server wired together, each asked for this and
 * that while what they say is delivered in pieces.  They go silent, agree
 * about every option, call nobody a liar, and what text the one sends the
 * other gets.
 *
 * The input: a byte of flags for each end, then steps.  Each step is a byte:
 * its lowest bit says whose, the rest what, with operands as in ops.h.
 */
#include <nvt/telnet.h>

#include <string.h>

#include "ops.h"
#include "script.h"
#include "target.h"
#include "trail.h"

/* Rounds of delivering everything, with nobody asking for more. */
#define ROUNDS_MAX 64

struct end {
	struct nvt_telnet *t;
	struct trail wire; /* what this end has said, */
	size_t heard;      /* and how much of it was delivered */
	struct trail sent; /* text that this end's program sent, */
	struct trail got;  /* and got */
};

static void
collect(struct end *e)
{
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(e->t, &data);

	trail_bytes(&e->wire, data, len);
	nvt_telnet_sent(e->t, len);
}

static void
hear(struct end *e, const uint8_t *in, size_t len)
{
	struct nvt_event ev;
	size_t done = 0;

	do {
		done += nvt_telnet_feed(e->t, in + done, len - done, &ev);
		if (ev.type == NVT_EV_TEXT)
			trail_bytes(&e->got, ev.data, ev.len);
		if (ev.type == NVT_EV_REQUEST)
			MUST(nvt_telnet_answer(e->t, true) == 0);
		MUST(ev.type != NVT_EV_FAULT ||
		    ev.fault == NVT_FAULT_SUB_UNEXPECTED);
		collect(e);
	} while (done < len || ev.type != NVT_EV_NONE);
}

static void
deliver(struct end *from, struct end *to, size_t most)
{
	size_t n = from->wire.len - from->heard;

	n = n < most ? n : most;
	if (n == 0)
		return;
	from->heard += n;
	hear(to, from->wire.data + from->heard - n, n);
}

/*
 * Text without CR: when a side offers BINARY the two disagree, by the RFC,
 * about what CR means until the answer is there.
 */
static void
say(struct end *e, struct piece piece)
{
	size_t i, taken = 0;

	for (i = 0; i < piece.len; i++) {
		if (piece.p[i] == '\r')
			continue;
		MUST(nvt_telnet_send_text(e->t, piece.p + i, 1, &taken) == 0);
		trail_bytes(&e->sent, piece.p + i, taken);
	}
}

static void
step(struct end e[2], struct script *s)
{
	static const int calls[] = { FUZZ_REQUEST, FUZZ_POLICY, FUZZ_NAWS,
		FUZZ_ENVIRON, FUZZ_XDISPLOC, FUZZ_TIMING_MARK, FUZZ_SEND_TTYPE,
		FUZZ_TTYPE };
	const unsigned int n = sizeof(calls) / sizeof(*calls);
	uint8_t what = script_byte(s);
	struct end *me = &e[what & 1], *you = &e[!(what & 1)];

	what = (what >> 1) % (n + 3);
	if (what < n)
		script_call(me->t, calls[what], s);
	else if (what == n)
		say(me, script_piece(s));
	else
		deliver(you, me, (size_t)script_byte(s) + 1);
	collect(me);
}

static void
settle(struct end e[2])
{
	int i;

	for (i = 0; e[0].heard < e[0].wire.len || e[1].heard < e[1].wire.len;
	     i++) {
		MUST(i < ROUNDS_MAX);
		deliver(&e[0], &e[1], SIZE_MAX);
		deliver(&e[1], &e[0], SIZE_MAX);
	}
}

static void
check_agreement(const struct end e[2])
{
	enum nvt_state a, b;
	int side, option;

	for (side = NVT_LOCAL; side <= NVT_REMOTE; side++)
		for (option = 0; option < NVT_OPT_COUNT; option++) {
			a = nvt_telnet_state(
			    e[0].t, (enum nvt_side)side, (uint8_t)option);
			b = nvt_telnet_state(
			    e[1].t, (enum nvt_side) !side, (uint8_t)option);
			MUST(a == b);
			MUST(a == NVT_STATE_NO || a == NVT_STATE_YES);
		}
	MUST(nvt_telnet_unanswered(e[0].t) == 0);
	MUST(nvt_telnet_unanswered(e[1].t) == 0);
	MUST(trail_same(&e[0].sent, &e[1].got));
	MUST(trail_same(&e[1].sent, &e[0].got));
}

static void
begin(struct end *e, uint8_t flags)
{
	e->t = script_engine(flags);
	/* Else LF arrives as CR LF. */
	nvt_telnet_set_newline(e->t, NVT_NEWLINE_NVT);
	MUST(nvt_telnet_start(e->t) == 0);
	collect(e);
}

static void
finish(struct end *e)
{
	nvt_telnet_free(e->t);
	trail_free(&e->wire);
	trail_free(&e->sent);
	trail_free(&e->got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script s = { data, size };
	struct end e[2] = { { 0 } };
	const uint8_t kept = FUZZ_USUAL | FUZZ_VALUES;

	begin(&e[0], script_byte(&s) & kept);
	begin(&e[1], (script_byte(&s) & kept) | FUZZ_SERVER);
	while (s.left > 0)
		step(e, &s);
	settle(e);
	check_agreement(e);
	finish(&e[0]);
	finish(&e[1]);
	return 0;
}
