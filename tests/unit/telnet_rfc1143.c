/*
 * telnet_rfc1143.c - the engine against RFC 1143, section 7, typed in here
 * from the RFC's words: every state, every input, both sides, both roles,
 * every option.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/telnet.h>

enum input {
	HE_AGREES,   /* WILL (or DO) and the policy is to accept */
	HE_OFFERS,   /* WILL (or DO) and the policy is to refuse */
	HE_DECLINES, /* WONT (or DONT) */
	WE_ENABLE,   /* "If we decide to ask him to enable" */
	WE_DISABLE   /* "If we decide to ask him to disable" */
};

enum said {
	NOTHING,
	POSITIVE, /* DO (or WILL) */
	NEGATIVE  /* DONT (or WONT) */
};

#define S(name) NVT_STATE_##name

static const struct row {
	enum nvt_state from;
	enum input input;
	enum nvt_state to;
	enum said said;
} rows[] = {
	/* "Upon receipt of WILL" */
	{ S(NO), HE_AGREES, S(YES), POSITIVE },
	{ S(NO), HE_OFFERS, S(NO), NEGATIVE },
	{ S(YES), HE_AGREES, S(YES), NOTHING },
	{ S(WANTNO), HE_AGREES, S(NO), NOTHING },
	{ S(WANTNO_OPPOSITE), HE_AGREES, S(YES), NOTHING },
	{ S(WANTYES), HE_AGREES, S(YES), NOTHING },
	{ S(WANTYES_OPPOSITE), HE_AGREES, S(WANTNO), NEGATIVE },
	/* In these the policy is asked no more. */
	{ S(YES), HE_OFFERS, S(YES), NOTHING },
	{ S(WANTNO), HE_OFFERS, S(NO), NOTHING },
	{ S(WANTNO_OPPOSITE), HE_OFFERS, S(YES), NOTHING },
	{ S(WANTYES), HE_OFFERS, S(YES), NOTHING },
	{ S(WANTYES_OPPOSITE), HE_OFFERS, S(WANTNO), NEGATIVE },
	/* "Upon receipt of WONT" */
	{ S(NO), HE_DECLINES, S(NO), NOTHING },
	{ S(YES), HE_DECLINES, S(NO), NEGATIVE },
	{ S(WANTNO), HE_DECLINES, S(NO), NOTHING },
	{ S(WANTNO_OPPOSITE), HE_DECLINES, S(WANTYES), POSITIVE },
	{ S(WANTYES), HE_DECLINES, S(NO), NOTHING },
	{ S(WANTYES_OPPOSITE), HE_DECLINES, S(NO), NOTHING },
	/* Asking him to enable; where the RFC says Error nothing changes. */
	{ S(NO), WE_ENABLE, S(WANTYES), POSITIVE },
	{ S(YES), WE_ENABLE, S(YES), NOTHING },
	{ S(WANTNO), WE_ENABLE, S(WANTNO_OPPOSITE), NOTHING },
	{ S(WANTNO_OPPOSITE), WE_ENABLE, S(WANTNO_OPPOSITE), NOTHING },
	{ S(WANTYES), WE_ENABLE, S(WANTYES), NOTHING },
	{ S(WANTYES_OPPOSITE), WE_ENABLE, S(WANTYES), NOTHING },
	/* Asking him to disable. */
	{ S(NO), WE_DISABLE, S(NO), NOTHING },
	{ S(YES), WE_DISABLE, S(WANTNO), NEGATIVE },
	{ S(WANTNO), WE_DISABLE, S(WANTNO), NOTHING },
	{ S(WANTNO_OPPOSITE), WE_DISABLE, S(WANTNO), NOTHING },
	{ S(WANTYES), WE_DISABLE, S(WANTYES_OPPOSITE), NOTHING },
	{ S(WANTYES_OPPOSITE), WE_DISABLE, S(WANTYES_OPPOSITE), NOTHING },
};

#define ROWS (sizeof(rows) / sizeof(*rows))

/* Options that say more than the RFC's words once they are on. */
static bool
talks(uint8_t option)
{
	return option == NVT_OPT_TTYPE || option == NVT_OPT_TSPEED ||
	    option == NVT_OPT_XDISPLOC || option == NVT_OPT_NEW_ENVIRON;
}

static uint8_t
verb(enum nvt_side side, bool ours, bool yes)
{
	/* What the peer says of its own side is WILL; what we say is DO. */
	if ((side == NVT_REMOTE) == ours)
		return yes ? NVT_CMD_DO : NVT_CMD_DONT;
	return yes ? NVT_CMD_WILL : NVT_CMD_WONT;
}

static void
hear(struct nvt_telnet *t, enum nvt_side side, uint8_t option, bool yes)
{
	const uint8_t in[] = { NVT_CMD_IAC, verb(side, false, yes), option };
	struct nvt_event ev;
	size_t done = 0;

	do {
		done += nvt_telnet_feed(t, in + done, sizeof(in) - done, &ev);
	} while (done < sizeof(in) || ev.type != NVT_EV_NONE);
}

static void
input(struct nvt_telnet *t, enum nvt_side side, uint8_t option, enum input in)
{
	switch (in) {
	case HE_AGREES:
	case HE_OFFERS:
		nvt_telnet_set_policy(
		    t, side, option, in == HE_AGREES ? NVT_ACCEPT : NVT_REFUSE);
		hear(t, side, option, true);
		return;
	case HE_DECLINES:
		hear(t, side, option, false);
		return;
	case WE_ENABLE:
	case WE_DISABLE:
		assert_int_equal(
		    nvt_telnet_request(t, side, option, in == WE_ENABLE), 0);
		return;
	}
}

static void
reach(struct nvt_telnet *t, enum nvt_side side, uint8_t option,
    enum nvt_state state)
{
	static const enum input ways[NVT_STATE_COUNT][3] = {
		[S(YES)] = { HE_AGREES },
		[S(WANTNO)] = { HE_AGREES, WE_DISABLE },
		[S(WANTNO_OPPOSITE)] = { HE_AGREES, WE_DISABLE, WE_ENABLE },
		[S(WANTYES)] = { WE_ENABLE },
		[S(WANTYES_OPPOSITE)] = { WE_ENABLE, WE_DISABLE },
	};
	static const size_t lengths[NVT_STATE_COUNT] = {
		[S(YES)] = 1,
		[S(WANTNO)] = 2,
		[S(WANTNO_OPPOSITE)] = 3,
		[S(WANTYES)] = 1,
		[S(WANTYES_OPPOSITE)] = 2,
	};
	const uint8_t *data;
	size_t i;

	for (i = 0; i < lengths[state]; i++)
		input(t, side, option, ways[state][i]);
	assert_int_equal(nvt_telnet_state(t, side, option), state);
	nvt_telnet_sent(t, nvt_telnet_pending(t, &data));
}

static void
check_said(
    struct nvt_telnet *t, enum nvt_side side, uint8_t option, enum said said)
{
	const uint8_t want[] = { NVT_CMD_IAC,
		verb(side, true, said == POSITIVE), option };
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(t, &data);

	if (said == NOTHING && !talks(option))
		assert_int_equal(len, 0);
	if (said == NOTHING)
		return;
	assert_true(len >= sizeof(want));
	assert_memory_equal(data, want, sizeof(want));
	if (!talks(option))
		assert_int_equal(len, sizeof(want));
}

static void
check_row(const struct row *row, enum nvt_role role, enum nvt_side side,
    uint8_t option)
{
	const struct nvt_telnet_config config = { .size = sizeof(config),
		.role = role };
	enum nvt_side other = side == NVT_LOCAL ? NVT_REMOTE : NVT_LOCAL;
	struct nvt_telnet *t = NULL;
	bool waits;

	assert_int_equal(nvt_telnet_new(&config, &t), 0);
	reach(t, side, option, row->from);
	input(t, side, option, row->input);
	if (nvt_telnet_state(t, side, option) != row->to)
		fail_msg("option %d, side %d: state %d, input %d leads to %d",
		    option, (int)side, (int)row->from, (int)row->input,
		    (int)nvt_telnet_state(t, side, option));
	check_said(t, side, option, row->said);
	waits = row->to != S(NO) && row->to != S(YES);
	assert_int_equal(nvt_telnet_unanswered(t), waits);
	assert_int_equal(nvt_telnet_state(t, other, option), S(NO));
	nvt_telnet_free(t);
}

static void
test_table(void **unused)
{
	size_t i;
	int side, role, option;

	(void)unused;
	for (i = 0; i < ROWS; i++)
		for (side = NVT_LOCAL; side <= NVT_REMOTE; side++)
			for (role = NVT_CLIENT; role <= NVT_SERVER; role++)
				for (option = 0; option < 256; option++)
					if (option != NVT_OPT_TIMING_MARK)
						check_row(&rows[i],
						    (enum nvt_role)role,
						    (enum nvt_side)side,
						    (uint8_t)option);
}

static void
test_table_is_whole(void **unused)
{
	bool seen[NVT_STATE_COUNT][WE_DISABLE + 1] = { { false } };
	size_t i, j;

	(void)unused;
	for (i = 0; i < ROWS; i++) {
		assert_false(seen[rows[i].from][rows[i].input]);
		seen[rows[i].from][rows[i].input] = true;
	}
	for (i = 0; i < NVT_STATE_COUNT; i++)
		for (j = 0; j <= WE_DISABLE; j++)
			assert_true(seen[i][j]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_whole),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
