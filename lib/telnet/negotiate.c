/*
 * negotiate.c - options on both sides: what the peer asks, what we ask.
 *
 * RFC 855; the states are RFC 1143's (qmethod.c), the policies the caller's.
 */
#include "telnet/engine.h"
#include "telnet/qmethod.h"

static struct nvt__cell *
cell(struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	return &t->cells[side][option];
}

static int
say(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt__say what)
{
	static const uint8_t commands[2][3] = {
		[NVT_LOCAL] = { [NVT__SAY_YES] = NVT_CMD_WILL,
		    [NVT__SAY_NO] = NVT_CMD_WONT },
		[NVT_REMOTE] = { [NVT__SAY_YES] = NVT_CMD_DO,
		    [NVT__SAY_NO] = NVT_CMD_DONT },
	};
	const uint8_t bytes[] = { NVT_CMD_IAC, commands[side][what], option };

	if (what == NVT__SAY_NOTHING)
		return 0;
	return nvt__queue_command(&t->out, bytes, sizeof(bytes));
}

/* The same in answer to the peer, where there is no caller to fail to. */
static void
reply(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt__say what)
{
	nvt__telnet_note(t, say(t, side, option, what));
}

static void
changed(struct nvt_telnet *t, enum nvt_side side, uint8_t option, bool on)
{
	const struct nvt__behaviour *b = nvt__behaviour_of(option);

	if (b != NULL && b->changed != NULL)
		b->changed(t, side, on);
}

static void
agree(struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	cell(t, side, option)->state = NVT_STATE_YES;
	reply(t, side, option, NVT__SAY_YES);
	changed(t, side, option, true);
}

/* To be told with the next feed. */
static void
owe(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt_change change)
{
	t->owes_change = true;
	t->owed_side = side;
	t->owed_option = option;
	t->owed_change = change;
}

/* Two sides that echo each other, or mean to, never stop (RFC 857). */
static bool
would_loop(const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	enum nvt_side other = side == NVT_LOCAL ? NVT_REMOTE : NVT_LOCAL;

	return option == NVT_OPT_ECHO &&
	    nvt_telnet_state(t, other, option) != NVT_STATE_NO;
}

/* The peer asks for an option that is off. */
static void
consider(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    struct nvt_event *ev)
{
	enum nvt_policy policy = nvt__telnet_ruling(t, side, option);

	if (policy == NVT_REFUSE || would_loop(t, side, option)) {
		reply(t, side, option, NVT__SAY_NO);
		return;
	}
	if (policy == NVT_DECIDE) {
		nvt__telnet_consult(t, side, option, ev);
		return;
	}
	agree(t, side, option);
	nvt__tell_option(ev, side, option, NVT_CHANGE_ON);
}

static void
act_on(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt__tell what, struct nvt_event *ev)
{
	switch (what) {
	case NVT__TELL_NOTHING:
		return;
	case NVT__TELL_CONSULT:
		consider(t, side, option, ev);
		return;
	case NVT__TELL_ON:
		changed(t, side, option, true);
		nvt__tell_option(ev, side, option, NVT_CHANGE_ON);
		return;
	case NVT__TELL_OFF:
		changed(t, side, option, false);
		nvt__tell_option(ev, side, option, NVT_CHANGE_OFF);
		return;
	case NVT__TELL_REFUSED:
		nvt__tell_option(ev, side, option, NVT_CHANGE_REFUSED);
		return;
	case NVT__TELL_LIAR:
		nvt__tell_fault(ev, NVT_FAULT_LIAR, option);
		ev->side = side;
		if (nvt_telnet_state(t, side, option) == NVT_STATE_YES)
			return;
		changed(t, side, option, false);
		owe(t, side, option, NVT_CHANGE_OFF);
		return;
	}
}

/* What the caller left unanswered is refused: nothing hangs. */
void
nvt__negotiate_settle(struct nvt_telnet *t)
{
	if (t->asked)
		nvt_telnet_answer(t, false);
}

void
nvt__negotiate_recv(struct nvt_telnet *t, const struct nvt_wire_item *item,
    struct nvt_event *ev)
{
	uint8_t option = item->option;
	bool about_peer =
	    item->command == NVT_CMD_WILL || item->command == NVT_CMD_WONT;
	bool yes = item->command == NVT_CMD_WILL || item->command == NVT_CMD_DO;
	enum nvt_side side = about_peer ? NVT_REMOTE : NVT_LOCAL;
	struct nvt__step step;

	if (option == NVT_OPT_TIMING_MARK) {
		nvt__timing_mark_recv(t, item->command, ev);
		return;
	}
	step = nvt__qmethod_recv(nvt_telnet_state(t, side, option), yes);
	cell(t, side, option)->state = step.next & 7;
	reply(t, side, option, (enum nvt__say)step.say);
	act_on(t, side, option, (enum nvt__tell)step.tell, ev);
}

int
nvt_telnet_answer(struct nvt_telnet *t, bool yes)
{
	enum nvt_side side = t->asked_side;
	uint8_t option = t->asked_option;

	if (!t->asked)
		return NVT_ERR_STATE;
	t->asked = false;
	if (!yes || option == NVT_OPT_TIMING_MARK) {
		reply(t, side, option, yes ? NVT__SAY_YES : NVT__SAY_NO);
		return 0;
	}
	agree(t, side, option);
	owe(t, side, option, NVT_CHANGE_ON);
	return 0;
}

/* Go after a wish of the caller's: 0, or NVT_ERR_NOMEM with nothing changed. */
static int
wish(struct nvt_telnet *t, enum nvt_side side, uint8_t option, bool on)
{
	struct nvt__step step =
	    nvt__qmethod_wish(nvt_telnet_state(t, side, option), on);
	int err = say(t, side, option, (enum nvt__say)step.say);

	if (err != 0)
		return err;
	cell(t, side, option)->state = step.next & 7;
	if (on)
		nvt__telnet_lift(t, side, option, NVT_ACCEPT);
	return 0;
}

/* Whether the peer's open request is about just this. */
static bool
is_asked(const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	return t->asked && t->asked_side == side && t->asked_option == option;
}

int
nvt_telnet_request(
    struct nvt_telnet *t, enum nvt_side side, uint8_t option, bool on)
{
	if (option == NVT_OPT_TIMING_MARK)
		return side == NVT_REMOTE && on ?
		    nvt_telnet_send_timing_mark(t) :
		    NVT_ERR_ARG;
	if (nvt__telnet_is_full(t))
		return NVT_ERR_FULL;
	if (is_asked(t, side, option))
		nvt__negotiate_settle(t);
	return wish(t, side, option, on);
}

/* Whether there is an option to be asked for: a question has no state. */
static bool
is_wanted(const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	return option != NVT_OPT_TIMING_MARK &&
	    t->cells[side][option].policy == NVT_ASK;
}

int
nvt_telnet_start(struct nvt_telnet *t)
{
	int err = 0;

	for (unsigned i = 0; i < NVT_OPT_COUNT && err == 0; i++) {
		uint8_t option = (uint8_t)i;

		if (is_wanted(t, NVT_LOCAL, option))
			err = wish(t, NVT_LOCAL, option, true);
		if (err == 0 && is_wanted(t, NVT_REMOTE, option))
			err = wish(t, NVT_REMOTE, option, true);
	}
	return err;
}
