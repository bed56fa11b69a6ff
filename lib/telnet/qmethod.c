/*
 * qmethod.c - RFC 1143's table: the Q method, for one side of one option.
 *
 * RFC 1143, section 7.  A wish for what is already so is no error here.
 */
#include "telnet/qmethod.h"

/* Short enough that a row of the table is a line. */
enum {
	NO = NVT_STATE_NO,
	YES = NVT_STATE_YES,
	WANTNO = NVT_STATE_WANTNO,
	WANTNO_OPP = NVT_STATE_WANTNO_OPPOSITE,
	WANTYES = NVT_STATE_WANTYES,
	WANTYES_OPP = NVT_STATE_WANTYES_OPPOSITE,

	MUM = NVT__SAY_NOTHING,
	SAY_YES = NVT__SAY_YES,
	SAY_NO = NVT__SAY_NO,

	SAME = NVT__TELL_NOTHING,
	CONSULT = NVT__TELL_CONSULT,
	ON = NVT__TELL_ON,
	OFF = NVT__TELL_OFF,
	REFUSED = NVT__TELL_REFUSED,
	LIAR = NVT__TELL_LIAR
};

/* clang-format off */
static const struct nvt__step received[NVT_STATE_COUNT][2] = {
	/*                peer says no                peer says yes          */
	[NO]          = { { NO,      MUM,     SAME    },
	                  { NO,      MUM,     CONSULT } },
	[YES]         = { { NO,      SAY_NO,  OFF     },
	                  { YES,     MUM,     SAME    } },
	[WANTNO]      = { { NO,      MUM,     OFF     },
	                  { NO,      MUM,     LIAR    } },
	[WANTNO_OPP]  = { { WANTYES, SAY_YES, OFF     },
	                  { YES,     MUM,     LIAR    } },
	[WANTYES]     = { { NO,      MUM,     REFUSED },
	                  { YES,     MUM,     ON      } },
	[WANTYES_OPP] = { { NO,      MUM,     REFUSED },
	                  { WANTNO,  SAY_NO,  ON      } },
};

static const struct nvt__step wished[NVT_STATE_COUNT][2] = {
	/*                we wish it off              we wish it on          */
	[NO]          = { { NO,          MUM,    SAME },
	                  { WANTYES,     SAY_YES, SAME } },
	[YES]         = { { WANTNO,      SAY_NO, SAME },
	                  { YES,         MUM,    SAME } },
	[WANTNO]      = { { WANTNO,      MUM,    SAME },
	                  { WANTNO_OPP,  MUM,    SAME } },
	[WANTNO_OPP]  = { { WANTNO,      MUM,    SAME },
	                  { WANTNO_OPP,  MUM,    SAME } },
	[WANTYES]     = { { WANTYES_OPP, MUM,    SAME },
	                  { WANTYES,     MUM,    SAME } },
	[WANTYES_OPP] = { { WANTYES_OPP, MUM,    SAME },
	                  { WANTYES,     MUM,    SAME } },
};
/* clang-format on */

struct nvt__step
nvt__qmethod_recv(enum nvt_state state, bool yes)
{
	return received[state][yes];
}

struct nvt__step
nvt__qmethod_wish(enum nvt_state state, bool on)
{
	return wished[state][on];
}
