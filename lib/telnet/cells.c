/*
 * cells.c - every option's state and policy, on both sides.
 *
 * The states are RFC 1143's; what changes them is in negotiate.c.
 */
#include "telnet/engine.h"

enum nvt_state
nvt_telnet_state(const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	return (enum nvt_state)t->cells[side][option].state;
}

enum nvt_policy
nvt_telnet_policy(
    const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	return (enum nvt_policy)t->cells[side][option].policy;
}

enum nvt_policy
nvt__telnet_ruling(
    const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	return t->decide_all ? NVT_DECIDE : nvt_telnet_policy(t, side, option);
}

bool
nvt__telnet_lives(
    const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	switch (nvt_telnet_state(t, side, option)) {
	case NVT_STATE_YES:
	case NVT_STATE_WANTNO:
	case NVT_STATE_WANTNO_OPPOSITE:
		return true;
	default:
		return false;
	}
}

bool
nvt_telnet_is_on(const struct nvt_telnet *t, enum nvt_side side, uint8_t option)
{
	/* Our WONT holds from its own byte on; the peer's DONT is a wish. */
	if (side == NVT_LOCAL)
		return nvt_telnet_state(t, side, option) == NVT_STATE_YES;
	return nvt__telnet_lives(t, side, option);
}

size_t
nvt_telnet_unanswered(const struct nvt_telnet *t)
{
	size_t n = t->marks_awaited;

	for (unsigned i = 0; i < NVT_OPT_COUNT; i++)
		for (unsigned side = 0; side < 2; side++)
			n += t->cells[side][i].state != NVT_STATE_NO &&
			    t->cells[side][i].state != NVT_STATE_YES;
	return n;
}

void
nvt_telnet_set_policy(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt_policy policy)
{
	t->cells[side][option].policy = policy & 3;
}

void
nvt__telnet_lift(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt_policy policy)
{
	if (nvt_telnet_policy(t, side, option) == NVT_REFUSE)
		nvt_telnet_set_policy(t, side, option, policy);
}

void
nvt_telnet_set_decide(struct nvt_telnet *t, bool all)
{
	t->decide_all = all;
}
