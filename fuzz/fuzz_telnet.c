/*
 * fuzz_telnet.c - one engine, a hostile peer, and a program that does whatever
 * occurs to it.  The events and the output are the same however the peer's
 * bytes are cut; output is bounded; the queries agree with each other.
 */
#include <nvt/telnet.h>

#include <string.h>

#include "ops.h"
#include "script.h"
#include "target.h"
#include "trail.h"

/* One answer may go over the limit: a list of all options, doubled. */
#define OVER_LIMIT 4096

/* As much text as one call of send_text may add, doubled. */
#define TEXT_MAX 512

struct run {
	struct nvt_telnet *t;
	struct trail events;
	struct trail output;
	size_t piece; /* how the peer's bytes are cut */
	size_t limit;
	int answer;
};

static void
drain(struct run *r, size_t most)
{
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(r->t, &data);
	size_t urgent = nvt_telnet_pending_urgent(r->t);

	MUST(urgent <= len);
	if (urgent > 0)
		MUST(urgent >= 1 && data[urgent - 1] == NVT_CMD_DM);
	if (len > most)
		len = most;
	trail_bytes(&r->output, data, len);
	nvt_telnet_sent(r->t, len);
}

static void
check_bound(struct run *r)
{
	const uint8_t *data = NULL;

	MUST(nvt_telnet_pending(r->t, &data) <=
	    r->limit + OVER_LIMIT + TEXT_MAX);
}

static void
got(struct run *r, const struct nvt_event *ev)
{
	trail_event(&r->events, ev);
	if (ev->type == NVT_EV_REQUEST && r->answer > 0)
		MUST(nvt_telnet_answer(r->t, r->answer == 1) == 0);
	if (ev->type == NVT_EV_OPTION && ev->change == NVT_CHANGE_REFUSED)
		MUST(!nvt_telnet_is_on(r->t, ev->side, ev->option));
	if (ev->type == NVT_EV_FULL)
		drain(r, SIZE_MAX);
}

static void
feed(struct run *r, const uint8_t *in, size_t len)
{
	struct nvt_event ev;
	size_t done = 0, took, idle = 0;

	do {
		took = nvt_telnet_feed(r->t, in + done, len - done, &ev);
		MUST(took <= len - done);
		done += took;
		idle = took > 0 ? 0 : idle + 1;
		MUST(idle < 8);
		got(r, &ev);
	} while (done < len || ev.type != NVT_EV_NONE);
	check_bound(r);
}

static void
feed_pieces(struct run *r, struct piece all)
{
	size_t done, n;

	for (done = 0; done < all.len; done += n) {
		n = all.len - done < r->piece ? all.len - done : r->piece;
		feed(r, all.p + done, n);
	}
}

static void
end_stream(struct run *r)
{
	struct nvt_event ev;

	nvt_telnet_end(r->t, &ev);
	MUST(ev.type == NVT_EV_NONE || ev.type == NVT_EV_FAULT);
	trail_event(&r->events, &ev);
}

static void
step(struct run *r, struct script *s)
{
	int op = script_byte(s) % FUZZ_OPS;

	if (op == FUZZ_FEED)
		feed_pieces(r, script_piece(s));
	else if (op == FUZZ_ANSWER)
		r->answer = script_byte(s) % 3;
	else if (op == FUZZ_SENT)
		drain(r, script_byte(s));
	else if (op == FUZZ_END)
		end_stream(r);
	else
		script_call(r->t, op, s);
}

static void
check_states(const struct nvt_telnet *t)
{
	size_t waiting = 0;
	int side, option;

	for (side = NVT_LOCAL; side <= NVT_REMOTE; side++)
		for (option = 0; option < NVT_OPT_COUNT; option++) {
			enum nvt_state state = nvt_telnet_state(
			    t, (enum nvt_side)side, (uint8_t)option);
			bool on = nvt_telnet_is_on(
			    t, (enum nvt_side)side, (uint8_t)option);

			MUST((int)state >= 0 && state < NVT_STATE_COUNT);
			MUST(on || state != NVT_STATE_YES);
			MUST(!on || state != NVT_STATE_NO);
			waiting +=
			    state != NVT_STATE_NO && state != NVT_STATE_YES;
		}
	MUST(nvt_telnet_unanswered(t) >= waiting);
	MUST(nvt_telnet_state(t, NVT_LOCAL, NVT_OPT_TIMING_MARK) ==
	    NVT_STATE_NO);
}

static struct run
run(const uint8_t *data, size_t size, size_t piece)
{
	struct script s = { data, size };
	uint8_t flags = script_byte(&s);
	struct run r = { .piece = piece,
		.t = script_engine(flags),
		.events.quick = piece == 1 };

	r.limit = (flags & FUZZ_SMALL_OUT) != 0 ? FUZZ_SMALL_OUT_LIMIT :
						  NVT_OUT_LIMIT_DEFAULT;
	while (s.left > 0)
		step(&r, &s);
	drain(&r, SIZE_MAX);
	check_states(r.t);
	nvt_telnet_free(r.t);
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run whole = run(data, size, 256);
	struct run bytes = run(data, size, 1);

	MUST(trail_same(&whole.events, &bytes.events));
	MUST(trail_same(&whole.output, &bytes.output));
	trail_free(&whole.events);
	trail_free(&whole.output);
	trail_free(&bytes.events);
	trail_free(&bytes.output);
	return 0;
}
