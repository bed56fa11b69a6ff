/*
 * opt_timing_mark.c - TIMING-MARK: RFC 860.
 *
 * Not a state but a question: each DO has its own answer, at the place in the
 * stream where it was reached, so RFC 1143's table must not swallow the second.
 */
#include "telnet/engine.h"

static void
answer(struct nvt_telnet *t, bool agree)
{
	nvt__telnet_answer_negotiation(
	    t, agree ? NVT_CMD_WILL : NVT_CMD_WONT, NVT_OPT_TIMING_MARK);
}

/* The peer's WILL or WONT: the answer to ours, or unasked. */
static void
got_mark(struct nvt_telnet *t, bool yes, struct nvt_event *ev)
{
	if (t->marks_awaited == 0) {
		if (yes)
			nvt__telnet_answer_negotiation(
			    t, NVT_CMD_DONT, NVT_OPT_TIMING_MARK);
		return;
	}
	t->marks_awaited--;
	ev->type = NVT_EV_TIMING_MARK;
	ev->option = NVT_OPT_TIMING_MARK;
	ev->on = yes;
}

void
nvt__timing_mark_recv(
    struct nvt_telnet *t, uint8_t command, struct nvt_event *ev)
{
	enum nvt_policy policy =
	    nvt__telnet_ruling(t, NVT_LOCAL, NVT_OPT_TIMING_MARK);

	if (command == NVT_CMD_WILL || command == NVT_CMD_WONT)
		got_mark(t, command == NVT_CMD_WILL, ev);
	else if (command == NVT_CMD_DO && policy == NVT_DECIDE)
		nvt__telnet_consult(t, NVT_LOCAL, NVT_OPT_TIMING_MARK, ev);
	else if (command == NVT_CMD_DO)
		answer(t, policy != NVT_REFUSE);
}

int
nvt_telnet_send_timing_mark(struct nvt_telnet *t)
{
	const uint8_t ask[] = { NVT_CMD_IAC, NVT_CMD_DO, NVT_OPT_TIMING_MARK };
	int err = nvt_telnet_send_raw(t, ask, sizeof(ask));

	if (err == 0)
		t->marks_awaited++;
	return err;
}
